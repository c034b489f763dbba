//! Whether people work on a day.

use jiff::civil::{Date, Weekday};

use crate::notices::NOTICES;

/// The answer for one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Working {
    /// Whether it is a working day.
    pub working: bool,
    /// The year's holidays are not announced: the answer rests on weekends alone.
    pub presumed: bool,
}

/// Whether a day is worked, by the official calendar or, for a year that is not announced, by weekends.
pub fn is_working_day(day: Date) -> Working {
    let off = NOTICES.iter().any(|notice| notice.off.iter().any(|&(first, last)| first <= day && day <= last));
    let worked = NOTICES.iter().any(|notice| notice.worked.contains(&day));
    let weekend = matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
    let announced = off || worked || NOTICES.iter().any(|notice| notice.year == day.year());
    Working { working: worked || !(off || weekend), presumed: !announced }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn announced(year: i16, month: i8, day: i8) -> bool {
        let answer = is_working_day(date(year, month, day));
        assert!(!answer.presumed, "{year}-{month}-{day}");
        answer.working
    }

    #[test]
    fn weekdays_weekends_holidays_and_exchanged_days() {
        assert!(announced(2026, 11, 25));
        assert!(!announced(2026, 11, 28));
        assert!(!announced(2026, 2, 16) && !announced(2026, 2, 23));
        assert!(announced(2026, 2, 14) && announced(2026, 2, 28) && announced(2026, 2, 24));
        assert!(announced(2025, 1, 26) && !announced(2025, 2, 4) && announced(2025, 2, 5));
    }

    #[test]
    fn an_unannounced_year_is_presumed() {
        let new_year = is_working_day(date(2031, 1, 1)); // a Wednesday, which will surely be free
        assert_eq!(new_year, Working { working: true, presumed: true });
        assert_eq!(is_working_day(date(2031, 1, 4)), Working { working: false, presumed: true });
    }
}
