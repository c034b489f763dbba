//! A record as a provider spells it: the JSON names of the contract, nothing checked.
//!
//! These types write only. The node reads records with its own, so that a misspelling here is found there.

mod fill;

use serde::{Serialize, Serializer};

#[derive(Clone, Serialize)]
pub struct Record<'w> {
    pub record_id: String,
    pub revision: u32,
    pub class: Class,
    pub category: &'static str,
    pub event_time: String,
    pub place: Place<'w>,
    pub parties: Parties<'w>,
    pub units: Vec<Unit>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub product: Option<Product>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub act: Option<Act>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<Evidence>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub corrects: Option<Correction>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Class {
    Produce,
    Slaughter,
    Process,
    Pack,
    Unpack,
    Store,
    Transport,
    Inspect,
    Wholesale,
    Retail,
    GroupPurchase,
}

/// A code as text, or as scheme and value: a bare one has no scheme.
#[derive(Clone, Copy)]
pub struct Code<'a> {
    pub scheme: &'a str,
    pub value: &'a str,
}

#[derive(Clone, Serialize)]
pub struct Place<'w> {
    pub region: &'static str,
    /// Whose place it is, where it is not the responsible subject's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<Code<'w>>,
}

#[derive(Clone, Serialize)]
pub struct Parties<'w> {
    pub responsible: Party<'w>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<Party<'w>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub destination: Option<Party<'w>>,
}

#[derive(Clone, Serialize)]
pub struct Party<'w> {
    pub code: Code<'w>,
    pub name: &'w str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<&'w str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<&'w str>,
}

/// What is traced: a unit's code, and the batch where the code names a class.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Lot {
    pub scheme: &'static str,
    pub value: String,
    pub batch: String,
    pub granularity: Granularity,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Granularity {
    Item,
    Batch,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Role {
    Input,
    Output,
    Observed,
    Container,
    Content,
}

#[derive(Clone)]
pub struct Unit {
    pub role: Role,
    pub lot: Lot,
    /// The provider leaves the scheme out.
    pub bare: bool,
    pub quantity: Option<Quantity>,
}

#[derive(Clone, Serialize)]
pub struct Quantity {
    pub value: String,
    pub unit: &'static str,
}

#[derive(Clone, Serialize)]
pub struct Product {
    pub name: &'static str,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub spec: &'static str,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub produced_on: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub best_before: String,
}

#[derive(Clone, Default, Serialize)]
pub struct Act {
    #[serde(skip_serializing_if = "String::is_empty")]
    pub voucher: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub unit_price: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub amount: String,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub mode: &'static str,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub vehicle: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum EvidenceKind {
    QuarantineCertificate,
    InspectionCertificate,
    OriginCertificate,
    InspectionReport,
}

/// A certificate; all of them say PASS, for the country is honest.
#[derive(Clone, Serialize)]
pub struct Evidence {
    pub kind: EvidenceKind,
    pub number: String,
    pub issuer: String,
    pub issued_on: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub valid_until: String,
    pub result: &'static str,
}

#[derive(Clone, Serialize)]
pub struct Correction {
    pub reason: &'static str,
    pub void: bool,
}

impl Record<'_> {
    /// The batch of its first unit, or the code where that names the unit already.
    pub fn key(&self) -> String {
        let first = self.units.first().map(|unit| &unit.lot);
        first.map(|lot| if lot.batch.is_empty() { &lot.value } else { &lot.batch }).cloned().unwrap_or_default()
    }
}

impl Unit {
    pub fn code(&self) -> Code<'_> {
        Code { scheme: if self.bare { "" } else { self.lot.scheme }, value: &self.lot.value }
    }
}

impl Serialize for Code<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct InFull<'a> {
            scheme: &'a str,
            value: &'a str,
        }
        match self.scheme {
            "" => to.serialize_str(self.value),
            scheme => InFull { scheme, value: self.value }.serialize(to),
        }
    }
}

impl Serialize for Unit {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Spelled<'a> {
            role: Role,
            code: Code<'a>,
            granularity: Granularity,
            #[serde(skip_serializing_if = "str::is_empty")]
            batch: &'a str,
            #[serde(skip_serializing_if = "Option::is_none")]
            quantity: &'a Option<Quantity>,
        }
        let Unit { role, lot, quantity, .. } = self;
        Spelled { role: *role, code: self.code(), granularity: lot.granularity, batch: &lot.batch, quantity }.serialize(to)
    }
}
