//! Exact decimals. A balance over a chain adds thousands of weights, and a rounded one would report losses that nobody had; so a quantity
//! is a whole number of billionths and never a float.

use std::fmt;
use std::str::FromStr;

/// Billionths in one.
const ONE: i128 = 1_000_000_000;
/// Digits before the point that a record may have.
const WHOLE_DIGITS: usize = 15;
/// Digits after the point that a record may have. Three more are kept inside, so that grams become kilograms without rounding.
const FRACTION_DIGITS: usize = 6;

/// An exact decimal with nine places. What is read from a record is never negative; a difference may be.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Amount(i128);

/// Why a text is not an amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AmountFault {
    /// Not digits with at most one point between them.
    #[error("not a plain decimal")]
    Malformed,
    /// A plain decimal with a minus sign.
    #[error("below zero")]
    Negative,
    /// More than 15 digits before the point or 6 after it.
    #[error("more than 15 + 6 digits")]
    Digits,
}

impl Amount {
    /// Nothing.
    pub const ZERO: Amount = Amount(0);

    /// Reads a plain decimal ≥ 0: digits, and at most one point between digits; no sign, no exponent, no separators, no spaces.
    pub fn parse(text: &str) -> Result<Self, AmountFault> {
        let unsigned = text.strip_prefix('-');
        let (whole, fraction) = plain_decimal(unsigned.unwrap_or(text)).ok_or(AmountFault::Malformed)?;
        if unsigned.is_some() {
            return Err(AmountFault::Negative);
        }
        if whole.len() > WHOLE_DIGITS || fraction.len() > FRACTION_DIGITS {
            return Err(AmountFault::Digits);
        }
        Ok(Self(digits(whole) * ONE + digits(fraction) * 10_i128.pow(9 - fraction.len() as u32)))
    }

    /// An amount from its billionths, as storage keeps it.
    pub fn from_billionths(billionths: i128) -> Self {
        Self(billionths)
    }

    /// The amount in billionths.
    pub fn billionths(self) -> i128 {
        self.0
    }

    /// Whether it is nothing.
    pub fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// The sum, `None` where it does not fit.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }

    /// The difference, which may be negative; `None` where it does not fit.
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.0.checked_sub(other.0).map(Self)
    }

    /// The product, rounded to the nearest billionth (halves away from zero); `None` where it does not fit.
    pub(crate) fn checked_mul(self, factor: Self) -> Option<Self> {
        let product = self.0.checked_mul(factor.0)?;
        let half = ONE / 2 * product.signum();
        product.checked_add(half).map(|rounded| Self(rounded / ONE))
    }
}

impl FromStr for Amount {
    type Err = AmountFault;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let (whole, fraction) = (self.0.unsigned_abs() / ONE.unsigned_abs(), self.0.unsigned_abs() % ONE.unsigned_abs());
        match format!("{fraction:09}").trim_end_matches('0') {
            "" => write!(f, "{sign}{whole}"),
            places => write!(f, "{sign}{whole}.{places}"),
        }
    }
}

impl fmt::Debug for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Amount({self})")
    }
}

/// The digits before and after the point; a point needs digits on both sides.
fn plain_decimal(text: &str) -> Option<(&str, &str)> {
    let (whole, fraction) = match text.split_once('.') {
        Some((_, "")) => return None,
        Some(parts) => parts,
        None => (text, ""),
    };
    let plain = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    (!whole.is_empty() && plain(whole) && plain(fraction)).then_some((whole, fraction))
}

/// The number that at most 15 digits spell.
fn digits(text: &str) -> i128 {
    text.bytes().fold(0, |number, byte| number * 10 + i128::from(byte - b'0'))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_and_what_is_not_plain() {
        for text in ["0", "0.0", "12.5", "999999999999999.999999", "007"] {
            assert!(Amount::parse(text).is_ok(), "{text}");
        }
        for text in ["", ".", ".5", "5.", "1e3", "+1", "1,000", " 1", "１２", "1.2.3", "--1", "NaN", "0x10", "1_0"] {
            assert_eq!(Amount::parse(text), Err(AmountFault::Malformed), "{text}");
        }
        assert_eq!(Amount::parse("-0.5"), Err(AmountFault::Negative));
        for text in ["1000000000000000", "0.1234567", "18446744073709551616"] {
            assert_eq!(Amount::parse(text), Err(AmountFault::Digits), "{text}");
        }
    }

    #[test]
    fn it_is_printed_without_trailing_zeros() {
        let printed = |text: &str| Amount::parse(text).unwrap().to_string();
        assert_eq!([printed("12.500"), printed("0.000001"), printed("100")], ["12.5", "0.000001", "100"]);
        assert_eq!(Amount::ZERO.checked_sub(Amount::parse("0.25").unwrap()).unwrap().to_string(), "-0.25");
    }

    #[test]
    fn sums_that_do_not_fit_are_none() {
        let most = Amount::from_billionths(i128::MAX);
        assert_eq!(most.checked_add(Amount::from_billionths(1)), None);
        assert_eq!(Amount::from_billionths(i128::MIN).checked_sub(Amount::from_billionths(1)), None);
        assert_eq!(most.checked_mul(most), None);
    }

    proptest! {
        #[test]
        fn a_printed_amount_reads_back(billionths in 0..10_i128.pow(24)) {
            let amount = Amount::from_billionths(billionths / 1_000 * 1_000);
            prop_assert_eq!(Amount::parse(&amount.to_string()), Ok(amount));
        }

        #[test]
        fn order_is_that_of_numbers(a in 0_u64..1_000_000, b in 0_u64..1_000_000) {
            let read = |n: u64| Amount::parse(&format!("{}.{:06}", n / 1_000, n % 1_000)).unwrap();
            prop_assert_eq!(read(a).cmp(&read(b)), (a / 1_000, a % 1_000).cmp(&(b / 1_000, b % 1_000)));
        }

        #[test]
        fn a_sum_less_one_part_is_the_other(a in 0..10_i128.pow(24), b in 0..10_i128.pow(24)) {
            let (a, b) = (Amount::from_billionths(a), Amount::from_billionths(b));
            prop_assert_eq!(a.checked_add(b).and_then(|sum| sum.checked_sub(a)), Some(b));
        }

        #[test]
        fn no_text_makes_it_panic(text in ".{0,40}") {
            let _ = Amount::parse(&text);
        }
    }
}
