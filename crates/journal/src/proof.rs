//! Proofs: that an entry stands in a journal, and that one tree continues another. Made from the stored tree, checked without any database.

use ct_merkle::mem_backed_tree::MemoryBackedTree;
use ct_merkle::{ConsistencyProof, InclusionProof, RootHash, indices_for_consistency_proof, indices_for_inclusion_proof};
use ed25519_dalek::VerifyingKey;
use sha2::Sha256;
use tracemesh_proto::journal::v1::{Block, Checkpoint, Commit, ProveInclusionResponse};
use tracemesh_store::sql;

use crate::block::{self, Piece};
use crate::checkpoint::verify_checkpoint;
use crate::hash::{BlockMark, CommitLeaf, EntryLeaf, Hash};
use crate::journal::Journal;
use crate::read::PlacedBlock;
use crate::row::{self, Order};
use crate::section::Opener;
use crate::tree::Tree;
use crate::{JournalError, time};

/// What a proof has failed to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    #[error("the checkpoint is not signed by the journal's key")]
    Signature,
    #[error("a part of the proof is missing or has an impossible size")]
    Malformed,
    #[error("the entry is not in its block")]
    NotInBlock,
    #[error("the commit is not in the checkpoint's tree")]
    NotInTree,
    #[error("the new tree does not continue the old one")]
    Inconsistent,
}

/// What an inclusion proof has shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Proven {
    pub epoch: u64,
    pub seq: u64,
    /// In microseconds since 1970.
    pub recorded_at: i64,
}

impl Journal {
    /// That the tree over `new_size` commits of an epoch continues the tree over `old_size`: the hashes of RFC 6962 section 2.1.2, joined.
    pub async fn prove_consistency(&self, epoch: u64, old_size: u64, new_size: u64) -> Result<Vec<u8>, JournalError> {
        let covered = self.checkpoint_of(epoch).await?.size;
        if old_size > new_size || new_size > covered {
            return Err(JournalError::NoSuchTree { journal: self.name().to_owned(), epoch, size: new_size.max(old_size) });
        }
        if old_size == 0 {
            return Ok(Vec::new());
        }
        let places = indices_for_consistency_proof(old_size, new_size - old_size);
        Tree { journal: self, db: self.inner.db.read(), epoch }.proof(new_size, places).await
    }

    /// That the entry stands in the tree over `size` commits, at which a checkpoint was signed; 0: in the newest of its epoch. None where there
    /// is no such entry.
    pub async fn prove_inclusion(&self, seq: u64, size: u64) -> Result<Option<ProveInclusionResponse>, JournalError> {
        let Some(placed) = self.block_with(self.inner.db.read(), seq).await? else { return Ok(None) };
        let (epoch, index) = (placed.order.epoch, placed.order.index);
        let checkpoint = self.checkpoint_with(epoch, index, size).await?;
        let places = indices_for_inclusion_proof(checkpoint.size, index);
        let tree_proof = Tree { journal: self, db: self.inner.db.read(), epoch }.proof(checkpoint.size, places).await?;
        let commit = self.outline(placed.order.clone()).await?;
        Ok(Some(self.in_block(
            placed,
            seq,
            ProveInclusionResponse {
                block: 0,
                tree_proof: tree_proof.into(),
                checkpoint: Some(checkpoint),
                commit: Some(commit),
                ..Default::default()
            },
        )?))
    }

    /// A checkpoint that covers the commit: the one over `size`, or a new one if none does yet.
    async fn checkpoint_with(&self, epoch: u64, index: u64, size: u64) -> Result<Checkpoint, JournalError> {
        if size > 0 {
            let covers = index < size;
            let none = JournalError::NoSuchTree { journal: self.name().to_owned(), epoch, size };
            return if covers { self.checkpoint_over(epoch, size).await } else { Err(none) };
        }
        let newest = self.checkpoint_of(epoch).await?;
        if index < newest.size { Ok(newest) } else { self.checkpoint().await }
    }

    /// A commit without what its blocks hold.
    async fn outline(&self, order: Order) -> Result<Commit, JournalError> {
        let text = "SELECT block, count, root FROM journal_block WHERE journal = $1 AND block >= $2 AND block < $3 ORDER BY block";
        let rows: Vec<(i64, i64, Vec<u8>)> = sql::rows(self.inner.db.read(), text, self.range_of(&order)).await?;
        let blocks = rows.into_iter().map(|(id, count, root)| {
            Ok(Block { id, count: row::number(count)?, root: row::hash(root)?.to_vec().into(), ..Default::default() })
        });
        let blocks = blocks.collect::<Result<Vec<Block>, row::BadRow>>();
        let blocks = blocks.map_err(|_| self.damaged(order.first_seq, "journal_block", "a column is out of range"))?;
        Ok(order.commit(blocks))
    }

