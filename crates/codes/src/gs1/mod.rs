//! GS1 identifiers in all their spellings: plain digits, EPC URN, Digital Link, bracketed element string. Whatever the spelling, the same
//! unit becomes the same key, so nodes that scan, nodes that read EPCIS and people who click a link meet.
//!
//! How a unit is written down: the value is the key alone, always in full length (GTIN as 14 digits). A serial of a GTIN or an extension
//! of a GLN follows it after a dot, because they name another thing than the bare key; a lot is the batch beside it.
//!
//! The length of a company prefix is needed only to write an EPC URN, which we never do: what came in as one is kept as it came.
//! Absent: raw scanner output with FNC1 separators, and the keys of assets, documents and coupons (GRAI, GIAI, GDTI, …).

mod elements;
mod epc;
mod keys;
mod link;
mod percent;

use crate::fault::CodeFault;
use crate::scheme::Scheme;

pub(crate) use keys::plain;

/// One GS1 unit, apart from its spelling.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Unit {
    pub(crate) scheme: Scheme,
    pub(crate) value: String,
    pub(crate) batch: String,
}

/// What a text says to a reader of one spelling.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// A unit.
    Unit(Unit),
    /// This spelling, wrongly used. Positions are left out: they would count within a part of the text.
    Malformed(Vec<CodeFault>),
    /// Another spelling, or a key that we do not index.
    Nothing,
}

/// Tries every spelling but plain digits.
pub(crate) fn read(text: &str) -> Found {
    [epc::read, link::read, elements::read].iter().map(|read| read(text)).find(|found| *found != Found::Nothing).unwrap_or(Found::Nothing)
}

/// The key and its qualifiers as a Digital Link or an element string lists them, by application identifier.
fn unit_of(elements: &[(&str, &str)]) -> Found {
    let of = |ai: &str| elements.iter().find(|(found, _)| *found == ai).map(|(_, value)| *value);
    let unit = if let Some(sscc) = of("00") {
        keys::sscc(sscc)
    } else if let Some(gtin) = of("01") {
        keys::gtin(gtin, of("10").unwrap_or_default(), of("21").unwrap_or_default())
    } else if let Some(gln) = of("414").or(of("417")) {
        keys::gln(gln, of("254").unwrap_or_default())
    } else {
        return Found::Nothing;
    };
    unit.map_or_else(|faults| Found::Malformed(faults.into_iter().map(without_position).collect()), Found::Unit)
}

fn without_position(fault: CodeFault) -> CodeFault {
    CodeFault { position: None, ..fault }
}
