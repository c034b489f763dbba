//! The stored tree: its complete subtrees in `journal_node`, leaves included.
//!
//! Complete ones never change: the tree of any earlier size can be read out of them, and so can a proof for
//! it. ct-merkle says which nodes a proof needs, by their place in an in-order numbering of the tree; a node at the right edge, whose subtree
//! the size cuts off, is put together from the complete ones below it.

use sea_orm::ConnectionTrait;
use tracemesh_store::{Value, sql};

use crate::JournalError;
use crate::hash::{Hash, node_hash};
use crate::journal::Journal;
use crate::merkle::{Frontier, Node};
use crate::row;

/// Rows in one INSERT; five values each.
const ROWS: usize = 500;

/// One epoch's tree of one journal.
pub(crate) struct Tree<'a, C> {
    pub journal: &'a Journal,
    pub db: &'a C,
    pub epoch: u64,
}

impl<C: ConnectionTrait> Tree<'_, C> {
    /// The right edge of the tree over the first `size` commits.
    pub async fn frontier(&self, size: u64) -> Result<Frontier, JournalError> {
        let mut peaks = Vec::new();
        for (level, last) in complete(0, size) {
            peaks.push(self.stored(level, last).await?);
        }
        Ok(Frontier::new(size, peaks).expect("a range from 0 has as many subtrees as its length has bits"))
    }

    /// The hashes at these places of the tree over `size` commits, one after another: the bytes of a proof.
    pub async fn proof(&self, size: u64, places: Vec<u64>) -> Result<Vec<u8>, JournalError> {
        let mut proof = Vec::with_capacity(places.len() * size_of::<Hash>());
        for place in places {
            proof.extend_from_slice(&self.hash_at(size, place).await?);
        }
        Ok(proof)
    }

    async fn hash_at(&self, size: u64, place: u64) -> Result<Hash, JournalError> {
        let (from, to) = leaves_below(place);
        let mut hash = None;
        for (level, last) in complete(from, to.min(size)).into_iter().rev() {
            let left = self.stored(level, last).await?;
            hash = Some(hash.map_or(left, |right| node_hash(&left, &right)));
        }
        hash.ok_or_else(|| self.journal.damaged(0, "journal_node", "a proof asks for a place outside the tree"))
    }

    async fn stored(&self, level: u32, last: u64) -> Result<Hash, JournalError> {
        let text = "SELECT hash FROM journal_node WHERE journal = $1 AND epoch = $2 AND last = $3 AND level = $4";
        let place = [self.journal.inner.id, self.epoch as i64, last as i64, level.into()].map(Value::from);
        let found = sql::row::<Vec<u8>>(self.db, text, place.into()).await?;
        let hash = found.and_then(|stored| row::hash(stored).ok());
        hash.ok_or_else(|| self.journal.damaged(0, "journal_node", &format!("no hash of level {level} that ends with commit {last}")))
    }

    pub async fn store(&self, nodes: &[Node]) -> Result<(), JournalError> {
        for nodes in nodes.chunks(ROWS) {
            let places: Vec<String> = (0..nodes.len()).map(|i| format!("({})", sql::list(i * 5 + 1, 5))).collect();
            let text = format!("INSERT INTO journal_node (journal, epoch, last, level, hash) VALUES {}", places.join(","));
            let row = |node: &Node| -> [Value; 5] {
                let numbers = [self.journal.inner.id, self.epoch as i64, node.last as i64, node.level.into()];
                let [journal, epoch, last, level] = numbers.map(Into::into);
                [journal, epoch, last, level, node.hash.as_slice().into()]
            };
            sql::run(self.db, &text, nodes.iter().flat_map(row).collect()).await?;
        }
        Ok(())
    }
}

/// The leaves below a node in the in-order numbering, where leaf i is 2i and a node's level is its number of trailing ones.
fn leaves_below(place: u64) -> (u64, u64) {
    let level = place.trailing_ones();
    let from = (place >> (level + 1)) << level;
    (from, from + (1 << level))
}

/// The largest complete subtrees that make up the leaves from..to, left to right, as (level, last leaf). `from` must be aligned to the range.
fn complete(mut from: u64, to: u64) -> Vec<(u32, u64)> {
    let mut subtrees = Vec::new();
    while from < to {
        let level = (to - from).ilog2();
        from += 1 << level;
        subtrees.push((level, from - 1));
    }
    subtrees
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_those_of_the_in_order_numbering() {
        assert_eq!([0, 1, 2, 3, 5, 7, 11].map(leaves_below), [(0, 1), (0, 2), (1, 2), (0, 4), (2, 4), (0, 8), (4, 8)]);
    }

    #[test]
    fn a_range_falls_into_complete_subtrees() {
        assert_eq!(complete(0, 7), [(2, 3), (1, 5), (0, 6)]);
        assert_eq!(complete(4, 7), [(1, 5), (0, 6)]);
        assert_eq!(complete(0, 0), []);
    }
}
