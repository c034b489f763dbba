//! `deadletter`: rejected submissions as a work list.

use std::io::Write;

use serde_json::json;
use tracemesh_proto::ingestion::v1 as wire;
use tracemesh_proto::json;

use super::connect;
use crate::cli::{Asking, Deadletter};
use crate::output::{self, DONE, NO};

pub async fn run(asking: &Asking, deadletter: Deadletter) -> anyhow::Result<u8> {
    let mut ingestion = connect(asking).await?.ingestion();
    match deadletter {
        Deadletter::List { provider, state } => {
            let mut request = wire::ListDeadLettersRequest { provider: provider.unwrap_or_default(), state, ..Default::default() };
            loop {
                let page = ingestion.list_dead_letters(request.clone()).await?.into_inner();
                for letter in &page.dead_letters {
                    tell(asking, letter)?;
                }
                if page.next_page_token.is_empty() {
                    return Ok(DONE);
                }
                request.page_token = page.next_page_token;
            }
        }
        Deadletter::Show { id } => {
            let receipt = ingestion.get_receipt(wire::GetReceiptRequest { id: id.clone() }).await?.into_inner().receipt.unwrap_or_default();
            let original = ingestion.get_original(wire::GetOriginalRequest { id }).await?.into_inner();
            if asking.json {
                let original = json::value("tracemesh.ingestion.v1.GetOriginalResponse", &original);
                output::json(&json!({"receipt": super::receipt::document(&receipt), "original": original}))?;
                return Ok(DONE);
            }
            super::receipt::print(&receipt);
            std::io::stdout().lock().write_all(&original.body)?;
            println!();
            Ok(DONE)
        }
        Deadletter::Redrive { ids } => {
            let mut all_taken = true;
            for id in ids {
                let receipt = ingestion.redrive(wire::RedriveRequest { id }).await?.into_inner().receipt.unwrap_or_default();
                all_taken &= receipt.verdict() != wire::receipt::Verdict::Rejected;
                if asking.json {
                    output::json(&super::receipt::document(&receipt))?;
                } else {
                    super::receipt::print(&receipt);
                }
            }
            Ok(if all_taken { DONE } else { NO })
        }
    }
}

fn tell(asking: &Asking, letter: &wire::DeadLetter) -> anyhow::Result<()> {
    if asking.json {
        return output::json(&json::value("tracemesh.ingestion.v1.DeadLetter", letter));
    }
    if let Some(receipt) = &letter.receipt {
        super::receipt::print(receipt);
    }
    if !letter.redriven_as.is_empty() {
        println!("    redriven as {}", letter.redriven_as);
    }
    Ok(())
}
