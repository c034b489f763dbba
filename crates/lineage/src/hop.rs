//! One unit in one role of one record: the narrow row that a walk reads instead of the record.
//!
//! The numbers of the enums are what rows and messages hold; they are the numbers of `tracemesh.record.v1` where that has the same word.
//! Who wrote the record, its evidence and its bytes are absent: a chain names its records, and whoever shows them fetches them.

use std::fmt;
use std::sync::Arc;

/// What a unit does in a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Role {
    /// Goes into what the record makes, and out of the world.
    Input = 1,
    /// Comes out of the record.
    Output = 2,
    /// Is there, and stays what it was.
    Observed = 3,
    /// Holds the contents.
    Container = 4,
    /// Lies in the container.
    Content = 5,
    /// A handle that finds the record; a walk takes the record and does not go on.
    Mentioned = 6,
}

impl Role {
    /// The number in rows and messages.
    pub fn code(self) -> u8 {
        self as u8
    }

    /// The role with this number.
    pub fn from_code(code: u8) -> Option<Role> {
        [Role::Input, Role::Output, Role::Observed, Role::Container, Role::Content, Role::Mentioned].into_iter().find(|r| r.code() == code)
    }

    /// The role of a hop's neighbours: what an input went into, what an output came from, what a container holds, where a content lies.
    /// A hop lists the item and batch units that its record has in this role, and no others.
    pub fn across(self) -> Option<Role> {
        match self {
            Role::Input => Some(Role::Output),
            Role::Output => Some(Role::Input),
            Role::Container => Some(Role::Content),
            Role::Content => Some(Role::Container),
            Role::Observed | Role::Mentioned => None,
        }
    }
}

/// Whether the record changes what lies in its containers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Packing {
    /// It does not: an observation, or no packing at all.
    #[default]
    None = 0,
    /// Contents go in.
    Pack = 1,
    /// Contents come out: those that are named, or all where nothing is.
    Unpack = 2,
}

impl Packing {
    /// The number in rows and messages.
    pub fn code(self) -> u8 {
        self as u8
    }

    /// The packing with this number.
    pub fn from_code(code: u8) -> Option<Packing> {
        [Packing::None, Packing::Pack, Packing::Unpack].into_iter().find(|p| p.code() == code)
    }
}

/// As much of a record's class as tells whether a chain may begin there, and what became of the goods. The codes are those of the record's
/// class.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Stage {
    /// Every other class: a chain does not begin there, and the goods stay whose they are.
    #[default]
    Other = 0,
    /// First mile.
    Produce = 1,
    /// First mile where an output names no inputs.
    Slaughter = 2,
    /// The goods go to the holder.
    Transport = 7,
    /// Somebody looks at the goods and does not keep them.
    Inspect = 8,
    /// The goods go to the holder.
    Wholesale = 9,
    /// The goods go to whoever eats or uses them, and out of sight.
    Retail = 10,
    /// The goods go to the holder.
    GroupPurchase = 11,
    /// First mile.
    Import = 12,
    /// The goods go out of the country, and out of sight.
    Export = 13,
    /// First mile where an output names no inputs.
    Use = 14,
    /// The goods go back to the holder.
    Return = 15,
    /// The goods are no more.
    Destroy = 16,
}

impl Stage {
    const ALL: [Stage; 12] = [
        Stage::Produce,
        Stage::Slaughter,
        Stage::Transport,
        Stage::Inspect,
        Stage::Wholesale,
        Stage::Retail,
        Stage::GroupPurchase,
        Stage::Import,
        Stage::Export,
        Stage::Use,
        Stage::Return,
        Stage::Destroy,
    ];

    /// The number in rows and messages.
    pub fn code(self) -> u8 {
        self as u8
    }

    /// The stage of a record class, by its number in `tracemesh.record.v1`.
    pub fn from_class(class: u32) -> Stage {
        Stage::ALL.into_iter().find(|stage| u32::from(stage.code()) == class).unwrap_or(Stage::Other)
    }
}

/// How much one code names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Granularity {
    /// One thing.
    Item = 1,
    /// A batch: it may be in many places, and used many times.
    Batch = 2,
    /// A kind of thing: shown, never walked through.
    Class = 3,
}

impl Granularity {
    /// The number in rows and messages.
    pub fn code(self) -> u8 {
        self as u8
    }

    /// The granularity with this number.
    pub fn from_code(code: u8) -> Option<Granularity> {
        [Granularity::Item, Granularity::Batch, Granularity::Class].into_iter().find(|g| g.code() == code)
    }
}

/// The units on the other side of the record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Neighbours {
    /// All of them.
    Listed(Vec<u64>),
    /// Too many for the row, or none but classes of things that a container was unpacked of: the record has them, and there is at least one.
    InRecord,
}

/// One unit in one role of one record. A node has at most one such row for a record, unit and role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hop {
    /// The node whose record it is.
    pub node: Arc<str>,
    /// The unit key.
    pub unit: u64,
    /// Unix microseconds, as the provider claims; the same on every hop of a record.
    pub event_time: i64,
    pub role: Role,
    pub packing: Packing,
    pub stage: Stage,
    pub granularity: Granularity,
    /// The record, by a number of its node.
    pub record: i64,
    /// 0, or the record of the same node whose hop of this unit is taken back. Such a row says nothing else.
    pub retracts: i64,
    pub area: String,
    pub category: String,
    /// Who has the unit after the record; empty where it does not say.
    pub holder: String,
    /// A decimal as text; empty where the record does not say.
    pub quantity: String,
    /// The unit of measure of the quantity.
    pub measure: String,
    pub neighbours: Neighbours,
}

impl Hop {
    /// The record that this hop belongs to.
    pub fn record_ref(&self) -> RecordRef {
        RecordRef { node: self.node.clone(), record: self.record }
    }
}

/// A record somewhere in the mesh.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RecordRef {
    pub node: Arc<str>,
    pub record: i64,
}

impl fmt::Display for RecordRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.node, self.record)
    }
}

/// One unit of a record whose hops did not list their neighbours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Member {
    pub unit: u64,
    pub role: Role,
    pub granularity: Granularity,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_come_back() {
        for code in 1..=6 {
            assert_eq!(Role::from_code(code).map(Role::code), Some(code));
        }
        for code in 0..=2 {
            assert_eq!(Packing::from_code(code).map(Packing::code), Some(code));
        }
        for code in 1..=3 {
            assert_eq!(Granularity::from_code(code).map(Granularity::code), Some(code));
        }
        assert_eq!((Role::from_code(0), Role::from_code(7), Packing::from_code(3), Granularity::from_code(0)), (None, None, None, None));
    }

    #[test]
    fn stages_have_the_numbers_of_classes() {
        let known: Vec<u32> = (0..=20).filter(|class| Stage::from_class(*class) != Stage::Other).collect();
        assert_eq!(known, [1, 2, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]);
        assert!(known.into_iter().all(|class| u32::from(Stage::from_class(class).code()) == class));
    }

    #[test]
    fn across_is_its_own_way_back() {
        for role in (1..=6).filter_map(Role::from_code) {
            assert_eq!(role.across().and_then(Role::across), role.across().map(|_| role));
        }
    }
}
