//! Codes that one ministry gives out. Most are digits of a fixed number without a check digit, so their shape is all that can be checked;
//! what a published rule fixes beyond it, a region or a date, is checked too. Each function answers the canonical value.

use crate::calendar;
use crate::fault::CodeFault;
use crate::region;

type Value = Result<String, Vec<CodeFault>>;

/// Ministry of Commerce: subject code 13, which begins with the region, and a running number of 7.
pub(crate) fn mofcom20(text: &str) -> Value {
    let mut faults = digit_faults("mofcom20.digits", text, 20);
    if text.get(..6).is_none_or(|region| !region::ever(region)) {
        faults.push(CodeFault::at("mofcom20.region", 0, "the first six digits never were a region"));
    }
    value(text, faults)
}

/// Drug: identification code 7, which differs per packing level, and a serial of 13.
pub(crate) fn drug20(text: &str) -> Value {
    value(text, digit_faults("drug20.digits", text, 20))
}

/// Veterinary drug: date 8, enterprise 5, random 11.
pub(crate) fn vet24(text: &str) -> Value {
    let mut faults = digit_faults("vet24.digits", text, 24);
    if text.get(..8).is_none_or(|date| !calendar::is_day(date)) {
        faults.push(CodeFault::at("vet24.date", 0, "the first eight digits are no day"));
    }
    value(text, faults)
}

/// Pesticide: class 1, certificate 6, production type 1, spec 3, random 21.
pub(crate) fn pesticide32(text: &str) -> Value {
    value(text, digit_faults("pesticide32.digits", text, 32))
}

/// Organic product: certifier 3, year 2, random 12.
pub(crate) fn organic(text: &str) -> Value {
    value(text, digit_faults("organic.digits", text, 17))
}

/// Seed: up to 20 letters and digits of the seed company's choosing.
pub(crate) fn seed(text: &str) -> Value {
    let fits = text.len() <= 20 && text.bytes().all(|b| b.is_ascii_alphanumeric());
    formed(fits, text.to_owned(), "seed.form", "at most 20 letters and digits")
}

/// Special equipment: type 4, maker 5, year 4, serial 4 or 5; or the registration code of 20 digits.
pub(crate) fn equipment(text: &str) -> Value {
    let text = text.to_ascii_uppercase();
    let code = matches!(text.len(), 17 | 18) && text.bytes().all(|b| b.is_ascii_alphanumeric()) && all_digits(&text[9..13]);
    let registration = text.len() == 20 && all_digits(&text);
    formed(code || registration, text, "equipment.form", "17 or 18 characters with the year at 10 to 13, or 20 digits")
}

/// Food production licence: `SC`, food class 3, region 6, sequence 4, check 1. The check is not computed: we know no reliable source for how.
pub(crate) fn sc(text: &str) -> Value {
    let text = text.to_ascii_uppercase();
    let fits = text.strip_prefix("SC").is_some_and(|digits| digits.len() == 14 && all_digits(digits));
    formed(fits, text, "sc.form", "SC and 14 digits")
}

fn digit_faults(rule: &'static str, text: &str, length: usize) -> Vec<CodeFault> {
    let stranger = text.chars().position(|c| !c.is_ascii_digit());
    let found = text.chars().count();
    if stranger.is_none() && found == length {
        return Vec::new();
    }
    let detail = format!("{length} digits, found {found} characters");
    vec![CodeFault { position: stranger, ..CodeFault::new(rule, detail) }]
}

fn all_digits(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit())
}

fn value(text: &str, faults: Vec<CodeFault>) -> Value {
    if faults.is_empty() { Ok(text.to_owned()) } else { Err(faults) }
}

fn formed(fits: bool, text: String, rule: &'static str, form: &str) -> Value {
    if fits { Ok(text) } else { Err(vec![CodeFault::new(rule, form)]) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(value: Value) -> Vec<&'static str> {
        value.map_or_else(|faults| faults.iter().map(|f| f.rule).collect(), |_| Vec::new())
    }

    #[test]
    fn codes_of_the_ministry_of_commerce() {
        for text in ["37060000400010000003", "37060000200000000007", "37060000000010000007", "37068100000000000998", "37120000000000000001"]
        {
            assert_eq!(rules(mofcom20(text)), [""; 0], "{text}");
        }
        assert_eq!(rules(mofcom20("99999900000000000001")), ["mofcom20.region"]);
        assert_eq!(rules(mofcom20("3706x")), ["mofcom20.digits", "mofcom20.region"]);
        assert_eq!(rules(mofcom20("三七零六")), ["mofcom20.digits", "mofcom20.region"]);
    }

    #[test]
    fn drugs_seeds_and_farm_inputs() {
        assert!(drug20("83857930000879766660").is_ok());
        assert_eq!(rules(drug20("8385793000087976666")), ["drug20.digits"]);
        assert!(vet24("202403151234512345678901").is_ok());
        assert_eq!(rules(vet24("202413151234512345678901")), ["vet24.date"]);
        assert!(pesticide32(&"1".repeat(32)).is_ok() && seed("A1b2").is_ok() && organic(&"1".repeat(17)).is_ok());
        assert_eq!(rules(seed("种 1")), ["seed.form"]);
        assert_eq!(rules(seed("123456789012345678901")), ["seed.form"]);
    }

    #[test]
    fn equipment_and_licences_become_upper_case() {
        assert_eq!(equipment("3110ab12c20120001").unwrap(), "3110AB12C20120001");
        assert!(equipment("311012345201200012").is_ok() && equipment("31103706002012000001").is_ok());
        assert_eq!(rules(equipment("3110AB12C2O120001")), ["equipment.form"]);
        assert_eq!(sc("sc10637060000011").unwrap(), "SC10637060000011");
        assert_eq!(rules(sc("QS370600000011")), ["sc.form"]);
    }
}
