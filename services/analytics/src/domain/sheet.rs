//! A month's figures of one origin: what a node hands to the one above, which hands them on as they are.

use std::collections::BTreeMap;

use super::cell::{Cell, Counts};
use super::digest::digest;
use super::month::Month;
use super::subjects::SubjectGroup;
use super::version::{AsOf, Place};

mod wire;

pub use wire::{SheetFault, amounts, read};

/// Ordered maps, so that equal figures are written as equal bytes wherever they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    /// The node that counted.
    pub origin: String,
    pub month: Month,
    /// The last entry of the origin's ingestion that changed the month: of two sheets of a month the one with the later entry is newer.
    pub version: Place,
    pub as_of: AsOf,
    pub cells: BTreeMap<Cell, Counts>,
    pub subjects: BTreeMap<SubjectGroup, i64>,
}

impl Sheet {
    pub fn digest(&self) -> [u8; 32] {
        digest(self)
    }
}
