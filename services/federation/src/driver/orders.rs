//! What the parent has for this node: followed over the connections that this node has dialled, so that nothing has to be opened for it.

use tokio_util::sync::CancellationToken;
use tracemesh_access::Principal;
use tracemesh_journal::Follower;
use tracemesh_keeper::Traced;

use super::ENTRIES_AT_ONCE;
use super::children::follower_name;
use super::up::Up;
use crate::app::Cause;
use crate::app::batch::Written;
use crate::domain::link::{Line, Purpose};
use crate::error::FederationError;
use crate::followers::downlink::DownlinkHandler;
use crate::store;

impl Up {
    /// Follows a downlink for as long as its connection stands.
    pub fn follow(&mut self, purpose: Purpose, line: Line) {
        let Some((remote, closed)) = self.line(purpose, line) else { return };
        let Some(journal) = purpose.downlink(&self.parent.node, self.federation.node()) else { return };
        let (name, client) = (follower_name(self.parent.history), remote.clients().journal("federation"));
        let mut follower = Follower::new(&name, &journal, client, &self.federation.db);
        follower.pace.entries = ENTRIES_AT_ONCE;
        let handler = DownlinkHandler {
            federation: self.federation.clone(),
            parent: self.parent.node.clone(),
            history: self.parent.history,
            purpose,
            driver: self.events.clone(),
            written: Written::default(),
            entries: 0,
        };
        let (mut handler, stop) = (Traced::new("federation.follow.downlink", handler), CancellationToken::new());
        self.followers.insert(purpose, stop.clone().drop_guard());
        self.once(format!("follower of {journal}"), closed, async move {
            // It ends with the connection, or by a fork, which the driver has been told with its evidence.
            drop(follower.run(&mut handler, stop.cancelled()).await);
        });
    }

    /// Takes nothing more from the parent, and says so; what comes of an operator's approval begins anew.
    pub async fn distrust(&mut self, why: String) -> Result<(), FederationError> {
        self.followers.clear();
        let fork = self.evidence.take().unwrap_or_default();
        tracing::error!(parent = self.parent.node, journal = fork.journal, why, "it was set back: nothing more is taken from it");
        let tx = self.federation.db.begin().await?;
        store::parent::set_forked(&tx, &why).await?;
        self.federation.commit(tx, "link.fork", &Cause::by(&Principal::service("federation")), &fork).await?;
        self.federation.metrics.quarantined(&self.parent.node);
        self.journaled = "quarantined";
        Ok(())
    }
}
