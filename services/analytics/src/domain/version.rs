//! How far figures go: as of which entry of ingestion's journal they are true.

/// A history in this epoch was never given up.
pub const FIRST_EPOCH: u64 = 1;

/// An entry's place. Two histories of one journal differ in their epoch, and the later one counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    pub epoch: u64,
    pub seq: u64,
}

/// What figures are true of. Ordered by place first, so that of two copies the later one is the greater.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct AsOf {
    pub place: Place,
    /// When that entry was recorded, in unix microseconds; 0 before the first.
    pub recorded_at: i64,
    pub journal: String,
}
