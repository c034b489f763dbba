//! What this node tells the node above of itself, in its bulk uplink: checkpoints of its journals, and how its own children are. (Figures are
//! announced by analytics, and relayed by the follower of its journal.)
//!
//! Nothing is written while there is no parent: what matters of the time before is asked for when there is one.

use prost::Message;
use tracemesh_chassis::Shutdown;
use tracemesh_journal::Entry;
use tracemesh_keeper::KEEPERS;
use tracemesh_proto::federation::v1::{GetLinkStatusResponse, LinkState};
use tracemesh_proto::journal::v1::{JournalState, ListJournalsRequest};

use super::Federation;
use crate::error::FederationError;
use crate::store;
use crate::store::announced::Announced;

/// The kinds of entries that gateways say to each other.
pub const CHECKPOINT: &str = "checkpoint";
pub const STATUS: &str = "node.status";

impl Federation {
    /// Says from time to time how far each journal has come.
    pub async fn keep_announcing_checkpoints(&self, shutdown: &Shutdown) -> Result<(), FederationError> {
        let mut joined = self.upward.joined();
        loop {
            self.announce_checkpoints().await?;
            tokio::select! {
                () = shutdown.requested() => return Ok(()),
                _ = joined.changed() => {}
                () = tokio::time::sleep(self.settings.checkpoint_every()) => {}
            }
        }
    }

    /// Says at once when a link below has changed, and from time to time how far it has come.
    pub async fn keep_announcing_status(&self, shutdown: &Shutdown) -> Result<(), FederationError> {
        let (mut joined, mut changed) = (self.upward.joined(), self.children.changes());
        loop {
            self.announce_status().await?;
            tokio::select! {
                () = shutdown.requested() => return Ok(()),
                _ = joined.changed() => {}
                _ = changed.changed() => {}
                () = tokio::time::sleep(self.settings.status_every()) => {}
            }
        }
    }

    async fn announce_checkpoints(&self) -> Result<(), FederationError> {
        if store::parent::get(self.db.read()).await?.is_none() {
            return Ok(());
        }
        for state in self.journal_states().await {
            let size = state.checkpoint.as_ref().map_or(0, |checkpoint| checkpoint.size);
            let content = format!("{}/{size}", state.epoch).into_bytes();
            let known = store::announced::get(self.db.read(), &state.journal).await?;
            if known.is_none_or(|known| known.content != content) {
                self.announce(CHECKPOINT, &state.journal, content, &state).await?;
            }
        }
        Ok(())
    }

    /// Of every journal of this node but those of its links, which are followed and thereby proven. Services that do not run at this node do not answer,
    /// and nothing is said of them.
    async fn journal_states(&self) -> Vec<JournalState> {
        let clients = self.peers.as_service();
        let mut states = Vec::new();
        for noun in KEEPERS {
            match clients.journal(noun).list_journals(ListJournalsRequest { service: noun.into() }).await {
                Ok(answer) => states.extend(answer.into_inner().journals),
                Err(status) => tracing::debug!(noun, %status, "its journals are not known"),
            }
        }
        let is_of_link = |name: &str| name.starts_with("uplink-") || name.starts_with("downlink-");
        states.retain(|state| !state.journal.split('.').nth(2).is_some_and(is_of_link));
        states
    }

    async fn announce_status(&self) -> Result<(), FederationError> {
        if store::parent::get(self.db.read()).await?.is_none() {
            return Ok(());
        }
        let status = GetLinkStatusResponse { parent: None, ..self.link_status().await? };
        let known = store::announced::get(self.db.read(), STATUS).await?;
        if status.children.is_empty() && known.is_none() {
            return Ok(());
        }
        let known = known.unwrap_or_default();
        let said = GetLinkStatusResponse::decode(known.content.as_slice()).unwrap_or_default();
        let is_old = self.now() - known.at >= self.settings.status_every().as_micros() as i64;
        if outline(&said) != outline(&status) || (is_old && said != status) {
            self.announce(STATUS, STATUS, status.encode_to_vec(), &status).await?;
        }
        Ok(())
    }

    async fn announce(&self, kind: &str, subject: &str, content: Vec<u8>, body: &impl Message) -> Result<(), FederationError> {
        let entry = Entry::new(&self.envelope(kind), body.encode_to_vec());
        let tx = self.db.begin().await?;
        store::announced::put(&tx, subject, &Announced { content, at: self.now() }).await?;
        self.uplinks.bulk.append(&tx, &[entry]).await?;
        tx.commit().await?;
        self.uplinks.bulk.committed();
        Ok(())
    }
}

/// Without what moves all the time.
fn outline(status: &GetLinkStatusResponse) -> Vec<LinkState> {
    fn still(link: &LinkState) -> LinkState {
        let children = link.children.iter().map(still).collect();
        LinkState { last_seen: None, cursor: 0, behind: 0, checkpoint: None, downlinks: Vec::new(), children, ..link.clone() }
    }
    status.children.iter().map(still).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_stands_still_is_news() {
        let grandchild = LinkState { node: "sm".into(), state: "connected".into(), cursor: 9, ..LinkState::default() };
        let child =
            LinkState { node: "xm".into(), state: "connected".into(), behind: 3, children: vec![grandchild], ..LinkState::default() };
        let before = GetLinkStatusResponse { children: vec![child], ..GetLinkStatusResponse::default() };
        let mut after = before.clone();
        (after.children[0].behind, after.children[0].children[0].cursor) = (0, 12);
        assert_eq!(outline(&before), outline(&after));
        after.children[0].children[0].state = "away".into();
        assert_ne!(outline(&before), outline(&after));
    }
}
