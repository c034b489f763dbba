//! The timeline of a chain: what happened, when, where. Records that would read the same (one stage, place, day, product and result) are
//! one step with a count: a batch that went to two hundred stalls is told in a line.
//!
//! What a step has no field for cannot be shown by mistake: parties, quantities, prices, vouchers, record ids.

use jiff::Timestamp;
use tracemesh_proto::ingestion::v1::{ChainRecord, TraceResponse};

use crate::language::Language;
use crate::text::{fill, word};
use crate::views::icon::State;
use crate::views::moment::{self, Moment};
use crate::views::places::Places;
use crate::views::platforms::Platforms;
use crate::views::said::Said;

/// One step of the timeline.
#[derive(Debug)]
pub struct StepView {
    pub stage: String,
    pub when: Option<Moment>,
    pub place: Option<String>,
    pub product: Option<Said>,
    pub inspection: Option<(State, String)>,
    pub evidence: Option<String>,
    pub platform: Option<String>,
    /// `37 records of this kind`, where there is more than one.
    pub times: Option<String>,
    /// The unit that was asked for takes part in it.
    pub here: bool,
    /// That is worth saying, because there are others.
    pub is_told: bool,
}

/// The steps that are shown, and how many records are not in them.
#[derive(Debug)]
pub struct Steps {
    pub shown: Vec<StepView>,
    pub left_out: u64,
}

/// Steps beyond these are counted, not listed: the page stays within its weight.
const MAX_STEPS: usize = 60;

/// What one step stands for.
struct Group<'a> {
    first: &'a ChainRecord,
    at: Option<Timestamp>,
    records: u64,
}

/// The timeline, earliest first. `product` is what the page's title says already.
pub fn steps(answer: &TraceResponse, product: &str, places: &Places, platforms: &Platforms) -> Steps {
    let mut records: Vec<&ChainRecord> = answer.records.iter().collect();
    records.sort_by_key(|record| (moment::claimed(&record.event_time).unwrap_or(Timestamp::MAX), position(record)));
    let groups = gather(&records);
    let many_nodes = answer.records.iter().any(|record| record.node != answer.records[0].node);
    let is_shown = |(index, group): &(usize, &Group)| *index < MAX_STEPS || (is_here(group.first) && *index < 2 * MAX_STEPS);
    let shown: Vec<&Group> = groups.iter().enumerate().filter(is_shown).map(|(_, group)| group).collect();
    let others = shown.iter().any(|group| !is_here(group.first));
    let listed: u64 = shown.iter().map(|group| group.records).sum();
    Steps {
        left_out: records.len() as u64 - listed,
        shown: shown
            .into_iter()
            .map(|group| StepView { is_told: others && is_here(group.first), ..view(group, product, many_nodes, places, platforms) })
            .collect(),
    }
}

/// Signed distance from the unit: upstream is before it.
fn position(record: &ChainRecord) -> i64 {
    match record.direction.as_str() {
        "up" => -i64::from(record.distance),
        "down" => i64::from(record.distance),
        _ => 0,
    }
}

fn is_here(record: &ChainRecord) -> bool {
    record.direction == "self"
}

fn gather<'a>(records: &[&'a ChainRecord]) -> Vec<Group<'a>> {
    let mut groups: Vec<Group<'a>> = Vec::new();
    for record in records {
        match groups.last_mut() {
            Some(last) if reads_the_same(last.first, record) => last.records += 1,
            _ => groups.push(Group { first: record, at: moment::claimed(&record.event_time), records: 1 }),
        }
    }
    groups
}

fn reads_the_same(a: &ChainRecord, b: &ChainRecord) -> bool {
    let day = |record: &ChainRecord| moment::claimed(&record.event_time).map(moment::today);
    let step = (&a.class, &a.area, &a.product, &a.inspection, &a.node, &a.direction);
    step == (&b.class, &b.area, &b.product, &b.inspection, &b.node, &b.direction) && day(a) == day(b)
}