    /// Fills in the part of the proof that lies inside the block.
    fn in_block(&self, placed: PlacedBlock, seq: u64, proof: ProveInclusionResponse) -> Result<ProveInclusionResponse, JournalError> {
        let pieces = block::unpack_checked(&mut Opener::new(), &placed.block);
        let pieces = pieces.map_err(|reason| self.damaged(placed.first_seq, "journal_block", reason))?;
        let position = (seq - placed.first_seq) as usize;
        let Piece { envelope, body_hash, .. } = pieces[position].clone();
        Ok(ProveInclusionResponse {
            block_proof: block_proof(&pieces, position).into(),
            position: position as u32,
            block: (placed.block.id - placed.order.first_block) as u32,
            envelope,
            body_hash: body_hash.to_vec().into(),
            ..proof
        })
    }
}

fn block_proof(pieces: &[Piece], position: usize) -> Vec<u8> {
    let mut tree = MemoryBackedTree::<Sha256, EntryLeaf>::new();
    for Piece { envelope, body_hash, .. } in pieces {
        tree.push(EntryLeaf { envelope, body_hash });
    }
    tree.prove_inclusion(position).as_bytes().to_vec()
}

/// Checks an inclusion proof against the journal's key: signature, commit in tree, entry in block. What it says about the entry is then true
/// for everybody who holds the checkpoint or a later one.
pub fn verify_inclusion(proof: &ProveInclusionResponse, key: &VerifyingKey) -> Result<Proven, ProofError> {
    let (Some(checkpoint), Some(commit)) = (&proof.checkpoint, &proof.commit) else { return Err(ProofError::Malformed) };
    if !verify_checkpoint(checkpoint, key) {
        return Err(ProofError::Signature);
    }
    let blocks: Vec<BlockMark> = commit.blocks.iter().map(BlockMark::of).collect();
    commit_in_tree(checkpoint, commit, &blocks, &proof.tree_proof)?;
    let (before, from) = blocks.split_at_checked(proof.block as usize).ok_or(ProofError::Malformed)?;
    entry_in_block(proof, from.first().ok_or(ProofError::Malformed)?)?;
    let passed = before.iter().map(|block| u64::from(block.count)).sum::<u64>() + u64::from(proof.position);
    let seq = commit.first_seq.checked_add(passed).ok_or(ProofError::Malformed)?;
    Ok(Proven { epoch: checkpoint.epoch, seq, recorded_at: time::from_wire(commit.recorded_at.as_ref()) })
}

fn commit_in_tree(checkpoint: &Checkpoint, commit: &Commit, blocks: &[BlockMark], path: &[u8]) -> Result<(), ProofError> {
    let leaf = CommitLeaf {
        journal: &checkpoint.journal,
        epoch: checkpoint.epoch,
        index: commit.index,
        first_seq: commit.first_seq,
        entries: commit.entries.into(),
        recorded_at: time::from_wire(commit.recorded_at.as_ref()),
        blocks,
    };
    let root = root_hash(&checkpoint.root, checkpoint.size)?;
    let path = InclusionProof::try_from_bytes(path.to_vec()).map_err(|_| ProofError::Malformed)?;
    root.verify_inclusion(&leaf, commit.index, &path).map_err(|_| ProofError::NotInTree)
}

fn entry_in_block(proof: &ProveInclusionResponse, block: &BlockMark) -> Result<(), ProofError> {
    let body_hash: &Hash = proof.body_hash.as_ref().try_into().map_err(|_| ProofError::Malformed)?;
    let leaf = EntryLeaf { envelope: &proof.envelope, body_hash };
    let path = InclusionProof::try_from_bytes(proof.block_proof.to_vec()).map_err(|_| ProofError::Malformed)?;
    let root = root_hash(&block.root, block.count.into())?;
    root.verify_inclusion(&leaf, proof.position.into(), &path).map_err(|_| ProofError::NotInBlock)
}

/// Checks that a tree of `new_size` with `new_root` continues the tree of `old_size` with `old_root`, both of one epoch.
pub fn verify_consistency(old_size: u64, old_root: &[u8], new_size: u64, new_root: &[u8], proof: &[u8]) -> Result<(), ProofError> {
    if old_size == 0 {
        return Ok(());
    }
    let (old, new) = (root_hash(old_root, old_size)?, root_hash(new_root, new_size)?);
    let proof = ConsistencyProof::try_from_bytes(proof.to_vec()).map_err(|_| ProofError::Malformed)?;
    new.verify_consistency(&old, &proof).map_err(|_| ProofError::Inconsistent)
}

fn root_hash(root: &[u8], size: u64) -> Result<RootHash<Sha256>, ProofError> {
    let root: Hash = root.try_into().map_err(|_| ProofError::Malformed)?;
    Ok(RootHash::new(root.into(), size))
}
