//! A record as a document spells it: every field text or absent, nothing believed yet.
//!
//! Each reader makes drafts and none of them judges; [`crate::check`] judges, once, for all formats. What a reader notices on the way (a
//! number where a text should be, a key that stands twice, a field that nobody knows) travels in the draft, so that a provider learns
//! everything that is wrong at once. As in proto3, an empty text is an absent one.

use serde_json::{Map, Value};

use crate::class::Packing;
use crate::tally::Tally;

/// One record as its document spells it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Draft {
    /// How many bytes the document has; the check compares it with the node's limit.
    pub bytes: usize,
    /// The provider's id.
    pub record_id: String,
    /// The revision; absent means 1. What does not fit 64 bits is held at their edge.
    pub revision: Option<i64>,
    /// The name of the class.
    pub class: String,
    /// What happened to packings, where the format says so by itself; else the class decides.
    pub packing: Option<Packing>,
    /// The name of the category.
    pub category: String,
    /// The claimed time.
    pub event_time: String,
    /// Where.
    pub place: DraftPlace,
    /// Who.
    pub parties: DraftParties,
    /// With what.
    pub units: Vec<DraftUnit>,
    /// What the goods are.
    pub product: DraftProduct,
    /// The transaction.
    pub act: DraftAct,
    /// Certificates and reports.
    pub evidence: Vec<DraftEvidence>,
    /// Why it replaces an earlier revision.
    pub corrects: Option<DraftCorrection>,
    /// Anything else.
    pub extension: Map<String, Value>,
    /// What the reader found that forbids accepting the record.
    pub faults: Tally,
    /// What the reader found that the provider should know.
    pub findings: Tally,
}

/// A code as written. Without a scheme, the value is a bare string that we classify.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DraftCode {
    /// The scheme's name, or empty.
    pub scheme: String,
    /// Who issued it, or empty.
    pub issuer: String,
    /// The code itself.
    pub value: String,
}

impl DraftCode {
    /// A bare string.
    pub fn bare(value: impl Into<String>) -> Self {
        Self { value: value.into(), ..Self::default() }
    }
}

/// See [`crate::Place`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DraftPlace {
    pub region: String,
    pub subject: Option<DraftCode>,
    pub location: String,
}

/// See [`crate::Parties`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DraftParties {
    pub responsible: Option<DraftParty>,
    pub source: Option<DraftParty>,
    pub destination: Option<DraftParty>,
}

/// See [`crate::Party`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DraftParty {
    pub code: Option<DraftCode>,
    pub name: String,
    pub address: String,
    pub contact: String,
    pub phone: String,
    pub licence: String,
}

/// See [`crate::Unit`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DraftUnit {
    pub role: String,
    pub code: Option<DraftCode>,
    pub granularity: String,
    pub batch: String,
    pub quantity: Option<DraftQuantity>,
}

/// See [`crate::Quantity`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DraftQuantity {
    pub value: String,
    pub unit: String,
}

/// See [`crate::Product`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DraftProduct {
    pub code: Option<DraftCode>,
    pub name: String,
    pub spec: String,
    pub class_code: String,
    pub produced_on: String,
    pub best_before: String,
}

/// See [`crate::Act`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DraftAct {
    pub voucher: String,
    pub unit_price: String,
    pub amount: String,
    pub mode: String,
    pub vehicle: String,
}

/// See [`crate::Evidence`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DraftEvidence {
    pub kind: String,
    pub number: String,
    pub issuer: String,
    pub issued_on: String,
    pub valid_until: String,
    pub result: String,
    pub uri: String,
}

/// See [`crate::Correction`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DraftCorrection {
    pub reason: String,
    pub void: bool,
}
