//! Every hash and signed text of a journal, so that somebody else can recompute them. SHA-256 throughout; `‖` joins bytes, integers are
//! big-endian, `len32(x)` is the length of x in four bytes.
//!
//! | what | is |
//! |---|---|
//! | body hash | H(salt ‖ body), salt: 16 random bytes that stand beside the body and are erased with it |
//! | entry | H(0x00 ‖ len32(envelope) ‖ envelope ‖ body hash) |
//! | block root | the RFC 6962 tree over its entries |
//! | leaf | H(0x00 ‖ `commit` ‖ len32(journal) ‖ journal ‖ epoch ‖ index ‖ first seq ‖ entries ‖ recorded at ‖ blocks…), numbers in 8 bytes; each block is id ‖ count ‖ root |
//! | node | H(0x01 ‖ left ‖ right) |
//! | root of a journal | the RFC 6962 tree over the leaves of one epoch; without leaves H() |
//! | checkpoint | Ed25519 over the lines of [`checkpoint_text`] |
//!
//! Entries and leaves share the prefix 0x00, as both are leaves of an RFC 6962 tree. They cannot be mistaken for each other: the first four
//! bytes of `commit` would be an envelope of 1.6 GB, a hundred times the limit.

use ct_merkle::HashableLeaf;
use ct_merkle::digest::Update;
use sha2::{Digest, Sha256};
use tracemesh_proto::journal::v1::{Block, Checkpoint};

use crate::time;

pub type Hash = [u8; 32];
pub(crate) type Salt = [u8; 16];

pub(crate) fn body_hash(salt: &Salt, body: &[u8]) -> Hash {
    Sha256::new_with_prefix(salt).chain_update(body).finalize().into()
}

pub(crate) fn node_hash(left: &Hash, right: &Hash) -> Hash {
    Sha256::new_with_prefix([1]).chain_update(left).chain_update(right).finalize().into()
}

pub(crate) fn leaf_hash(leaf: &impl HashableLeaf) -> Hash {
    let mut hasher = Sha256::new_with_prefix([0]);
    leaf.hash(&mut hasher);
    hasher.finalize().into()
}

pub(crate) fn empty_root() -> Hash {
    Sha256::digest([]).into()
}

pub(crate) fn entry_hash(envelope: &[u8], body_hash: &Hash) -> Hash {
    leaf_hash(&EntryLeaf { envelope, body_hash })
}

/// An entry as a leaf of its block's tree.
pub(crate) struct EntryLeaf<'a> {
    pub envelope: &'a [u8],
    pub body_hash: &'a Hash,
}

impl HashableLeaf for EntryLeaf<'_> {
    fn hash<H: Update>(&self, hasher: &mut H) {
        hasher.update(&(self.envelope.len() as u32).to_be_bytes());
        hasher.update(self.envelope);
        hasher.update(self.body_hash);
    }
}

/// A commit as a leaf of its journal's tree.
pub(crate) struct CommitLeaf<'a> {
    pub journal: &'a str,
    pub epoch: u64,
    pub index: u64,
    pub first_seq: u64,
    pub entries: u64,
    pub recorded_at: i64,
    pub blocks: &'a [BlockMark],
}

/// What a leaf says about a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct BlockMark {
    pub id: i64,
    pub count: u32,
    pub root: Hash,
}

impl BlockMark {
    /// A root of another length reads as zeros, which no tree has.
    pub fn of(block: &Block) -> Self {
        Self { id: block.id, count: block.count, root: block.root.as_ref().try_into().unwrap_or_default() }
    }
}

impl HashableLeaf for CommitLeaf<'_> {
    fn hash<H: Update>(&self, hasher: &mut H) {
        hasher.update(b"commit");
        hasher.update(&(self.journal.len() as u32).to_be_bytes());
        hasher.update(self.journal.as_bytes());
        for number in [self.epoch, self.index, self.first_seq, self.entries] {
            hasher.update(&number.to_be_bytes());
        }
        hasher.update(&self.recorded_at.to_be_bytes());
        for block in self.blocks {
            hasher.update(&block.id.to_be_bytes());
            hasher.update(&u64::from(block.count).to_be_bytes());
            hasher.update(&block.root);
        }
    }
}

/// The lines that a checkpoint's signature covers, each ended by a line feed: what it is, journal, epoch, size, seq, root in hexadecimal, time in
/// microseconds.
pub fn checkpoint_text(checkpoint: &Checkpoint) -> String {
    let Checkpoint { journal, epoch, size, seq, root, at, .. } = checkpoint;
    let (root, at) = (hex::encode(root), time::from_wire(at.as_ref()));
    format!("tracemesh checkpoint\n{journal}\n{epoch}\n{size}\n{seq}\n{root}\n{at}\n")
}
