//! Small chains: where a sale line's goods come from, by the walk over hops, against a recursive query over a table of edges in the same file.
//! Both answer records with times, holders and quantities; the walk also minds windows of time, containers and retractions, and ends with a
//! verdict.

use std::sync::Arc;
use std::time::Instant;

use tracemesh_ingestion::hot_path::{self, Prepared, Role};
use tracemesh_lineage::{Chain, Direction, Limits, Walk};
use tracemesh_model::Class;
use tracemesh_store::{Database, DbErr};

use super::cost::{Cost, Meter};
use super::figures::quantile;
use super::material::Material;
use super::place::{NODE, Place, take};
use super::report::{Round, spread};
use super::{BATCH, Plan, Report, edges};

const GOAL: &str = "p99 of a chain ≤ 1 ms, and no slower than the recursive query";
const P99_MS: f64 = 1.0;
/// Chains walked in a round, at most.
const WALKS: usize = 2_000;
/// Chains between two looks at the clock of the CPU, which goes in hundredths of a second.
const GROUP: usize = 100;

pub async fn run(plan: Plan) -> anyhow::Result<Report> {
    let (place, commit) = Place::with_ingestion().await?;
    edges::create(&place.db).await?;
    let mut sold = Vec::new();
    for (first, batch) in (0..).step_by(BATCH).zip(Material::new()?.prepared(plan.records)) {
        take(&commit, &batch).await?;
        edges::insert(&place.db, first, &batch).await?;
        sold.extend(batch.iter().filter_map(sold_unit));
    }
    anyhow::ensure!(!sold.is_empty(), "nothing was sold in {} records", plan.records);
    let starts: Vec<u64> = sold.iter().copied().step_by(sold.len().div_ceil(WALKS)).collect();
    // The first round warms the caches and is thrown away.
    round(&place.db, &starts).await?;
    let mut rounds = Vec::new();
    for _ in 0..plan.rounds {
        rounds.push(round(&place.db, &starts).await?);
    }
    place.close().await?;
    let p99_ms = spread(&rounds, "p99_ms").median;
    let report = Report::by_ratio("trace", GOAL, 1.0, plan.records, rounds);
    Ok(Report { met: report.met && p99_ms <= P99_MS, value: Some(p99_ms), unit: Some("ms"), ..report })
}

/// Walks and queries take turns, group by group.
async fn round(db: &Database, starts: &[u64]) -> anyhow::Result<Round> {
    let node: Arc<str> = NODE.into();
    let (mut walks, mut queries, mut records) = (Vec::new(), Vec::new(), Vec::new());
    let (mut walking, mut querying) = (Cost::default(), Cost::default());
    for group in starts.chunks(GROUP) {
        let meter = Meter::start()?;
        for start in group {
            let began = Instant::now();
            let chain = walk(db, &node, *start).await?;
            walks.push(began.elapsed().as_secs_f64() * 1e3);
            records.push(chain.records.len() as f64);
        }
        walking += meter.stop()?;

        let meter = Meter::start()?;
        for start in group {
            let began = Instant::now();
            std::hint::black_box(edges::chain(db, *start).await?);
            queries.push(began.elapsed().as_secs_f64() * 1e3);
        }
        querying += meter.stop()?;
    }
    for measured in [&mut walks, &mut queries, &mut records] {
        measured.sort_by(f64::total_cmp);
    }
    let (p99_ms, query_p99_ms) = (quantile(&walks, 0.99), quantile(&queries, 0.99));
    let mut all = walking;
    all += querying;
    Ok(Round::from([
        ("ratio", query_p99_ms / p99_ms),
        ("ratio_by_cpu", querying.cpu_us / walking.cpu_us),
        ("p50_ms", quantile(&walks, 0.5)),
        ("p99_ms", p99_ms),
        ("query_p50_ms", quantile(&queries, 0.5)),
        ("query_p99_ms", query_p99_ms),
        ("chain_records_p50", quantile(&records, 0.5)),
        ("chain_records_p99", quantile(&records, 0.99)),
        ("cpu_us_per_record", walking.cpu_us / records.iter().sum::<f64>()),
        ("foreign_load", all.foreign_load()),
    ]))
}

async fn walk(db: &Database, node: &Arc<str>, start: u64) -> Result<Chain, DbErr> {
    let mut walk = Walk::new([start], Direction::Up, Limits::default());
    loop {
        let wanted = walk.wanted();
        // Records that hops point at are left out: no chain of the generated city has any.
        if wanted.units.is_empty() {
            return Ok(walk.finish(Vec::new()));
        }
        walk.feed(&wanted.units, hot_path::hops_of(db.read(), node, &wanted.units).await?);
    }
}

/// What a sale line is about.
fn sold_unit(prepared: &Prepared) -> Option<u64> {
    let Prepared::Placed(placed) = prepared else { return None };
    let hop = placed.hops.iter().find(|hop| hop.role != Role::Input)?;
    (placed.record.class == Class::Retail).then_some(hop.unit)
}
