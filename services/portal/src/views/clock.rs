//! A limit as people read it: how long is left, or how far past it we are, in words and numbers; never by colour alone.

use jiff::{SignedDuration, Timestamp};
use tracemesh_proto::emergency::v1::Clock;

use crate::text::fill;
use crate::views::cell::Cell;
use crate::views::emergency::order_href;
use crate::views::icon::State;
use crate::views::moment;
use crate::views::reader::Reader;
use crate::views::table::{Row, Table};

/// From how little on a running limit needs a look.
const SOON: SignedDuration = SignedDuration::from_mins(60);

/// How a limit stands.
pub fn standing(clock: &Clock, reader: &Reader) -> Cell {
    let Some(due) = moment::from_wire(clock.due_at.as_ref()) else { return Cell::None };
    let text = &reader.text().emergency;
    let stopped = moment::from_wire(clock.stopped_at.as_ref());
    let left = due.duration_since(stopped.unwrap_or(reader.now));
    let late = left.is_negative() || (stopped.is_some() && clock.breached);
    let (state, sentence, span) = match (stopped, late) {
        (None, true) => (State::Bad, text.overdue, left),
        (None, false) => (if left < SOON { State::Attention } else { State::Note }, text.running, left),
        (Some(_), true) => (State::Attention, text.missed, left),
        (Some(at), false) => (State::Good, text.kept, took(clock, at)),
    };
    Cell::State(state, fill(sentence, &[("span", &moment::length(span, reader.text()))]))
}

fn took(clock: &Clock, until: Timestamp) -> SignedDuration {
    moment::from_wire(clock.started_at.as_ref()).map_or(SignedDuration::ZERO, |began| until.duration_since(began))
}

/// The one that runs out first of those that run.
pub fn most_urgent(clocks: &[Clock]) -> Option<&Clock> {
    clocks.iter().filter(|clock| clock.stopped_at.is_none()).min_by_key(|clock| due(clock))
}

/// When it is due; far away where nobody says.
pub fn due(clock: &Clock) -> Timestamp {
    moment::from_wire(clock.due_at.as_ref()).unwrap_or(Timestamp::MAX)
}

/// A limit with its name, for lists.
pub fn named(clock: &Clock, reader: &Reader) -> Cell {
    standing(clock, reader).over(Cell::text(reader.word(reader.text().emergency.clock_kinds, &clock.kind)))
}

/// The order whose limit it is; a dash for one of the incident itself.
fn of_order(clock: &Clock) -> Cell {
    if clock.order.is_empty() { Cell::None } else { Cell::said(&clock.order).to(order_href(&clock.order)) }
}

/// All limits of a case.
pub fn table(clocks: &[Clock], reader: &Reader) -> Table {
    let text = &reader.text().emergency;
    let row = |clock: &Clock| {
        let presumed = if clock.presumed { Cell::text(text.presumed) } else { Cell::None };
        Row::new(vec![
            Cell::text(reader.word(text.clock_kinds, &clock.kind)).over(of_order(clock)),
            standing(clock, reader),
            reader.minute(clock.due_at.as_ref()).over(presumed),
            Cell::said(&clock.rule),
        ])
    };
    Table::new(&[text.clock, text.state, text.due, text.rule]).rows(clocks.iter().map(row)).or(&[text.no_clocks, text.no_clocks_why])
}

#[cfg(test)]
mod tests {
    use tracemesh_access::Principal;

    use super::*;
    use crate::language::Language;
    use crate::views::places::Places;

    fn at(second: i64) -> Option<prost_types::Timestamp> {
        Some(prost_types::Timestamp { seconds: 1_800_000_000 + second, nanos: 0 })
    }

    fn said(stopped: Option<i64>) -> String {
        said_of(3_600, stopped)
    }

    fn said_of(due: i64, stopped: Option<i64>) -> String {
        let clock = Clock { started_at: at(0), due_at: at(due), stopped_at: stopped.and_then(at), ..Clock::default() };
        let now = Timestamp::from_second(1_800_000_000 + 7_260).expect("in range");
        let reader = Reader { principal: &Principal::public(), node: "", now, language: Language::Chinese, places: &Places::default() };
        standing(&clock, &reader).plain()
    }

    #[test]
    fn every_limit_is_told_in_words_and_numbers() {
        assert_eq!(said(None), "已超时 1 小时 1 分钟");
        assert_eq!(said_of(14_400, None), "剩余 1 小时 59 分钟");
        assert_eq!(said(Some(3_000)), "按时完成，用时 50 分钟");
        assert_eq!(said(Some(5_400)), "超时 30 分钟完成");
        assert_eq!(said_of(604_800, None), "剩余 6 天 21 小时");
    }
}
