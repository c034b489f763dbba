//! An entry's place in ingestion's journal: what a record is called here, and how people find its receipt.

/// Bits of an entry's number; the epoch stands above them. Sixteen trillion entries in each of half a million epochs.
const SEQ_BITS: u32 = 44;

/// An entry's place. Two histories of one journal differ in their epoch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    pub epoch: u64,
    pub seq: u64,
}

impl Place {
    /// As a number that a table keeps, in the order of the journal.
    pub fn number(self) -> i64 {
        (self.epoch << SEQ_BITS | self.seq).cast_signed()
    }

    pub fn of_number(number: i64) -> Self {
        let number = number.cast_unsigned();
        Self { epoch: number >> SEQ_BITS, seq: number & ((1 << SEQ_BITS) - 1) }
    }

    /// The receipt of the entry at this place.
    pub fn receipt(self, journal: &str) -> String {
        format!("{journal}/{}/{}", self.epoch, self.seq)
    }
}

/// What an answer is true of: the last entry that was followed, and when it was recorded in unix microseconds; 0 before the first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AsOf {
    pub place: Place,
    pub recorded_at: i64,
    pub journal: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_keep_their_order_as_numbers() {
        let places = [Place { epoch: 1, seq: 1 }, Place { epoch: 1, seq: (1 << SEQ_BITS) - 1 }, Place { epoch: 2, seq: 1 }];
        let numbers = places.map(Place::number);
        assert!(numbers.is_sorted());
        assert_eq!(numbers.map(Place::of_number), places);
        assert_eq!(places[2].receipt("yantai.ingestion"), "yantai.ingestion/2/1");
    }
}
