//! The journals that the gateway follows: its own node's analytics, those of its services that speak to other nodes, every child's two uplinks, and
//! the parent's two downlinks for this node.

pub mod addressed;
pub mod analytics;
pub mod downlink;
pub mod uplink;

use tracemesh_access::Principal;
use tracemesh_journal::{Checkpoint, Fork};
use tracemesh_proto::federation::v1::ForkFound;

use crate::app::{Cause, Federation};
use crate::error::FederationError;
use crate::store;
use crate::store::announced::Announced;

impl Federation {
    /// A service of this node was set back: an entry for each way in which its journal is not the one that was followed, however often that is found.
    async fn note_fork(&self, fork: &Fork) -> Result<(), FederationError> {
        let (subject, content) = (format!("fork of {}", fork.journal), fork.to_string().into_bytes());
        let known = store::announced::get(self.db.read(), &subject).await?;
        if known.is_some_and(|known| known.content == content) {
            return Ok(());
        }
        let tx = self.db.begin().await?;
        store::announced::put(&tx, &subject, &Announced { content, at: self.now() }).await?;
        self.commit(tx, "link.fork", &Cause::by(&Principal::service("federation")), &evidence(self.node(), fork)).await
    }
}

/// What is kept of a fork.
fn evidence(neighbour: &str, fork: &Fork) -> ForkFound {
    let held = Checkpoint {
        journal: fork.journal.clone(),
        epoch: fork.held_epoch,
        seq: fork.held_seq,
        size: fork.held_size,
        root: fork.held_root.to_vec().into(),
        ..Checkpoint::default()
    };
    let (journal, offered) = (fork.journal.clone(), fork.offered.clone());
    ForkFound { child: neighbour.to_owned(), journal, why: fork.to_string(), held: Some(held), offered }
}
