//! When something happened, as the provider claims it.
//!
//! The claim is kept as it was spelled, because it is evidence; the instant is kept in microseconds, because both databases sort by it.
//! An offset is required: a local time without one has meant eight different hours in practice. Days and months are those of China
//! Standard Time, wherever the event was. A leap second counts as the first second of the next minute.

use jiff::civil::Date;
use jiff::{SignedDuration, civil};
use tracemesh_calendar::china_day;

use crate::reasons::{self, Reason};

/// Microseconds in a day: how far ahead of the node's clock an event may claim to be.
const DAY_MICROS: i64 = 86_400_000_000;
/// The first year that an event may claim.
const FIRST_YEAR: i16 = 1990;

/// A claimed moment, between 1990 and one day after it was received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventTime {
    micros: i64,
    spelled: String,
}

impl EventTime {
    /// Reads RFC 3339 with offset; `now_micros` is when the record was received. The error says which rule is broken.
    pub fn parse(text: &str, now_micros: i64) -> Result<Self, Reason> {
        if text.is_empty() {
            return Err(reasons::EVENT_TIME_MISSING);
        }
        let claimed = Claimed::read(text.as_bytes()).ok_or(reasons::EVENT_TIME_MALFORMED)?;
        let micros = claimed.micros().ok_or(reasons::EVENT_TIME_OFFSET)?;
        if claimed.date.year() < FIRST_YEAR {
            return Err(reasons::EVENT_TIME_EARLY);
        }
        if micros > now_micros.saturating_add(DAY_MICROS) {
            return Err(reasons::EVENT_TIME_FUTURE);
        }
        Ok(Self { micros, spelled: text.to_owned() })
    }

    /// The instant, in microseconds since 1970 in UTC; digits beyond the microsecond are cut.
    pub fn micros(&self) -> i64 {
        self.micros
    }

    /// The text that the provider sent.
    pub fn spelled(&self) -> &str {
        &self.spelled
    }

    /// The day in China Standard Time.
    pub fn day(&self) -> Date {
        china_day(self.micros)
    }
}

/// RFC 3339 taken apart: a day of the calendar, the time of that day, and the offset where one is written.
struct Claimed {
    date: Date,
    micros_of_day: i64,
    offset_minutes: Option<i64>,
}

impl Claimed {
    fn read(text: &[u8]) -> Option<Self> {
        let (date, rest) = date(text)?;
        let rest = rest.strip_prefix(b"T").or(rest.strip_prefix(b"t")).or(rest.strip_prefix(b" "))?;
        let (hour, rest) = two_digits(rest, 23)?;
        let (minute, rest) = two_digits(rest.strip_prefix(b":")?, 59)?;
        let (second, rest) = two_digits(rest.strip_prefix(b":")?, 60)?;
        let (fraction_micros, rest) = fraction(rest)?;
        let offset_minutes = if rest.is_empty() { None } else { Some(offset(rest)?) };
        let micros_of_day = (hour * 3_600 + minute * 60 + second) * 1_000_000 + fraction_micros;
        Some(Self { date, micros_of_day, offset_minutes })
    }

    /// The instant; `None` without an offset.
    fn micros(&self) -> Option<i64> {
        let days: SignedDuration = self.date.duration_since(civil::date(1970, 1, 1));
        Some(days.as_secs() * 1_000_000 + self.micros_of_day - self.offset_minutes? * 60_000_000)
    }
}

fn date(text: &[u8]) -> Option<(Date, &[u8])> {
    let (century, rest) = two_digits(text, 99)?;
    let (year, rest) = two_digits(rest, 99)?;
    let (month, rest) = two_digits(rest.strip_prefix(b"-")?, 12)?;
    let (day, rest) = two_digits(rest.strip_prefix(b"-")?, 31)?;
    let date = Date::new((century * 100 + year) as i16, month as i8, day as i8).ok()?;
    Some((date, rest))
}

/// A day of the calendar, written `YYYY-MM-DD` and nothing else.
pub(crate) fn calendar_day(text: &str) -> Option<Date> {
    date(text.as_bytes()).filter(|(_, rest)| rest.is_empty()).map(|(day, _)| day)
}

