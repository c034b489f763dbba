//! Whether an answer is complete, and what it lacks, in both languages.

use tracemesh_proto::ingestion::v1::Verdict;

use super::workbook::Cell;

pub fn print(verdict: Option<&Verdict>) {
    lines(verdict).iter().for_each(|line| println!("{line}"));
}

/// The first line is the verdict, the others what is missing.
pub fn rows(verdict: Option<&Verdict>) -> Vec<Vec<Cell>> {
    lines(verdict).into_iter().map(|line| vec![Cell::Text(line.trim().to_owned())]).collect()
}

fn lines(verdict: Option<&Verdict>) -> Vec<String> {
    let complete = verdict.is_some_and(|verdict| verdict.complete);
    let first = if complete { "完整 complete" } else { "不完整 incomplete" };
    let missing = verdict.into_iter().flat_map(|verdict| &verdict.missing);
    let missing = missing.map(|missing| format!("  {}  {}", missing.message_zh, missing.message_en));
    std::iter::once(first.to_owned()).chain(missing).collect()
}
