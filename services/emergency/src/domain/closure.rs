//! How an order ended, computed from its board's rows alone: whoever has those gets the same report.

use tracemesh_proto::emergency::v1::{Clock, ClosureReport, EstablishmentRow, Order};
use tracemesh_proto::time::timestamp;

use super::board::{ACKNOWLEDGED, Rows};

/// When it ended, by whom, and why.
#[derive(Clone, Copy, Debug)]
pub struct Ending<'a> {
    pub at: i64,
    pub by: &'a str,
    pub why: &'a str,
}

pub fn report(order: &Order, rows: &Rows, clocks: Vec<Clock>, ending: Ending<'_>) -> ClosureReport {
    let acknowledged = rows.tiers.iter().filter(|row| row.state == ACKNOWLEDGED).count();
    ClosureReport {
        order: order.id.clone(),
        closed_at: Some(timestamp(ending.at)),
        by: ending.by.into(),
        why: ending.why.into(),
        tiers: rows.tiers.len() as u32,
        tiers_acknowledged: acknowledged as u32,
        establishments: count(rows, |_| true),
        establishments_acknowledged: count(rows, |row| row.state == ACKNOWLEDGED),
        on_behalf: count(rows, |row| !row.on_behalf.is_empty()),
        recovered: rows.recovered(),
        never_acknowledged: rows.waiting_for(),
        clocks,
        scope_hash: order.scope.as_ref().map_or_else(String::new, |scope| scope.hash.clone()),
    }
}

/// Establishments, each once, however many measures it holds things by.
fn count(rows: &Rows, is_so: impl Fn(&EstablishmentRow) -> bool) -> u32 {
    let mut those: Vec<_> = rows.establishments.iter().filter(|row| is_so(row)).map(|row| (&row.node, &row.subject)).collect();
    those.sort_unstable();
    those.dedup();
    those.len() as u32
}
