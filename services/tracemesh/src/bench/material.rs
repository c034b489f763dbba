//! What benches are run on: the records of a generated city as one Kafka partition would bring them, in batches, so that a million of them
//! never lie in memory at once.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::Timestamp;
use tracemesh_ingestion::hot_path::{self, Format, Known, Prepared, ProviderScope, Step, Submission};
use tracemesh_proto::registry::v1::Provider;

use super::BATCH;
use super::place::NODE;
use crate::generate::{Shape, World, json};

const SEED: u64 = 38157;
const SOURCE: &str = "kafka:records/0";
/// Records lead up to it and are received at it.
const NOW: &str = "2026-10-01T00:00:00+08:00";

pub struct Material {
    world: World,
    scopes: HashMap<String, Arc<ProviderScope>>,
    now: i64,
}

impl Material {
    pub fn new() -> anyhow::Result<Self> {
        let now = NOW.parse::<Timestamp>()?.as_microsecond();
        let world = World::new(SEED, Shape::City, now);
        let subjects = world.subjects().map(|subject| format!("uscc:/{}", subject.uscc)).collect();
        let known = Arc::new(Known { node: NODE.into(), node_area: tracemesh_codes::region::COUNTRY.into(), subjects, ..Known::default() });
        let scopes = world.providers().iter().map(|provider| {
            let registered = Provider {
                id: provider.id.clone(),
                areas: vec!["*".into()],
                categories: vec!["*".into()],
                default_area: provider.default_area.into(),
                default_responsible: provider.default_responsible.clone(),
                ..Provider::default()
            };
            (provider.id.clone(), Arc::new(ProviderScope::new(&registered, known.clone())))
        });
        Ok(Self { scopes: scopes.collect(), now, world })
    }

    /// The first records of the city, the same every time.
    pub fn batches(&self, records: u64) -> impl Iterator<Item = Vec<Submission>> {
        let mut submissions = self.world.records().zip(0..records as i64).map(|(told, at)| Submission {
            scope: self.scopes[&told.provider.id].clone(),
            actor: format!("provider:{}", told.provider.id),
            source: SOURCE.into(),
            step: Some(Step { from: at, to: at + 1 }),
            format: Format::Json,
            body: json::bytes(&told.record).into(),
            received_at: self.now,
            traceparent: String::new(),
            redrives: None,
            broken: Vec::new(),
        });
        std::iter::from_fn(move || {
            let batch: Vec<Submission> = submissions.by_ref().take(BATCH).collect();
            (!batch.is_empty()).then_some(batch)
        })
    }

    /// The same, ready for the commit.
    pub fn prepared(&self, records: u64) -> impl Iterator<Item = Vec<Prepared>> {
        self.batches(records).map(|batch| batch.into_iter().map(hot_path::prepare).collect())
    }
}
