//! What a parent's hello means for this node's own journals.
//!
//! While the parent holds another history of this node, ingestion takes nothing: what it gave a receipt for would bear a number that somebody has
//! a receipt for already. Once an operator has approved, every journal goes on in the epoch that the parent names, and only then is followed.

use tracemesh_keeper::KEEPERS;
use tracemesh_proto::federation::v1::HelloResponse;
use tracemesh_proto::journal::v1::{HaltRequest, ReachEpochRequest};

use super::Federation;
use crate::error::FederationError;

/// Whose numbers are given out to others.
const INTAKE: &str = "ingestion";

impl Federation {
    /// Comes back when it is so; repeating is harmless.
    pub async fn heed(&self, hello: &HelloResponse) -> Result<(), FederationError> {
        match (hello.epoch, hello.quarantined.as_str()) {
            // Who does not say in which epoch to go on must not make us stop.
            (0, _) => Ok(()),
            (epoch, "") => self.reach_epoch(epoch, &hello.node).await,
            (_, why) => self.halt_intake(why).await,
        }
    }

    async fn halt_intake(&self, why: &str) -> Result<(), FederationError> {
        let request = HaltRequest { service: INTAKE.into(), why: why.to_owned() };
        let answer = self.peers.as_service().journal(INTAKE).halt(request).await;
        answer.map(drop).map_err(|status| FederationError::Service(INTAKE, status))
    }

    async fn reach_epoch(&self, at_least: u64, parent: &str) -> Result<(), FederationError> {
        let clients = self.peers.as_service();
        for noun in KEEPERS {
            let request = ReachEpochRequest { service: noun.into(), at_least, why: format!("{parent} follows from this epoch on") };
            match clients.journal(noun).reach_epoch(request).await {
                Ok(_) => {}
                Err(status) if noun == INTAKE => return Err(FederationError::Service(noun, status)),
                // It does not run at this node, or is asked again at the next connection.
                Err(status) => tracing::debug!(noun, %status, "its journals may be in an earlier epoch"),
            }
        }
        Ok(())
    }
}
