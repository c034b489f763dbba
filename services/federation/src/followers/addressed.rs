//! Follows the services that have something to say to other nodes. What they address to the parent or to children is handed on as they wrote it; what
//! is addressed to somebody who is not there is written down.

use tracemesh_journal::{DecodedCommit, DecodedEntry, Entry, Fork, Handler, HandlerError, Journal};
use tracemesh_store::DatabaseTransaction;

use crate::app::batch::{Batch, Written};
use crate::app::receiving::travels;
use crate::app::{Federation, Lanes};
use crate::domain::address::Neighbours;

/// Whose entries travel.
pub const SPEAKERS: [&str; 2] = ["emergency", "quality"];

pub struct AddressedHandler {
    pub federation: Federation,
    /// In the transaction under way.
    pub written: Written,
}

impl Handler for AddressedHandler {
    async fn apply(&mut self, tx: &DatabaseTransaction, commits: &[DecodedCommit]) -> Result<(), HandlerError> {
        let is_addressed = |entry: &&DecodedEntry| !entry.envelope.to.is_empty();
        if !commits.iter().any(|commit| commit.entries.iter().any(|entry| is_addressed(&entry))) {
            return Ok(());
        }
        let (mut batch, neighbours) = (Batch::default(), self.federation.neighbours(tx).await?);
        for commit in commits {
            for entry in commit.entries.iter().filter(is_addressed) {
                self.hand_on(&mut batch, &neighbours, commit, entry)?;
            }
        }
        self.written = batch.write(tx).await?;
        Ok(())
    }

    fn committed(&mut self) {
        self.written.committed(&self.federation.downlinks);
    }

    async fn on_fork(&mut self, fork: &Fork) -> Result<(), HandlerError> {
        // What it says to other nodes no longer leaves this one.
        Ok(self.federation.note_fork(fork).await?)
    }
}

impl AddressedHandler {
    fn hand_on(
        &self,
        batch: &mut Batch,
        neighbours: &Neighbours,
        commit: &DecodedCommit,
        entry: &DecodedEntry,
    ) -> Result<(), HandlerError> {
        let destinations = neighbours.destinations(&entry.envelope.to);
        for nobody in &destinations.nobody {
            self.federation.undelivered(batch, nobody, commit, entry, "there is no such child");
        }
        let body = match travels(entry) {
            Ok(body) => body.clone(),
            Err(why) => {
                self.federation.undelivered(batch, &entry.envelope.to.join(" "), commit, entry, why);
                return Ok(());
            }
        };
        let relayed = Entry::relayed(entry.envelope_bytes.clone(), body);
        if destinations.up {
            batch.add(lane(&self.federation.uplinks, entry), relayed.clone());
        }
        for child in destinations.down {
            let lanes = self.federation.downlinks.of(child).ok_or_else(|| format!("the journals for {child} are not open"))?;
            batch.add(lane(&lanes, entry), relayed.clone());
        }
        Ok(())
    }
}

const fn lane<'a>(lanes: &'a Lanes, entry: &DecodedEntry) -> &'a Journal {
    if entry.envelope.urgent { &lanes.urgent } else { &lanes.bulk }
}
