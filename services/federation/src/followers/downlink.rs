//! Follows what the parent has for this node. Every entry goes into the inbox as it came, and the parent is told how far that is, in the transaction
//! that moves the cursor.

use prost::Message;
use tokio::sync::mpsc;
use tracemesh_journal::{DecodedCommit, EPOCH_BEGAN, Entry, Fork, Handler, HandlerError};
use tracemesh_proto::federation::v1::Taken;
use tracemesh_store::DatabaseTransaction;

use super::evidence;
use crate::app::Federation;
use crate::app::batch::{Batch, Written};
use crate::app::receiving::{Come, Neighbour, TAKEN};
use crate::domain::link::Purpose;
use crate::driver::up::Event;

pub struct DownlinkHandler {
    pub federation: Federation,
    pub parent: String,
    pub history: u64,
    pub purpose: Purpose,
    pub driver: mpsc::Sender<Event>,
    /// In the transaction under way.
    pub written: Written,
    pub entries: u64,
}

impl Handler for DownlinkHandler {
    async fn apply(&mut self, tx: &DatabaseTransaction, commits: &[DecodedCommit]) -> Result<(), HandlerError> {
        let mut batch = Batch::default();
        let from = Neighbour { node: &self.parent, is_above: true, history: self.history };
        let mut come: Vec<Come<'_>> = commits.iter().flat_map(|commit| commit.entries.iter().map(move |entry| (commit, entry))).collect();
        // Every commit says its epoch itself.
        come.retain(|(_, entry)| entry.envelope.kind != EPOCH_BEGAN);
        self.federation.receive(tx, &mut batch, &from, &come).await?;
        self.entries = come.len() as u64;
        if let Some(last) = commits.last() {
            let taken = Taken { journal: last.journal.to_string(), epoch: last.epoch, seq: last.last_seq() };
            let entry = Entry::new(&self.federation.envelope(TAKEN), taken.encode_to_vec());
            batch.add(self.federation.uplinks.of(self.purpose), entry);
        }
        self.written = batch.write(tx).await?;
        Ok(())
    }

    fn committed(&mut self) {
        self.written.committed(&self.federation.downlinks);
        self.federation.metrics.received(&self.parent, self.purpose, self.entries);
    }

    async fn on_fork(&mut self, fork: &Fork) -> Result<(), HandlerError> {
        // Where the driver does not hear it, it begins anew, and the fork is found again.
        let _ = self.driver.send(Event::Forked(Box::new(evidence(&self.parent, fork)))).await;
        Ok(())
    }
}
