//! Answers as workbooks. Codes are text, and so is everything that looks like a formula: nothing in a cell is ever computed. A quantity is a number as
//! long as Excel keeps all of its digits, and text beyond.

use std::path::Path;

use anyhow::Context;
use rust_xlsxwriter::{Format, Workbook, XlsxError};

/// Digits that Excel keeps of a number.
const DIGITS: usize = 15;
/// Rows that a sheet of Excel holds, its heading included.
const ROWS: usize = 1_048_576;
/// Characters that a cell of Excel holds.
const CHARACTERS: usize = 32_767;
const WIDTHS: [f64; 2] = [12.0, 60.0];

#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    Text(String),
    /// An exact decimal; empty where there is none.
    Quantity(String),
    Count(u64),
}

pub struct Sheet {
    pub name: &'static str,
    /// In both languages; none where the rows speak for themselves.
    pub headings: Vec<&'static str>,
    pub rows: Vec<Vec<Cell>>,
}

pub fn write(file: &Path, sheets: &[Sheet]) -> anyhow::Result<()> {
    let bytes = bytes(sheets).with_context(|| format!("{} cannot be made", file.display()))?;
    std::fs::write(file, bytes).with_context(|| format!("{} cannot be written", file.display()))
}

fn bytes(sheets: &[Sheet]) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let (bold, text) = (Format::new().set_bold(), Format::new().set_num_format("@"));
    for Sheet { name, headings, rows } in sheets {
        let sheet = workbook.add_worksheet().set_name(*name)?;
        for (column, heading) in headings.iter().enumerate() {
            sheet.write_string_with_format(0, column as u16, *heading, &bold)?;
        }
        let first = usize::from(!headings.is_empty());
        for (row, cells) in rows.iter().take(ROWS - first).enumerate() {
            for (column, cell) in cells.iter().enumerate() {
                let (row, column) = ((row + first) as u32, column as u16);
                match cell {
                    Cell::Text(words) => sheet.write_string_with_format(row, column, cut(words), &text)?,
                    Cell::Quantity(decimal) => match number(decimal) {
                        Some(number) => sheet.write_number(row, column, number)?,
                        None => sheet.write_string_with_format(row, column, decimal, &text)?,
                    },
                    Cell::Count(count) => sheet.write_number(row, column, *count as f64)?,
                };
            }
        }
        sheet.autofit();
        let widest = rows.iter().map(Vec::len).chain([headings.len()]).max().unwrap_or_default();
        for column in 0..widest as u16 {
            let longest = rows.iter().filter_map(|cells| cells.get(column as usize)).map(length).max().unwrap_or_default() as f64;
            sheet.set_column_width(column, longest.clamp(WIDTHS[0], WIDTHS[1]))?;
        }
    }
    workbook.save_to_buffer()
}

/// The number that a decimal is, where Excel keeps it as it stands.
fn number(decimal: &str) -> Option<f64> {
    let digits = decimal.bytes().filter(u8::is_ascii_digit).count();
    (1..=DIGITS).contains(&digits).then(|| decimal.parse().ok()).flatten()
}

fn cut(words: &str) -> &str {
    words.char_indices().nth(CHARACTERS).map_or(words, |(end, _)| &words[..end])
}

fn length(cell: &Cell) -> usize {
    match cell {
        Cell::Text(words) | Cell::Quantity(words) => words.chars().count(),
        Cell::Count(_) => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_are_numbers_as_long_as_excel_keeps_them() {
        assert_eq!(number("1234567890.12345"), Some(1_234_567_890.123_45));
        assert_eq!([number("12345678901.123456"), number(""), number("–")], [None; 3]);
    }

    #[test]
    fn what_looks_like_a_formula_is_written_as_text() {
        let cells = ["=1+1", "+1", "-1", "@SUM(A1)", "01234567890123456789"].map(|text| Cell::Text(text.into()));
        let sheet = Sheet { name: "单元", headings: vec!["编码 code"], rows: vec![cells.to_vec(), vec![Cell::Quantity("1.5".into())]] };
        assert!(bytes(&[sheet]).unwrap().starts_with(b"PK"));
    }
}
