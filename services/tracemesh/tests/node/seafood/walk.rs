//! What the chain around a thing is, by EPCIS events alone: read from the JSON-LD, each state by itself, nothing remembered but what was
//! visited. Shares no code with the node, so that the two can only agree by being right, or wrong in the same way.
//!
//! Times are compared as texts: [`read`] insists that all are written alike.

use std::collections::BTreeSet;

use serde_json::Value;

/// Before and after all times.
const BEGINNING: &str = "";
const END: &str = "~";

pub struct Event {
    pub id: String,
    time: String,
    inputs: Vec<String>,
    outputs: Vec<String>,
    seen: Vec<String>,
    container: Vec<String>,
    contents: Vec<String>,
    /// Those of the contents that are single things.
    items: Vec<String>,
    packs: bool,
    unpacks: bool,
}

impl Event {
    pub fn units(&self) -> impl Iterator<Item = &String> {
        [&self.inputs, &self.outputs, &self.seen, &self.container, &self.contents].into_iter().flatten()
    }

    fn names(&self, unit: &str) -> bool {
        self.units().any(|named| named == unit)
    }

    fn packs(&self, unit: &str) -> bool {
        self.packs && self.contents.iter().any(|content| content == unit)
    }
}

/// One event. A transformation's id is made of what goes in, and what comes out is made of it.
pub fn read(event: &Value) -> Event {
    let texts = |list: &str, key: &str| -> Vec<String> {
        let listed = event[list].as_array().into_iter().flatten();
        listed.map(|one| if key.is_empty() { one } else { &one[key] }.as_str().unwrap().to_owned()).collect()
    };
    let both = |items: &str, classes: &str| [texts(items, ""), texts(classes, "epcClass")].concat();
    let text = |key: &str| event[key].as_str().map(str::to_owned);
    let time = text("eventTime").unwrap();
    assert!(time.len() == 33 && time.ends_with("+00:00"), "{time} cannot be compared as it is written");
    let (kind, action) = (text("type").unwrap(), text("action").unwrap_or_default());
    let things = both("epcList", "quantityList");
    let is = |wanted: &str| if kind == "ObjectEvent" && action == wanted { things.clone() } else { Vec::new() };
    let (mut inputs, mut outputs) = (both("inputEPCList", "inputQuantityList"), both("outputEPCList", "outputQuantityList"));
    let (takes, makes) = (!inputs.is_empty(), !outputs.is_empty());
    outputs.extend(text("transformationID").filter(|_| takes));
    inputs.extend(text("transformationID").filter(|_| makes));
    inputs.extend(is("DELETE"));
    outputs.extend(is("ADD"));
    Event {
        id: text("eventID").unwrap(),
        time,
        inputs,
        outputs,
        seen: is("OBSERVE"),
        container: text("parentID").into_iter().collect(),
        contents: both("childEPCs", "childQuantityList"),
        items: texts("childEPCs", ""),
        packs: kind == "AggregationEvent" && action == "ADD",
        unpacks: kind == "AggregationEvent" && action == "DELETE",
    }
}

/// A thing with the part of its life that concerns a walk, or something that it lies in meanwhile.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
enum State {
    Visit { unit: String, from: String, to: String },
    Ride { container: String, packed: String, from: String, to: String },
}

/// The ids of the events in the chain of a thing, in one direction.
pub fn chain(events: &[Event], unit: &str, up: bool) -> BTreeSet<String> {
    let mut walk = Walk { events, up, next: Vec::new(), taken: BTreeSet::new() };
    walk.visit(unit, BEGINNING, END);
    let mut known = BTreeSet::new();
    while let Some(state) = walk.next.pop() {
        if known.insert(state.clone()) {
            match state {
                State::Visit { unit, from, to } => walk.go_through(&unit, &from, &to),
                State::Ride { container, packed, from, to } => walk.go_along(&container, &packed, &from, &to),
            }
        }
    }
    walk.taken
}

struct Walk<'a> {
    events: &'a [Event],
    up: bool,
    next: Vec<State>,
    taken: BTreeSet<String>,
}

