//! The trace record: what one provider says happened to some units, checked.
//!
//! Two documents that say the same are equal here, whatever their format and the order of their fields; ingestion relies on that when a
//! provider serialises anew for a retry. Texts are as the provider wrote them, codes are in canonical form. What a record of another
//! format says beyond these fields stands in `extension`.

use jiff::civil::Date;
use serde_json::{Map, Value};
use tracemesh_codes::Code;

use crate::amount::Amount;
use crate::category::Category;
use crate::class::{Class, Packing};
use crate::event_time::EventTime;
use crate::unit::Unit;

/// One checked record.
#[derive(Clone, Debug, PartialEq)]
pub struct TraceRecord {
    /// The provider's id; unique for the provider.
    pub record_id: String,
    /// 1 for a first record, more for those that replace it.
    pub revision: u32,
    /// What happened.
    pub class: Class,
    /// What it did to the containers and contents among the units.
    pub packing: Packing,
    /// The sub-platform, `UNKNOWN` where nobody named one.
    pub category: Category,
    /// When, as claimed.
    pub event_time: EventTime,
    /// The area it counts for: the place's, else the provider's, else `UNKNOWN`.
    pub area: String,
    /// Where.
    pub place: Place,
    /// Who.
    pub parties: Parties,
    /// With what: at least one.
    pub units: Vec<Unit>,
    /// What the goods are.
    pub product: Product,
    /// The transaction.
    pub act: Act,
    /// Certificates and reports.
    pub evidence: Vec<Evidence>,
    /// Why it replaces an earlier revision, where it does.
    pub corrects: Option<Correction>,
    /// Anything else, kept and returned.
    pub extension: Map<String, Value>,
}

impl TraceRecord {
    /// The area of a record for which nobody named one.
    pub const UNKNOWN_AREA: &'static str = "UNKNOWN";

    /// The subject that answers for the record: who held the units, unless they went on.
    pub fn responsible(&self) -> Option<&Code> {
        self.parties.responsible.as_ref()?.code.as_ref()
    }
}

/// Where it happened.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// GB/T 2260, 6, 9 or 12 digits, or a local area code, as written; empty where absent.
    pub region: String,
    /// The subject that answers for the place.
    pub subject: Option<Code>,
    /// A GLN or free text.
    pub location: String,
}

/// Who took part. `responsible` is `None` where neither the record nor the provider's registration names anybody.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parties {
    /// Who answers for the record.
    pub responsible: Option<Party>,
    /// One step back.
    pub source: Option<Party>,
    /// One step forward.
    pub destination: Option<Party>,
}

/// One party with the contact fields that the Food Safety Law asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Party {
    /// Its code, where the record has one.
    pub code: Option<Code>,
    /// Its name.
    pub name: String,
    /// Its address.
    pub address: String,
    /// Whom to ask for. Personal data.
    pub contact: String,
    /// Its telephone. Personal data.
    pub phone: String,
    /// The number of its licence.
    pub licence: String,
}

/// What the goods are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Product {
    /// The product's code, such as a GTIN.
    pub code: Option<Code>,
    /// Its name.
    pub name: String,
    /// Its specification.
    pub spec: String,
    /// Its code in a classification.
    pub class_code: String,
    /// The day of production.
    pub produced_on: Option<Date>,
    /// The last day on which it is good.
    pub best_before: Option<Date>,
}

/// The transaction.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Act {
    /// Number of the voucher, order or delivery note.
    pub voucher: String,
    /// Price per unit of measure, in CNY.
    pub unit_price: Option<Amount>,
    /// Price in all, in CNY.
    pub amount: Option<Amount>,
    /// How it was traded or carried.
    pub mode: String,
    /// Plate or name of the vehicle.
    pub vehicle: String,
}

/// A certificate, report or licence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// What it is.
    pub kind: EvidenceKind,
    /// Its number.
    pub number: String,
    /// Who issued it.
    pub issuer: String,
    /// When it was issued.
    pub issued_on: Option<Date>,
    /// Its last day.
    pub valid_until: Option<Date>,
    /// What it found, where it is a finding.
    pub result: Option<EvidenceResult>,
    /// Where it can be read.
    pub uri: String,
}

/// Kinds of evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EvidenceKind {
    /// Quarantine certificate of animals or plants.
    QuarantineCertificate,
    /// Certificate that an inspection was passed.
    InspectionCertificate,
    /// Certificate of origin.
    OriginCertificate,
    /// Report of an inspection.
    InspectionReport,
    /// Licence.
    Licence,
    /// Anything else, also where the record does not say.
    Other,
}

impl EvidenceKind {
    /// Every kind with its name in the contract.
    pub const ALL: [(EvidenceKind, &str); 6] = [
        (EvidenceKind::QuarantineCertificate, "QUARANTINE_CERTIFICATE"),
        (EvidenceKind::InspectionCertificate, "INSPECTION_CERTIFICATE"),
        (EvidenceKind::OriginCertificate, "ORIGIN_CERTIFICATE"),
        (EvidenceKind::InspectionReport, "INSPECTION_REPORT"),
        (EvidenceKind::Licence, "LICENCE"),
        (EvidenceKind::Other, "OTHER"),
    ];

    /// The kind of a name, exactly as the contract writes it.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find_map(|(kind, its)| (its == name).then_some(kind))
    }

    /// The name in the contract.
    pub fn as_str(self) -> &'static str {
        Self::ALL[self as usize].1
    }
}

/// What an inspection found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EvidenceResult {
    /// In order.
    Pass,
    /// Not in order.
    Fail,
}

impl EvidenceResult {
    /// The result of a name, exactly as the contract writes it.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "PASS" => Some(Self::Pass),
            "FAIL" => Some(Self::Fail),
            _ => None,
        }
    }

    /// The name in the contract.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "PASS",
            Self::Fail => "FAIL",
        }
    }
}

/// Why a revision replaces another.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Correction {
    /// The provider's reason.
    pub reason: String,
    /// Whether nothing stands in its place.
    pub void: bool,
}
