//! Who was told of an order, who has answered, and what came back: read off the rows, and nothing else.

use std::collections::BTreeMap;

use tracemesh_model::Amount;
use tracemesh_proto::emergency::v1::{EstablishmentRow, Recovered, TierRow};
use tracemesh_proto::time::micros;

pub const ACKNOWLEDGED: &str = "acknowledged";

/// Every row of an order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rows {
    pub tiers: Vec<TierRow>,
    pub establishments: Vec<EstablishmentRow>,
}

impl Rows {
    /// Nodes, and `NODE/ESTABLISHMENT`, that have not acknowledged.
    pub fn waiting_for(&self) -> Vec<String> {
        let tiers = self.tiers.iter().filter(|row| row.state != ACKNOWLEDGED).map(|row| row.node.clone());
        let mut waiting: Vec<String> = tiers.collect();
        waiting.extend(self.establishments.iter().filter(|row| row.state != ACKNOWLEDGED).map(name));
        // One that holds things by several measures waits once.
        waiting.dedup();
        waiting
    }

    /// By unit of measure: what is on the shelves by the records, and what came back.
    pub fn recovered(&self) -> Vec<Recovered> {
        let mut sums: BTreeMap<&str, [Amount; 3]> = BTreeMap::new();
        for row in &self.establishments {
            let sum = sums.entry(&row.unit_of_measure).or_default();
            for (sum, text) in sum.iter_mut().zip([&row.quantity, &row.recovered, &row.destroyed]) {
                *sum = sum.checked_add(Amount::parse(text).unwrap_or_default()).unwrap_or(*sum);
            }
        }
        sums.into_iter().map(|(measure, sum)| total(measure, sum)).collect()
    }

    /// Marks what was, or is, too late to acknowledge by `due_at`.
    pub fn mark_late(&mut self, due_at: i64, now: i64) {
        let late = |state: &str, at| (if state == ACKNOWLEDGED { micros(at) } else { now }) >= due_at;
        for row in &mut self.tiers {
            row.late = late(&row.state, row.at.as_ref());
        }
        for row in &mut self.establishments {
            row.late = late(&row.state, row.at.as_ref());
        }
    }
}

/// Whether the texts of a row from elsewhere are amounts.
pub fn is_sound(row: &EstablishmentRow) -> bool {
    let amount = |text: &String| text.is_empty() || Amount::parse(text).is_ok();
    [&row.quantity, &row.recovered, &row.destroyed].into_iter().all(amount)
}

fn name(row: &EstablishmentRow) -> String {
    format!("{}/{}", row.node, if row.name.is_empty() { &row.subject } else { &row.name })
}

fn total(measure: &str, [affected, recovered, destroyed]: [Amount; 3]) -> Recovered {
    Recovered {
        unit_of_measure: measure.into(),
        affected: affected.to_string(),
        recovered: recovered.to_string(),
        destroyed: destroyed.to_string(),
        rate: rate(recovered, affected),
    }
}

/// To the nearest ten-thousandth, and 1 at most.
fn rate(part: Amount, whole: Amount) -> String {
    if whole.is_zero() {
        return String::new();
    }
    let (part, whole) = (part.billionths(), whole.billionths());
    let rate = part.checked_mul(20_000).map_or(10_000, |doubled| (doubled / whole + 1) / 2).min(10_000);
    format!("{}.{:04}", rate / 10_000, rate % 10_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(name: &str, state: &str, [quantity, recovered, destroyed]: [&str; 3]) -> EstablishmentRow {
        let [node, measure] = ["yantai", "kg"].map(str::to_owned);
        let [quantity, recovered, destroyed] = [quantity, recovered, destroyed].map(str::to_owned);
        let (name, state) = (name.to_owned(), state.to_owned());
        EstablishmentRow { node, name, state, quantity, recovered, destroyed, unit_of_measure: measure, ..EstablishmentRow::default() }
    }

    /// 12.5 and 7.5 kg are 20; 5 and 7.5 kg came back, 12.5 of 20: 0.625.
    #[test]
    fn what_came_back_is_added_up_exactly() {
        let rows = vec![row("a", ACKNOWLEDGED, ["12.5", "5", "1.25"]), row("b", "waiting", ["7.5", "7.5", ""])];
        let sums = Rows { establishments: rows, ..Rows::default() }.recovered();
        let [Recovered { affected, recovered, destroyed, rate, .. }] = sums.as_slice() else { panic!("{sums:?}") };
        assert_eq!([affected, recovered, destroyed, rate], ["20", "12.5", "1.25", "0.6250"]);
    }

    #[test]
    fn rates_are_rounded_and_end_at_one() {
        let rate = |part, whole| rate(Amount::parse(part).unwrap(), Amount::parse(whole).unwrap());
        assert_eq!(
            [rate("1", "3"), rate("2", "3"), rate("5", "3"), rate("0", "3"), rate("0", "0")],
            ["0.3333", "0.6667", "1.0000", "0.0000", ""]
        );
    }

    #[test]
    fn who_has_not_acknowledged_is_named_once() {
        let tier = |node: &str, state: &str| TierRow { node: node.into(), state: state.into(), ..TierRow::default() };
        let tiers = vec![tier("yantai", "received"), tier("qingdao", ACKNOWLEDGED), tier("jinan", "sent"), tier("weihai", "refused")];
        let establishments =
            vec![row("a", "waiting", ["1", "", ""]), row("a", "waiting", ["2", "", ""]), row("b", ACKNOWLEDGED, ["", "", ""])];
        assert_eq!(Rows { tiers, establishments }.waiting_for(), ["yantai", "jinan", "weihai", "yantai/a"]);
    }

    #[test]
    fn late_is_who_answered_too_late_or_has_not_answered() {
        let at = |at| Some(tracemesh_proto::time::timestamp(at));
        let tier = |state: &str, at| TierRow { state: state.into(), at, ..TierRow::default() };
        let mut rows =
            Rows { tiers: vec![tier(ACKNOWLEDGED, at(99)), tier(ACKNOWLEDGED, at(100)), tier("received", at(5))], ..Rows::default() };
        let late = |rows: &Rows| rows.tiers.iter().map(|row| row.late).collect::<Vec<_>>();
        rows.mark_late(100, 99);
        assert_eq!(late(&rows), [false, true, false]);
        rows.mark_late(100, 100);
        assert_eq!(late(&rows), [false, true, true]);
    }
}