fn two_digits(text: &[u8], most: i64) -> Option<(i64, &[u8])> {
    let (pair, rest) = text.split_first_chunk::<2>()?;
    let number = pair.iter().all(u8::is_ascii_digit).then(|| i64::from(pair[0] - b'0') * 10 + i64::from(pair[1] - b'0'))?;
    (number <= most).then_some((number, rest))
}

/// The microseconds of `.digits`, 0 where there is no point; a point alone is malformed.
fn fraction(text: &[u8]) -> Option<(i64, &[u8])> {
    let Some(digits) = text.strip_prefix(b".") else { return Some((0, text)) };
    let length = digits.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let micros = (0..6).fold(0, |number, place| number * 10 + if place < length { i64::from(digits[place] - b'0') } else { 0 });
    (length > 0).then_some((micros, &digits[length..]))
}

/// `Z` or `±hh:mm`, in minutes east of UTC, with nothing after it.
fn offset(text: &[u8]) -> Option<i64> {
    if matches!(text, b"Z" | b"z") {
        return Some(0);
    }
    let (sign, rest) = text.split_first()?;
    let east = match sign {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let (hours, rest) = two_digits(rest, 23)?;
    let (minutes, rest) = two_digits(rest.strip_prefix(b":")?, 59)?;
    rest.is_empty().then_some(east * (hours * 60 + minutes))
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use jiff::tz::Offset;
    use proptest::prelude::*;

    use super::*;

    /// 2026-11-25T00:00:00Z.
    const NOW: i64 = 1_795_564_800_000_000;

    fn refusal(text: &str) -> &'static str {
        EventTime::parse(text, NOW).expect_err(text).code
    }

    #[test]
    fn the_instant_the_spelling_and_the_day() {
        let time = EventTime::parse("2022-08-02T16:30:40.7930001+00:30", NOW).unwrap();
        assert_eq!(time.micros(), 1_659_456_040_793_000);
        assert_eq!(time.spelled(), "2022-08-02T16:30:40.7930001+00:30");
        assert_eq!(time.day().to_string(), "2022-08-03");
    }

    #[test]
    fn each_rule_has_its_own_answer() {
        let malformed =
            ["yesterday", "2026-02-30T00:00:00Z", "2026-01-01", "2026-01-01T00:00Z", "2026-01-01T24:00:00Z", "2026-01-01T00:00:00.Z"];
        for text in malformed.into_iter().chain([
            "2026-01-01T00:00:00+8:00",
            "2026-01-01T00:00:00Z[UTC]",
            "2026-13-01T00:00:00Z",
            "20260101T000000Z",
        ]) {
            assert_eq!(refusal(text), "record.event_time.malformed", "{text}");
        }
        assert_eq!(refusal(""), "record.event_time.missing");
        assert_eq!(refusal("2026-01-01T00:00:00"), "record.event_time.offset");
        assert_eq!(refusal("2026-01-01 00:00:00.5"), "record.event_time.offset");
        assert_eq!(refusal("0000-01-01T00:00:00Z"), "record.event_time.early");
        assert_eq!(refusal("1989-12-31T23:59:59.999999Z"), "record.event_time.early");
        assert_eq!(refusal("9999-12-31T23:59:59-23:59"), "record.event_time.future");
        assert_eq!(refusal("2026-11-26T00:00:00.000001Z"), "record.event_time.future");
    }

    #[test]
    fn the_bounds_themselves_are_inside() {
        assert!(EventTime::parse("1990-01-01T00:00:00+08:00", NOW).is_ok());
        assert!(EventTime::parse("2026-11-26T08:00:00+08:00", NOW).is_ok());
        assert_eq!(EventTime::parse("2016-12-31T23:59:60Z", NOW).unwrap().micros(), 1_483_228_800_000_000);
    }

    proptest! {
        #[test]
        fn it_agrees_with_a_library(micros in 631_152_000_000_000_i64..NOW, hours in -12_i8..=14) {
            let text = Timestamp::from_microsecond(micros).unwrap().display_with_offset(Offset::constant(hours)).to_string();
            prop_assume!(!text.starts_with("1989"));
            prop_assert_eq!(EventTime::parse(&text, NOW).map(|time| time.micros()), Ok(micros), "{}", text);
        }

        #[test]
        fn no_text_makes_it_panic(text in ".{0,40}") {
            let _ = EventTime::parse(&text, NOW);
        }
    }
}
