//! Is the chain complete, and if not, what is missing and why: one sentence and a list of reasons.

use tracemesh_proto::ingestion::v1::{Missing, TraceResponse};

use crate::language::Language;
use crate::views::icon::State;
use crate::views::platforms::Platforms;
use crate::views::said::Said;

/// The verdict of a chain.
#[derive(Debug)]
pub struct VerdictView {
    pub state: State,
    pub sentence: &'static str,
    pub explained: &'static str,
    pub missing: Vec<Said>,
    /// What the timeline draws as gaps in front of its first step: nodes that did not answer, then a missing origin.
    pub gaps: Vec<Said>,
}

/// What stands for a node where the question did not leave this one.
const REST_OF_THE_MESH: &str = "*";
/// Reasons that are spelled out; a chain cut by a hundred silent nodes is told as such by the first of them.
const MAX_REASONS: usize = 12;

/// An answer without a verdict, or with a node that did not answer, is read as incomplete: the page must not promise what nobody said.
pub fn verdict(answer: &TraceResponse, platforms: &Platforms) -> VerdictView {
    let language = platforms.language;
    let text = &language.text().chain;
    let said = answer.verdict.clone().unwrap_or_default();
    let silent: Vec<String> = silent(answer).into_iter().map(|node| silent_step(node, platforms)).collect();
    let (state, sentence, explained) = match said.complete && silent.is_empty() {
        true => (State::Good, text.complete, text.complete_why),
        false => (State::Attention, text.incomplete, text.incomplete_why),
    };
    let others = |drawn: bool| said.missing.iter().filter(move |m| m.kind != SILENT && (!drawn || m.kind == NO_ORIGIN));
    let told = |drawn| once(silent.iter().cloned().chain(others(drawn).map(|missing| in_words(missing, language))));
    VerdictView { state, sentence, explained, missing: told(false), gaps: told(true) }
}

const SILENT: &str = "node_silent";
const NO_ORIGIN: &str = "no_origin";

/// The nodes that were asked and did not answer, each once.
pub fn silent(answer: &TraceResponse) -> Vec<&str> {
    let missing = answer.verdict.iter().flat_map(|verdict| &verdict.missing).filter(|m| m.kind == SILENT).map(|m| m.node.as_str());
    let segments = answer.segments.iter().filter(|segment| !segment.answered).map(|segment| segment.node.as_str());
    let mut nodes: Vec<&str> = missing.chain(segments).collect();
    nodes.sort_unstable();
    nodes.dedup();
    nodes
}

/// Several ends of a walk may be missing for the same reason: each text once.
fn once(reasons: impl Iterator<Item = String>) -> Vec<Said> {
    let mut told: Vec<Said> = Vec::new();
    for reason in reasons.filter_map(|reason| Said::new(&reason)) {
        if told.len() < MAX_REASONS && !told.contains(&reason) {
            told.push(reason);
        }
    }
    told
}

/// The answer's own words are for staff: they may name a trading partner, other units, or what a machine said to another.
fn in_words(missing: &Missing, language: Language) -> String {
    let text = &language.text().chain;
    match missing.kind.as_str() {
        NO_ORIGIN => text.missing_step.to_owned(),
        "limit" => text.too_long.to_owned(),
        _ => text.something_missing.to_owned(),
    }
}

fn silent_step(node: &str, platforms: &Platforms) -> String {
    let text = &platforms.language.text().chain;
    match node {
        REST_OF_THE_MESH => text.mesh_silent.to_owned(),
        _ => platforms.silence(node, text.silent_step_since, text.silent_step),
    }
}

#[cfg(test)]
mod tests {
    use tracemesh_proto::ingestion::v1::{Segment, Verdict};

    use super::*;
    use crate::views::places::Places;

    fn judged(answer: &TraceResponse) -> VerdictView {
        verdict(answer, &Platforms::of(answer, &Places::default(), Language::Chinese))
    }

    fn answer(missing: &[(&str, &str)]) -> TraceResponse {
        let said = |(kind, node): &(&str, &str)| Missing {
            kind: (*kind).into(),
            node: (*node).into(),
            detail: "张三（个体）".into(),
            message_zh: "张三（个体）没有上报：transport error".into(),
            ..Missing::default()
        };
        let missing = missing.iter().map(said).collect();
        TraceResponse { verdict: Some(Verdict { complete: false, missing }), ..TraceResponse::default() }
    }

    #[test]
    fn no_verdict_is_no_promise() {
        assert_eq!(judged(&TraceResponse::default()).state, State::Attention);
    }

    #[test]
    fn reasons_are_told_once_in_our_words_and_the_silent_are_named() {
        let view = judged(&answer(&[("node_silent", "anhui"), ("node_silent", "anhui"), ("no_origin", ""), ("new", "")]));
        let told: Vec<_> = view.missing.iter().map(Said::as_str).collect();
        assert_eq!(told, ["anhui 的平台没有应答，由它记录的环节暂缺", "此前的环节没有记录", "有的环节未能列出"]);
        assert_eq!(view.gaps, view.missing[..2]);
    }

    #[test]
    fn a_question_that_did_not_leave_the_node_names_nobody() {
        let view = judged(&answer(&[("node_silent", "*")]));
        assert_eq!(view.gaps.iter().map(Said::as_str).collect::<Vec<_>>(), ["其他平台未能查询，由它们记录的环节暂缺"]);
    }

    #[test]
    fn a_silent_node_spoils_a_promise() {
        let promised = Verdict { complete: true, missing: vec![] };
        let last_seen = Some(prost_types::Timestamp { seconds: 1_795_582_961, nanos: 0 });
        let segment = Segment { node: "anhui".into(), area: "340000".into(), last_seen, ..Segment::default() };
        let answer = TraceResponse { verdict: Some(promised), segments: vec![segment], ..TraceResponse::default() };
        let view = judged(&answer);
        assert_eq!(view.state, State::Attention);
        assert_eq!(view.missing[0].as_str(), "安徽省的平台自 2026年11月25日 13:02 起没有应答，由它记录的环节暂缺");
    }
}
