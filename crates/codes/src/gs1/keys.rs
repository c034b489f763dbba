//! The three keys, from their digits and qualifiers, with every fault at once.

use super::Unit;
use crate::check_digit::mod10;
use crate::fault::CodeFault;
use crate::scheme::Scheme;

type Faults = Vec<CodeFault>;

/// A key as digits, a serial or extension after a dot: the canonical value, and what people write.
pub(crate) fn plain(scheme: Scheme, text: &str) -> Result<Unit, Faults> {
    let (digits, qualifier) = text.split_once('.').unwrap_or((text, ""));
    match scheme {
        Scheme::Sscc => sscc(text),
        Scheme::Gln => gln(digits, qualifier),
        _ => gtin(digits, "", qualifier),
    }
}

/// A trade item of 8, 12, 13 or 14 digits, its lot and its serial, either of them perhaps empty.
pub(super) fn gtin(digits: &str, lot: &str, serial: &str) -> Result<Unit, Faults> {
    let mut faults = key_faults("gtin.digits", "gtin.check", digits, &[8, 12, 13, 14]);
    faults.extend(qualifier_fault("gtin.serial", serial));
    faults.extend(qualifier_fault("gs1.batch", lot));
    unit(faults, Scheme::Gtin, qualified(format!("{digits:0>14}"), serial), lot)
}

/// A logistic unit of 18 digits.
pub(super) fn sscc(digits: &str) -> Result<Unit, Faults> {
    unit(key_faults("sscc.digits", "sscc.check", digits, &[18]), Scheme::Sscc, digits.to_owned(), "")
}

/// A location or party of 13 digits. The extension 0 is the EPC way to say that there is none.
pub(super) fn gln(digits: &str, extension: &str) -> Result<Unit, Faults> {
    let extension = if extension == "0" { "" } else { extension };
    let mut faults = key_faults("gln.digits", "gln.check", digits, &[13]);
    faults.extend(qualifier_fault("gln.extension", extension));
    unit(faults, Scheme::Gln, qualified(digits.to_owned(), extension), "")
}

fn unit(faults: Faults, scheme: Scheme, value: String, batch: &str) -> Result<Unit, Faults> {
    if faults.is_empty() { Ok(Unit { scheme, value, batch: batch.to_owned() }) } else { Err(faults) }
}

fn qualified(key: String, qualifier: &str) -> String {
    if qualifier.is_empty() { key } else { format!("{key}.{qualifier}") }
}

fn key_faults(shape: &'static str, check: &'static str, digits: &str, lengths: &[usize]) -> Faults {
    if let Some(stranger) = digits.chars().position(|c| !c.is_ascii_digit()) {
        return vec![CodeFault::at(shape, stranger, "digits alone")];
    }
    if !lengths.contains(&digits.len()) {
        return vec![CodeFault::new(shape, format!("{lengths:?} digits, found {}", digits.len()))];
    }
    // A row of zeros passes the check: software that has no code writes it, and it would join the goods of the whole country.
    if digits.bytes().all(|b| b == b'0') {
        return vec![CodeFault::new("gs1.zero", "nothing but zeros")];
    }
    let (body, last) = digits.split_at(digits.len() - 1);
    let expected = mod10(body).filter(|expected| !last.starts_with(*expected));
    expected.map(|expected| CodeFault::at(check, body.len(), format!("expected {expected}"))).into_iter().collect()
}

/// A lot, serial or extension has at most 20 characters of the GS1 set of 82.
fn qualifier_fault(rule: &'static str, text: &str) -> Option<CodeFault> {
    let stranger = text.chars().position(|c| !(c.is_ascii_alphanumeric() || "!\"%&'()*+,-./:;<=>?_".contains(c)));
    let too_long = (text.chars().count() > 20).then(|| CodeFault::new(rule, "at most 20 characters"));
    stranger.map(|at| CodeFault::at(rule, at, "letters, digits and the punctuation that GS1 allows")).or(too_long)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(scheme: Scheme, text: &str) -> String {
        plain(scheme, text).unwrap().value
    }

    fn rules(scheme: Scheme, text: &str) -> Vec<&'static str> {
        plain(scheme, text).unwrap_err().iter().map(|f| f.rule).collect()
    }

    #[test]
    fn every_length_of_gtin_becomes_fourteen_digits() {
        assert_eq!(value(Scheme::Gtin, "96385074"), "00000096385074");
        assert_eq!(value(Scheme::Gtin, "036000291452"), "00036000291452");
        assert_eq!(value(Scheme::Gtin, "6924561884074"), "06924561884074");
        assert_eq!(value(Scheme::Gtin, "06903244679763"), "06903244679763");
    }

    #[test]
    fn serials_and_extensions_follow_a_dot() {
        assert_eq!(value(Scheme::Gtin, "6903244679763.A.1/2"), "06903244679763.A.1/2");
        assert_eq!(value(Scheme::Gln, "6901234000009.S1"), "6901234000009.S1");
        assert_eq!(value(Scheme::Gln, "6901234000009.0"), "6901234000009");
    }

    #[test]
    fn faults_come_together() {
        assert_eq!(rules(Scheme::Gtin, "6903244679764.批"), ["gtin.check", "gtin.serial"]);
        assert_eq!(rules(Scheme::Gtin, "690324467976X"), ["gtin.digits"]);
        assert_eq!(rules(Scheme::Gtin, "690324467976312"), ["gtin.digits"]);
        assert_eq!(rules(Scheme::Sscc, "000000000000000000"), ["gs1.zero"]);
        assert_eq!(rules(Scheme::Sscc, "106141411234567898"), ["sscc.check"]);
    }
}
