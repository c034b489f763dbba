//! `trace`: the chain around a code, with its verdict.

use std::time::Duration;

use tracemesh_proto::ingestion::v1::{ChainRecord, TraceRequest, TraceResponse};
use tracemesh_proto::json;

use super::{connect, verdict};
use crate::cli::{Asking, DirectionArg, Trace};
use crate::output::{self, DONE, NO};

/// The node asks around for half of it, and answers with what it has then.
pub const PATIENCE: Duration = Duration::from_secs(60);

pub async fn run(asking: &Asking, trace: Trace) -> anyhow::Result<u8> {
    let request = TraceRequest {
        code: trace.code,
        direction: word(trace.direction).into(),
        depth: trace.depth.unwrap_or_default(),
        local: trace.local,
    };
    let chain = connect(asking).await?.within(PATIENCE).trace().trace(request).await?.into_inner();
    if asking.json {
        output::json(&json::value("tracemesh.ingestion.v1.TraceResponse", &chain))?;
    } else {
        print(&chain);
    }
    Ok(if chain.records.is_empty() { NO } else { DONE })
}

fn print(chain: &TraceResponse) {
    for candidate in chain.candidates.iter().filter(|candidate| candidate.hit) {
        println!("{} {}{}", candidate.scheme, candidate.value, batch(&candidate.batch));
    }
    for record in &chain.records {
        println!("{}", line(record));
    }
    verdict::print(chain.verdict.as_ref());
    let nodes: Vec<&str> = chain.segments.iter().map(|segment| segment.node.as_str()).collect();
    eprintln!("{} records, {} units from {}", chain.records.len(), chain.units.len(), nodes.join(", "));
}

fn line(record: &ChainRecord) -> String {
    format!(
        "{:25}  {:14}  {:12}  {:6}  {}  {}",
        record.event_time, record.class, record.node, record.area, record.product, record.responsible
    )
}

fn batch(batch: &str) -> String {
    if batch.is_empty() { String::new() } else { format!(" # {batch}") }
}

const fn word(direction: DirectionArg) -> &'static str {
    match direction {
        DirectionArg::Up => "up",
        DirectionArg::Down => "down",
        DirectionArg::Both => "both",
    }
}
