//! Reports of mismatches as messages.

use tracemesh_proto::quality::v1 as wire;
use tracemesh_proto::time::timestamp;

use crate::app::Reports;
use crate::domain::mismatch::Mismatch;

pub fn document(of: &Mismatch) -> wire::Mismatch {
    let Mismatch { number, code, text, at, answer } = of.clone();
    let state = if answer.is_some() { "answered" } else { "open" };
    let (answer_zh, answer_en, answered_at) = answer.map(|answer| (answer.zh, answer.en, Some(timestamp(answer.at)))).unwrap_or_default();
    wire::Mismatch { number, code, text, at: Some(timestamp(at)), state: state.to_owned(), answer_zh, answer_en, answered_at }
}

pub fn listed(reports: &Reports) -> wire::ListMismatchesResponse {
    wire::ListMismatchesResponse {
        mismatches: reports.mismatches.iter().map(document).collect(),
        next_page_token: reports.next_page_token.clone(),
    }
}
