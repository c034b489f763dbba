//! What one follower is sent: everything after its cursor in bounded reads, then whatever comes, with a sign of life in between.
//!
//! It is a stream that reads on only when it is asked for more, so back-pressure needs nothing else, and no task has to be started.

use std::collections::VecDeque;

use futures::Stream;
use tokio::sync::watch;
use tokio::time::Instant;
use tonic::Status;
use tracemesh_proto::journal::v1::{CaughtUp, Commit, FollowResponse, follow_response::Item};

use super::status;
use crate::journal::Journal;
use crate::{JournalError, time};

/// Read from the tables at once.
const READ_BYTES: usize = 1 << 20;

struct Feed {
    journal: Journal,
    epoch: u64,
    after: u64,
    waiting: VecDeque<Commit>,
    news: watch::Receiver<u64>,
    open: watch::Receiver<bool>,
    /// When the follower last heard that it has everything; none while it has not.
    told: Option<Instant>,
}

/// Checks where the follower wants to begin. `epoch` 0 takes the journal's.
pub(super) async fn begin(
    journal: Journal,
    epoch: u64,
    after: u64,
    open: watch::Receiver<bool>,
) -> Result<impl Stream<Item = Result<FollowResponse, Status>> + Send, JournalError> {
    let news = journal.subscribe();
    let head = journal.head().await?;
    if epoch != 0 && epoch != head.epoch {
        return Err(JournalError::OtherEpoch { journal: journal.name().to_owned(), asked: epoch, current: head.epoch });
    }
    if after > head.seq {
        return Err(JournalError::BeyondEnd { journal: journal.name().to_owned(), asked: after, end: head.seq });
    }
    let feed = Feed { journal, epoch: head.epoch, after, waiting: VecDeque::new(), news, open, told: None };
    // An error is the last item: a follower starts again from its cursor.
    Ok(futures::stream::unfold(Some(feed), |feed| async {
        let mut feed = feed?;
        match feed.next().await {
            Ok(item) => Some((Ok(FollowResponse { item: Some(item) }), Some(feed))),
            Err(error) => Some((Err(error), None)),
        }
    }))
}

impl Feed {
    async fn next(&mut self) -> Result<Item, Status> {
        loop {
            if let Some(commit) = self.waiting.pop_front() {
                self.after = commit.first_seq + u64::from(commit.entries) - 1;
                self.told = None;
                return Ok(Item::Commit(commit));
            }
            if !*self.open.borrow() {
                return Err(Status::unavailable("the journal's server is stopping"));
            }
            if self.told.is_none() || self.idle().await.map_err(status)? {
                self.refill().await.map_err(status)?;
            }
            if self.waiting.is_empty() && self.told.is_none_or(|told| told.elapsed() >= self.journal.pace().heartbeat) {
                self.told = Some(Instant::now());
                return Ok(Item::CaughtUp(CaughtUp { seq: self.after, at: Some(time::to_wire(self.journal.now())) }));
            }
        }
    }

    async fn refill(&mut self) -> Result<(), JournalError> {
        // Before reading, so that what is committed meanwhile counts as news.
        self.news.mark_unchanged();
        let current = self.journal.head().await?.epoch;
        if current != self.epoch {
            return Err(JournalError::OtherEpoch { journal: self.journal.name().to_owned(), asked: self.epoch, current });
        }
        self.waiting = self.journal.read(self.after, READ_BYTES).await?.into();
        Ok(())
    }

    /// Waits for news, a stop or the next sign of life; whether there is news.
    async fn idle(&mut self) -> Result<bool, JournalError> {
        let heartbeat = self.told.map_or_else(Instant::now, |told| told + self.journal.pace().heartbeat);
        tokio::select! {
            news = self.journal.news(&mut self.news) => news.map(|()| true),
            _ = self.open.changed() => Ok(false),
            () = tokio::time::sleep_until(heartbeat) => Ok(false),
        }
    }
}
