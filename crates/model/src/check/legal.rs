//! Fields that the Food Safety Law asks for: articles 50 and 51 of makers, 53 of traders, 65 of those who sell farm products.
//!
//! A record without them is accepted, because a chain with a gap in its paperwork is still a chain; the provider is told, in one finding,
//! what is missing. Retail sales to those who eat are outside these articles. The table is ours and a jurisdiction's rules may ask for more:
//! that is quality's work.

use super::checking::Checking;
use crate::category::Category;
use crate::class::Class;
use crate::path::Path;
use crate::reasons;
use crate::record::{Party, TraceRecord};

/// Something that the law wants to be written down.
#[derive(Clone, Copy)]
enum Due {
    Name,
    Spec,
    Quantity,
    ProducedOrBatch,
    BestBefore,
    Counterparty,
}

/// What the law asks of a record, and how much of it is there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LegalFields {
    /// Fields that are due; a counterparty is three: its name, its address, a way to reach it.
    pub due: usize,
    /// Those that are filled.
    pub filled: usize,
    /// Paths of what is not there; of a counterparty that nobody named, its own.
    pub missing: Vec<&'static str>,
}

impl LegalFields {
    /// The fields of an accepted record, as the warning on its receipt counts them.
    pub fn of(record: &TraceRecord) -> Self {
        let mut fields = Self::default();
        for due in due(record.category.as_str(), record.class) {
            let absent = absent(*due, record);
            let (count, missing) = match (due, absent.as_slice()) {
                (Due::Counterparty, ["parties.source"]) => (3, 3),
                (Due::Counterparty, some) => (3, some.len()),
                (_, some) => (1, some.len()),
            };
            fields.due += count;
            fields.filled += count - missing;
            fields.missing.extend(absent);
        }
        fields
    }
}

pub(super) fn fields(record: &TraceRecord, checking: &mut Checking<'_>) {
    let missing = LegalFields::of(record).missing;
    if !missing.is_empty() {
        checking.warn(reasons::LEGAL_FIELDS_ABSENT, &Path::Root.key(&missing.join(",")), "");
    }
}

fn due(category: &str, class: Class) -> &'static [Due] {
    match (category, class) {
        (Category::FOOD, Class::Process) => &[Due::Name, Due::Spec, Due::Quantity, Due::ProducedOrBatch, Due::BestBefore],
        (Category::FOOD, Class::Wholesale | Class::GroupPurchase | Class::Import) => {
            &[Due::Name, Due::Spec, Due::Quantity, Due::ProducedOrBatch, Due::BestBefore, Due::Counterparty]
        }
        (Category::FARM_PRODUCE, Class::Wholesale | Class::GroupPurchase) => &[Due::Name, Due::Quantity, Due::Counterparty],
        _ => &[],
    }
}

/// The paths of what is not there.
fn absent(due: Due, record: &TraceRecord) -> Vec<&'static str> {
    let product = &record.product;
    match due {
        Due::Name => when(product.name.is_empty(), "product.name"),
        Due::Spec => when(product.spec.is_empty(), "product.spec"),
        Due::Quantity => when(record.units.iter().all(|unit| unit.quantity.is_none()), "units.quantity"),
        Due::ProducedOrBatch => {
            when(product.produced_on.is_none() && record.units.iter().all(|unit| unit.batch.is_empty()), "product.produced_on")
        }
        Due::BestBefore => when(product.best_before.is_none(), "product.best_before"),
        Due::Counterparty => counterparty(record),
    }
}

fn when(missing: bool, path: &'static str) -> Vec<&'static str> {
    if missing { vec![path] } else { Vec::new() }
}

/// The supplier, else the buyer, with name, address and a way to reach it.
fn counterparty(record: &TraceRecord) -> Vec<&'static str> {
    match (&record.parties.source, &record.parties.destination) {
        (Some(source), _) => contact(source, ["parties.source.name", "parties.source.address", "parties.source.contact"]),
        (None, Some(buyer)) => contact(buyer, ["parties.destination.name", "parties.destination.address", "parties.destination.contact"]),
        (None, None) => vec!["parties.source"],
    }
}

fn contact(party: &Party, paths: [&'static str; 3]) -> Vec<&'static str> {
    let absent = [party.name.is_empty(), party.address.is_empty(), party.contact.is_empty() && party.phone.is_empty()];
    paths.into_iter().zip(absent).filter_map(|(path, absent)| absent.then_some(path)).collect()
}
