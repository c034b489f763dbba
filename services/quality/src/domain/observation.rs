//! What detectors keep of records: an observation says one thing about one record, and stands in a group with those that it is to be held
//! against. Whatever a detector finds is a function of a group, so that a correction, which takes observations away and brings others, corrects
//! the finding too, and the order in which records came does not matter to it.

use sha2::{Digest, Sha256};
use tracemesh_model::Amount;

/// The number of a group: its detector's, and a hash of what its records share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Group(pub i64);

/// Bits of the hash: two of a hundred million groups meet about once in a hundred databases. The detector stands above them, the sign stays free.
const HASH_BITS: u32 = 59;

impl Group {
    pub fn of(detector: u8, shared: &[&str]) -> Self {
        let mut hash = Sha256::new();
        for text in shared {
            hash.update((text.len() as u64).to_be_bytes());
            hash.update(text.as_bytes());
        }
        let digest = hash.finalize();
        let mut first = [0; 8];
        first.copy_from_slice(&digest[..8]);
        Self((u64::from(detector) << HASH_BITS | u64::from_be_bytes(first) >> (u64::BITS - HASH_BITS)).cast_signed())
    }

    /// The number of its detector.
    pub fn detector(self) -> u8 {
        (self.0.cast_unsigned() >> HASH_BITS) as u8
    }
}

/// What a record shows to one detector.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    pub group: Group,
    pub side: Side,
    pub amount: Option<Amount>,
    /// A measure, a name, a code: what the detector compares or shows.
    pub what: String,
}

/// What a record has to do with the thing that its group is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// It came into being.
    Made,
    /// It went into something else.
    Used,
    Sold,
    Returned,
    Packed,
    Unpacked,
    Destroyed,
    /// It was only said, as a price or a certificate is.
    Told,
}

impl Side {
    const ALL: [Side; 8] = [Side::Made, Side::Used, Side::Sold, Side::Returned, Side::Packed, Side::Unpacked, Side::Destroyed, Side::Told];

    pub fn number(self) -> i64 {
        self as i64
    }

    pub fn of_number(number: i64) -> Option<Self> {
        usize::try_from(number).ok().and_then(|at| Self::ALL.get(at).copied())
    }
}

/// One observation in its group, with the record that it is of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Observation {
    /// The record's place as a number.
    pub record: i64,
    pub cell: i64,
    /// When it happened, in unix microseconds.
    pub at: i64,
    /// Key of the responsible subject; 0 where nobody is named.
    pub subject: i64,
    pub seen: Seen,
}

impl Observation {
    /// By event time, then by the journal; what is left are observations of one record, in an order that does not depend on where they are kept.
    pub fn order(&self) -> (i64, i64, Side, Option<i128>, &str) {
        (self.at, self.record, self.seen.side, self.seen.amount.map(Amount::billionths), &self.seen.what)
    }
}
