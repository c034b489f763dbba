//! Follows our own journal: sends a receipt for each submission to its provider's topic, and the original of each that was rejected to the
//! topic beside it. Whatever door a submission came by, its provider finds the answer there.
//!
//! At least once: the cursor moves after the broker has all of a commit's messages, so that a crash repeats some. They come from the journal,
//! so that a repeated receipt has the id, verdict, hash and reasons that it had the first time.
//!
//! This is not the journal crate's `Follower`, which writes what it makes of entries in the transaction that moves its cursor: a broker is no
//! part of that transaction, and to wait for one inside it would hold SQLite's only writer, and with it all intake. Nor does it check the
//! history as that one does: cursor and journal stand in one database, and are restored together.

mod letter;
#[cfg(feature = "faults")]
mod naive;
mod outbox;

use std::convert::Infallible;
use std::sync::Arc;

use futures::FutureExt;
use tokio::sync::watch;
use tonic::{Status, Streaming};
use tracemesh_chassis::{Shutdown, TaskError};
use tracemesh_journal::{DecodedCommit, open_commit};
use tracemesh_peers::Clients;
use tracemesh_proto::journal::v1::follow_response::Item;
use tracemesh_proto::journal::v1::{FollowRequest, FollowResponse};
use tracemesh_store::Database;

use self::outbox::Outbox;
use crate::app::Ingestion;
use crate::app::directory::Directory;
use crate::sources::kafka::{Border, Held};
use crate::store::offsets;

/// The cursor's name among the sources: how many entries have been sent.
const CURSOR: &str = "receipts";
/// Entries after which the cursor moves, though more have arrived.
const TOGETHER: usize = 10_000;

#[derive(Clone)]
pub struct Receipts {
    journal: Arc<str>,
    #[cfg(feature = "faults")]
    kept: tracemesh_journal::Journal,
    db: Database,
    directory: Directory,
    clients: Clients,
    border: Border,
    held: watch::Receiver<Held>,
}

impl Receipts {
    pub fn new(ingestion: &Ingestion, border: &Border, held: watch::Receiver<Held>) -> Self {
        Self {
            journal: ingestion.journal.name().into(),
            #[cfg(feature = "faults")]
            kept: ingestion.journal.clone(),
            db: ingestion.db.clone(),
            directory: ingestion.directory.clone(),
            clients: ingestion.peers.as_service(),
            border: border.clone(),
            held,
        }
    }

    /// Sends for as long as this process is the one that does.
    pub async fn run(mut self, shutdown: Shutdown) -> Result<(), TaskError> {
        loop {
            tokio::select! {
                () = shutdown.requested() => return Ok(()),
                held = self.held.wait_for(|held| held.receipts) => drop(held?),
            }
            let mut held = self.held.clone();
            tokio::select! {
                () = shutdown.requested() => return Ok(()),
                _ = held.wait_for(|held| !held.receipts) => {}
                Err(error) = self.follow() => {
                    self.border.troubles.begin(CURSOR, &error.to_string());
                    return Err(error);
                }
            }
        }
    }

    async fn follow(&self) -> Result<Infallible, TaskError> {
        #[cfg(feature = "faults")]
        if crate::faults::chosen() == Some(crate::faults::Fault::NaiveCursor) {
            return self.follow_by_block().await;
        }
        let outbox = Outbox::new(&self.border, &self.directory)?;
        let mut sent = offsets::next(self.db.read(), CURSOR).await?.unwrap_or(0);
        let request = FollowRequest { journal: self.journal.to_string(), epoch: 0, after: sent.cast_unsigned() };
        let mut stream = self.clients.journal("ingestion").follow(request).await?.into_inner();
        loop {
            let commits = self.arrived(&mut stream).await?;
            for commit in &commits {
                outbox.deliver(commit).await?;
            }
            if let Some(last) = commits.last() {
                let to = last.last_seq().cast_signed();
                self.advance(sent, to).await?;
                sent = to;
            }
            self.border.troubles.end(CURSOR);
        }
    }

    /// Waits for something to arrive and takes what has come with it.
    async fn arrived(&self, stream: &mut Streaming<FollowResponse>) -> Result<Vec<DecodedCommit>, TaskError> {
        let (mut commits, mut entries) = (Vec::new(), 0);
        let mut next = Some(stream.message().await?);
        while let Some(message) = next {
            if let Some(Item::Commit(commit)) = message.ok_or_else(|| Status::unavailable("the stream has ended"))?.item {
                entries += commit.entries as usize;
                commits.push(open_commit(&self.journal, &commit)?);
            }
            next = if entries < TOGETHER { stream.message().now_or_never().transpose()? } else { None };
        }
        Ok(commits)
    }

    async fn advance(&self, from: i64, to: i64) -> Result<(), TaskError> {
        let tx = self.db.begin().await?;
        if !offsets::advance(&tx, CURSOR, from, to).await? {
            return Err("another process sends the receipts".into());
        }
        Ok(tx.commit().await?)
    }
}
