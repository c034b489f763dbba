//! `receipt` and `receipts`: what became of submissions.

use std::io::Write;

use anyhow::Context;
use tracemesh_proto::ingestion::v1::receipt::Verdict;
use tracemesh_proto::ingestion::v1::{GetOriginalRequest, GetReceiptRequest, ListReceiptsRequest, Reason, Receipt};
use tracemesh_proto::json;
use tracemesh_proto::time::timestamp;

use super::connect;
use crate::cli;
use crate::cli::{Asking, VerdictArg};
use crate::output::{self, DONE, WrongUse};

/// Receipts in one page.
const PAGE: u32 = 1_000;

pub async fn by_id(asking: &Asking, receipt: cli::Receipt) -> anyhow::Result<u8> {
    let mut ingestion = connect(asking).await?.ingestion();
    for id in receipt.ids {
        if receipt.original {
            let original = ingestion.get_original(GetOriginalRequest { id }).await?.into_inner();
            std::io::stdout().lock().write_all(&original.body)?;
            continue;
        }
        let found = ingestion.get_receipt(GetReceiptRequest { id }).await?.into_inner().receipt.unwrap_or_default();
        tell(asking, &found)?;
    }
    Ok(DONE)
}

pub async fn list(asking: &Asking, wanted: cli::Receipts) -> anyhow::Result<u8> {
    let mut ingestion = connect(asking).await?.ingestion();
    let mut request = ListReceiptsRequest {
        provider: wanted.provider.unwrap_or_default(),
        since: wanted.since.as_deref().map(instant).transpose()?.map(timestamp),
        verdict: wanted.verdict.map(word).unwrap_or_default().into(),
        page_size: wanted.limit.clamp(1, PAGE),
        page_token: String::new(),
    };
    let mut left = wanted.limit;
    while left > 0 {
        let page = ingestion.list_receipts(request.clone()).await?.into_inner();
        for receipt in page.receipts.iter().take(left as usize) {
            tell(asking, receipt)?;
        }
        left = left.saturating_sub(page.receipts.len() as u32);
        if page.next_page_token.is_empty() {
            break;
        }
        request.page_token = page.next_page_token;
    }
    Ok(DONE)
}

/// A receipt as the JSON of the contract.
pub fn document(receipt: &Receipt) -> serde_json::Value {
    json::value("tracemesh.ingestion.v1.Receipt", receipt)
}

/// A receipt for a terminal, each reason with what to do about it.
pub fn print(receipt: &Receipt) {
    println!("{}  {:9}  {}", receipt.id, receipt.verdict().as_str_name(), receipt.record_id);
    if receipt.verdict() == Verdict::Duplicate {
        println!("    repeats {}", receipt.first);
    }
    for reason in receipt.reasons.iter().chain(&receipt.findings) {
        print_reason(reason);
    }
}

fn print_reason(reason: &Reason) {
    println!("    {}  {}", reason.message_zh, reason.remedy_zh);
    println!("    {}  {}  [{}]", reason.message_en, reason.remedy_en, reason.code);
}

fn tell(asking: &Asking, receipt: &Receipt) -> anyhow::Result<()> {
    if asking.json {
        return output::json(&document(receipt));
    }
    print(receipt);
    Ok(())
}

fn instant(text: &str) -> anyhow::Result<i64> {
    let at: Result<jiff::Timestamp, _> = text.parse();
    at.map(jiff::Timestamp::as_microsecond).map_err(|error| WrongUse(format!("--since {text}: {error}"))).context("RFC 3339 with offset")
}

const fn word(verdict: VerdictArg) -> &'static str {
    match verdict {
        VerdictArg::Accepted => "ACCEPTED",
        VerdictArg::Duplicate => "DUPLICATE",
        VerdictArg::Rejected => "REJECTED",
    }
}
