//! Cases as people write them: one an argument, or a table with a line of headings.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use tracemesh_proto::ingestion::v1::{OutbreakCase, OutbreakPlace};

use crate::output::WrongUse;

/// A line of the table.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    case: u32,
    #[serde(default)]
    weight: Option<u32>,
    #[serde(default)]
    code: String,
    #[serde(default)]
    subject: String,
    #[serde(default)]
    area: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
}

/// `subject:S@FROM..TO`, `area:A@DAY`, or a code.
pub fn of_argument(number: u32, text: &str) -> Result<OutbreakCase, WrongUse> {
    let case = OutbreakCase { number, ..OutbreakCase::default() };
    let place = |text: &str| {
        let (of, window) = text.rsplit_once('@').unwrap_or((text, ""));
        let (from, to) = if window.is_empty() { (String::new(), String::new()) } else { days(window)? };
        Ok(OutbreakPlace { of: of.to_owned(), from, to })
    };
    if let Some(subject) = text.strip_prefix("subject:") {
        return Ok(OutbreakCase { subjects: vec![place(subject)?], ..case });
    }
    if let Some(area) = text.strip_prefix("area:") {
        return Ok(OutbreakCase { areas: vec![place(area)?], ..case });
    }
    Ok(OutbreakCase { codes: vec![text.to_owned()], ..case })
}

/// `FROM..TO`, of which either may be left out, or one day.
pub fn days(window: &str) -> Result<(String, String), WrongUse> {
    let (from, to) = window.split_once("..").unwrap_or((window, window));
    for day in [from, to].into_iter().filter(|day| !day.is_empty()) {
        day.parse::<jiff::civil::Date>().map_err(|_| WrongUse(format!("{day} is no day: write YYYY-MM-DD, or FROM..TO")))?;
    }
    Ok((from.to_owned(), to.to_owned()))
}

pub fn of_file(file: &Path) -> Result<Vec<OutbreakCase>, WrongUse> {
    let bytes = std::fs::read(file).map_err(|error| WrongUse(format!("{} cannot be read: {error}", file.display())))?;
    of_table(&bytes).map_err(|error| WrongUse(format!("{}: {error}", file.display())))
}

fn of_table(bytes: &[u8]) -> Result<Vec<OutbreakCase>, csv::Error> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut table = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(bytes);
    let mut cases: BTreeMap<u32, OutbreakCase> = BTreeMap::new();
    for line in table.deserialize() {
        let Line { case: number, weight, code, subject, area, from, to } = line?;
        let case = cases.entry(number).or_insert_with(|| OutbreakCase { number, ..OutbreakCase::default() });
        case.weight = weight.unwrap_or(case.weight);
        let place = |of: String| OutbreakPlace { of, from: from.clone(), to: to.clone() };
        case.codes.extend(Some(code).filter(|code| !code.is_empty()));
        case.subjects.extend(Some(subject).filter(|subject| !subject.is_empty()).map(place));
        case.areas.extend(Some(area).filter(|area| !area.is_empty()).map(place));
    }
    Ok(cases.into_values().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_case_is_a_code_a_subject_or_a_place() {
        assert_eq!(of_argument(1, "opaque:X/lot@1").unwrap().codes, ["opaque:X/lot@1"]);
        let stall = of_argument(2, "subject:uscc:/91370600000000019G@2025-10-01..2025-10-03").unwrap();
        let place = OutbreakPlace { of: "uscc:/91370600000000019G".into(), from: "2025-10-01".into(), to: "2025-10-03".into() };
        assert_eq!((stall.number, stall.subjects), (2, vec![place]));
        let market = of_argument(3, "area:370602@2025-10-01").unwrap();
        assert_eq!((market.areas[0].from.as_str(), market.areas[0].to.as_str()), ("2025-10-01", "2025-10-01"));
        assert!(of_argument(4, "area:370602@yesterday").is_err());
        assert_eq!(days("..2025-10-01").unwrap(), (String::new(), "2025-10-01".into()));
    }

    #[test]
    fn lines_with_one_number_are_one_case() {
        let table = "\u{feff}case, weight, code, subject, from, to\n7, 2, lot-1, , ,\n7, , lot-2, , ,\n9, , , stall, 2025-10-01, \n";
        let cases = of_table(table.as_bytes()).unwrap();
        assert_eq!(cases.iter().map(|case| (case.number, case.weight)).collect::<Vec<_>>(), [(7, 2), (9, 0)]);
        assert_eq!((cases[0].codes.len(), cases[1].subjects[0].from.as_str()), (2, "2025-10-01"));
        assert!(of_table(b"case,patient\n1,somebody\n").is_err(), "who fell ill has no place here");
        assert!(of_table(b"case,code\nsomebody,lot-1\n").is_err());
    }
}
