//! Follows a child's uplinks. What is addressed to us goes into the inbox, for the services of this node. Of what is not, hints and offers are left for
//! the child's driver, which asks for the truth of them; what the child says of its own children, and of what it has of its downlinks, is kept; entries
//! of kinds that this version does not know are kept as they came and, where there is a parent, handed on to it.

use std::sync::Arc;

use prost::Message;
use tracemesh_journal::{Checkpoint, DecodedCommit, DecodedEntry, EPOCH_BEGAN, Entry, Fork, Handler, HandlerError};
use tracemesh_proto::analytics::v1::MonthVersion;
use tracemesh_proto::federation::v1::{GetLinkStatusResponse, Taken};
use tracemesh_proto::journal::v1::JournalState;
use tracemesh_store::DatabaseTransaction;

use super::analytics::FIGURES;
use super::evidence;
use crate::app::Federation;
use crate::app::announcements::{CHECKPOINT, STATUS};
use crate::app::batch::{Batch, Written};
use crate::app::receiving::{Come, Neighbour, TAKEN};
use crate::domain::address::PARENT;
use crate::domain::link::parent::Cursor;
use crate::domain::link::{Line, Month, Purpose, Tree, Version};
use crate::driver::inbox::{Hint, Inbox, News};
use crate::store;

pub struct UplinkHandler {
    pub federation: Federation,
    pub child: String,
    /// Which of its histories is followed.
    pub history: u64,
    pub purpose: Purpose,
    pub line: Line,
    pub inbox: Arc<Inbox>,
    /// Learned in the transaction under way.
    pub learned: News,
    pub written: Written,
}

impl Handler for UplinkHandler {
    async fn apply(&mut self, tx: &DatabaseTransaction, commits: &[DecodedCommit]) -> Result<(), HandlerError> {
        self.learned = News::default();
        let (mut batch, has_parent) = (Batch::default(), store::parent::get(tx).await?.is_some());
        let mut for_us: Vec<Come<'_>> = Vec::new();
        for commit in commits {
            for entry in &commit.entries {
                if entry.envelope.to.iter().any(|address| address == PARENT) {
                    for_us.push((commit, entry));
                } else if !self.take(tx, entry).await? && store::unknown_entries::put(tx, &self.child, commit, entry).await? && has_parent {
                    self.hand_on(&mut batch, entry);
                }
            }
            self.learned.cursors.insert(self.purpose, Cursor { epoch: commit.epoch, seq: commit.last_seq() });
            self.learned.entries += commit.entries.len() as u64;
        }
        let from = Neighbour { node: &self.child, is_above: false, history: self.history };
        self.federation.receive(tx, &mut batch, &from, &for_us).await?;
        self.learned.received = for_us.len() as u64;
        self.written = batch.write(tx).await?;
        Ok(())
    }

    fn committed(&mut self) {
        let News { cursors, hints, offers, said, entries, received, taken, .. } = std::mem::take(&mut self.learned);
        self.federation.metrics.followed(&self.child, self.purpose, entries);
        self.federation.metrics.received(&self.child, self.purpose, received);
        taken.into_iter().for_each(|(journal, seq)| self.federation.downlinks.heard(&journal, seq));
        self.inbox.leave(|news| {
            news.cursors.extend(cursors);
            news.hints.extend(hints);
            news.offers.extend(offers);
            news.said |= said;
        });
        self.written.committed(&self.federation.downlinks);
    }

    fn caught_up(&mut self, seq: u64) {
        self.inbox.leave(|news| news.ends.extend([(self.purpose, (self.line, seq))]));
    }

    async fn on_fork(&mut self, fork: &Fork) -> Result<(), HandlerError> {
        let found = evidence(&self.child, fork);
        self.inbox.leave(|news| news.fork = Some(found));
        Ok(())
    }
}

impl UplinkHandler {
    /// Whether it was an entry of a known kind that could be read.
    async fn take(&mut self, tx: &DatabaseTransaction, entry: &DecodedEntry) -> Result<bool, HandlerError> {
        let Some(body) = &entry.body else { return Ok(false) };
        match entry.envelope.kind.as_str() {
            FIGURES => Ok(self.hint(&entry.envelope.traceparent, body)),
            CHECKPOINT => self.offer(tx, body).await,
            STATUS => self.said(tx, body).await,
            TAKEN => self.taken(tx, body).await,
            // Every commit says its epoch itself.
            EPOCH_BEGAN => Ok(true),
            _ => Ok(false),
        }
    }

    fn hint(&mut self, cause: &str, body: &[u8]) -> bool {
        let Ok(MonthVersion { origin, month, epoch, seq, hash }) = MonthVersion::decode(body) else { return false };
        let version = Version { epoch, seq, hash: hash.to_vec() };
        self.learned.hints.insert(Month { origin, month }, Hint { version, cause: cause.to_owned() });
        true
    }

    async fn offer(&mut self, tx: &DatabaseTransaction, body: &[u8]) -> Result<bool, HandlerError> {
        let Ok(state) = JournalState::decode(body) else { return Ok(false) };
        let Some(checkpoint) = state.checkpoint.as_ref().filter(|checkpoint| self.is_of_child(&state, checkpoint)) else {
            return Ok(false);
        };
        if !store::held::offer(tx, &self.child, &state).await? {
            return Ok(false);
        }
        self.learned.offers.insert(state.journal.clone(), tree(checkpoint));
        Ok(true)
    }

    /// A child speaks of its own journals alone.
    fn is_of_child(&self, state: &JournalState, checkpoint: &Checkpoint) -> bool {
        let is_own = state.journal.strip_prefix(self.child.as_str()).is_some_and(|rest| rest.starts_with('.'));
        is_own && checkpoint.journal == state.journal
    }

    async fn said(&mut self, tx: &DatabaseTransaction, body: &[u8]) -> Result<bool, HandlerError> {
        let Ok(status) = GetLinkStatusResponse::decode(body) else { return Ok(false) };
        store::children::set_said(tx, &self.child, &status).await?;
        self.learned.said = true;
        Ok(true)
    }

    /// A child speaks of its own downlinks alone; what it says of others is passed over.
    async fn taken(&mut self, tx: &DatabaseTransaction, body: &[u8]) -> Result<bool, HandlerError> {
        let Ok(Taken { journal, epoch, seq }) = Taken::decode(body) else { return Ok(false) };
        let own = [Purpose::Urgent, Purpose::Bulk].map(|purpose| purpose.downlink(self.federation.node(), &self.child));
        if own.iter().flatten().any(|name| *name == journal) {
            let taken = store::taken::Taken { epoch, seq, at: self.federation.now() };
            store::taken::put(tx, &self.child, &journal, &taken).await?;
            self.learned.taken.insert(journal, seq);
        }
        Ok(true)
    }

    fn hand_on(&self, batch: &mut Batch, unknown: &DecodedEntry) {
        if let Some(body) = unknown.body.clone() {
            batch.add(self.federation.uplinks.of(self.purpose), Entry::relayed(unknown.envelope_bytes.clone(), body));
        }
    }
}

/// What a checkpoint signs.
pub fn tree(checkpoint: &Checkpoint) -> Tree {
    Tree { epoch: checkpoint.epoch, size: checkpoint.size, root: checkpoint.root.to_vec() }
}
