//! The page of one code: what it is, where it comes from, how it was inspected, whether the chain is complete, and up to when that is true.

use std::collections::BTreeSet;

use jiff::Timestamp;
use tracemesh_proto::ingestion::v1::{ChainRecord, TraceResponse};

use crate::language::Language;
use crate::text::fill;
use crate::views::candidates::{self, CandidateView};
use crate::views::code::{CodeText, Exact};
use crate::views::icon::State;
use crate::views::moment::{self, Moment};
use crate::views::places::Places;
use crate::views::platforms::Platforms;
use crate::views::said::Said;
use crate::views::step::{Steps, steps};
use crate::views::verdict::{VerdictView, verdict};

/// Everything that the page says.
#[derive(Debug)]
pub struct ChainView {
    pub code: CodeText,
    pub batch: Option<CodeText>,
    pub scheme: Option<String>,
    pub product: Option<Said>,
    /// What nobody may overlook, whatever the chain is like.
    pub failed: Option<String>,
    pub verdict: VerdictView,
    pub origin: OriginView,
    pub inspection: Vec<(State, String)>,
    pub records: String,
    pub steps: Steps,
    pub more: Option<String>,
    pub others: Vec<CandidateView>,
    pub as_of: Moment,
}

/// Where the chain begins.
#[derive(Debug)]
pub struct OriginView {
    pub known: bool,
    pub place: String,
    pub when: Option<Moment>,
}

/// A chain as the public sees it. `code` is what was asked for, `at` when it was answered.
pub fn chain(code: &str, answer: &TraceResponse, at: Timestamp, places: &Places, language: Language) -> ChainView {
    let text = language.text();
    let product = product(&answer.records);
    let best = candidates::best(&answer.candidates, language);
    let exact = Exact::read(code);
    let platforms = Platforms::of(answer, places, language);
    let steps = steps(answer, product.unwrap_or_default(), places, &platforms);
    ChainView {
        code: best.as_ref().map_or_else(|| CodeText::new(exact.map_or(code, |exact| exact.value)), |best| best.code.clone()),
        batch: best.as_ref().and_then(|best| best.batch.clone()),
        scheme: best.map(|best| best.scheme),
        product: product.and_then(Said::new),
        failed: failed(&answer.records, language),
        verdict: verdict(answer, &platforms),
        origin: origin(&answer.records, places, language),
        inspection: inspection(&answer.records, language),
        records: records(&answer.records, language),
        more: (steps.left_out > 0).then(|| text.chain.more.of(steps.left_out)),
        steps,
        others: candidates::others(&answer.candidates, language),
        as_of: moment::minute(at, text),
    }
}

/// What the unit's own records call it, else the nearest that says anything.
fn product(records: &[ChainRecord]) -> Option<&str> {
    records.iter().filter(|record| !record.product.is_empty()).min_by_key(|record| record.distance).map(|record| record.product.as_str())
}

/// The places of the first-mile records; without any, the place of the earliest record, told as such.
fn origin(records: &[ChainRecord], places: &Places, language: Language) -> OriginView {
    let upstream: Vec<_> = records.iter().filter(|record| record.direction != "down").collect();
    let first_mile: Vec<_> = upstream.iter().copied().filter(|record| matches!(record.class.as_str(), "PRODUCE" | "IMPORT")).collect();
    if first_mile.is_empty() {
        return OriginView { known: false, place: earliest_place(&upstream, places, language), when: None };
    }
    let began = first_mile.iter().filter_map(|record| moment::claimed(&record.event_time)).min();
    OriginView { known: true, place: named(&first_mile, places, language), when: began.map(|at| moment::day(at, language.text())) }
}

fn named(first_mile: &[&ChainRecord], places: &Places, language: Language) -> String {
    let text = &language.text().chain;
    let names: BTreeSet<_> = first_mile.iter().filter_map(|record| places.full_name(&record.area, language)).collect();
    // "Xiamen and 2 more places", 厦门市等 3 处: the Chinese phrase counts the first one too
    let counted = names.len() as u64 - u64::from(language == Language::English && !names.is_empty());
    match names.first() {
        None => text.place_unknown.to_owned(),
        Some(only) if names.len() == 1 => only.clone(),
        Some(first) => fill("{first} {more}", &[("first", first), ("more", &text.and_more.of(counted))]),
    }
}

fn earliest_place(records: &[&ChainRecord], places: &Places, language: Language) -> String {
    let earliest = records.iter().min_by_key(|record| moment::claimed(&record.event_time).unwrap_or(Timestamp::MAX));
    let place = earliest.and_then(|record| places.full_name(&record.area, language));
    place.map_or_else(String::new, |place| fill(language.text().chain.earliest, &[("place", &place)]))
}

/// Failures first: nobody may overlook one.
fn inspection(records: &[ChainRecord], language: Language) -> Vec<(State, String)> {
    let text = &language.text().chain;
    let (failed, passed) = (results(records, "FAIL"), results(records, "PASS"));
    let failed = (failed > 0).then(|| (State::Bad, text.failed.of(failed)));
    let passed = (passed > 0).then(|| (State::Good, text.passed.of(passed)));
    failed.into_iter().chain(passed).collect()
}

fn failed(records: &[ChainRecord], language: Language) -> Option<String> {
    let failed = results(records, "FAIL");
    (failed > 0).then(|| language.text().chain.failed_why.of(failed))
}

fn results(records: &[ChainRecord], result: &str) -> u64 {
    records.iter().filter(|record| record.inspection == result).count() as u64
}

fn records(records: &[ChainRecord], language: Language) -> String {
    let nodes: BTreeSet<_> = records.iter().map(|record| &record.node).collect();
    let text = &language.text().chain;
    text.records_of.of(records.len() as u64) + &text.from_platforms.of(nodes.len() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at() -> Timestamp {
        "2026-11-25T05:02:41Z".parse().expect("a time")
    }

    fn record(class: &str, area: &str, result: &str) -> ChainRecord {
        let (class, area, inspection) = (class.into(), area.into(), result.into());
        ChainRecord {
            class,
            area,
            inspection,
            event_time: "2026-11-01T07:00:00+08:00".into(),
            direction: "up".into(),
            ..ChainRecord::default()
        }
    }

    fn view(records: Vec<ChainRecord>) -> ChainView {
        chain("1", &TraceResponse { records, ..TraceResponse::default() }, at(), &Places::default(), Language::Chinese)
    }

    #[test]
    fn several_farms_are_counted() {
        let view = view(vec![record("PRODUCE", "350800", ""), record("PRODUCE", "350200", ""), record("RETAIL", "370600", "")]);
        assert_eq!(view.origin.place, "福建省厦门市等 2 处");
        assert!(view.origin.known);
    }

    #[test]
    fn the_earliest_place_is_not_an_origin() {
        let view = view(vec![record("WHOLESALE", "370600", "")]);
        assert_eq!((view.origin.known, view.origin.place.as_str()), (false, "最早记录于山东省烟台市"));
    }

    #[test]
    fn a_failure_comes_first() {
        let view = view(vec![record("INSPECT", "", "PASS"), record("INSPECT", "", "FAIL")]);
        assert_eq!(view.inspection, [(State::Bad, "1 次不合格".to_owned()), (State::Good, "1 次合格".to_owned())]);
    }

    #[test]
    fn an_empty_answer_still_makes_a_page() {
        let view = view(vec![]);
        assert_eq!(view.records, "0 条，来自 0 个平台");
        assert!(view.inspection.is_empty() && view.steps.shown.is_empty());
    }
}
