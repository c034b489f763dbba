//! `mismatch`: what the public says does not match, and what it is answered.

use tracemesh_proto::json;
use tracemesh_proto::quality::v1 as wire;
use tracemesh_proto::time::micros;

use super::connect;
use super::finding::instant;
use crate::cli::{Asking, Mismatch};
use crate::output::{self, DONE};

pub async fn run(asking: &Asking, mismatch: Mismatch) -> anyhow::Result<u8> {
    let mut quality = connect(asking).await?.quality();
    match mismatch {
        Mismatch::List { state } => {
            let mut request = wire::ListMismatchesRequest { state, ..Default::default() };
            loop {
                let page = quality.list_mismatches(request.clone()).await?.into_inner();
                page.mismatches.iter().try_for_each(|mismatch| tell(asking, mismatch))?;
                if page.next_page_token.is_empty() {
                    return Ok(DONE);
                }
                request.page_token = page.next_page_token;
            }
        }
        Mismatch::Answer { number, zh, en } => {
            let request = wire::AnswerMismatchRequest { number, answer_zh: zh, answer_en: en };
            let answered = quality.answer_mismatch(request).await?.into_inner().mismatch.unwrap_or_default();
            tell(asking, &answered)?;
            Ok(DONE)
        }
    }
}

fn tell(asking: &Asking, mismatch: &wire::Mismatch) -> anyhow::Result<()> {
    if asking.json {
        return output::json(&json::value("tracemesh.quality.v1.Mismatch", mismatch));
    }
    let wire::Mismatch { number, code, text, at, state, answer_zh, answer_en, .. } = mismatch;
    println!("{number}  {state}  {}  {code}\n    {text}", instant(micros(at.as_ref())));
    for answer in [answer_zh, answer_en].into_iter().filter(|answer| !answer.is_empty()) {
        println!("    {answer}");
    }
    Ok(())
}
