//! Units that a record used and nobody here made.

use std::collections::BTreeSet;

use tracemesh_store::{ConnectionTrait, DbErr, Value, sql};

use super::{ROWS_PER_STATEMENT, rows_of, run_on};

/// One open hop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hop {
    pub unit: i64,
    pub record: i64,
    pub code: String,
}

type Row = (i64, i64, String);

/// From `due` on each of them is said to be broken.
pub async fn add(tx: &impl ConnectionTrait, hops: &[Hop], due: i64) -> Result<(), DbErr> {
    for chunk in hops.chunks(ROWS_PER_STATEMENT) {
        let text = format!(
            "INSERT INTO open_hop (unit, record, due, said, code) VALUES {} ON CONFLICT (unit, record) DO NOTHING",
            sql::row_lists(tx, chunk.len(), 5)
        );
        let values = chunk
            .iter()
            .flat_map(|hop| -> [Value; 5] { [hop.unit.into(), hop.record.into(), due.into(), 0_i64.into(), hop.code.clone().into()] });
        sql::run(tx, &text, values.collect()).await?;
    }
    Ok(())
}

/// Those that have become due, which are said from now on; at most `most` of them.
pub async fn take_due(tx: &impl ConnectionTrait, now: i64, most: i64) -> Result<Vec<Hop>, DbErr> {
    let text = "SELECT unit, record, code FROM open_hop WHERE said = 0 AND due <= $1 ORDER BY due, record, unit LIMIT $2";
    let due: Vec<Hop> = sql::rows::<Row>(tx, text, vec![now.into(), most.into()]).await?.into_iter().map(hop).collect();
    for hop in &due {
        let text = "UPDATE open_hop SET said = 1 WHERE unit = $1 AND record = $2";
        sql::run(tx, text, vec![hop.unit.into(), hop.record.into()]).await?;
    }
    Ok(due)
}

/// Closes the hops of these units; answers those that were said.
pub async fn close(tx: &impl ConnectionTrait, units: &BTreeSet<i64>) -> Result<Vec<Hop>, DbErr> {
    let said = rows_of::<Row>(tx, "SELECT unit, record, code FROM open_hop WHERE said = 1 AND unit IN ", units).await?;
    run_on(tx, "DELETE FROM open_hop WHERE unit IN ", units).await?;
    Ok(said.into_iter().map(hop).collect())
}

/// The same for the hops of records.
pub async fn close_of(tx: &impl ConnectionTrait, records: &BTreeSet<i64>) -> Result<Vec<Hop>, DbErr> {
    let said = rows_of::<Row>(tx, "SELECT unit, record, code FROM open_hop WHERE said = 1 AND record IN ", records).await?;
    run_on(tx, "DELETE FROM open_hop WHERE record IN ", records).await?;
    Ok(said.into_iter().map(hop).collect())
}

fn hop((unit, record, code): Row) -> Hop {
    Hop { unit, record, code }
}
