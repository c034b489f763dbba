//! The official calendar, as announced: which days are free besides weekends, and which days of a weekend are worked for them.
//!
//! A notice for a year comes in the autumn before it; add it here, with every day that it names. A notice may touch the last days of the year
//! before, so days are written in full and looked up by themselves.

use jiff::civil::{Date, date};

/// One announcement.
#[derive(Clone, Copy, Debug)]
pub struct Notice {
    /// The year that it arranges.
    pub year: i16,
    /// What it is called where it is published, on gov.cn.
    pub source: &'static str,
    /// Days off, first and last of each stretch; weekends within it included.
    pub off: &'static [(Date, Date)],
    /// Saturdays and Sundays that are worked.
    pub worked: &'static [Date],
}

/// Every announcement that is known, in order.
pub const NOTICES: &[Notice] = &[
    Notice {
        year: 2025,
        source: "国务院办公厅关于2025年部分节假日安排的通知",
        off: &[
            (date(2025, 1, 1), date(2025, 1, 1)),
            (date(2025, 1, 28), date(2025, 2, 4)),
            (date(2025, 4, 4), date(2025, 4, 6)),
            (date(2025, 5, 1), date(2025, 5, 5)),
            (date(2025, 5, 31), date(2025, 6, 2)),
            (date(2025, 10, 1), date(2025, 10, 8)),
        ],
        worked: &[date(2025, 1, 26), date(2025, 2, 8), date(2025, 4, 27), date(2025, 9, 28), date(2025, 10, 11)],
    },
    Notice {
        year: 2026,
        source: "国务院办公厅关于2026年部分节假日安排的通知",
        off: &[
            (date(2026, 1, 1), date(2026, 1, 3)),
            (date(2026, 2, 15), date(2026, 2, 23)),
            (date(2026, 4, 4), date(2026, 4, 6)),
            (date(2026, 5, 1), date(2026, 5, 5)),
            (date(2026, 6, 19), date(2026, 6, 21)),
            (date(2026, 9, 25), date(2026, 9, 27)),
            (date(2026, 10, 1), date(2026, 10, 7)),
        ],
        worked: &[date(2026, 1, 4), date(2026, 2, 14), date(2026, 2, 28), date(2026, 5, 9), date(2026, 9, 20), date(2026, 10, 10)],
    },
];

#[cfg(test)]
mod tests {
    use jiff::civil::Weekday;

    use super::*;

    fn is_weekend(day: Date) -> bool {
        matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
    }

    #[test]
    fn only_weekends_are_worked_in_exchange_and_never_ones_that_are_free() {
        for notice in NOTICES {
            for &day in notice.worked {
                assert!(is_weekend(day), "{day}");
                assert!(!notice.off.iter().any(|&(first, last)| first <= day && day <= last), "{day}");
            }
        }
    }

    /// Every free working day beyond the statutory holidays (13 of them since 2025) is worked on some weekend, or falls on one.
    #[test]
    fn what_is_exchanged_balances() {
        for notice in NOTICES {
            let free =
                notice.off.iter().flat_map(|&(first, last)| first.series(jiff::Span::new().days(1)).take_while(move |day| *day <= last));
            let weekdays = free.filter(|day| !is_weekend(*day)).count();
            assert!(weekdays - notice.worked.len() <= 13, "{}", notice.year);
            assert!(notice.source.contains(&notice.year.to_string()));
        }
    }
}
