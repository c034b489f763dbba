//! Chains of a given size and shape, which no generated city has: as records of one provider, through the real intake.

use std::sync::Arc;

use bytes::Bytes;
use jiff::Timestamp;
use serde_json::json;
use tracemesh_codes::{Code, Scheme, unit_key};
use tracemesh_ingestion::hot_path::{self, Commit, Format, Known, ProviderScope, Step, Submission};
use tracemesh_proto::registry::v1::Provider;

use super::BATCH;
use super::place::{NODE, take};

const BEGUN: &str = "2026-01-01T08:00:00+08:00";
const ISSUER: &str = "bench";
const SECOND: i64 = 1_000_000;

/// One record: what it does, who has the goods then, and lots with what is known of how much.
pub struct Deed {
    pub class: &'static str,
    pub holder: u64,
    pub inputs: Vec<u64>,
    pub output: u64,
    pub kilograms: u64,
}

/// The unit key of a lot.
pub fn unit(lot: u64) -> u64 {
    let code = Code { scheme: Scheme::Opaque, issuer: ISSUER.into(), value: lot.to_string() };
    unit_key(&code, "").get()
}

/// Takes deeds in, one second after the other.
pub async fn tell(commit: &Commit, deeds: impl Iterator<Item = Deed>) -> anyhow::Result<()> {
    let begun = BEGUN.parse::<Timestamp>()?.as_microsecond();
    let known = Known { node: NODE.into(), node_area: tracemesh_codes::region::COUNTRY.into(), ..Known::default() };
    let provider = Provider { id: "bench".into(), areas: vec!["*".into()], categories: vec!["*".into()], ..Provider::default() };
    let scope = Arc::new(ProviderScope::new(&provider, Arc::new(known)));
    let mut batch = Vec::with_capacity(BATCH);
    let mut deeds = deeds.zip(0..).peekable();
    while let Some((deed, at)) = deeds.next() {
        let submission = Submission {
            scope: scope.clone(),
            actor: "provider:bench".into(),
            source: "kafka:story/0".into(),
            step: Some(Step { from: at, to: at + 1 }),
            format: Format::Json,
            body: body(&deed, at, begun + at * SECOND)?,
            received_at: begun + (at + 1) * SECOND,
            traceparent: String::new(),
            redrives: None,
            broken: Vec::new(),
        };
        batch.push(hot_path::prepare(submission));
        if batch.len() == BATCH || deeds.peek().is_none() {
            take(commit, &batch).await?;
            batch.clear();
        }
    }
    Ok(())
}

fn body(deed: &Deed, number: i64, at: i64) -> anyhow::Result<Bytes> {
    let kilograms = |kilograms: u64| json!({"value": kilograms.to_string(), "unit": "kg"});
    let unit = |role: &str, lot: u64, quantity: u64| {
        let code = json!({"scheme": "opaque", "issuer": ISSUER, "value": lot.to_string()});
        json!({"role": role, "code": code, "granularity": "BATCH", "quantity": kilograms(quantity)})
    };
    let inputs = deed.inputs.iter().map(|lot| unit("INPUT", *lot, deed.kilograms));
    let made = deed.kilograms * deed.inputs.len().max(1) as u64;
    let units: Vec<_> = inputs.chain([unit("OUTPUT", deed.output, made)]).collect();
    let record = json!({
        "record_id": number.to_string(), "revision": 1, "class": deed.class, "category": "FOOD",
        "event_time": Timestamp::from_microsecond(at)?.to_string(),
        "place": {"region": "370602"},
        "parties": {"responsible": {"name": format!("holder-{}", deed.holder)}},
        "units": units,
    });
    Ok(record.to_string().into())
}
