//! `audit verify`: whether the journals say today what they said when they were written.

use tracemesh_proto::journal::v1::VerifyRequest;
use tracemesh_proto::json;

use super::{TO_THE_LAST_BYTE, connect};
use crate::cli::{Asking, Audit};
use crate::output::{self, DONE, NO};

pub async fn run(asking: &Asking, audit: Audit) -> anyhow::Result<u8> {
    let Audit::Verify { service } = audit;
    let request = VerifyRequest { service: service.unwrap_or_default() };
    let found = connect(asking).await?.within(TO_THE_LAST_BYTE).journal("ingestion").verify(request).await?.into_inner();
    if asking.json {
        output::json(&json::value("tracemesh.journal.v1.VerifyResponse", &found))?;
    } else {
        for journal in &found.journals {
            println!("{:40}  {:>12} entries  {}", journal.journal, journal.entries, journal.root);
        }
        if let Some(bad) = &found.first_bad {
            println!("{}: entries {} to {}, table {}: {}", bad.journal, bad.seq_from, bad.seq_to, bad.table, bad.reason);
        }
    }
    Ok(if found.ok { DONE } else { NO })
}
