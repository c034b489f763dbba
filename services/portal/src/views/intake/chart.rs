//! The last five minutes as a chart: bars of five seconds, stacked by verdict, and the same minutes as a table.

use jiff::Timestamp;

use crate::language::Language;
use crate::text::fill;
use crate::views::intake::recent::{Recent, Tally, WINDOW_S};
use crate::views::moment::{self, Moment};
use crate::views::number::grouped;

const BAR_S: i64 = 5;
const BARS: i64 = WINDOW_S / BAR_S;
/// The chart's own units: 60 bars of 8 with a gap of 2, and 160 high.
const BAR_STEP: u64 = 10;
const HEIGHT: u64 = 160;

/// The last five minutes.
#[derive(Debug)]
pub struct ChartView {
    /// Mean of the last minute.
    pub per_second: String,
    pub bars: Vec<Bar>,
    pub peak: String,
    pub minutes: Vec<MinuteRow>,
    pub empty: bool,
    pub as_of: Moment,
}

/// Five seconds of the chart: three rectangles on top of each other.
#[derive(Debug, PartialEq, Eq)]
pub struct Bar {
    pub x: u64,
    pub parts: Vec<BarPart>,
}

/// One rectangle; `class` names its pattern.
#[derive(Debug, PartialEq, Eq)]
pub struct BarPart {
    pub class: &'static str,
    pub y: u64,
    pub height: u64,
}

/// One minute of the table behind the chart.
#[derive(Debug)]
pub struct MinuteRow {
    pub at: Moment,
    pub accepted: String,
    pub duplicate: String,
    pub rejected: String,
    pub total: String,
}

/// The chart as of `now`.
pub fn chart(recent: &Recent, now: Timestamp, language: Language) -> ChartView {
    let text = language.text();
    let end = recent.end(now);
    let (bars, peak) = bars(recent, end.as_second());
    ChartView {
        per_second: per_second(recent.tally(end.as_second(), 60).total()),
        bars,
        peak: fill(text.intake.peak, &[("n", &grouped(peak))]),
        minutes: minutes(recent, end.as_second()),
        empty: peak == 0,
        as_of: moment::second(end, now, text),
    }
}

/// One decimal, two below one: 60ths are cut, not rounded.
fn per_second(in_a_minute: u64) -> String {
    match in_a_minute {
        1..60 => format!("0.{:02}", in_a_minute * 100 / 60),
        _ => format!("{}.{}", grouped(in_a_minute / 60), in_a_minute % 60 / 6),
    }
}

fn bars(recent: &Recent, end: i64) -> (Vec<Bar>, u64) {
    let tallies: Vec<Tally> = (0..BARS).map(|bar| recent.tally(end - (BARS - 1 - bar) * BAR_S, BAR_S)).collect();
    let peak = tallies.iter().map(|tally| tally.total()).max().unwrap_or_default();
    let bars = tallies.iter().enumerate().filter(|(_, tally)| tally.total() > 0).map(|(index, tally)| bar(index as u64, *tally, peak));
    (bars.collect(), peak)
}

/// Rejected on top, where it is seen; each part that exists is at least one unit high.
fn bar(index: u64, tally: Tally, peak: u64) -> Bar {
    let height = |count: u64| if count == 0 { 0 } else { (u128::from(count) * u128::from(HEIGHT - 2) / u128::from(peak)).max(1) as u64 };
    let mut top = HEIGHT;
    let mut parts = Vec::new();
    for (class, count) in [("accepted", tally.accepted), ("duplicate", tally.duplicate), ("rejected", tally.rejected)] {
        let height = height(count);
        top -= height;
        if height > 0 {
            parts.push(BarPart { class, y: top, height });
        }
    }
    Bar { x: index * BAR_STEP, parts }
}

fn minutes(recent: &Recent, end: i64) -> Vec<MinuteRow> {
    let row = |back: i64| {
        let tally = recent.tally(end - back * 60, 60);
        let from = Timestamp::from_second(end - back * 60 - 59).unwrap_or_default();
        MinuteRow {
            at: moment::seconds(from),
            accepted: grouped(tally.accepted),
            duplicate: grouped(tally.duplicate),
            rejected: grouped(tally.rejected),
            total: grouped(tally.total()),
        }
    };
    (0..WINDOW_S / 60).map(row).collect()
}

#[cfg(test)]
mod tests {
    use tracemesh_proto::ingestion::v1::WatchIntakeResponse;

    use super::*;

    #[test]
    fn a_single_rejection_among_thousands_is_seen() {
        let mut recent = Recent::default();
        let at = Timestamp::from_second(1_000).expect("in range");
        let second = Some(prost_types::Timestamp { seconds: 1_000, nanos: 0 });
        recent.take(&WatchIntakeResponse { at: second, accepted: 5_000, duplicate: 0, rejected: 1 });
        let view = chart(&recent, at, Language::Chinese);
        let parts: Vec<_> = view.bars[0].parts.iter().map(|part| (part.class, part.height)).collect();
        assert_eq!(parts, [("accepted", HEIGHT - 3), ("rejected", 1)]);
        assert_eq!(view.bars[0].x, 590, "the newest bar is the last");
        assert_eq!(view.per_second, "83.3");
    }
}
