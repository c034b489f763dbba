//! Intake on SQLite: look for duplicates, write journal and index, move the source's offset, commit, 10,000 at once; against the same records
//! into one table without index. Reading JSON and checking it stands beside both. The last fold of each file's write-ahead log counts.

use tracemesh_ingestion::hot_path::{Prepared, prepare};

use super::cost::{Cost, Meter};
use super::material::Material;
use super::place::{Place, take};
use super::report::Round;
use super::{Plan, Report, wide};

const GOAL: &str = "CPU of an insert without index ≥ 0.45 of ours";
const LEAST: f64 = 0.45;

pub async fn run(plan: Plan) -> anyhow::Result<Report> {
    let material = Material::new()?;
    let mut rounds = Vec::new();
    for _ in 0..plan.rounds {
        rounds.push(round(&material, plan.records).await?);
    }
    Ok(Report::by_ratio("ingest-sqlite", GOAL, LEAST, plan.records, rounds))
}

async fn round(material: &Material, records: u64) -> anyhow::Result<Round> {
    let (ours, commit) = Place::with_ingestion().await?;
    let wide = wide::open().await?;
    let (mut preparing, mut committing, mut inserting) = (Cost::default(), Cost::default(), Cost::default());
    let (mut raw_bytes, mut hops) = (0, 0);
    for batch in material.batches(records) {
        raw_bytes += batch.iter().map(|submission| submission.body.len()).sum::<usize>();
        let meter = Meter::start()?;
        let prepared: Vec<Prepared> = batch.into_iter().map(prepare).collect();
        preparing += meter.stop()?;

        let meter = Meter::start()?;
        take(&commit, &prepared).await?;
        committing += meter.stop()?;

        let meter = Meter::start()?;
        wide::insert(&wide, &prepared).await?;
        inserting += meter.stop()?;
        hops += prepared.iter().map(hops_in).sum::<usize>();
    }
    let meter = Meter::start()?;
    let bytes = ours.close().await?;
    committing += meter.stop()?;
    let meter = Meter::start()?;
    let wide_bytes = wide.close().await?;
    inserting += meter.stop()?;

    let each = |sum: f64| sum / records as f64;
    let mut all = committing;
    all += inserting;
    Ok(Round::from([
        ("ratio", inserting.cpu_us / committing.cpu_us),
        ("ratio_by_clock", inserting.wall_us / committing.wall_us),
        ("cpu_us_per_record", each(committing.cpu_us)),
        ("wide_cpu_us_per_record", each(inserting.cpu_us)),
        ("prepare_cpu_us_per_record", each(preparing.cpu_us)),
        ("records_per_second", records as f64 / committing.wall_us * 1e6),
        ("bytes_per_record", each(bytes as f64)),
        ("wide_bytes_per_record", each(wide_bytes as f64)),
        ("raw_bytes_per_record", each(raw_bytes as f64)),
        ("hops_per_record", each(hops as f64)),
        ("foreign_load", all.foreign_load()),
    ]))
}

fn hops_in(prepared: &Prepared) -> usize {
    match prepared {
        Prepared::Placed(placed) => placed.hops.len(),
        Prepared::Refused(_) => 0,
    }
}
