//! What the public is told of recalls: on the page of a code whether it is affected, and a page with all that are in force.

use std::collections::{HashMap, HashSet, VecDeque};

use tracemesh_codes::{Scheme, unit_key};
use tracemesh_proto::emergency::v1::{GetRecallStateResponse, ListRecallsResponse, Recall};
use tracemesh_proto::ingestion::v1::{Candidate, TraceResponse};

use crate::error::Trouble;
use crate::language::Language;
use crate::views::candidates;
use crate::views::code::{CodeText, Exact};
use crate::views::moment::{self, Moment};
use crate::views::said::Said;

/// Units that are asked about at once, as the service takes them.
const MAX_UNITS: usize = 1_000;
/// Codes of a recall that a page lists.
const MAX_CODES: usize = 20;

/// Whether a code is affected.
#[derive(Debug)]
pub enum RecallState {
    /// By these; none is the usual case, and nothing is said.
    Under(Vec<RecallView>),
    /// The service did not answer: that is not "no".
    Unknown,
}

/// One recall, stop-sale or withdrawal.
#[derive(Debug)]
pub struct RecallView {
    pub kind: String,
    /// On the page of an affected code.
    pub here: &'static str,
    pub number: Option<Said>,
    pub title: Said,
    pub instructions: Option<Said>,
    pub issued: Option<Moment>,
    pub ended: bool,
    /// Each with its batch, and the address of its page.
    pub codes: Vec<(CodeText, Option<CodeText>, String)>,
    pub more: Option<String>,
}

/// The unit itself and all that it was made of or came with: what a recall of any of them reaches. What was made of it says nothing of it.
pub fn units(code: &str, answer: &TraceResponse) -> Vec<u64> {
    let mut sources: HashMap<&str, Vec<&str>> = HashMap::new();
    answer.edges.iter().for_each(|edge| sources.entry(&edge.to).or_default().push(&edge.from));
    let own = own(code, answer);
    let written = own.map(|key| format!("{key:016x}"));
    let (mut found, mut seen, mut next) = (Vec::new(), HashSet::new(), VecDeque::from_iter(written.as_deref()));
    while let Some(unit) = next.pop_front().filter(|_| found.len() < MAX_UNITS) {
        if seen.insert(unit) {
            found.extend(u64::from_str_radix(unit, 16));
            next.extend(sources.get(unit).into_iter().flatten());
        }
    }
    found
}

/// The unit that the page is about: as the answer lists it, else computed from the reading that hit.
fn own(code: &str, answer: &TraceResponse) -> Option<u64> {
    let best = answer.candidates.iter().find(|candidate| candidate.hit).or(answer.candidates.first());
    let exact = best.map_or_else(|| code.to_owned(), candidates::exact);
    let listed = answer.units.iter().find(|unit| unit.code == exact).and_then(|unit| u64::from_str_radix(&unit.key, 16).ok());
    listed.or_else(|| computed(best?))
}

fn computed(candidate: &Candidate) -> Option<u64> {
    let scheme: Scheme = candidate.scheme.parse().ok()?;
    let code = tracemesh_codes::Code { scheme, issuer: candidate.issuer.clone(), value: candidate.value.clone() };
    Some(unit_key(&code, &candidate.batch).get())
}

/// Whether a code is affected. Drills are nobody's business outside.
pub fn state(answer: &Result<GetRecallStateResponse, Trouble>, language: Language) -> RecallState {
    match answer {
        Ok(answer) => RecallState::Under(shown(&answer.recalls, language).filter(|recall| !recall.ended).collect()),
        Err(_) => RecallState::Unknown,
    }
}

/// All that the public is told.
pub fn list(answer: &ListRecallsResponse, language: Language) -> Vec<RecallView> {
    shown(&answer.recalls, language).collect()
}

fn shown(recalls: &[Recall], language: Language) -> impl Iterator<Item = RecallView> {
    recalls.iter().filter(|recall| !recall.drill && recall.kind != "RELEASE").map(move |recall| view(recall, language))
}

fn view(recall: &Recall, language: Language) -> RecallView {
    let text = language.text();
    let code = |code: &String| match Exact::read(code) {
        Some(exact) => (CodeText::new(exact.value), (!exact.batch.is_empty()).then(|| CodeText::new(exact.batch)), candidates::href(code)),
        None => (CodeText::new(code), None, candidates::href(code)),
    };
    let left_out = recall.codes.len().saturating_sub(MAX_CODES) as u64;
    RecallView {
        kind: crate::text::word(text.emergency.kinds, &recall.kind).unwrap_or(&recall.kind).to_owned(),
        here: match recall.kind.as_str() {
            "STOP_SALE" => text.emergency.stop_here,
            "WITHDRAWAL" => text.emergency.withdrawal_here,
            _ => text.emergency.recall_here,
        },
        number: Said::new(&recall.number),
        title: Said::new(language.pick(&recall.title_zh, &recall.title_en)).unwrap_or_else(Said::nobody),
        instructions: Said::whole(language.pick(&recall.instructions_zh, &recall.instructions_en)),
        issued: moment::from_wire(recall.issued_at.as_ref()).map(|at| moment::day(at, text)),
        ended: recall.state == "closed",
        codes: recall.codes.iter().take(MAX_CODES).map(code).collect(),
        more: (left_out > 0).then(|| text.emergency.recall_codes_more.of(left_out)),
    }
}

#[cfg(test)]
mod tests {
    use tracemesh_proto::ingestion::v1::{ChainEdge, ChainUnit};

    use super::*;

    fn key(key: u64) -> String {
        format!("{key:016x}")
    }

    #[test]
    fn a_recall_reaches_what_was_made_of_it_and_not_what_it_was_made_of() {
        let edge = |from, to| ChainEdge { from: key(from), to: key(to), record: 0 };
        let own = Candidate { scheme: "opaque".into(), value: "甲".into(), hit: true, ..Candidate::default() };
        let answer = TraceResponse {
            units: vec![ChainUnit { key: key(5), code: candidates::exact(&own), ..ChainUnit::default() }],
            candidates: vec![own],
            edges: vec![edge(1, 2), edge(2, 5), edge(3, 5), edge(5, 8), edge(3, 9), edge(5, 1)],
            ..TraceResponse::default()
        };
        assert_eq!(units("甲", &answer), [5, 2, 3, 1], "a loop ends");
    }

    #[test]
    fn a_unit_that_is_not_listed_is_computed() {
        let own =
            Candidate { scheme: "gtin".into(), value: "06903244679763".into(), batch: "L1".into(), hit: true, ..Candidate::default() };
        let answer = TraceResponse { candidates: vec![own.clone()], ..TraceResponse::default() };
        assert_eq!(units("", &answer), [computed(&own).expect("a key")]);
        assert!(units("", &TraceResponse::default()).is_empty());
    }
}
