//! Codes that pass their checks.
//!
//! Written apart from the `codes` crate on purpose: what the generator makes, the node's own checks must find valid, and neither may take its
//! arithmetic from the other.

use super::dice::Dice;

/// GB 32100: no I, O, S, V, Z.
const USCC_ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
const ORGANISATION_WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];

/// A unified social credit code: `registry` is the registering department and the class (91 a company, 92 a household business, 93 a farmers'
/// co-operative, 12 a public institution), `region` six digits; the organisation code is thrown, both check characters are computed.
pub fn uscc(registry: &str, region: &str, dice: &mut Dice) -> String {
    let mut code = format!("{registry}{region}MA");
    for _ in 0..6 {
        code.push(char::from(*dice.pick(USCC_ALPHABET)));
    }
    code.push(organisation_check(&code[8..16]));
    code.push(uscc_check(&code));
    code
}

/// GB 11714, over `0-9A-Z`: 11 − Σ aᵢwᵢ mod 11, where 10 is written X and 11 as 0.
fn organisation_check(body: &str) -> char {
    let sum: u32 = body.chars().zip(ORGANISATION_WEIGHTS).map(|(c, weight)| c.to_digit(36).unwrap_or(0) * weight).sum();
    match 11 - sum % 11 {
        10 => 'X',
        11 => '0',
        check => char::from_digit(check, 10).unwrap_or('0'),
    }
}

/// GB 32100: (31 − Σ aᵢ3ⁱ mod 31) mod 31.
fn uscc_check(body: &str) -> char {
    let place = |c: u8| USCC_ALPHABET.iter().position(|a| *a == c).unwrap_or(0);
    let (sum, _) = body.bytes().fold((0, 1), |(sum, weight), c| (sum + place(c) * weight, weight * 3 % 31));
    char::from(USCC_ALPHABET[(31 - sum % 31) % 31])
}

/// A MOFCOM trace code: the subject's 13 digits and a running number below ten million.
pub fn mofcom20(subject: &str, number: u64) -> String {
    format!("{subject}{number:07}")
}

/// A drug trace code: the 7 digits of product and packing level, and a 13-digit serial.
pub fn drug20(product_and_level: u64, serial: u64) -> String {
    format!("{product_and_level:07}{serial:013}")
}

/// A GTIN-13 of a 7-digit company prefix and an item number below 100,000.
pub fn gtin13(company: &str, item: u64) -> String {
    with_mod10(format!("{company}{item:05}"))
}

/// An SSCC of an extension digit, a 7-digit company prefix and a serial below a thousand million.
pub fn sscc(extension: u64, company: &str, serial: u64) -> String {
    with_mod10(format!("{extension}{company}{serial:09}"))
}

/// GS1: weights 3, 1, 3, … from the right.
fn with_mod10(mut digits: String) -> String {
    let sum: u32 = digits.bytes().rev().zip([3, 1].into_iter().cycle()).map(|(d, weight)| u32::from(d - b'0') * weight).sum();
    digits.push(char::from(b'0' + ((10 - sum % 10) % 10) as u8));
    digits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_characters_are_those_of_published_codes() {
        for valid in ["91350100M000100Y43", "91370600000000019G", "91310000MA0000015F", "93350200MA0000A199", "12110000400000018T"] {
            assert_eq!(organisation_check(&valid[8..16]), char::from(valid.as_bytes()[16]), "{valid}");
            assert_eq!(uscc_check(&valid[..17]), char::from(valid.as_bytes()[17]), "{valid}");
        }
    }

    #[test]
    fn gs1_check_digits_are_those_of_published_codes() {
        assert_eq!(with_mod10("692456188407".into()), "6924561884074");
        assert_eq!(with_mod10("0690324467976".into()), "06903244679763");
    }

    #[test]
    fn codes_have_their_lengths() {
        let lengths =
            [mofcom20("3702020000123", 42).len(), drug20(8_312_341, 1).len(), gtin13("6912345", 1).len(), sscc(1, "6912345", 1).len()];
        assert_eq!(lengths, [20, 20, 13, 18]);
        assert_eq!(uscc("91", "370202", &mut Dice::new(1, [0, 0])).len(), 18);
    }
}
