//! The first word on every connection, in both directions.

use tracemesh_access::{Principal, Role};
use tracemesh_chassis::auth::PeerNode;
use tracemesh_proto::federation::v1::{HelloRequest, HelloResponse};

use super::{Federation, VERSION};
use crate::domain::link::versions_talk;
use crate::error::FederationError;
use crate::store;
use crate::store::children::Child;

impl Federation {
    /// Answers a neighbour. A child learns whether anything is taken from it.
    pub async fn hello(
        &self,
        caller: &Principal,
        peer: Option<&PeerNode>,
        request: &HelloRequest,
    ) -> Result<HelloResponse, FederationError> {
        if !versions_talk(VERSION, &request.version) {
            return Err(FederationError::Version(request.version.clone()));
        }
        let mut answer = HelloResponse { node: self.node().to_owned(), version: VERSION.to_owned(), ..HelloResponse::default() };
        if caller.has(Role::Parent) {
            answer.journals = self.uplinks.states().await?;
        } else if let Some(peer) = peer {
            let child = self.greet_child(peer, request).await?;
            answer.epoch = child.epoch;
            answer.quarantined = if child.state == "quarantined" { child.detail } else { String::new() };
        }
        Ok(answer)
    }

    async fn greet_child(&self, peer: &PeerNode, request: &HelloRequest) -> Result<Child, FederationError> {
        let child = store::children::get(self.db.read(), &peer.id).await?;
        let child = child.ok_or_else(|| FederationError::NoChild(peer.id.clone()))?;
        if peer.fingerprint == child.fingerprint && !child.former_fingerprint.is_empty() {
            let tx = self.db.begin().await?;
            store::children::set_certificates(&tx, &child.node, &child.fingerprint, "").await?;
            tx.commit().await?;
            self.roll.reload(&self.db).await?;
        }
        self.children.greeted(&child.node, &request.journals);
        Ok(child)
    }
}