impl Walk<'_> {
    fn visit(&mut self, unit: &str, from: &str, to: &str) {
        self.next.push(State::Visit { unit: unit.to_owned(), from: from.to_owned(), to: to.to_owned() });
    }

    fn ride(&mut self, container: &str, packed: &str, from: &str, to: &str) {
        let [container, packed, from, to] = [container, packed, from, to].map(str::to_owned);
        self.next.push(State::Ride { container, packed, from, to });
    }

    /// To other things, up to the time of an event or from it on.
    fn visit_all(&mut self, units: &[String], time: &str) {
        for unit in units {
            let (from, to) = if self.up { (BEGINNING, time) } else { (time, END) };
            self.visit(unit, from, to);
        }
    }

    fn go_through(&mut self, unit: &str, from: &str, to: &str) {
        let events = self.events;
        let is = |list: &[String]| list.iter().any(|one| one == unit);
        for event in events.iter().filter(|event| event.names(unit) && within(&event.time, from, to)) {
            let is_more_than_input = is(&event.outputs) || is(&event.seen) || is(&event.container) || is(&event.contents);
            if is_more_than_input || !self.up {
                self.taken.insert(event.id.clone());
            }
            if self.up && is(&event.outputs) {
                self.visit_all(&event.inputs, &event.time);
            }
            if !self.up && is(&event.inputs) {
                self.visit_all(&event.outputs, &event.time);
            }
            if is(&event.container) {
                self.visit_all(&event.contents, &event.time);
            }
            for container in event.container.iter().filter(|_| event.packs(unit)) {
                let left = left(events, unit, container, &event.time);
                self.ride(container, &event.time, &event.time, left.min(to));
            }
        }
        for event in events.iter().filter(|event| event.packs && is(&event.container)) {
            self.go_inside(event, unit, from, to);
        }
    }

    /// What lies in a container while the walk is there.
    fn go_inside(&mut self, packing: &Event, container: &str, from: &str, to: &str) {
        for content in &packing.contents {
            let left = left(self.events, content, container, &packing.time).min(emptied(self.events, container, &packing.time));
            let (first, last) = (packing.time.as_str().max(from), left.min(to));
            if first > last {
                continue;
            }
            self.taken.insert(packing.id.clone());
            if self.up { self.visit(content, BEGINNING, last) } else { self.visit(content, first, END) }
        }
    }

    /// Along with a container, and with what that lies in.
    fn go_along(&mut self, container: &str, packed: &str, from: &str, to: &str) {
        let events = self.events;
        let to = to.min(emptied(events, container, packed));
        for event in events.iter().filter(|event| event.names(container)) {
            if within(&event.time, from, to) {
                self.taken.insert(event.id.clone());
                if !self.up && event.inputs.iter().any(|input| input == container) {
                    self.visit_all(&event.outputs, &event.time);
                }
            }
            for outer in event.container.iter().filter(|_| event.packs(container)) {
                let (first, last) = (event.time.as_str().max(from), left(events, container, outer, &event.time).min(to));
                if first <= last {
                    self.ride(outer, &event.time, first, last);
                }
            }
        }
    }
}

fn within(time: &str, from: &str, to: &str) -> bool {
    from <= time && time <= to
}

/// When a thing that was packed into a container left it by what is said of itself: taken out, used up, or, where it is one thing, packed
/// into another.
fn left<'a>(events: &'a [Event], unit: &str, container: &str, packed: &str) -> &'a str {
    let ends = |event: &&Event| {
        let is_here = event.container.iter().any(|one| one == container);
        let taken_out = event.unpacks && is_here && event.contents.iter().any(|content| content == unit);
        let moved = event.packs(unit) && !is_here && event.items.iter().any(|item| item == unit);
        event.time.as_str() > packed && (taken_out || moved || event.inputs.iter().any(|input| input == unit))
    };
    events.iter().filter(ends).map(|event| event.time.as_str()).min().unwrap_or(END)
}

/// When everything was taken out of a container.
fn emptied<'a>(events: &'a [Event], container: &str, packed: &str) -> &'a str {
    let empties = |event: &&Event| {
        event.time.as_str() > packed && event.unpacks && event.contents.is_empty() && event.container.iter().any(|one| one == container)
    };
    events.iter().filter(empties).map(|event| event.time.as_str()).min().unwrap_or(END)
}
