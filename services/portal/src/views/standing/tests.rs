use jiff::Timestamp;
use tracemesh_proto::analytics::v1::GetAggregatesResponse;
use tracemesh_proto::federation::v1::GetLinkStatusResponse;
use tracemesh_proto::ingestion::v1::{GetIntakeResponse, WatchIntakeResponse};

use super::*;
use crate::error::Reason;
use crate::language::Language;
use crate::views::filter::{Days, Filter};
use crate::views::intake::recent::Recent;
use crate::views::places::Places;

fn now() -> Timestamp {
    "2026-11-25T05:02:41Z".parse().expect("a time")
}

fn seconds(accepted: u64, rejected: u64) -> Result<Recent, Trouble> {
    let mut recent = Recent::default();
    let at = Some(prost_types::Timestamp { seconds: now().as_second(), nanos: 0 });
    recent.take(&WatchIntakeResponse { at, accepted, duplicate: 0, rejected });
    Ok(recent)
}

fn tree(states: &[(&str, &str)]) -> Result<GetLinkStatusResponse, Trouble> {
    let link = |(node, state): &(&str, &str)| LinkState { node: (*node).into(), state: (*state).into(), ..LinkState::default() };
    Ok(GetLinkStatusResponse { children: states.iter().map(link).collect(), ..GetLinkStatusResponse::default() })
}

fn judge(
    recent: &Result<Recent, Trouble>,
    figures: Result<GetAggregatesResponse, Trouble>,
    links: Result<GetLinkStatusResponse, Trouble>,
) -> (State, Vec<String>) {
    let ever = Ok(GetIntakeResponse { submissions: 1, ..GetIntakeResponse::default() });
    let answers = Answers { at: now(), asked: now(), recent: recent.clone(), ever, days: Days::Today, figures, links };
    judge_all(&answers)
}

fn judge_all(answers: &Answers) -> (State, Vec<String>) {
    let (filter, places) = (Filter::default(), Places::default());
    let links = answers.links.as_ref().ok();
    let look = Look { now: now(), home: "", filter: &filter, days: Days::Today, places: &places, links, language: Language::Chinese };
    let view = standing(&Found { answers, look });
    (view.state, view.points.into_iter().map(|point| point.sentence).collect())
}

fn whole() -> Result<GetAggregatesResponse, Trouble> {
    Ok(GetAggregatesResponse::default())
}

#[test]
fn well_where_all_was_looked_at_and_is_well() {
    let (state, points) = judge(&seconds(100, 1), whole(), tree(&[("xiamen", "connected")]));
    assert_eq!((state, points.len()), (State::Good, 1));
}

#[test]
fn what_was_not_looked_at_is_not_well() {
    let (state, points) = judge(&seconds(100, 0), Err(Trouble::NoAnswer("down".into())), tree(&[("xiamen", "away")]));
    assert_eq!(state, State::Unknown);
    assert_eq!(points, ["今日数字没有应答", "xiamen 无应答，最后联系：从未"]);
}

#[test]
fn a_silent_node_is_told_once() {
    let answer = GetAggregatesResponse { missing: vec!["xiamen".into(), "anhui".into()], ..GetAggregatesResponse::default() };
    let (state, points) = judge(&seconds(100, 0), Ok(answer), tree(&[("xiamen", "away"), ("anhui", "connected")]));
    assert_eq!(state, State::Attention);
    assert_eq!(points, ["xiamen 无应答，最后联系：从未", "数字中缺少 anhui"]);
}

#[test]
fn a_quiet_night_is_a_note() {
    let (state, points) = judge(&Ok(Recent::default()), whole(), tree(&[]));
    assert_eq!(state, State::Good);
    assert_eq!(points, ["本节点没有下级，未见异常拒收。", "最近五分钟没有新提交"]);
}

#[test]
fn many_rejections_need_a_look() {
    let (state, points) = judge(&seconds(95, 5), whole(), tree(&[]));
    assert_eq!((state, points[0].as_str()), (State::Attention, "最近五分钟拒收 5.0%（5 条）"));
    assert_eq!(judge(&seconds(9, 1), whole(), tree(&[])).0, State::Good, "too few to judge by");
}

#[test]
fn a_fork_is_the_worst() {
    let (state, _) = judge(&Err(Trouble::Refused(Reason::default())), whole(), tree(&[("xiamen", "quarantined")]));
    assert_eq!(state, State::Bad);
}

#[test]
fn a_new_node_is_neither_well_nor_ill_and_one_that_only_gathers_is_not_asked_for_submissions() {
    let answers = |links| Answers {
        at: now(),
        asked: now(),
        recent: Ok(Recent::default()),
        ever: Ok(GetIntakeResponse::default()),
        days: Days::Today,
        figures: whole(),
        links,
    };
    assert_eq!(judge_all(&answers(tree(&[]))).0, State::Note);
    assert_eq!(judge_all(&answers(tree(&[("xiamen", "connected")]))).1, ["下级节点全部在线，数字齐全，未见异常拒收。"]);
}
