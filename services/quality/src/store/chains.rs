//! Chains: records, the units that they make, use and vouch for, and which of those are rooted.

use std::collections::{BTreeMap, BTreeSet};

use tracemesh_store::{ConnectionTrait, DbErr, Value, sql};

use super::{ROWS_PER_STATEMENT, rows_of, run_on};
use crate::domain::chain::{Stage, Way};

/// A record as chains know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passage {
    pub record: i64,
    pub cell: i64,
    /// When it happened, in unix microseconds.
    pub at: i64,
    pub stage: Stage,
    pub is_outgoing: bool,
    pub is_complete: bool,
    pub source: String,
}

type Row = (i64, i64, i64, i64, i64, i64, String);

pub async fn add_links(tx: &impl ConnectionTrait, links: &[(i64, Way, i64)]) -> Result<(), DbErr> {
    for chunk in links.chunks(ROWS_PER_STATEMENT) {
        let text = format!("INSERT INTO link (unit, way, record) VALUES {}", sql::row_lists(tx, chunk.len(), 3));
        let values = chunk.iter().flat_map(|(unit, way, record)| [*unit, way.number(), *record].map(Value::from));
        sql::run(tx, &text, values.collect()).await?;
    }
    Ok(())
}

pub async fn add_passages(tx: &impl ConnectionTrait, passages: &[Passage]) -> Result<(), DbErr> {
    for chunk in passages.chunks(ROWS_PER_STATEMENT) {
        let text = format!(
            "INSERT INTO passage (record, cell, at, stage, outgoing, complete, source) VALUES {}",
            sql::row_lists(tx, chunk.len(), 7)
        );
        let values = chunk.iter().flat_map(|of| -> [Value; 7] {
            let (outgoing, complete) = (i64::from(of.is_outgoing), i64::from(of.is_complete));
            let stage = of.stage.number();
            [of.record.into(), of.cell.into(), of.at.into(), stage.into(), outgoing.into(), complete.into(), of.source.clone().into()]
        });
        sql::run(tx, &text, values.collect()).await?;
    }
    Ok(())
}

pub async fn passages(db: &impl ConnectionTrait, records: &BTreeSet<i64>) -> Result<BTreeMap<i64, Passage>, DbErr> {
    let text = "SELECT record, cell, at, stage, outgoing, complete, source FROM passage WHERE record IN ";
    rows_of::<Row>(db, text, records).await?.into_iter().map(|row| Ok((row.0, passage(row)?))).collect()
}

/// Takes records out of all chains.
pub async fn remove(tx: &impl ConnectionTrait, records: &BTreeSet<i64>) -> Result<(), DbErr> {
    run_on(tx, "DELETE FROM link WHERE record IN ", records).await?;
    run_on(tx, "DELETE FROM passage WHERE record IN ", records).await
}

/// `(record, unit)` of what records have to do with in one way.
pub async fn units_of(db: &impl ConnectionTrait, way: Way, records: &BTreeSet<i64>) -> Result<Vec<(i64, i64)>, DbErr> {
    let text = format!("SELECT record, unit FROM link WHERE way = {} AND record IN ", way.number());
    rows_of(db, &text, records).await
}

/// `(unit, record)` of those that have to do with units in one way.
pub async fn records_of(db: &impl ConnectionTrait, way: Way, units: &BTreeSet<i64>) -> Result<Vec<(i64, i64)>, DbErr> {
    let text = format!("SELECT unit, record FROM link WHERE way = {} AND unit IN ", way.number());
    rows_of(db, &text, units).await
}

/// Of some units those that are rooted.
pub async fn rooted(db: &impl ConnectionTrait, units: &BTreeSet<i64>) -> Result<BTreeSet<i64>, DbErr> {
    let rows: Vec<(i64,)> = rows_of(db, "SELECT unit FROM rooted WHERE unit IN ", units).await?;
    Ok(rows.into_iter().map(|(unit,)| unit).collect())
}

pub async fn set_rooted(tx: &impl ConnectionTrait, units: &BTreeSet<i64>) -> Result<(), DbErr> {
    let units: Vec<i64> = units.iter().copied().collect();
    for chunk in units.chunks(ROWS_PER_STATEMENT) {
        let text = format!("INSERT INTO rooted (unit) VALUES {}", sql::row_lists(tx, chunk.len(), 1));
        sql::run(tx, &text, chunk.iter().copied().map(Value::from).collect()).await?;
    }
    Ok(())
}

pub async fn uproot(tx: &impl ConnectionTrait, units: &BTreeSet<i64>) -> Result<(), DbErr> {
    run_on(tx, "DELETE FROM rooted WHERE unit IN ", units).await
}

pub async fn set_complete(tx: &impl ConnectionTrait, records: &BTreeSet<i64>, is_complete: bool) -> Result<(), DbErr> {
    run_on(tx, &format!("UPDATE passage SET complete = {} WHERE record IN ", i64::from(is_complete)), records).await
}

fn passage((record, cell, at, stage, outgoing, complete, source): Row) -> Result<Passage, DbErr> {
    let stage = Stage::of_number(stage).ok_or_else(|| DbErr::Custom(format!("record {record} has no stage {stage}")))?;
    Ok(Passage { record, cell, at, stage, is_outgoing: outgoing != 0, is_complete: complete != 0, source })
}
