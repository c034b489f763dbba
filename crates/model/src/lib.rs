#![doc = include_str!("../README.md")]

mod amount;
mod area;
mod category;
mod check;
mod class;
mod draft;
mod event_time;
mod path;
mod quantity;
mod received;
mod record;
mod tally;
mod unit;
mod violation;

pub mod epcis;
pub mod json;
pub mod measure;
pub mod reasons;

pub use amount::{Amount, AmountFault};
pub use area::AreaTree;
pub use category::Category;
pub use check::{Checked, LegalFields, check};
pub use class::{Class, Packing};
pub use draft::{
    Draft, DraftAct, DraftCode, DraftCorrection, DraftEvidence, DraftParties, DraftParty, DraftPlace, DraftProduct, DraftQuantity,
    DraftUnit,
};
pub use event_time::EventTime;
pub use quantity::Quantity;
pub use received::{Defaults, Everything, Limits, Received, Scope};
pub use record::{Act, Correction, Evidence, EvidenceKind, EvidenceResult, Parties, Party, Place, Product, TraceRecord};
pub use tally::Tally;
pub use unit::{Role, Unit};
pub use violation::Violation;

/// The day that figures count by.
pub use tracemesh_calendar::china_day;
/// What units and parties are named by, from the codes crate.
pub use tracemesh_codes::{Code, Granularity, Scheme, UnitKey};
