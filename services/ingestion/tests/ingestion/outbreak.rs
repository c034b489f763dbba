//! What explains some cases, as somebody asks who traces an outbreak.

use tonic::{Code, Status};
use tonic_types::StatusExt;
use tracemesh_proto::ingestion::v1::{OutbreakAssumptions, OutbreakCase, OutbreakPlace, OutbreakRequest, OutbreakResponse};

use crate::caller::Caller;
use crate::node::Node;
use crate::recall::{act, apples};
use crate::records::code_of;

fn of_codes(codes: &[&str]) -> OutbreakCase {
    OutbreakCase { codes: codes.iter().map(|code| code_of(code)).collect(), ..OutbreakCase::default() }
}

fn place(of: &str, from: &str, to: &str) -> OutbreakPlace {
    OutbreakPlace { of: of.into(), from: from.into(), to: to.into() }
}

async fn ask(caller: &Caller, cases: &[OutbreakCase], assumptions: OutbreakAssumptions) -> Result<OutbreakResponse, Status> {
    let request = OutbreakRequest { cases: cases.to_vec(), assumptions: Some(assumptions), local: true, most: 0 };
    Ok(caller.clients.trace().outbreak(request).await?.into_inner())
}

/// Each candidate as `kind code explains`, without the codes' issuers.
fn told(answer: &OutbreakResponse) -> Vec<String> {
    let line = |it: &tracemesh_proto::ingestion::v1::OutbreakCandidate| {
        format!("{} {} {:?}", it.kind, it.code.rsplit('/').next().unwrap(), it.explains)
    };
    answer.candidates.iter().map(line).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn common_links_come_first_and_near_ones_before_far_ones() {
    let node = Node::start().await;
    node.provider("acme").await.submit(&apples()).await;
    let operator = node.operator().await;
    let cases = [of_codes(&["stall-1"]), of_codes(&["stall-2", "nothing"])];
    let answer = ask(&operator, &cases, OutbreakAssumptions::default()).await.unwrap();
    assert_eq!(
        told(&answer),
        [
            "product 苹果 [1, 2]",
            "subject 果园 [1, 2]",
            "batch lot-1 [1, 2]",
            "batch stall-1 [1]",
            "batch stall-2 [2]",
            "subject 11 [1]",
            "subject 12 [2]",
        ]
    );
    let scores: Vec<(f64, bool)> = answer.candidates.iter().map(|it| (it.score, it.common)).collect();
    assert_eq!((scores[2], scores[3]), ((1.0, true), (0.5, false)));
    assert_eq!(answer.candidates[5].name, "11号摊");
    assert_eq!(
        (answer.found, answer.cases.iter().map(|case| (case.number, case.weight, case.units)).collect()),
        (7, vec![(1, 1, 1), (2, 1, 1)])
    );
    let verdict = answer.verdict.unwrap();
    assert_eq!((verdict.complete, verdict.missing[0].kind.as_str(), verdict.missing.len()), (false, "unknown_code", 1));
    assert_eq!(answer.assumptions.unwrap().dates, "moment");
}

/// The second stall had the goods of lot-9 too, of which nobody fell ill by the records: unless it mixes.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stall_that_mixes_brings_in_what_lay_there_before() {
    let node = Node::start().await;
    let mut records = apples();
    records.push(act(4, "WHOLESALE", "另一果园", "12", &[("OUTPUT", "lot-9", "1 kg")]));
    records.push(act(6, "RETAIL", "12号摊", "", &[("INPUT", "stall-2", "1 kg"), ("OUTPUT", "ticket", "1 kg")]));
    records[5]["parties"]["responsible"] = serde_json::json!({"code": {"scheme": "opaque", "issuer": "market", "value": "12"}});
    node.provider("acme").await.submit(&records).await;
    let operator = node.operator().await;
    let units = async |assumptions: OutbreakAssumptions| {
        let answer = ask(&operator, &[of_codes(&["ticket"])], assumptions).await.unwrap();
        let mut units: Vec<String> = told(&answer).into_iter().filter(|line| line.starts_with("batch")).collect();
        units.sort();
        units
    };
    let by_records = ["batch lot-1 [1]", "batch stall-2 [1]", "batch ticket [1]"];
    assert_eq!(units(OutbreakAssumptions::default()).await, by_records);
    let mixing =
        |hours| OutbreakAssumptions { mixing: vec!["opaque:market/12".into()], mixing_hours: hours, ..OutbreakAssumptions::default() };
    assert_eq!(units(mixing(0)).await, ["batch lot-1 [1]", "batch lot-9 [1]", "batch stall-2 [1]", "batch ticket [1]"]);
    assert_eq!(units(mixing(24)).await, by_records, "two days are longer than one");
    let cleared = OutbreakAssumptions { without: vec![code_of("lot-1")], ..OutbreakAssumptions::default() };
    assert_eq!(units(cleared).await, by_records[1..]);
    let heated = OutbreakAssumptions { killing: vec!["果园".into()], ..OutbreakAssumptions::default() };
    assert_eq!(units(heated).await, by_records[1..]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stall_or_a_place_for_some_days_is_a_case() {
    let node = Node::start().await;
    node.provider("acme").await.submit(&apples()).await;
    let operator = node.operator().await;
    let stall = |from, to| OutbreakCase { subjects: vec![place("opaque:market/12", from, to)], ..OutbreakCase::default() };
    let market = |day| OutbreakCase { areas: vec![place("370602", day, day)], ..OutbreakCase::default() };
    let answer = ask(&operator, &[stall("2025-10-01", "2025-10-31"), market("2025-10-02")], OutbreakAssumptions::default()).await.unwrap();
    let lines = told(&answer);
    for line in ["batch lot-1 [1, 2]", "batch stall-1 [2]", "batch stall-2 [1]"] {
        assert!(lines.contains(&line.to_owned()), "{line} in {lines:?}");
    }
    assert_eq!(ask(&operator, &[stall("2025-11-01", "")], OutbreakAssumptions::default()).await.unwrap_err().code(), Code::NotFound);
    let all = OutbreakRequest { cases: vec![stall("", "")], ..OutbreakRequest::default() };
    let verdict = operator.clients.trace().outbreak(all).await.unwrap().into_inner().verdict.unwrap();
    let kinds: Vec<&str> = verdict.missing.iter().map(|missing| missing.kind.as_str()).collect();
    assert!(kinds.contains(&"here_only"), "{kinds:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_that_is_wrong_with_a_question_is_told_at_once() {
    let node = Node::start().await;
    let (acme, operator) = (node.provider("acme").await, node.operator().await);
    let assumptions = OutbreakAssumptions { dates: "week".into(), from: "yesterday".into(), ..OutbreakAssumptions::default() };
    let cases = [OutbreakCase::default(), OutbreakCase { subjects: vec![place(" ", "2025-13-01", "")], ..OutbreakCase::default() }];
    let refused = ask(&operator, &cases, assumptions).await.unwrap_err();
    let mut fields: Vec<String> = refused.get_details_bad_request().unwrap().field_violations.into_iter().map(|it| it.field).collect();
    fields.sort();
    let expected = ["assumptions.dates", "assumptions.from", "cases[0].codes", "cases[1].subjects[0].from", "cases[1].subjects[0].of"];
    assert_eq!((refused.code(), fields), (Code::InvalidArgument, expected.map(str::to_owned).to_vec()));
    assert_eq!(ask(&operator, &[], OutbreakAssumptions::default()).await.unwrap_err().code(), Code::InvalidArgument);
    assert_eq!(ask(&operator, &[of_codes(&["nothing"])], OutbreakAssumptions::default()).await.unwrap_err().code(), Code::NotFound);
    let denied = ask(&acme, &[of_codes(&["stall-1"])], OutbreakAssumptions::default()).await.unwrap_err();
    assert_eq!(denied.code(), Code::PermissionDenied);
}
