//! Which units are under which order.

use tracemesh_store::{ConnectionTrait, DbErr, sql};

/// Rows in one statement.
const AT_ONCE: usize = 500;

pub async fn put(tx: &impl ConnectionTrait, order: &str, units: &[u64]) -> Result<(), DbErr> {
    for units in units.chunks(AT_ONCE) {
        let lists = sql::row_lists(tx, units.len(), 2);
        let text = format!("INSERT INTO unit_under_order (unit, order_id) VALUES {lists} ON CONFLICT DO NOTHING");
        let values = units.iter().flat_map(|unit| [(*unit as i64).into(), order.into()]).collect();
        sql::run(tx, &text, values).await?;
    }
    Ok(())
}
