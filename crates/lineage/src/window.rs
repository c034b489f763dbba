//! Windows of event time, inclusive at both ends: a record at the very border belongs, and is said to belong by that alone.

use std::collections::BTreeMap;

/// From one moment to another, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Window {
    pub from: i64,
    pub to: i64,
}

impl Window {
    pub const ALWAYS: Window = Window { from: i64::MIN, to: i64::MAX };

    pub fn until(to: i64) -> Window {
        Window { from: i64::MIN, to }
    }

    pub fn since(from: i64) -> Window {
        Window { from, to: i64::MAX }
    }

    pub fn holds(self, time: i64) -> bool {
        self.from <= time && time <= self.to
    }

    /// Within, and not merely at the border.
    pub fn holds_inside(self, time: i64) -> bool {
        self.from < time && time < self.to
    }

    pub fn covers(self, other: Window) -> bool {
        self.from <= other.from && other.to <= self.to
    }

    /// The smallest window around both. For two windows that are open on the same side it is their union.
    pub fn hull(self, other: Window) -> Window {
        Window { from: self.from.min(other.from), to: self.to.max(other.to) }
    }

    /// What both have.
    pub fn meet(self, other: Window) -> Option<Window> {
        let both = Window { from: self.from.max(other.from), to: self.to.min(other.to) };
        (both.from <= both.to).then_some(both)
    }
}

/// Windows none of which lies within another, so that a later start means a later end.
#[derive(Debug, Default)]
pub(crate) struct Spans {
    to_by_from: BTreeMap<i64, i64>,
}

impl Spans {
    /// False where the window lies within one that is already here: nothing new then.
    pub fn add(&mut self, window: Window) -> bool {
        if self.to_by_from.range(..=window.from).next_back().is_some_and(|(_, to)| *to >= window.to) {
            return false;
        }
        let within: Vec<i64> =
            self.to_by_from.range(window.from..).take_while(|(_, to)| **to <= window.to).map(|(from, _)| *from).collect();
        for from in within {
            self.to_by_from.remove(&from);
        }
        self.to_by_from.insert(window.from, window.to);
        true
    }

    /// Some window holds the time.
    pub fn hold(&self, time: i64) -> bool {
        self.to_by_from.range(..=time).next_back().is_some_and(|(_, to)| *to >= time)
    }

    /// Some window holds the time, and not merely at its border.
    pub fn hold_inside(&self, time: i64) -> bool {
        self.to_by_from.range(..time).next_back().is_some_and(|(_, to)| *to > time)
    }

    pub fn clear(&mut self) {
        self.to_by_from.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(from: i64, to: i64) -> Window {
        Window { from, to }
    }

    #[test]
    fn a_span_within_another_adds_nothing() {
        let mut spans = Spans::default();
        assert!(spans.add(window(1, 5)));
        assert!(!spans.add(window(2, 5)));
        assert!(!spans.add(window(1, 4)));
        assert!(spans.add(window(2, 6)));
        assert!(spans.add(window(0, 9)));
        assert_eq!(spans.to_by_from.len(), 1);
    }

    #[test]
    fn where_spans_only_touch_nothing_is_inside() {
        let mut spans = Spans::default();
        spans.add(window(1, 3));
        spans.add(window(3, 5));
        assert!(spans.hold_inside(2) && spans.hold_inside(4) && !spans.hold_inside(3));
        spans.add(window(2, 4));
        assert!(spans.hold_inside(3));
    }

    #[test]
    fn windows_meet_at_one_moment() {
        assert_eq!(window(1, 3).meet(window(3, 5)), Some(window(3, 3)));
        assert_eq!(window(1, 2).meet(window(3, 5)), None);
    }
}
