//! A table as every list of the console has it: named columns, rows of cells, what it says while it is empty, and the same rows as a file
//! that a spreadsheet opens.

use crate::views::cell::Cell;

/// The table.
#[derive(Debug, Default)]
pub struct Table {
    pub columns: Vec<Column>,
    pub rows: Vec<Row>,
    /// Instead of rows: that there are none, and what to do about it.
    pub empty: Vec<String>,
    /// Below the rows: that there are more.
    pub more: Option<Cell>,
}

/// A column.
#[derive(Debug)]
pub struct Column {
    pub name: String,
    pub is_number: bool,
}

/// A row; the first cell names it.
#[derive(Debug)]
pub struct Row {
    pub cells: Vec<Cell>,
    /// Hatched: something in it did not answer or is not known.
    pub hatched: bool,
}

impl Table {
    /// A table with these columns; a name that begins with `#` is a column of numbers.
    pub fn new(columns: &[&str]) -> Self {
        let column = |name: &&str| match name.strip_prefix('#') {
            Some(name) => Column { name: name.to_owned(), is_number: true },
            None => Column { name: (*name).to_owned(), is_number: false },
        };
        Self { columns: columns.iter().map(column).collect(), ..Self::default() }
    }

    /// The same with these rows.
    #[must_use]
    pub fn rows(mut self, rows: impl IntoIterator<Item = Row>) -> Self {
        self.rows.extend(rows);
        self
    }

    /// The same, saying this while there are no rows.
    #[must_use]
    pub fn or(self, empty: &[&str]) -> Self {
        Self { empty: empty.iter().map(|line| (*line).to_owned()).collect(), ..self }
    }

    /// The same with a line below.
    #[must_use]
    pub fn and_more(self, more: Option<Cell>) -> Self {
        Self { more, ..self }
    }

    /// The cells of the rows with their columns, for the template.
    pub fn cells<'a>(&'a self, row: &'a Row) -> impl Iterator<Item = (&'a Column, &'a Cell)> {
        self.columns.iter().zip(&row.cells)
    }

    /// As CSV: UTF-8 with its mark, quoted.
    pub fn csv(&self) -> String {
        let mut file = String::from("\u{feff}");
        file.push_str(&line(self.columns.iter().map(|column| column.name.clone())));
        self.rows.iter().for_each(|row| file.push_str(&line(row.cells.iter().map(Cell::plain))));
        file
    }
}

impl Row {
    /// An ordinary row.
    pub fn new(cells: Vec<Cell>) -> Self {
        Self { cells, hatched: false }
    }

    /// The same, hatched where something in it is not known.
    #[must_use]
    pub fn hatched(self, hatched: bool) -> Self {
        Self { hatched, ..self }
    }
}

/// One line of a file.
pub fn line(cells: impl Iterator<Item = String>) -> String {
    cells.map(|cell| quoted(&cell)).collect::<Vec<_>>().join(",") + "\r\n"
}

/// Quoted, and never the beginning of a formula: a spreadsheet runs what starts with one of these.
fn quoted(cell: &str) -> String {
    let armed = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
    format!("\"{}{}\"", if armed { "'" } else { "" }, cell.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_never_a_formula() {
        assert_eq!(quoted(r#"=cmd|"x""#), r#""'=cmd|""x""""#);
        assert_eq!(quoted("厦门市"), "\"厦门市\"");
    }

    #[test]
    fn a_file_has_what_the_page_has() {
        let table = Table::new(&["单位", "#数量"]).rows([Row::new(vec![Cell::said("一店"), Cell::None])]);
        assert_eq!(table.csv(), "\u{feff}\"单位\",\"数量\"\r\n\"一店\",\"\"\r\n");
    }
}
