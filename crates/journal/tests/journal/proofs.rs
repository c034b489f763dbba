//! Proofs, made here and checked as an outsider checks them.

use tracemesh_journal::{Checkpoint, Journal, ProofError, verify_checkpoint, verify_consistency, verify_inclusion};
use tracemesh_testkit::{Place, on_both};

use crate::rig;

on_both!(
    every_entry_is_proven_in_every_checkpoint,
    every_tree_continues_every_earlier_one,
    a_proof_shows_only_what_it_shows,
    checkpoints_follow_commits_and_cover_all_at_the_stop,
);

/// Eleven commits of one to three entries, with a checkpoint after every other one.
async fn grown(place: &Place) -> (Journal, Vec<Checkpoint>) {
    let journal = rig::journal(place).await;
    let mut checkpoints = Vec::new();
    for i in 0..11 {
        rig::append(&journal, &rig::entries(i * 3, 1 + i % 3)).await;
        if i % 2 == 0 {
            checkpoints.push(journal.checkpoint().await.unwrap());
        }
    }
    (journal, checkpoints)
}

async fn every_entry_is_proven_in_every_checkpoint(place: Place) {
    let (journal, checkpoints) = grown(&place).await;
    let key = journal.public_key();
    for checkpoint in &checkpoints {
        assert!(verify_checkpoint(checkpoint, &key));
        for seq in 1..=checkpoint.seq {
            let proof = journal.prove_inclusion(seq, checkpoint.size).await.unwrap().unwrap();
            let proven = verify_inclusion(&proof, &key).unwrap();
            assert_eq!((proven.epoch, proven.seq), (1, seq));
            assert_eq!(proof.envelope, journal.entry(seq).await.unwrap().unwrap().entry.envelope_bytes);
        }
        let later = journal.prove_inclusion(checkpoint.seq + 1, checkpoint.size).await;
        assert!(later.is_err() || later.unwrap().is_none(), "not yet in this tree");
    }
    assert!(journal.prove_inclusion(1, 2).await.is_err(), "no checkpoint was signed over two commits");
}

async fn every_tree_continues_every_earlier_one(place: Place) {
    let (journal, checkpoints) = grown(&place).await;
    for (i, new) in checkpoints.iter().enumerate() {
        for old in &checkpoints[..=i] {
            let proof = journal.prove_consistency(1, old.size, new.size).await.unwrap();
            verify_consistency(old.size, &old.root, new.size, &new.root, &proof).unwrap();
            let other = verify_consistency(old.size, &[9; 32], new.size, &new.root, &proof);
            assert_eq!(other, Err(ProofError::Inconsistent));
        }
    }
    assert!(journal.prove_consistency(1, 3, 12).await.is_err(), "beyond the end");
    assert!(journal.prove_consistency(2, 0, 0).await.is_err(), "no such epoch");
}

async fn a_proof_shows_only_what_it_shows(place: Place) {
    let (journal, _) = grown(&place).await;
    let key = journal.public_key();
    // After the newest checkpoint: one is made.
    rig::append(&journal, &rig::entries(100, 3)).await;
    let end = journal.head().await.unwrap().seq;
    let proof = journal.prove_inclusion(end, 0).await.unwrap().unwrap();
    assert_eq!(verify_inclusion(&proof, &key).unwrap().seq, end);
    let check = |alter: &dyn Fn(&mut tracemesh_proto::journal::v1::ProveInclusionResponse)| {
        let mut altered = proof.clone();
        alter(&mut altered);
        verify_inclusion(&altered, &key).unwrap_err()
    };
    assert_eq!(check(&|proof| proof.envelope = b"other".as_slice().into()), ProofError::NotInBlock);
    assert_eq!(check(&|proof| proof.body_hash = vec![0; 32].into()), ProofError::NotInBlock);
    assert_eq!(check(&|proof| proof.position = 1), ProofError::NotInBlock);
    assert_eq!(check(&|proof| proof.block = 1), ProofError::Malformed);
    assert_eq!(check(&|proof| proof.commit.as_mut().unwrap().first_seq -= 1), ProofError::NotInTree);
    assert_eq!(check(&|proof| proof.commit.as_mut().unwrap().index -= 1), ProofError::NotInTree);
    assert_eq!(check(&|proof| proof.checkpoint.as_mut().unwrap().size += 1), ProofError::Signature);
    assert_eq!(check(&|proof| proof.tree_proof = vec![0; 31].into()), ProofError::Malformed);
    assert_eq!(verify_inclusion(&proof, &rig::key(8).verifying_key()), Err(ProofError::Signature));
}

async fn checkpoints_follow_commits_and_cover_all_at_the_stop(place: Place) {
    let journal = rig::journal(&place).await;
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let checkpointer = journal.run_checkpointer(async { stopped.await.unwrap() });
    let writing = async {
        rig::append(&journal, &rig::entries(1, 1)).await;
        while journal.prove_inclusion(1, 1).await.is_err() {
            tokio::time::sleep(rig::quick().checkpoint).await;
        }
        rig::append(&journal, &rig::entries(2, 1)).await;
        stop.send(()).unwrap();
    };
    tokio::join!(checkpointer, writing);
    assert!(journal.prove_inclusion(2, 2).await.is_ok(), "a checkpoint over both was left");
}
