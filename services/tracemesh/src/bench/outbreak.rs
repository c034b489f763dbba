//! What explains twenty cases: one walk upstream of all of them and the sets of cases carried back along it, against one walk upstream of one.

use std::sync::Arc;

use tracemesh_ingestion::hot_path;
use tracemesh_lineage::{Assumptions, Case, Chain, Direction, Limits, Place as Where, Walk, outbreak};
use tracemesh_store::{Database, DbErr};

use super::cost::Meter;
use super::place::{NODE, Place};
use super::report::Round;
use super::story::{Deed, tell, unit};
use super::{Plan, Report};

const GOAL: &str = "CPU of one walk upstream of one case ≥ 0.5 of that of scores for twenty";
const LEAST: f64 = 0.5;
const CASES: u64 = 20;
/// Batches at one stage of making.
const WIDTH: u64 = 1_000;

pub async fn run(plan: Plan) -> anyhow::Result<Report> {
    let (place, commit) = Place::with_ingestion().await?;
    tell(&commit, deeds(plan.records)).await?;
    let cases = (0..CASES.min(plan.records)).map(|case| unit(plan.records - 1 - case)).collect::<Vec<u64>>();
    // The first round warms the caches and is thrown away.
    round(&place.db, &cases).await?;
    let mut rounds = Vec::new();
    for _ in 0..plan.rounds {
        rounds.push(round(&place.db, &cases).await?);
    }
    place.close().await?;
    Ok(Report::by_ratio("outbreak", GOAL, LEAST, plan.records, rounds))
}

/// Stages of a thousand batches each, every one mixed of three of the stage before: most of everything lies upstream of each.
fn deeds(records: u64) -> impl Iterator<Item = Deed> {
    (0..records).map(|lot| {
        let (stage, place) = (lot / WIDTH, lot % WIDTH);
        let of_last = |place: u64| (stage - 1) * WIDTH + place % WIDTH;
        let inputs = if stage == 0 { Vec::new() } else { vec![of_last(place), of_last(place * 7 + 1), of_last(place * 13 + 5)] };
        Deed { class: if stage == 0 { "PRODUCE" } else { "PROCESS" }, holder: lot % 97, inputs, output: lot, kilograms: 1 }
    })
}

async fn round(db: &Database, cases: &[u64]) -> anyhow::Result<Round> {
    let meter = Meter::start()?;
    let one = walk(db, &cases[..1]).await?;
    let walking = meter.stop()?;
    let alone = one.records.len();
    drop(one);

    let meter = Meter::start()?;
    let chain = walk(db, cases).await?;
    let walked = meter.stop()?;
    let asked: Vec<Case> = cases.iter().map(|unit| Case { places: vec![Where::Unit(*unit)], weight: 1 }).collect();
    let meter = Meter::start()?;
    let found = outbreak(&chain, &hot_path::HopsAlone, &asked, &Assumptions::default());
    let scoring = meter.stop()?;
    anyhow::ensure!(found.units.len() == chain.units.len(), "{} of {} units were scored", found.units.len(), chain.units.len());
    let mut all = walked;
    all += scoring;
    Ok(Round::from([
        ("ratio", walking.cpu_us / all.cpu_us),
        ("ratio_by_clock", walking.wall_us / all.wall_us),
        ("walk_ms", walking.wall_us / 1e3),
        ("union_ms", walked.wall_us / 1e3),
        ("scores_ms", scoring.wall_us / 1e3),
        ("records_upstream_of_one", alone as f64),
        ("records_upstream_of_all", chain.records.len() as f64),
        ("cpu_us_per_record", all.cpu_us / chain.records.len() as f64),
        ("foreign_load", all.foreign_load()),
    ]))
}

async fn walk(db: &Database, cases: &[u64]) -> Result<Chain, DbErr> {
    let node: Arc<str> = NODE.into();
    let mut walk = Walk::new(cases.iter().copied(), Direction::Up, Limits::default());
    loop {
        let wanted = walk.wanted();
        if wanted.units.is_empty() {
            return Ok(walk.finish(Vec::new()));
        }
        walk.feed(&wanted.units, hot_path::hops_of(db.read(), &node, &wanted.units).await?);
    }
}
