//! Writers and readers at once: what readers see has no hole, no repeat, and the order of the commits.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use futures::future::join_all;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use tokio::sync::watch;
use tracemesh_journal::Journal;
use tracemesh_testkit::{Place, on_both};

use crate::rig;

on_both!(readers_see_every_entry_once_in_commit_order, two_writers_draw_block_ids_at_once, another_process_is_found_by_looking);

const WRITERS: u64 = 8;
const MILLISECOND: Duration = Duration::from_millis(1);

/// When a commit began to wait for its place and when it was done, on one counter for all.
struct Committed {
    sealing: u64,
    done: u64,
    first_seq: u64,
    record_ids: Vec<String>,
}

static TICK: AtomicU64 = AtomicU64::new(0);

fn tick() -> u64 {
    TICK.fetch_add(1, Ordering::SeqCst)
}

async fn readers_see_every_entry_once_in_commit_order(place: Place) {
    let mut random = rig::random("schedules");
    // Two processes of four writers each.
    let processes = [rig::journal(&place).await, rig::journal(&place).await];
    let (done, ended) = watch::channel(false);
    let writers = async {
        let all = (0..WRITERS).map(|writer| write(processes[writer as usize % 2].clone(), writer, random.random()));
        let commits: Vec<Committed> = join_all(all.collect::<Vec<_>>()).await.into_iter().flatten().collect();
        done.send_replace(true);
        commits
    };
    let readers = join_all((0..4).map(|reader| read(&processes[reader % 2], ended.clone(), reader as u64)));
    let (commits, seen) = tokio::join!(writers, readers);
    check_commits(&commits);
    let mut expected: Vec<(u64, &Vec<String>)> = commits.iter().map(|commit| (commit.first_seq, &commit.record_ids)).collect();
    expected.sort_unstable();
    let expected: Vec<&String> = expected.into_iter().flat_map(|(_, ids)| ids).collect();
    for record_ids in seen {
        assert_eq!(record_ids.iter().collect::<Vec<_>>(), expected);
    }
    assert_eq!(processes[0].verify(&mut ()).await.unwrap().first_bad, None);
}

async fn write(journal: Journal, writer: u64, seed: u64) -> Vec<Committed> {
    let mut random = StdRng::seed_from_u64(seed);
    let mut commits = Vec::new();
    for round in 0..rig::rounds(12) {
        let record_ids: Vec<String> = (0..random.random_range(1..6)).map(|i| format!("{writer}/{round}/{i}")).collect();
        let entries: Vec<_> = record_ids.iter().map(|id| rig::entry(id, vec![0; random.random_range(0..40_000)])).collect();
        let tx = journal.database().begin().await.unwrap();
        let staged = journal.stage(&tx, &entries).await.unwrap();
        rig::pause(&mut random, 3 * MILLISECOND).await;
        if random.random_bool(0.1) {
            tx.rollback().await.unwrap();
            continue;
        }
        let sealing = tick();
        let appended = journal.seal(&tx, staged).await.unwrap();
        rig::pause(&mut random, MILLISECOND).await;
        tx.commit().await.unwrap();
        commits.push(Committed { sealing, done: tick(), first_seq: appended.first_seq, record_ids });
        if random.random_bool(0.5) {
            journal.committed();
        }
    }
    commits
}

/// Reads from its own cursor until the writers are done and nothing is left.
async fn read(journal: &Journal, ended: watch::Receiver<bool>, reader: u64) -> Vec<String> {
    let mut random = StdRng::seed_from_u64(reader);
    let mut record_ids = Vec::new();
    let (mut after, mut recorded_at) = (0, 0);
    loop {
        let ended = *ended.borrow();
        let commits = journal.read(after, random.random_range(0..200_000)).await.unwrap();
        if commits.is_empty() && ended {
            return record_ids;
        }
        for commit in &commits {
            let commit = journal.decode(commit).unwrap();
            assert_eq!(commit.first_seq, after + 1, "a hole or a repeat");
            assert!(commit.recorded_at >= recorded_at, "time went back");
            (after, recorded_at) = (commit.last_seq(), commit.recorded_at);
            record_ids.extend(commit.entries.into_iter().map(|entry| entry.envelope.record_id));
        }
        rig::pause(&mut random, 2 * MILLISECOND).await;
    }
}

/// What was done before another began to seal has the lower number.
fn check_commits(commits: &[Committed]) {
    for one in commits {
        for other in commits.iter().filter(|other| one.done < other.sealing) {
            assert!(one.first_seq < other.first_seq, "{} was committed before {} began", one.first_seq, other.first_seq);
        }
    }
}

async fn two_writers_draw_block_ids_at_once(place: Place) {
    let processes = [rig::journal(&place).await, rig::journal(&place).await];
    let large = || [rig::entry("large", vec![7; 60_000]), rig::entry("large", vec![8; 60_000]), rig::entry("large", vec![9; 60_000])];
    let appended =
        join_all((0..40).map(|i| async move { i }).map(|i| async { rig::append(&processes[i.await % 2], &large()).await })).await;
    for appended in &appended {
        assert_eq!(appended.refs[2] - appended.refs[0], 2 << 16, "blocks of one commit have ids in a row");
    }
    assert_eq!(processes[0].head().await.unwrap().seq, 120);
}

async fn another_process_is_found_by_looking(place: Place) {
    let (here, there) = (rig::journal(&place).await, rig::journal(&place).await);
    let server = rig::serve(&here);
    let request = tracemesh_proto::journal::v1::FollowRequest { journal: rig::NAME.into(), epoch: 0, after: 0 };
    let mut stream = rig::client(&server).follow(request).await.unwrap().into_inner();
    let _caught_up = stream.message().await.unwrap();
    rig::append(&there, &rig::entries(1, 1)).await;
    while let Some(message) = stream.message().await.unwrap() {
        if let Some(tracemesh_proto::journal::v1::follow_response::Item::Commit(commit)) = message.item {
            return assert_eq!(commit.first_seq, 1);
        }
    }
    panic!("the stream ended");
}
