//! Moments: shown in China Standard Time, kept as UTC in the markup. Days are days of China Standard Time, which has no other zone and no
//! summer time.

use std::fmt;

use askama::filters::HtmlSafe;
use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Timestamp, ZonedDateTime};

use crate::language::Language;
use crate::text::{Counted, Text};
use crate::views::said::Escaped;

/// A moment on a page: `<time datetime="2026-11-25T05:02:41Z">13:02:41</time>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moment {
    iso: String,
    text: String,
}

impl Moment {
    /// The text alone, for sentences and exports.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// For machines: UTC.
    pub fn iso(&self) -> &str {
        &self.iso
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, r#"<time datetime="{}">{}</time>"#, self.iso, Escaped(&self.text))
    }
}

impl HtmlSafe for Moment {}

fn china(at: Timestamp) -> ZonedDateTime {
    at.to_zoned_datetime(TimeZone::fixed(Offset::constant(8)))
}

fn moment(at: Timestamp, pattern: &str) -> Moment {
    Moment { iso: at.to_string(), text: china(at).strftime(pattern).to_string() }
}

/// Day and minute, in the order of the language.
pub fn minute(at: Timestamp, text: &Text) -> Moment {
    moment(at, text.time.day_and_minute)
}

/// The day alone.
pub fn day(at: Timestamp, text: &Text) -> Moment {
    moment(at, text.time.day)
}

/// What changes by the second on one day: `13:02:41`. With the day in front where it is not `now`'s.
pub fn second(at: Timestamp, now: Timestamp, text: &Text) -> Moment {
    if today(at) == today(now) { moment(at, "%H:%M:%S") } else { minute(at, text) }
}

/// `13:02:41`, for rows of a table whose day is known.
pub fn seconds(at: Timestamp) -> Moment {
    moment(at, "%H:%M:%S")
}

/// The day in China Standard Time, `YYYY-MM-DD`: how days are asked for.
pub fn today(now: Timestamp) -> String {
    china(now).strftime("%Y-%m-%d").to_string()
}

/// The first and the last of some days that end today, `YYYY-MM-DD`.
pub fn days(count: i64, now: Timestamp) -> [String; 2] {
    let back = SignedDuration::from_hours(24 * (count - 1));
    [today(now.checked_sub(back).unwrap_or(now)), today(now)]
}

/// The same for people: one day, or the first and the last.
pub fn span(count: i64, now: Timestamp, text: &Text) -> String {
    let first = now.checked_sub(SignedDuration::from_hours(24 * (count - 1))).unwrap_or(now);
    let [first, last] = [first, now].map(|at| day(at, text).text().to_owned());
    if count == 1 { last } else { format!("{first} – {last}") }
}

/// The time that a provider claims. None where it cannot be read.
pub fn claimed(event_time: &str) -> Option<Timestamp> {
    event_time.parse().ok()
}

/// How long ago, in the largest unit that says enough. The future is `just now`: clocks differ by seconds.
pub fn ago(at: Timestamp, now: Timestamp, language: Language) -> String {
    let time = &language.text().time;
    let seconds = now.duration_since(at).max(SignedDuration::ZERO).as_secs() as u64;
    match seconds {
        0..5 => time.just_now.into(),
        5..90 => time.seconds_ago.of(seconds),
        90..5_400 => time.minutes_ago.of(seconds / 60),
        5_400..172_800 => time.hours_ago.of(seconds / 3_600),
        _ => time.days_ago.of(seconds / 86_400),
    }
}

/// A length of time in its two largest units that say something.
pub fn length(of: SignedDuration, text: &Text) -> String {
    let time = &text.time;
    let minutes = of.abs().as_mins() as u64;
    let (hours, days) = (minutes / 60, minutes / 1_440);
    let both = |large: String, small: u64, word: &Counted| if small == 0 { large } else { format!("{large} {}", word.of(small)) };
    match minutes {
        0 => time.less_than_a_minute.to_owned(),
        1..60 => time.minutes.of(minutes),
        60..2_880 => both(time.hours.of(hours), minutes % 60, &time.minutes),
        _ => both(time.days.of(days), hours % 24, &time.hours),
    }
}

/// A moment of the wire; None where it is absent or out of range.
pub fn from_wire(at: Option<&prost_types::Timestamp>) -> Option<Timestamp> {
    at.and_then(|at| Timestamp::new(at.seconds, at.nanos).ok())
}

/// `as of 13:02:41`.
pub fn as_of(at: Timestamp, now: Timestamp, text: &Text) -> String {
    format!("{} {}", text.console.as_of, second(at, now, text).text())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a test's own time")
    }

    #[test]
    fn shown_in_china_kept_in_utc() {
        let late = at("2026-11-24T16:30:05Z");
        assert_eq!(
            minute(late, Language::Chinese.text()).to_string(),
            r#"<time datetime="2026-11-24T16:30:05Z">2026年11月25日 00:30</time>"#
        );
        assert_eq!(minute(late, Language::English.text()).text(), "25 Nov 2026, 00:30");
        assert_eq!(today(late), "2026-11-25");
        assert_eq!(days(7, late), ["2026-11-19", "2026-11-25"]);
        assert_eq!(span(7, late, Language::Chinese.text()), "2026年11月19日 – 2026年11月25日");
    }

    #[test]
    fn another_day_is_named() {
        let text = Language::Chinese.text();
        assert_eq!(second(at("2026-11-25T05:02:41Z"), at("2026-11-25T06:00:00Z"), text).text(), "13:02:41");
        assert_eq!(second(at("2026-11-24T05:02:41Z"), at("2026-11-25T06:00:00Z"), text).text(), "2026年11月24日 13:02");
    }

    #[test]
    fn spans_use_the_unit_that_says_enough() {
        let now = at("2026-11-25T12:00:00Z");
        let spans =
            ["2026-11-25T12:00:03Z", "2026-11-25T11:59:15Z", "2026-11-25T11:00:00Z", "2026-11-24T12:00:00Z", "2026-11-20T12:00:00Z"];
        let said: Vec<_> = spans.iter().map(|t| ago(at(t), now, Language::English)).collect();
        assert_eq!(said, ["just now", "45 seconds ago", "60 minutes ago", "24 hours ago", "5 days ago"]);
    }
}
