//! When a term ends.

use jiff::civil::Date;

use crate::day::{china_day, china_midnight};
use crate::working::is_working_day;

const MINUTE_MICROS: i64 = 60_000_000;

/// Days that a term can have; a longer one is cut to it.
pub const LONGEST_DAYS: u32 = 10_000;

/// How long somebody has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Term {
    /// To the microsecond.
    Minutes(u32),
    /// To the microsecond.
    Hours(u32),
    /// Until the end of the n-th day after the one on which it began; 0 is the end of that day itself.
    Days(u32),
    /// Until the end of the n-th working day after the one on which it began, whether or not that is one itself.
    WorkingDays(u32),
}

/// The end of a term.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// The first moment that is too late, in microseconds since 1970 in UTC.
    pub at_micros: i64,
    /// It rests on a year whose holidays are not announced.
    pub presumed: bool,
}

/// When a term ends that begins at an instant in microseconds since 1970 in UTC.
pub fn due(from_micros: i64, term: Term) -> Due {
    let later = |micros: i64| Due { at_micros: from_micros.saturating_add(micros), presumed: false };
    match term {
        Term::Minutes(minutes) => later(i64::from(minutes) * MINUTE_MICROS),
        Term::Hours(hours) => later(i64::from(hours) * 60 * MINUTE_MICROS),
        Term::Days(days) => {
            let last = (0..days.min(LONGEST_DAYS)).fold(china_day(from_micros), |day, _| next(day));
            Due { at_micros: china_midnight(next(last)), presumed: false }
        }
        Term::WorkingDays(days) => after_working_days(china_day(from_micros), days.min(LONGEST_DAYS)),
    }
}

/// Whether something is too late at an instant.
pub fn overdue(now_micros: i64, due: Due) -> bool {
    now_micros >= due.at_micros
}

fn after_working_days(start: Date, days: u32) -> Due {
    let (mut day, mut left, mut presumed) = (start, days, false);
    while left > 0 && day < Date::MAX {
        day = next(day);
        let answer = is_working_day(day);
        presumed |= answer.presumed;
        left -= u32::from(answer.working);
    }
    Due { at_micros: china_midnight(next(day)), presumed }
}

fn next(day: Date) -> Date {
    day.tomorrow().unwrap_or(Date::MAX)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    const HOUR: i64 = 60 * MINUTE_MICROS;

    /// That hour of that day in China.
    fn at(day: Date, hour: i64) -> i64 {
        china_midnight(day) + hour * HOUR
    }

    /// The last day of a term of working days that began at three in the afternoon, and whether it is presumed.
    fn last_day(start: Date, days: u32) -> (Date, bool) {
        let due = due(at(start, 15), Term::WorkingDays(days));
        (china_day(due.at_micros - 1), due.presumed)
    }

    #[test]
    fn working_days_over_the_spring_festival() {
        assert_eq!(last_day(date(2026, 2, 12), 1), (date(2026, 2, 13), false));
        assert_eq!(last_day(date(2026, 2, 12), 2), (date(2026, 2, 14), false), "a Saturday that is worked");
        assert_eq!(last_day(date(2026, 2, 12), 3), (date(2026, 2, 24), false), "nine days off");
        assert_eq!(last_day(date(2025, 1, 24), 3), (date(2025, 2, 5), false), "a Sunday that is worked, Monday, and eight days off");
    }

    #[test]
    fn a_term_that_begins_on_a_day_off_or_on_a_worked_weekend() {
        assert_eq!(last_day(date(2026, 2, 18), 1), (date(2026, 2, 24), false));
        assert_eq!(last_day(date(2026, 2, 28), 1), (date(2026, 3, 2), false));
        assert_eq!(last_day(date(2026, 10, 8), 2), (date(2026, 10, 10), false));
    }

    #[test]
    fn the_boundary_is_midnight_in_china_and_is_too_late_itself() {
        let due = due(at(date(2026, 11, 25), 23), Term::WorkingDays(1));
        assert_eq!(due.at_micros, at(date(2026, 11, 27), 0));
        assert!(!overdue(due.at_micros - 1, due));
        assert!(overdue(due.at_micros, due));
    }

    #[test]
    fn a_day_begins_at_midnight_in_china_and_not_in_utc() {
        let late = at(date(2026, 11, 26), 0) - 1;
        assert_eq!(due(late, Term::WorkingDays(1)).at_micros, at(date(2026, 11, 27), 0));
        assert_eq!(due(late + 1, Term::WorkingDays(1)).at_micros, at(date(2026, 11, 28), 0));
    }

    #[test]
    fn over_the_end_of_the_year() {
        assert_eq!(last_day(date(2025, 12, 31), 1), (date(2026, 1, 4), false), "three days off, and a Sunday that is worked");
        assert_eq!(last_day(date(2030, 12, 31), 1), (date(2031, 1, 1), true), "not announced: presumed");
    }

    #[test]
    fn hours_and_minutes_ignore_days_and_days_ignore_holidays() {
        let start = at(date(2026, 2, 14), 15);
        assert_eq!(due(start, Term::Hours(24)).at_micros, at(date(2026, 2, 15), 15));
        assert_eq!(due(start, Term::Minutes(30)).at_micros, start + 30 * MINUTE_MICROS);
        assert_eq!(due(start, Term::Days(2)), Due { at_micros: at(date(2026, 2, 17), 0), presumed: false });
        assert_eq!(due(start, Term::Days(0)).at_micros, at(date(2026, 2, 15), 0));
        assert_eq!(due(start, Term::WorkingDays(0)).at_micros, at(date(2026, 2, 15), 0));
    }

    #[test]
    fn no_term_is_endless() {
        assert_eq!(due(0, Term::Days(u32::MAX)), due(0, Term::Days(LONGEST_DAYS)));
        assert!(due(i64::MAX, Term::WorkingDays(u32::MAX)).presumed || china_day(i64::MAX) == Date::MAX);
        assert_eq!(due(i64::MAX, Term::Hours(1)).at_micros, i64::MAX);
    }
}
