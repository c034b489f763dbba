//! Sums of rows: a hash of each that should be there, less a hash of each that is.
//!
//! A sum is kept for every table and for every 65,536th block of the journal, so that one which is not zero says where to look. The hash has
//! a key that is drawn for each audit: nobody can have chosen altered rows so that their hashes add up to the same, and one audit in 2^64 is
//! deceived by chance.

use std::hash::{BuildHasher, Hash, RandomState};

use tracemesh_store::{ConnectionTrait, DbErr};

use super::expected::Expected;
use crate::domain::identity::{Claim, Identity};
use crate::store::derived::{self, Derived};
use crate::store::hops::StoredHop;
use crate::store::intake::Tally;

const BUCKETS: usize = 1 << 16;

#[derive(Default)]
pub struct Sums {
    key: RandomState,
    pub claims: Sum,
    pub hops: Sum,
    pub intake: Sum,
}

/// Of one table, by bucket.
pub struct Sum(Vec<u64>);

impl Default for Sum {
    fn default() -> Self {
        Self(vec![0; BUCKETS])
    }
}

impl Sums {
    pub fn add(&mut self, expected: &Expected) {
        let Self { key, claims, hops, intake } = self;
        expected.claims.iter().for_each(|row| claims.add(row.1.record, key.hash_one(row)));
        expected.hops.iter().for_each(|row| hops.add(row.record, key.hash_one(row)));
        expected.intake.iter().for_each(|row| intake.add(row.0, key.hash_one(row)));
    }

    /// Takes off what is stored. Whether nothing is left.
    pub async fn come_out_even(&mut self, db: &impl ConnectionTrait) -> Result<bool, DbErr> {
        let Self { key, claims, hops, intake } = self;
        claims.take_off::<(Identity, Claim)>(db, key).await?;
        hops.take_off::<StoredHop>(db, key).await?;
        intake.take_off::<(i64, Tally)>(db, key).await?;
        Ok([claims, hops, intake].iter().all(|sum| sum.is_even()))
    }

    /// Something is wrong with the rows of this entry, or of one that shares its bucket.
    pub fn doubt(&self, record: i64) -> bool {
        [&self.claims, &self.hops, &self.intake].iter().any(|sum| sum.doubts(record))
    }
}

impl Sum {
    pub fn is_even(&self) -> bool {
        self.0.iter().all(|sum| *sum == 0)
    }

    pub fn doubts(&self, record: i64) -> bool {
        self.0[bucket(record)] != 0
    }

    fn add(&mut self, record: i64, hash: u64) {
        let sum = &mut self.0[bucket(record)];
        *sum = sum.wrapping_add(hash);
    }

    async fn take_off<R: Derived + Hash>(&mut self, db: &impl ConnectionTrait, key: &RandomState) -> Result<(), DbErr> {
        let read = derived::each::<R>(db, |record, row| match row {
            Ok(row) => self.add(record, key.hash_one(row).wrapping_neg()),
            // No row that should be there is like it.
            Err(_) => self.add(record, 1),
        });
        match read.await {
            Err(error @ (DbErr::Conn(_) | DbErr::ConnectionAcquire(_))) => Err(error),
            // A table that cannot be read to its end: any commit may be why.
            Err(_) => {
                self.0.fill(1);
                Ok(())
            }
            Ok(()) => Ok(()),
        }
    }
}

/// By the block that an entry lies in.
fn bucket(record: i64) -> usize {
    (record >> 16).rem_euclid(BUCKETS as i64) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_added_and_taken_off_in_any_order_is_even() {
        let (mut sum, key) = (Sum::default(), RandomState::new());
        let rows = [(1 << 16, "a"), (1 << 16 | 1, "b"), (2 << 16, "a"), (-5, "c")];
        rows.iter().for_each(|row| sum.add(row.0, key.hash_one(row)));
        rows.iter().rev().skip(1).for_each(|row| sum.add(row.0, key.hash_one(row).wrapping_neg()));
        assert!(!sum.is_even() && sum.doubts(-5) && !sum.doubts(1 << 16));
        sum.add(rows[3].0, key.hash_one(rows[3]).wrapping_neg());
        assert!(sum.is_even());
    }

    #[test]
    fn two_rows_that_have_changed_places_are_not_even() {
        let (mut sum, key) = (Sum::default(), RandomState::new());
        for (row, stored) in [((1, "a"), (1, "b")), ((2, "b"), (2, "a"))] {
            sum.add(row.0, key.hash_one(row));
            sum.add(stored.0, key.hash_one(stored).wrapping_neg());
        }
        assert!(!sum.is_even());
    }
}
