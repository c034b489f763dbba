//! What a chain is compared to: a table of edges that is not partitioned, beside the hops in the same file, and a recursive query over it.

use tracemesh_ingestion::hot_path::{Prepared, Role};
use tracemesh_store::{Database, DbErr, Value, sql};

/// From a unit to those that it was made of or that it holds, with what a chain shows of the record.
const TABLE: &str = "CREATE TABLE edge (
    unit INTEGER NOT NULL, origin INTEGER NOT NULL, record INTEGER NOT NULL,
    event_time INTEGER NOT NULL, holder TEXT NOT NULL, quantity TEXT NOT NULL,
    PRIMARY KEY (unit, origin, record)) WITHOUT ROWID";
const WIDTH: usize = 6;
const ROWS: usize = 100;

const CHAIN: &str = "WITH RECURSIVE chain (unit) AS (SELECT $1 UNION SELECT edge.origin FROM chain JOIN edge ON edge.unit = chain.unit)
    SELECT edge.record, edge.unit, edge.origin, edge.event_time, edge.holder, edge.quantity
    FROM chain JOIN edge ON edge.unit = chain.unit ORDER BY edge.event_time";

/// Record, unit, origin, event time, holder, quantity.
pub type Edge = (i64, i64, i64, i64, String, String);

pub async fn create(db: &Database) -> Result<(), DbErr> {
    let tx = db.begin().await?;
    sql::run(&tx, TABLE, vec![]).await?;
    tx.commit().await
}

/// Edges of a batch whose first record has the number `first`.
pub async fn insert(db: &Database, first: i64, batch: &[Prepared]) -> Result<(), DbErr> {
    let edges: Vec<[Value; WIDTH]> = (first..).zip(batch).flat_map(|(record, prepared)| of(record, prepared)).collect();
    let tx = db.begin().await?;
    for rows in edges.chunks(ROWS) {
        let text = format!("INSERT OR IGNORE INTO edge VALUES {}", sql::row_lists(&tx, rows.len(), WIDTH));
        sql::run(&tx, &text, rows.concat()).await?;
    }
    tx.commit().await
}

fn of(record: i64, prepared: &Prepared) -> Vec<[Value; WIDTH]> {
    let Prepared::Placed(placed) = prepared else { return Vec::new() };
    let mut edges = Vec::new();
    for hop in placed.hops.iter().filter(|hop| matches!(hop.role, Role::Output | Role::Container)) {
        let edge = |origin: &u64| {
            let [unit, origin, record, at] = [hop.unit as i64, *origin as i64, record, hop.event_time].map(Value::from);
            [unit, origin, record, at, hop.holder.as_str().into(), hop.quantity.as_str().into()]
        };
        edges.extend(hop.neighbours.iter().flatten().map(edge));
    }
    edges
}

/// The edges upstream of a unit.
pub async fn chain(db: &Database, unit: u64) -> Result<Vec<Edge>, DbErr> {
    sql::rows(db.read(), CHAIN, vec![(unit as i64).into()]).await
}
