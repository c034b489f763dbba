//! A price far from what the same product cost on the same day in the same area. Compared per kilogram, or per piece, within a class of record,
//! as the market sells for less than the shop; the median of the day is not moved by those that are far off.

use std::collections::BTreeMap;

use tracemesh_model::{Amount, Quantity, TraceRecord};

use super::{Detector, Dimension, Notes, Parameters, Proof, Suspicion, WARN};
use crate::domain::observation::{Observation, Side};

pub const DETECTOR: Detector =
    Detector { number: 2, kind: "price_far_off", dimension: Dimension::Accuracy, severity: WARN, observe, judge };

const ONE: i128 = 1_000_000_000;

fn observe(record: &TraceRecord, notes: &mut Notes<'_>) {
    let product = record.product.code.as_ref().map_or_else(|| record.product.name.clone(), ToString::to_string);
    let quantity = record.units.iter().find_map(|unit| unit.quantity.as_ref());
    if product.is_empty() {
        return;
    }
    if let (Some(price), Some(quantity)) = (record.act.unit_price, quantity)
        && let Some((price, measure)) = per_piece(price, &quantity.unit)
    {
        let day = record.event_time.day().to_string();
        notes.add(&[&day, &record.area, record.class.as_str(), &product, &measure], Side::Told, Some(price), &measure);
    }
}

/// The price of one of the measure in which such goods are compared; nothing for what is given away.
fn per_piece(price: Amount, unit: &str) -> Option<(Amount, String)> {
    let one = Quantity { value: Amount::from_billionths(ONE), unit: unit.to_owned() };
    let (amount, measure) = one.summable();
    let price = price.billionths().checked_mul(ONE)?.checked_div(amount.billionths())?;
    (price > 0).then(|| (Amount::from_billionths(price), measure.to_owned()))
}

/// One cause for each subject: each has its own to explain.
fn judge(group: &[Observation], parameters: &Parameters) -> Vec<Suspicion> {
    let mut prices: Vec<i128> = group.iter().map(price).collect();
    if prices.len() < parameters.price_least.max(1) {
        return Vec::new();
    }
    prices.sort_unstable();
    let (median, factor) = (prices[prices.len() / 2], i128::from(parameters.price_factor_percent));
    let is_far = |price: i128| {
        price.saturating_mul(100) > median.saturating_mul(factor) || median.saturating_mul(100) > price.saturating_mul(factor)
    };
    let mut of_subject: BTreeMap<i64, Vec<Proof>> = BTreeMap::new();
    for of in group.iter().filter(|of| is_far(price(of))) {
        let text = |price: i128| format!("{} CNY/{}", Amount::from_billionths(price), of.seen.what);
        of_subject.entry(of.subject).or_default().push(of.proof("act.unit_price", text(price(of)), text(median)));
    }
    of_subject.into_iter().map(|(cause, proofs)| Suspicion { cause, whom: proofs[0].cell, proofs }).collect()
}

fn price(of: &Observation) -> i128 {
    of.seen.amount.map_or(0, Amount::billionths)
}
