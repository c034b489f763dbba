//! What an order is about, frozen: in one order of units and holdings, so that its hash says the same to everybody.

use prost::Message;
use sha2::{Digest, Sha256};
use tracemesh_model::Amount;
use tracemesh_proto::emergency::v1::{EstablishmentRow, Scope};
use tracemesh_proto::ingestion::v1::Holding;

/// Who has something where no record says who.
const NOBODY: &str = "UNKNOWN";

/// Sorts what the scope holds and writes its hash.
pub fn freeze(mut scope: Scope) -> Scope {
    scope.units.sort_unstable();
    scope.units.dedup();
    scope.holdings.sort_by(|one, other| key(one).cmp(&key(other)));
    scope.hash = hash(&scope);
    scope
}

/// SHA-256 of units and holdings as encoded, hex.
pub fn hash(scope: &Scope) -> String {
    let hashed = Scope { units: scope.units.clone(), holdings: scope.holdings.clone(), ..Scope::default() };
    hex::encode(Sha256::digest(hashed.encode_to_vec()))
}

/// Without what makes it long: for lists, and for entries that tell of an order.
pub fn outline(scope: &Scope) -> Scope {
    Scope { units: Vec::new(), holdings: Vec::new(), ..scope.clone() }
}

/// The establishments that are a node's to reach: everybody who has, or had, something by the records of that node. One row for each and each measure,
/// whatever the categories and areas that its holdings are split by.
pub fn establishments(scope: &Scope, node: &str) -> Vec<EstablishmentRow> {
    let mut rows: Vec<EstablishmentRow> = Vec::new();
    for row in scope.holdings.iter().filter(|holding| holding.node == node).map(waiting) {
        // Holdings are sorted, so that what belongs together stands together.
        match rows.last_mut().filter(|last| (&last.subject, &last.unit_of_measure) == (&row.subject, &row.unit_of_measure)) {
            Some(last) => add(last, &row),
            None => rows.push(row),
        }
    }
    rows
}

fn add(row: &mut EstablishmentRow, more: &EstablishmentRow) {
    let [held, other] = [&row.quantity, &more.quantity].map(|text| Amount::parse(text).unwrap_or_default());
    row.quantity = held.checked_add(other).unwrap_or(held).to_string();
    row.units = row.units.saturating_add(more.units);
}

fn waiting(holding: &Holding) -> EstablishmentRow {
    let subject = if holding.subject.is_empty() { NOBODY } else { &holding.subject };
    EstablishmentRow {
        subject: subject.into(),
        name: holding.name.clone(),
        node: holding.node.clone(),
        area: holding.area.clone(),
        units: holding.units,
        quantity: if holding.held.is_empty() { "0".into() } else { holding.held.clone() },
        unit_of_measure: holding.unit_of_measure.clone(),
        state: "waiting".into(),
        ..EstablishmentRow::default()
    }
}

fn key(holding: &Holding) -> (&str, &str, &str, &str, &str) {
    (&holding.node, &holding.subject, &holding.unit_of_measure, &holding.area, &holding.category)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holding(node: &str, subject: &str) -> Holding {
        Holding { node: node.into(), subject: subject.into(), held: "1.5".into(), unit_of_measure: "kg".into(), ..Holding::default() }
    }

    #[test]
    fn the_same_things_in_another_order_have_the_same_hash() {
        let one = freeze(Scope { units: vec![3, 1, 2, 1], holdings: vec![holding("b", "x"), holding("a", "y")], ..Scope::default() });
        let other = freeze(Scope { units: vec![1, 2, 3], holdings: vec![holding("a", "y"), holding("b", "x")], ..Scope::default() });
        assert_eq!((one.hash.len(), &one), (64, &other));
        let less = freeze(Scope { units: vec![1, 2], ..other });
        assert_ne!(less.hash, one.hash);
    }

    #[test]
    fn a_node_reaches_its_own_establishments_also_those_without_a_name() {
        let scope = Scope { holdings: vec![holding("a", "x"), holding("a", ""), holding("b", "z"), holding("a", "x")], ..Scope::default() };
        let rows = establishments(&freeze(scope), "a");
        let rows: Vec<(&str, &str)> = rows.iter().map(|row| (row.subject.as_str(), row.quantity.as_str())).collect();
        assert_eq!(rows, [("UNKNOWN", "1.5"), ("x", "3")], "one row for each, however its holdings are split");
    }
}
