//! The unified social credit code, GB 32100-2015: department 1, class 1, region 6, organisation code 9, check 1.
//!
//! Two check characters decide, the code's own and that of the organisation code (GB 11714) inside: one resident identity number in 31
//! passes the first by chance. Neither the department nor the region is looked up: the authorities that register use more of both than
//! any published list.

use crate::fault::CodeFault;

/// 31 characters: no I, O, S, V, Z, which people mistake for digits and for each other.
const ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";

/// A unified social credit code whose organisation code holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Uscc {
    /// 18 upper-case characters.
    pub text: String,
    /// `uscc.xiamen`: the first check fails, and the region is 3502xx. Enterprises that Xiamen registered before 2016 carry such codes,
    /// so they are taken there, and nowhere else.
    pub doubt: Option<CodeFault>,
}

/// Checks shape and both check characters, and says everything that is wrong. Lower case is read as upper case.
pub fn check(text: &str) -> Result<Uscc, Vec<CodeFault>> {
    let text = text.to_ascii_uppercase();
    let faults = shape_faults(&text);
    if !faults.is_empty() {
        return Err(faults);
    }
    let organisation = organisation_fault(&text);
    let own = own_fault(&text);
    match (organisation, own) {
        (None, None) => Ok(Uscc { text, doubt: None }),
        (None, Some(_)) if &text[2..6] == "3502" => Ok(Uscc { text, doubt: Some(xiamen()) }),
        (organisation, own) => Err(organisation.into_iter().chain(own).collect()),
    }
}

fn shape_faults(text: &str) -> Vec<CodeFault> {
    let mut faults = Vec::new();
    let found = text.chars().count();
    if found != 18 {
        faults.push(CodeFault::new("uscc.length", format!("18 characters, found {found}")));
    }
    let stranger = text.chars().position(|c| !ALPHABET.contains(c));
    faults.extend(stranger.map(|at| CodeFault::at("uscc.alphabet", at, "digits and letters without I, O, S, V, Z")));
    let region = text.chars().skip(2).take(6).position(|c| c.is_ascii_alphabetic());
    faults.extend(region.map(|at| CodeFault::at("uscc.region", at + 2, "characters 3 to 8 are the digits of a region")));
    faults
}

/// The check character of the organisation code, over its own alphabet `0-9A-Z`.
fn organisation_fault(text: &str) -> Option<CodeFault> {
    const WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = text[8..16].chars().zip(WEIGHTS).map(|(c, weight)| c.to_digit(36).unwrap_or(0) * weight).sum();
    let expected = match 11 - sum % 11 {
        10 => 'X',
        11 => '0',
        check => char::from_digit(check, 10).unwrap_or('0'),
    };
    (text.chars().nth(16) != Some(expected)).then(|| CodeFault::at("uscc.organisation", 16, format!("expected {expected}")))
}

/// The code's own check character: weights are the powers of 3 modulo 31.
fn own_fault(text: &str) -> Option<CodeFault> {
    let weights = std::iter::successors(Some(1), |weight| Some(weight * 3 % 31));
    let sum: usize = text[..17].chars().zip(weights).map(|(c, weight)| ALPHABET.find(c).unwrap_or(0) * weight).sum();
    let expected = ALPHABET.chars().nth((31 - sum % 31) % 31).unwrap_or('0');
    (text.chars().nth(17) != Some(expected)).then(|| CodeFault::at("uscc.check", 17, format!("expected {expected}")))
}

fn xiamen() -> CodeFault {
    CodeFault::at("uscc.xiamen", 17, "the check character fails, as on codes that Xiamen gave out before 2016")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(text: &str) -> Vec<&'static str> {
        check(text).map_or_else(|faults| faults.iter().map(|f| f.rule).collect(), |uscc| uscc.doubt.iter().map(|d| d.rule).collect())
    }

    #[test]
    fn codes_that_pass_both_checks() {
        let valid = [
            "91350100M000100Y43",
            "91370600000000019G",
            "91310000MA0000015F",
            "92640100MA00000A9P",
            "93350200MA0000A199",
            "12110000400000018T",
        ];
        for text in valid {
            assert_eq!(rules(text), [""; 0], "{text}");
        }
        assert_eq!(check("91350100m000100y43").unwrap().text, "91350100M000100Y43");
    }

    #[test]
    fn both_checks_are_reported_together() {
        assert_eq!(rules("91350100M000100Y4A"), ["uscc.check"]);
        assert_eq!(rules("91350100M000100YA3"), ["uscc.organisation", "uscc.check"]);
    }

    #[test]
    fn a_failed_first_check_is_a_doubt_in_xiamen_alone() {
        assert_eq!(rules("93350200MA0000A198"), ["uscc.xiamen"]);
        assert_eq!(rules("93350200MA0000A189"), ["uscc.organisation", "uscc.check"]);
        assert_eq!(rules("93350100MA0000A199"), ["uscc.check"]);
    }

    #[test]
    fn every_fault_of_shape_at_once() {
        assert_eq!(rules("9135A10OM0001"), ["uscc.length", "uscc.alphabet", "uscc.region"]);
        assert_eq!(rules("九一"), ["uscc.length", "uscc.alphabet"]);
    }
}
