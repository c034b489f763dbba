//! Days as people write them, and how exactly times are known.

use jiff::civil::Date;
use jiff::tz::Offset;
use tracemesh_model::china_day;

/// China Standard Time.
const CHINA: Offset = Offset::constant(8);

/// Within which stretch of time the order of things is open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Dates {
    #[default]
    Moment,
    Day,
    Month,
    Year,
}

impl Dates {
    pub const WORDS: &'static str = "moment, day, month, year";

    /// By its word; none at all is the moment.
    pub fn of(word: &str) -> Option<Dates> {
        match word {
            "" | "moment" => Some(Dates::Moment),
            "day" => Some(Dates::Day),
            "month" => Some(Dates::Month),
            "year" => Some(Dates::Year),
            _ => None,
        }
    }

    pub fn word(self) -> &'static str {
        match self {
            Dates::Moment => "moment",
            Dates::Day => "day",
            Dates::Month => "month",
            Dates::Year => "year",
        }
    }

    /// One moment for all that are not told apart: the first.
    pub fn moment(self, micros: i64) -> i64 {
        let day = china_day(micros);
        match self {
            Dates::Moment => micros,
            Dates::Day => first_moment(day),
            Dates::Month => first_moment(day.first_of_month()),
            Dates::Year => first_moment(day.first_of_year()),
        }
    }
}

/// Of a day in China, in unix microseconds.
pub fn first_moment(day: Date) -> i64 {
    CHINA.to_timestamp(day.at(0, 0, 0, 0)).map_or(i64::MIN, |at| at.as_microsecond())
}

/// Of a day in China, in unix microseconds.
pub fn last_moment(day: Date) -> i64 {
    day.tomorrow().map_or(i64::MAX, |next| first_moment(next).saturating_sub(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_those_of_china() {
        let day: Date = "2025-10-03".parse().unwrap();
        let at = |text: &str| text.parse::<jiff::Timestamp>().unwrap().as_microsecond();
        assert_eq!((first_moment(day), last_moment(day)), (at("2025-10-02T16:00:00Z"), at("2025-10-03T15:59:59.999999Z")));
        let moment = at("2025-10-03T12:34:56Z");
        let first = |dates: Dates| dates.moment(moment);
        assert_eq!((first(Dates::Moment), first(Dates::Day)), (moment, first_moment(day)));
        assert_eq!((first(Dates::Month), first(Dates::Year)), (at("2025-09-30T16:00:00Z"), at("2024-12-31T16:00:00Z")));
    }
}
