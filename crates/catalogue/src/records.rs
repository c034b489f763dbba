//! What is wrong, or doubtful, with a record: `record.*`. Receipts show these texts to providers, who mend their data by them.
//!
//! The files follow a record from its bytes inward: can it be read at all ([`READING`]), its fields whatever they are ([`FIELDS`]), its head
//! ([`HEAD`]), its units and lists ([`UNITS`]), EPCIS events ([`EPCIS`]), and what is taken with a warning ([`WARNED`]). The blanks are
//! `{field}`, `{value}` and `{rule}` of the violation.

mod epcis;
mod fields;
mod head;
mod reading;
mod units;
mod warned;

pub(crate) use epcis::EPCIS;
pub(crate) use fields::FIELDS;
pub(crate) use head::HEAD;
pub(crate) use reading::READING;
pub(crate) use units::UNITS;
pub(crate) use warned::WARNED;
