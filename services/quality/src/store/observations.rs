//! What detectors keep, group by group.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use tracemesh_model::Amount;
use tracemesh_store::{ConnectionTrait, DbErr, Value, sql};

use super::{ROWS_PER_STATEMENT, rows_of};
use crate::domain::observation::{Group, Observation, Seen, Side};

type Row = (i64, i64, i64, i64, i64, Option<String>, String, i64);

/// How many observations each of some groups holds; none is left out.
pub async fn sizes(db: &impl ConnectionTrait, groups: &BTreeSet<i64>) -> Result<HashMap<i64, i64>, DbErr> {
    let mut sizes = HashMap::new();
    for group in rows_of::<(i64,)>(db, "SELECT grp FROM observation WHERE grp IN ", groups).await? {
        *sizes.entry(group.0).or_default() += 1;
    }
    Ok(sizes)
}

/// Adds observations, each with the number that tells it from others of its record in its group.
pub async fn add(tx: &impl ConnectionTrait, observations: &[(Observation, i64)]) -> Result<(), DbErr> {
    for chunk in observations.chunks(ROWS_PER_STATEMENT) {
        let text = format!(
            "INSERT INTO observation (grp, record, part, cell, at, side, amount, what) VALUES {}",
            sql::row_lists(tx, chunk.len(), 8)
        );
        let values = chunk.iter().flat_map(|(of, part)| -> [Value; 8] {
            let Seen { group, side, amount, what } = &of.seen;
            let amount = amount.map(|amount| amount.billionths().to_string());
            [
                group.0.into(),
                of.record.into(),
                (*part).into(),
                of.cell.into(),
                of.at.into(),
                side.number().into(),
                amount.into(),
                what.clone().into(),
            ]
        });
        sql::run(tx, &text, values.collect()).await?;
    }
    Ok(())
}

/// Takes a record's observations out of some groups.
pub async fn remove(tx: &impl ConnectionTrait, record: i64, groups: &BTreeSet<i64>) -> Result<(), DbErr> {
    let groups: Vec<i64> = groups.iter().copied().collect();
    for chunk in groups.chunks(ROWS_PER_STATEMENT) {
        let text = format!("DELETE FROM observation WHERE record = $1 AND grp IN ({})", sql::list(2, chunk.len()));
        sql::run(tx, &text, std::iter::once(record).chain(chunk.iter().copied()).map(Value::from).collect()).await?;
    }
    Ok(())
}

/// Takes out one.
pub async fn remove_one(tx: &impl ConnectionTrait, group: Group, record: i64, part: i64) -> Result<(), DbErr> {
    let text = "DELETE FROM observation WHERE grp = $1 AND record = $2 AND part = $3";
    sql::run(tx, text, vec![group.0.into(), record.into(), part.into()]).await.map(drop)
}

/// Groups in the order of event times, then of the journal.
pub async fn of_groups(db: &impl ConnectionTrait, groups: &BTreeSet<i64>) -> Result<BTreeMap<i64, Vec<Observation>>, DbErr> {
    let text = "SELECT o.grp, o.record, o.cell, o.at, o.side, o.amount, o.what, c.subject FROM observation o JOIN cell c ON c.id = o.cell \
                WHERE o.grp IN ";
    let mut found: BTreeMap<i64, Vec<Observation>> = BTreeMap::new();
    for row in rows_of::<Row>(db, text, groups).await? {
        let observation = read(row)?;
        found.entry(observation.seen.group.0).or_default().push(observation);
    }
    for group in found.values_mut() {
        group.sort_by(|one, other| one.order().cmp(&other.order()));
    }
    Ok(found)
}

fn read((group, record, cell, at, side, amount, what, subject): Row) -> Result<Observation, DbErr> {
    let broken = |part: &str| DbErr::Custom(format!("an observation of record {record} has no {part}"));
    let side = Side::of_number(side).ok_or_else(|| broken("side"))?;
    let amount = amount.map(|text| text.parse().map(Amount::from_billionths)).transpose().map_err(|_| broken("amount"))?;
    Ok(Observation { record, cell, at, subject, seen: Seen { group: Group(group), side, amount, what } })
}