fn view(group: &Group, product: &str, many_nodes: bool, places: &Places, platforms: &Platforms) -> StepView {
    let language = platforms.language;
    let (text, record) = (language.text(), group.first);
    let written = if group.records > 1 { moment::day } else { moment::minute };
    StepView {
        stage: stage(&record.class, language),
        when: group.at.map(|at| written(at, text)),
        place: places.full_name(&record.area, language),
        product: Said::new(&record.product).filter(|said| said.as_str() != product),
        inspection: inspection(&record.inspection, language),
        evidence: evidence(&record.evidence, language),
        platform: many_nodes.then(|| fill(text.chain.recorded_at, &[("node", &platforms.name(&record.node))])),
        times: (group.records > 1).then(|| text.chain.times.of(group.records)),
        here: is_here(record),
        is_told: false,
    }
}

fn stage(class: &str, language: Language) -> String {
    let words = &language.text().words;
    match class {
        "" => words.unnamed_stage.to_owned(),
        known => word(words.stages, known).unwrap_or(known).to_owned(),
    }
}

fn inspection(result: &str, language: Language) -> Option<(State, String)> {
    let text = &language.text().chain;
    match result {
        "PASS" => Some((State::Good, text.result_pass.to_owned())),
        "FAIL" => Some((State::Bad, text.result_fail.to_owned())),
        _ => None,
    }
}

/// The kinds of evidence; their numbers stay with those who need them.
fn evidence(evidence: &[String], language: Language) -> Option<String> {
    let text = language.text();
    let kind = |line: &String| word(text.words.evidence, line.split([' ', ':', '/']).next().unwrap_or_default());
    let mut kinds: Vec<&str> = evidence.iter().filter_map(kind).collect();
    kinds.dedup();
    (!kinds.is_empty()).then(|| fill(text.chain.evidence, &[("list", &kinds.join(text.time.comma))]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(class: &str, at: &str, direction: &str, distance: u32) -> ChainRecord {
        ChainRecord { class: class.into(), event_time: at.into(), direction: direction.into(), distance, ..ChainRecord::default() }
    }

    fn shown(records: Vec<ChainRecord>) -> Steps {
        let (answer, places) = (TraceResponse { records, ..TraceResponse::default() }, Places::default());
        steps(&answer, "", &places, &Platforms::of(&answer, &places, Language::English))
    }

    #[test]
    fn told_from_the_origin_on() {
        let steps = shown(vec![
            record("RETAIL", "2026-11-03T07:00:00+08:00", "self", 0),
            record("PRODUCE", "2026-11-01T07:00:00+08:00", "up", 2),
            record("SLAUGHTER", "2026-11-02T01:00:00Z", "up", 1),
        ]);
        let stages: Vec<_> = steps.shown.iter().map(|step| step.stage.as_str()).collect();
        assert_eq!(stages, ["Production", "Slaughter", "Retail"]);
        assert!(steps.shown[2].here);
    }

    #[test]
    fn two_hundred_stalls_are_one_line() {
        let sales = (0..200).map(|n| record("RETAIL", &format!("2026-11-03T07:{:02}:00+08:00", n % 60), "down", 1)).collect();
        let steps = shown(sales);
        assert_eq!(steps.shown.len(), 1);
        assert_eq!(steps.shown[0].times.as_deref(), Some("200 records of this kind"));
    }

    #[test]
    fn what_is_not_listed_is_counted() {
        let many = (0..100).map(|n| record("STORE", &format!("2026-01-01T00:00:00+08:00[UTC]{n}"), "up", n)).collect::<Vec<_>>();
        let mut many: Vec<_> = many.into_iter().enumerate().map(|(n, r)| ChainRecord { area: n.to_string(), ..r }).collect();
        many.push(record("RETAIL", "unreadable", "self", 0));
        let steps = shown(many);
        assert_eq!((steps.shown.len(), steps.left_out), (MAX_STEPS + 1, 40), "the unit's own step is always there");
    }

    #[test]
    fn evidence_is_named_by_kind_alone() {
        let certificate = vec!["QUARANTINE_CERTIFICATE 3506000112233".to_owned(), "something".to_owned()];
        assert_eq!(evidence(&certificate, Language::Chinese).as_deref(), Some("附有检疫证明"));
    }
}
