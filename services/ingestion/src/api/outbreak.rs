//! What an outbreak is asked with, read and held to its limits: all faults at once.

use jiff::civil::Date;
use tracemesh_chassis::error::Violation;
use tracemesh_proto::ingestion::v1 as wire;

use crate::app::trace::{Assumed, Case, Mixing, Place, Suspicion, Where, subject};
use crate::domain::dates::{Dates, first_moment, last_moment};

const MOST_CASES: usize = 1_000;
const MOST_CODES: usize = 2_000;
/// Places of all cases, each of which reads the index from end to end.
const MOST_PLACES: usize = 100;
/// Subjects and units in one assumption.
const MOST_NAMES: usize = 1_000;
const USUAL_CANDIDATES: u32 = 200;
const MOST_CANDIDATES: u32 = 5_000;
/// Whatever counts for more does not leave anything to the others.
const MOST_WEIGHT: u32 = 1_000_000;
const EVERYBODY: &str = "all";
const HOUR_MICROS: i64 = 3_600_000_000;

pub fn suspicion(request: wire::OutbreakRequest) -> Result<Suspicion, Vec<Violation>> {
    let mut faults = Vec::new();
    let wire::OutbreakRequest { cases, assumptions, local, most } = request;
    let assumed = assumed(assumptions.unwrap_or_default(), &mut faults);
    if cases.is_empty() {
        faults.push(Violation::new("cases", "error.request.value_missing"));
    }
    let total = |count: fn(&wire::OutbreakCase) -> usize| cases.iter().map(count).sum::<usize>();
    let places = total(|case| case.subjects.len() + case.areas.len());
    at_most("cases", cases.len(), MOST_CASES, &mut faults);
    at_most("cases.codes", total(|case| case.codes.len()), MOST_CODES, &mut faults);
    at_most("cases.subjects", places, MOST_PLACES, &mut faults);
    let cases = cases.into_iter().enumerate().map(|(n, asked)| case(n, asked, assumed.dates, &mut faults)).collect();
    let most = if most == 0 { USUAL_CANDIDATES } else { most.min(MOST_CANDIDATES) } as usize;
    if faults.is_empty() { Ok(Suspicion { cases, assumed, local, most }) } else { Err(faults) }
}

fn at_most(field: &str, count: usize, most: usize, faults: &mut Vec<Violation>) {
    if count > most {
        faults.push(Violation::new(field, "error.request.too_many").with("limit", most.to_string()));
    }
}

fn case(n: usize, asked: wire::OutbreakCase, dates: Dates, faults: &mut Vec<Violation>) -> Case {
    let field = |name: &str| format!("cases[{n}].{name}");
    if asked.codes.is_empty() && asked.subjects.is_empty() && asked.areas.is_empty() {
        faults.push(Violation::new(field("codes"), "error.request.value_missing"));
    }
    if asked.weight > MOST_WEIGHT {
        let fault = Violation::new(field("weight"), "error.request.value_out_of_range").with("value", asked.weight.to_string());
        faults.push(fault.with("allowed", format!("1 – {MOST_WEIGHT}")));
    }
    let subjects = asked.subjects.into_iter().enumerate();
    let subjects = subjects.map(|(p, place)| (format!("subjects[{p}]"), Where::Subject(subject(&place.of)), place));
    let areas =
        asked.areas.into_iter().enumerate().map(|(p, place)| (format!("areas[{p}]"), Where::Area(place.of.trim().to_owned()), place));
    let mut places = Vec::new();
    for (name, at, place) in subjects.chain(areas) {
        let field = |part: &str| field(&format!("{name}.{part}"));
        if place.of.trim().is_empty() {
            faults.push(Violation::new(field("of"), "error.request.value_missing"));
        }
        let (from, to) = days(&field("from"), &place.from, &field("to"), &place.to, faults);
        // Where times are told apart by the month, what came on the tenth is known to have come since the first.
        places.push(Place { at, from: if from == i64::MIN { from } else { dates.moment(from) }, to });
    }
    let number = if asked.number == 0 { n as u32 + 1 } else { asked.number };
    Case { number, weight: asked.weight.max(1), codes: asked.codes, places }
}

fn assumed(asked: wire::OutbreakAssumptions, faults: &mut Vec<Violation>) -> Assumed {
    let dates = Dates::of(&asked.dates).unwrap_or_else(|| {
        let fault = Violation::new("assumptions.dates", "error.request.value_not_allowed");
        faults.push(fault.with("value", asked.dates.as_str()).with("allowed", Dates::WORDS));
        Dates::Moment
    });
    for (name, names) in [("mixing", &asked.mixing), ("killing", &asked.killing), ("without", &asked.without)] {
        at_most(&format!("assumptions.{name}"), names.len(), MOST_NAMES, faults);
    }
    let (from, to) = days("assumptions.from", &asked.from, "assumptions.to", &asked.to, faults);
    let window = (!asked.from.is_empty() || !asked.to.is_empty()).then_some((if from == i64::MIN { from } else { dates.moment(from) }, to));
    let within = (asked.mixing_hours > 0).then(|| i64::from(asked.mixing_hours) * HOUR_MICROS);
    let everybody = asked.mixing.iter().any(|name| name == EVERYBODY);
    let at = (!everybody).then(|| asked.mixing.iter().map(|name| subject(name)).collect());
    Assumed {
        mixing: (!asked.mixing.is_empty()).then_some(Mixing { at, within }),
        killing: asked.killing.iter().map(|name| subject(name)).collect(),
        window,
        without: asked.without.clone(),
        dates,
        asked: wire::OutbreakAssumptions { dates: dates.word().into(), ..asked },
    }
}

/// From the first moment of one day to the last of another.
fn days(from_field: &str, from: &str, to_field: &str, to: &str, faults: &mut Vec<Violation>) -> (i64, i64) {
    let mut day = |field: &str, text: &str| match text {
        "" => None,
        text => text.parse::<Date>().map_err(|_| faults.push(invalid_day(field, text))).ok(),
    };
    let (first, last) = (day(from_field, from), day(to_field, to));
    (first.map_or(i64::MIN, first_moment), last.map_or(i64::MAX, last_moment))
}

fn invalid_day(field: &str, text: &str) -> Violation {
    Violation::new(field, "error.request.value_invalid").with("value", text).with("expected", "YYYY-MM-DD")
}
