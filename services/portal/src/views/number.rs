//! Numbers as people read them: digits in groups of three, shares with one decimal, weights in kilograms or tonnes. Decimals are handled as
//! text, so that nothing is rounded that was not meant to be.

use std::fmt::Display;

/// `1234567` → `1,234,567`. The fraction, if any, is left as it is, and so is what is no number.
pub fn grouped(number: impl Display) -> String {
    let text = number.to_string();
    let (sign, digits) = text.strip_prefix('-').map_or(("", text.as_str()), |rest| ("−", rest));
    let (whole, fraction) = digits.split_once('.').map_or((digits, None), |(w, f)| (w, Some(f)));
    if !whole.bytes().all(|byte| byte.is_ascii_digit()) {
        return text;
    }
    let mut grouped = String::from(sign);
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    fraction.map_or(grouped.clone(), |fraction| format!("{grouped}.{fraction}"))
}

/// `part` of `whole` in per cent, rounded to one decimal. Never `100 %` for what is not all, nor `0 %` for what is not nothing. A dash where
/// there is no whole.
pub fn share(part: u64, whole: u64) -> String {
    if whole == 0 {
        return "–".into();
    }
    let per_mille = (u128::from(part) * 1000 + u128::from(whole) / 2) / u128::from(whole);
    match per_mille {
        0 if part > 0 => "<0.1%".into(),
        _ if part == whole => "100%".into(),
        1000.. => "99.9%".into(),
        _ => format!("{}.{}%", per_mille / 10, per_mille % 10),
    }
}

/// A rate of 0 to 1, written as a decimal, in per cent: cut to two decimals, never rounded up to all. None for what is no rate.
pub fn percent(rate: &str) -> Option<String> {
    let (whole, fraction) = rate.split_once('.').unwrap_or((rate, ""));
    if whole.is_empty() || !whole.bytes().chain(fraction.bytes()).all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let fraction = format!("{fraction:0<4}");
    let hundredths = format!("{whole}{}", &fraction[..2]);
    let whole = hundredths.trim_start_matches('0');
    Some(format!("{}.{}%", if whole.is_empty() { "0" } else { whole }, &fraction[2..4]))
}

/// The width of a bar in whole per cent: at least 1 for what is not nothing.
pub fn width(part: u64, whole: u64) -> u64 {
    match (part, whole) {
        (0, _) | (_, 0) => 0,
        _ => (u128::from(part) * 100 / u128::from(whole)).clamp(1, 100) as u64,
    }
}

/// A weight with its unit, and the exact kilograms behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Weight {
    /// `843.25 kg`, `1,234.5 t`; from a tonne on, cut (not rounded) to one decimal.
    pub text: String,
    /// `1,234,567.89 kg`
    pub exact: String,
}

/// Reads an exact decimal of kilograms, as the analytics service writes it. Anything else is shown as it came.
pub fn weight(kilograms: &str) -> Weight {
    let exact = format!("{} kg", grouped(if kilograms.is_empty() { "0" } else { kilograms }));
    let whole = kilograms.split('.').next().unwrap_or_default();
    let is_number = !whole.is_empty() && whole.bytes().all(|b| b.is_ascii_digit());
    let text = match whole.len() {
        4.. if is_number => {
            let (tonnes, rest) = whole.split_at(whole.len() - 3);
            format!("{}.{} t", grouped(tonnes), &rest[..1])
        }
        _ => exact.clone(),
    };
    Weight { text, exact }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_grouped() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(u64::MAX), "18,446,744,073,709,551,615");
        assert_eq!(grouped(-1234), "−1,234");
        assert_eq!(grouped("1234567.125"), "1,234,567.125");
    }

    #[test]
    fn shares_do_not_flatter() {
        assert_eq!(share(999_999, 1_000_000), "99.9%");
        assert_eq!(share(1, 1_000_000), "<0.1%");
        assert_eq!(share(0, 5), "0.0%");
        assert_eq!(share(2, 3), "66.7%");
        assert_eq!(share(5, 5), "100%");
        assert_eq!(share(0, 0), "–");
    }

    #[test]
    fn rates_are_cut_and_never_reach_all_by_rounding() {
        let said = ["0.6201", "1", "0.999999", "0", "0.05", "", "none"].map(percent);
        let said: Vec<_> = said.iter().map(|text| text.as_deref().unwrap_or("-")).collect();
        assert_eq!(said, ["62.01%", "100.00%", "99.99%", "0.00%", "5.00%", "-", "-"]);
    }

    #[test]
    fn a_bar_shows_what_is_there() {
        assert_eq!((width(0, 10), width(1, 1000), width(10, 10), width(1, 0)), (0, 1, 100, 0));
    }

    #[test]
    fn weights_choose_their_unit() {
        assert_eq!(weight("843.25").text, "843.25 kg");
        assert_eq!(weight("1234567.89"), Weight { text: "1,234.5 t".into(), exact: "1,234,567.89 kg".into() });
        assert_eq!(weight("").text, "0 kg");
        assert_eq!(weight("many").text, "many kg");
    }
}
