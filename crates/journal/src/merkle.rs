//! A Merkle tree that grows at its right edge, of which only the peaks are kept: the roots of the complete subtrees, largest first, one for each
//! set bit of the size. That is enough to add leaves and to tell the root; proofs need the nodes in between, which `push` hands out as they
//! become complete, and which never change from then on.

use crate::hash::{Hash, empty_root, node_hash};

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Frontier {
    size: u64,
    peaks: Vec<Hash>,
}

/// The root of a complete subtree of 2^level leaves, of which `last` is the index of the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Node {
    pub level: u32,
    pub last: u64,
    pub hash: Hash,
}

impl Frontier {
    /// From peaks as [`Self::peaks`] gave them, if their number fits the size.
    pub fn new(size: u64, peaks: Vec<Hash>) -> Option<Self> {
        (size.count_ones() as usize == peaks.len()).then_some(Self { size, peaks })
    }

    pub fn size(&self) -> u64 {
        self.size
    }

    pub fn peaks(&self) -> &[Hash] {
        &self.peaks
    }

    /// Adds a leaf and answers the nodes that it completes, lowest first: itself and some above it.
    pub fn push(&mut self, leaf: Hash) -> Vec<Node> {
        let mut made = Vec::new();
        self.grow(leaf, |node| made.push(node));
        made
    }

    fn grow(&mut self, leaf: Hash, mut made: impl FnMut(Node)) {
        let mut hash = leaf;
        made(Node { level: 0, last: self.size, hash });
        for level in 1..=self.size.trailing_ones() {
            let left = self.peaks.pop().expect("a set bit of the size has a peak");
            hash = node_hash(&left, &hash);
            made(Node { level, last: self.size, hash });
        }
        self.peaks.push(hash);
        self.size += 1;
    }

    pub fn root(&self) -> Hash {
        self.peaks.iter().rev().copied().reduce(|right, left| node_hash(&left, &right)).unwrap_or_else(empty_root)
    }
}

/// The root over these leaves.
pub(crate) fn root(leaves: impl IntoIterator<Item = Hash>) -> Hash {
    let mut frontier = Frontier::default();
    for leaf in leaves {
        frontier.grow(leaf, |_| {});
    }
    frontier.root()
}

#[cfg(test)]
mod tests {
    use ct_merkle::mem_backed_tree::MemoryBackedTree;
    use sha2::Sha256;

    use super::*;
    use crate::hash::leaf_hash;

    #[test]
    fn the_root_is_that_of_rfc_6962_at_every_size() {
        let mut other = MemoryBackedTree::<Sha256, Vec<u8>>::new();
        let mut frontier = Frontier::default();
        for size in 0..200u64 {
            assert_eq!(frontier.root()[..], other.root().as_bytes()[..], "size {size}");
            let leaf = size.to_be_bytes().to_vec();
            frontier.push(leaf_hash(&leaf));
            other.push(leaf);
        }
    }

    #[test]
    fn every_complete_subtree_is_handed_out_once() {
        let mut frontier = Frontier::default();
        let made = (0..1_000u64).map(|i| frontier.push([i as u8; 32]).len() as u64).sum::<u64>();
        assert_eq!(made, 2_000 - u64::from(1_000u64.count_ones()));
    }
}
