use jiff::Timestamp;
use tracemesh_proto::ingestion::v1::WatchIntakeResponse;

use super::*;
use crate::language::Language;
use crate::views::filter::Filter;
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
    let (filter, places) = (Filter::default(), Places::default());
    let look = Look { now: now(), home: "", filter: &filter, places: &places, links: links.as_ref().ok(), language: Language::Chinese };
    let ever = Ok(GetIntakeResponse { submissions: 1, ..GetIntakeResponse::default() });
    let view = standing(&Found { recent, ever: &ever, figures: &figures, links: &links, look });
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
    let (state, _) = judge(&Err(Trouble::Refused), whole(), tree(&[("xiamen", "quarantined")]));
    assert_eq!(state, State::Bad);
}
