//! The values of this crate: a code in canonical form, and what was understood of the text it came from.

use crate::fault::CodeFault;
use crate::key::{UnitKey, unit_key};
use crate::scheme::Scheme;
use crate::spelling;

/// How much one unit covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Granularity {
    /// One thing.
    Item,
    /// Everything made or handled together.
    Batch,
    /// A whole category, such as a product. Shown, never walked through.
    Class,
}

/// A code in canonical form: two spellings of one unit are equal here. Printed as `SCHEME:ISSUER/VALUE`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code {
    /// What kind of code it is.
    pub scheme: Scheme,
    /// Who gave the value its meaning; always empty where the scheme is globally unique.
    pub issuer: String,
    /// The canonical value. A GS1 serial or extension is part of it, after a dot: `06903244679763.A1`.
    pub value: String,
}

/// A code with what its text said besides. Printed as `SCHEME:ISSUER/VALUE#BATCH`, which reads back as the same code and batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identified {
    /// The code.
    pub code: Code,
    /// The batch that was written with it, or empty.
    pub batch: String,
    /// What the code itself says about granularity; `None` where only the provider knows.
    pub granularity: Option<Granularity>,
    /// How sure we are that the text is this, in percent; 100 where somebody named the scheme.
    pub confidence: u8,
    /// What is odd about the code although it was taken: for the receipt's warnings. Not printed.
    pub doubts: Vec<CodeFault>,
}

impl Code {
    /// Whether a batch beside this code belongs to the unit's identity: the value names a class, or may do so. Items, places and subjects
    /// that have a number of their own stay what they are whatever batch is mentioned with them.
    pub fn takes_batch(&self) -> bool {
        match self.scheme {
            Scheme::Gtin => self.serial().is_none(),
            Scheme::Ecode | Scheme::Handle | Scheme::Oid | Scheme::Uri | Scheme::Url | Scheme::Opaque => true,
            _ => false,
        }
    }

    /// The serial of a GTIN, or the extension of a GLN.
    pub fn serial(&self) -> Option<&str> {
        match self.scheme {
            Scheme::Gtin | Scheme::Gln => self.value.split_once('.').map(|(_, serial)| serial),
            _ => None,
        }
    }

    fn granularity(&self, batch: &str) -> Option<Granularity> {
        match self.scheme {
            Scheme::Gtin if self.serial().is_some() => Some(Granularity::Item),
            Scheme::Gtin if batch.is_empty() => Some(Granularity::Class),
            Scheme::Gtin => Some(Granularity::Batch),
            Scheme::Drug20 | Scheme::Vet24 | Scheme::Pesticide32 | Scheme::Seed => Some(Granularity::Item),
            Scheme::Equipment | Scheme::Organic | Scheme::Sscc => Some(Granularity::Item),
            _ => None,
        }
    }
}

impl Identified {
    /// A code whose scheme somebody named; classification lowers the confidence afterwards.
    pub(crate) fn new(code: Code, batch: String) -> Self {
        let granularity = code.granularity(&batch);
        Self { code, batch, granularity, confidence: 100, doubts: Vec::new() }
    }

    /// The unit's key.
    pub fn key(&self) -> UnitKey {
        unit_key(&self.code, &self.batch)
    }

    /// Adds the batch that a record states beside the code. Where the code's own text names another one, that one stays and the
    /// difference becomes the doubt `batch.conflict`; a batch that cannot be kept is left out with the doubt `batch.text`.
    pub fn with_batch(mut self, batch: &str) -> Self {
        let stated = spelling::normalise(batch);
        let faults = spelling::text_faults("batch.text", &stated.text, spelling::BATCH_BYTES);
        if !faults.is_empty() {
            self.doubts.extend(faults);
        } else if self.batch.is_empty() {
            self.doubts.extend(stated.doubt());
            self.batch = stated.text;
            self.granularity = self.code.granularity(&self.batch);
        } else if !stated.text.is_empty() && stated.text != self.batch {
            self.doubts.push(CodeFault::new("batch.conflict", "the code names another batch than the record"));
        }
        self
    }
}
