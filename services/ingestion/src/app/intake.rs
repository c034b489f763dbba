//! From a door to the committer: submissions are prepared on threads that may burn CPU, wait in one bounded queue, and are committed together
//! by the one committer of the node, so that many small senders share a transaction. A door answers after the commit. Kafka's partitions do not
//! wait here: their batches have offsets, and one that finds its offset moved must take nobody else's submissions down with it.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::{mpsc, oneshot};
use tokio::time::{timeout, timeout_at};
use tracemesh_chassis::{Clock, Shutdown};
use tracemesh_journal::JournalError;
use tracemesh_proto::ingestion::v1::Receipt;

use super::commit::Commit;
use super::pulse::Pulse;
use crate::domain::submission::{Prepared, Submission, prepare};
use crate::error::IngestionError;
use crate::store::intake::Tally;

/// Batches that wait; a door that finds the queue full answers RESOURCE_EXHAUSTED before it has taken anything.
const WAITING_BATCHES: usize = 64;
/// How long the committer waits for company; longer would be felt by a single sender, shorter would waste its transaction.
const COALESCE: Duration = Duration::from_millis(5);
/// Submissions in one transaction.
const COMMIT_SUBMISSIONS: usize = 10_000;
/// How long, once the process stops, a call that has begun may be on its way to the queue.
const LAST_CALL: Duration = Duration::from_secs(1);
/// Submissions that one thread prepares in one go.
const PREPARE_CHUNK: usize = 512;
/// Reasons and findings that the receipts of one batch list in all: some 20 MiB of answer. Each submission may list a few in any case.
const BATCH_REASONS: usize = 20_000;
const FEWEST_REASONS: usize = 3;

/// The doors' end of the queue. Cheap to clone.
#[derive(Clone)]
pub struct Intake {
    queue: mpsc::Sender<Waiting>,
}

/// A batch that waits for its commit, and who waits for its receipts.
pub struct Waiting {
    batch: Vec<Prepared>,
    reply: oneshot::Sender<Result<Vec<Receipt>, IngestionError>>,
}

/// The committer's end.
pub type Queue = mpsc::Receiver<Waiting>;

pub fn queue() -> (Intake, Queue) {
    let (queue, waiting) = mpsc::channel(WAITING_BATCHES);
    (Intake { queue }, waiting)
}

impl Intake {
    /// The receipts of these submissions, in their order, after their commit.
    pub async fn submit(&self, submissions: Vec<Submission>) -> Result<Vec<Receipt>, IngestionError> {
        if submissions.is_empty() {
            return Ok(Vec::new());
        }
        let slot = self.queue.try_reserve().map_err(turned_away)?;
        let batch = prepare_all(submissions).await?;
        let (reply, receipts) = oneshot::channel();
        slot.send(Waiting { batch, reply });
        receipts.await.unwrap_or(Err(IngestionError::Stopped))
    }
}

fn turned_away(why: TrySendError<()>) -> IngestionError {
    match why {
        TrySendError::Full(()) => IngestionError::Busy,
        TrySendError::Closed(()) => IngestionError::Stopped,
    }
}

/// Chunks on as many threads as there are cores; the order is kept. The more submissions, the fewer reasons each can give: with their texts in
/// two languages they are a hundred times what a broken record weighs.
pub async fn prepare_all(submissions: Vec<Submission>) -> Result<Vec<Prepared>, IngestionError> {
    let most_reasons = (BATCH_REASONS / submissions.len().max(1)).max(FEWEST_REASONS);
    let mut chunks = Vec::new();
    let mut rest = submissions.into_iter();
    loop {
        let chunk: Vec<Submission> = rest.by_ref().take(PREPARE_CHUNK).collect();
        if chunk.is_empty() {
            break;
        }
        let prepared = move || chunk.into_iter().map(|submission| prepare(submission).in_brief(most_reasons)).collect::<Vec<_>>();
        chunks.push(tokio::task::spawn_blocking(prepared));
    }
    let mut batch = Vec::new();
    for chunk in chunks {
        batch.extend(chunk.await.map_err(|_| IngestionError::Stopped)?);
    }
    Ok(batch)
}

/// Commits what waits, until the process stops and nothing more comes.
pub async fn run_committer(commit: Commit, mut queue: Queue, clock: Clock, pulse: Arc<Pulse>, shutdown: Shutdown) {
    while let Some(first) = next(&mut queue, &shutdown).await {
        let waiting = company(first, &mut queue).await;
        commit_together(&commit, waiting, &clock, &pulse).await;
    }
}

/// The doors' own end of the queue lives as long as the process: that none calls any more shows by nobody coming.
async fn next(queue: &mut Queue, shutdown: &Shutdown) -> Option<Waiting> {
    tokio::select! {
        biased;
        first = queue.recv() => first,
        () = shutdown.requested() => timeout(LAST_CALL, queue.recv()).await.ok().flatten(),
    }
}

/// The first that waits, and whoever comes within a moment.
async fn company(first: Waiting, queue: &mut Queue) -> Vec<Waiting> {
    let until = tokio::time::Instant::now() + COALESCE;
    let mut count = first.batch.len();
    let mut waiting = vec![first];
    while count < COMMIT_SUBMISSIONS {
        let Ok(Some(next)) = timeout_at(until, queue.recv()).await else { break };
        count += next.batch.len();
        waiting.push(next);
    }
    waiting
}

async fn commit_together(commit: &Commit, waiting: Vec<Waiting>, clock: &Clock, pulse: &Pulse) {
    let (mut batch, mut replies) = (Vec::new(), Vec::new());
    for Waiting { batch: own, reply } in waiting {
        replies.push((own.len(), reply));
        batch.extend(own);
    }
    let (receipts, failure) = commit.batch(&batch).await;
    pulse.add(clock.now_micros(), Tally::of(&receipts));
    if let Some(failure) = &failure {
        tracing::error!(taken = receipts.len(), waiting = batch.len(), error = ?failure, "commit failed");
    }
    let mut receipts = receipts.into_iter();
    for (count, reply) in replies {
        let own: Vec<Receipt> = receipts.by_ref().take(count).collect();
        // Whoever was not taken whole sends again; what was taken of it is then answered as a duplicate.
        let answer = if own.len() == count { Ok(own) } else { Err(why_not(failure.as_ref())) };
        // A sender that went away asks for its receipts later, or sends again.
        let _ = reply.send(answer);
    }
}

fn why_not(failure: Option<&IngestionError>) -> IngestionError {
    match failure {
        Some(IngestionError::Journal(JournalError::Halted { why, .. })) => IngestionError::Quarantined(why.clone()),
        _ => IngestionError::NotTaken,
    }
}
