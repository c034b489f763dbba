//! What a recall has to reach: everything that was made of one harvest, added up from hops, against fetching the very rows that this reads by their
//! primary key, which is the least that a database can do for somebody who knew them beforehand.
//!
//! Absent: the codes of the units, which stand in the records and are read when somebody is shown them; and PostgreSQL, which has to be there first.

use std::sync::Arc;

use tracemesh_ingestion::hot_path;
use tracemesh_lineage::{Chain, Direction, Limits, Walk, scope};
use tracemesh_store::{Database, DbErr, Value, sql};

use super::cost::Meter;
use super::place::{NODE, Place};
use super::report::Round;
use super::story::{Deed, tell, unit};
use super::{Plan, Report};

const GOAL: &str = "CPU of a scope from hops ≤ 0.5 of fetching its rows by primary key";
const LEAST: f64 = 2.0;
/// Buyers of one seller.
const BUYERS: u64 = 100;
const ROWS: usize = 100;

pub async fn run(plan: Plan) -> anyhow::Result<Report> {
    let (place, commit) = Place::with_ingestion().await?;
    tell(&commit, deeds(plan.records)).await?;
    let start = unit(0);
    // The first round warms the caches and is thrown away.
    round(&place.db, start, plan.records).await?;
    let mut rounds = Vec::new();
    for _ in 0..plan.rounds {
        rounds.push(round(&place.db, start, plan.records).await?);
    }
    place.close().await?;
    Ok(Report::by_ratio("recall", GOAL, LEAST, plan.records, rounds))
}

/// A harvest, and a tree of sales below it.
fn deeds(records: u64) -> impl Iterator<Item = Deed> {
    (0..records).map(|lot| match lot {
        0 => Deed { class: "PRODUCE", holder: 0, inputs: Vec::new(), output: 0, kilograms: 1_000_000_000 },
        _ => Deed { class: "WHOLESALE", holder: lot, inputs: vec![(lot - 1) / BUYERS], output: lot, kilograms: 1 },
    })
}

async fn round(db: &Database, start: u64, records: u64) -> anyhow::Result<Round> {
    let meter = Meter::start()?;
    let chain = walk(db, start).await?;
    let scope = scope(&chain, &hot_path::HopsAlone);
    let (units, holdings) = (scope.totals.units, scope.holdings.len());
    let scoping = meter.stop()?;
    anyhow::ensure!(units as u64 == records && holdings as u64 == records, "{units} units and {holdings} holdings of {records}");

    let keys: Vec<[i64; 4]> = chain.records.iter().flat_map(|record| &record.hops).map(key).collect();
    drop(chain);
    let meter = Meter::start()?;
    let fetched = fetch(db, &keys).await?;
    let fetching = meter.stop()?;
    anyhow::ensure!(fetched == keys.len(), "{fetched} of {} rows were fetched", keys.len());
    let mut all = scoping;
    all += fetching;
    Ok(Round::from([
        ("ratio", fetching.cpu_us / scoping.cpu_us),
        ("ratio_by_clock", fetching.wall_us / scoping.wall_us),
        ("scope_ms", scoping.wall_us / 1e3),
        ("fetch_ms", fetching.wall_us / 1e3),
        ("rows", keys.len() as f64),
        ("cpu_us_per_record", scoping.cpu_us / records as f64),
        ("foreign_load", all.foreign_load()),
    ]))
}

async fn walk(db: &Database, start: u64) -> Result<Chain, DbErr> {
    let node: Arc<str> = NODE.into();
    let mut walk = Walk::new([start], Direction::Down, Limits::default());
    loop {
        let wanted = walk.wanted();
        if wanted.units.is_empty() {
            return Ok(walk.finish(Vec::new()));
        }
        walk.feed(&wanted.units, hot_path::hops_of(db.read(), &node, &wanted.units).await?);
    }
}

fn key(hop: &tracemesh_lineage::Hop) -> [i64; 4] {
    [hop.unit as i64, hop.event_time, hop.record, i64::from(hop.role.code())]
}

/// Unit, record, role, holder, quantity and measure.
type Row = (i64, i64, i64, String, String, String);

async fn fetch(db: &Database, keys: &[[i64; 4]]) -> Result<usize, DbErr> {
    let mut fetched = 0;
    for chunk in keys.chunks(ROWS) {
        let text = format!(
            "WITH wanted (unit, event_time, record, role) AS (VALUES {})
             SELECT hop.unit, hop.record, hop.role, hop.holder, hop.quantity, hop.measure FROM wanted CROSS JOIN hop
             WHERE hop.month = 0 AND hop.unit = wanted.unit AND hop.event_time = wanted.event_time AND hop.record = wanted.record
             AND hop.role = wanted.role AND hop.retracts = 0",
            sql::row_lists(db.read(), chunk.len(), 4)
        );
        let values = chunk.iter().flatten().map(|part| Value::from(*part)).collect();
        let rows: Vec<Row> = sql::rows(db.read(), &text, values).await?;
        fetched += std::hint::black_box(rows).len();
    }
    Ok(fetched)
}
