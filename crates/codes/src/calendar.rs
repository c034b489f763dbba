//! Dates inside codes are eight digits; this only tells whether such a day exists, so no calendar library is needed.

/// Whether `YYYYMMDD` is a day of the Gregorian calendar.
pub(crate) fn is_day(digits: &str) -> bool {
    let part = |range: std::ops::Range<usize>| digits.get(range).and_then(|part| part.parse::<u32>().ok());
    match (digits.len(), part(0..4), part(4..6), part(6..8)) {
        (8, Some(year), Some(month), Some(day)) => (1..=days_of(year, month)).contains(&day),
        _ => false,
    }
}

fn days_of(year: u32, month: u32) -> u32 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::is_day;

    #[test]
    fn leap_days_and_ends_of_months() {
        assert!(is_day("20000229") && is_day("20240229") && is_day("20231231"));
        for text in ["19000229", "20230229", "20230431", "20231301", "20230100", "2023010", "2023010a", "+2023010", ""] {
            assert!(!is_day(text), "{text}");
        }
    }
}
