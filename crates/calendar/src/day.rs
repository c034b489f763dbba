//! The days of China Standard Time, and where they begin among the microseconds since 1970 in UTC that everything is stored in.

use jiff::civil::{Date, date};
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};

/// One zone for the whole country, without summer time since 1991.
const CHINA: Offset = Offset::constant(8);

/// The day of an instant in China Standard Time; its year and month are the month that figures use. Instants beyond the calendar fall on
/// its first or last day.
pub fn china_day(micros: i64) -> Date {
    let at = Timestamp::from_microsecond(micros).unwrap_or(if micros < 0 { Timestamp::MIN } else { Timestamp::MAX });
    CHINA.to_datetime(at).date()
}

/// The instant in microseconds with which a day begins in China.
pub fn china_midnight(day: Date) -> i64 {
    let since_1970: SignedDuration = day.duration_since(date(1970, 1, 1));
    (since_1970.as_secs() - i64::from(CHINA.seconds())) * 1_000_000
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-25T00:00:00Z.
    const MORNING: i64 = 1_795_564_800_000_000;

    #[test]
    fn days_turn_at_midnight_in_china() {
        assert_eq!(china_day(MORNING + 57_599_999_999), date(2026, 11, 25));
        assert_eq!(china_day(MORNING + 57_600_000_000), date(2026, 11, 26));
        assert_eq!(china_midnight(date(2026, 11, 26)), MORNING + 57_600_000_000);
    }

    #[test]
    fn no_instant_is_beyond_it() {
        assert_eq!(china_day(i64::MAX).year(), 9999);
        assert_eq!(china_day(i64::MIN).year(), -9999);
        assert!(china_midnight(Date::MIN) < china_midnight(Date::MAX));
    }
}
