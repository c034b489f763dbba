//! What a chain is compared to: a table of edges that is not partitioned, beside the hops in the same file, and a recursive query over it.

use tracemesh_ingestion::hot_path::{Prepared, Role};
use tracemesh_store::{Database, DbErr, Value, sql};

/// From a unit to those that it was made of or that it holds.
const TABLE: &str = "CREATE TABLE edge (
    unit INTEGER NOT NULL, origin INTEGER NOT NULL, record INTEGER NOT NULL, PRIMARY KEY (unit, origin, record)) WITHOUT ROWID";
const WIDTH: usize = 3;
const ROWS: usize = 500;

const CHAIN: &str = "WITH RECURSIVE chain (unit) AS (SELECT $1 UNION SELECT edge.origin FROM chain JOIN edge ON edge.unit = chain.unit)
    SELECT DISTINCT edge.record FROM chain JOIN edge ON edge.unit = chain.unit";

pub async fn create(db: &Database) -> Result<(), DbErr> {
    let tx = db.begin().await?;
    sql::run(&tx, TABLE, vec![]).await?;
    tx.commit().await
}

/// Edges of a batch whose first record has the number `first`.
pub async fn insert(db: &Database, first: i64, batch: &[Prepared]) -> Result<(), DbErr> {
    let edges: Vec<[i64; WIDTH]> = (first..).zip(batch).flat_map(|(record, prepared)| of(record, prepared)).collect();
    let tx = db.begin().await?;
    for rows in edges.chunks(ROWS) {
        let text = format!("INSERT OR IGNORE INTO edge VALUES {}", sql::row_lists(&tx, rows.len(), WIDTH));
        sql::run(&tx, &text, rows.iter().flatten().map(|number| Value::from(*number)).collect()).await?;
    }
    tx.commit().await
}

fn of(record: i64, prepared: &Prepared) -> Vec<[i64; WIDTH]> {
    let Prepared::Placed(placed) = prepared else { return Vec::new() };
    let mut edges = Vec::new();
    for hop in placed.hops.iter().filter(|hop| matches!(hop.role, Role::Output | Role::Container)) {
        let origins = hop.neighbours.iter().flatten();
        edges.extend(origins.map(|origin| [hop.unit as i64, *origin as i64, record]));
    }
    edges
}

/// The records upstream of a unit.
pub async fn chain(db: &Database, unit: u64) -> Result<Vec<(i64,)>, DbErr> {
    sql::rows(db.read(), CHAIN, vec![(unit as i64).into()]).await
}
