//! JSON numbers as plain decimals. Many programs write ten million as `1.0E7`; the digits are moved, nothing is rounded.

/// Digits that a moved point may add; more than any quantity has.
const MOST_MOVED: i32 = 40;

/// The number without exponent and without zeros that say nothing; as written where it is not a number, or moves too far.
pub(super) fn plain(written: &str) -> String {
    moved(written).unwrap_or_else(|| written.to_owned())
}

fn moved(written: &str) -> Option<String> {
    let (mantissa, exponent) = written.split_once(['e', 'E']).unwrap_or((written, "0"));
    let exponent: i32 = exponent.parse().ok().filter(|exponent: &i32| exponent.abs() <= MOST_MOVED)?;
    let (sign, mantissa) = mantissa.strip_prefix('-').map_or(("", mantissa), |rest| ("-", rest));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let point = whole.len() as i32 + exponent;
    let padded =
        format!("{}{digits}{}", "0".repeat((1 - point).max(0) as usize), "0".repeat((point - digits.len() as i32).max(0) as usize));
    let (whole, fraction) = padded.split_at(point.max(1) as usize);
    let whole = Some(whole.trim_start_matches('0')).filter(|digits| !digits.is_empty()).unwrap_or("0");
    match fraction.trim_end_matches('0') {
        "" => Some(format!("{sign}{whole}")),
        fraction => Some(format!("{sign}{whole}.{fraction}")),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn points_move() {
        for (written, expected) in [
            ("12000.0", "12000"),
            ("1.0E7", "10000000"),
            ("1.25e+2", "125"),
            ("1.25e1", "12.5"),
            ("5E-3", "0.005"),
            ("0.10", "0.1"),
            ("-2", "-2"),
            ("0", "0"),
            ("0e5", "0"),
            ("1e400", "1e400"),
            ("1e99999999999", "1e99999999999"),
        ] {
            assert_eq!(plain(written), expected, "{written}");
        }
    }

    proptest! {
        #[test]
        fn the_value_stays(number in -1e12..1e12_f64) {
            let (plain, again) = (plain(&format!("{number:e}")), number.to_string());
            prop_assert_eq!(plain.parse::<f64>(), again.parse::<f64>());
        }

        #[test]
        fn no_text_makes_it_panic(text in "[-0-9.eE+]{0,12}") {
            let _ = plain(&text);
        }
    }
}
