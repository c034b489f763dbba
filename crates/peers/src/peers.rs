//! The other services of the same node.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tonic::transport::Channel;
use tracemesh_access::Principal;
use tracemesh_chassis::Runtime;

use crate::caller::{Caller, Credential};
use crate::clients::Clients;

/// The other services of a node, as one service sees them. Cheap to clone; clones share their connections, one to each service.
#[derive(Clone)]
pub struct Peers {
    runtime: Runtime,
    channels: Arc<Mutex<HashMap<&'static str, Channel>>>,
}

impl Peers {
    /// The peers of the service that the runtime was made for.
    pub fn new(runtime: &Runtime) -> Peers {
        Peers { runtime: runtime.clone(), channels: Arc::default() }
    }

    /// Clients that call as this service itself: for followers, and for what nobody asked us to do.
    pub fn as_service(&self) -> Clients {
        self.on_behalf(&Principal::service(self.runtime.noun()))
    }

    /// Clients that call as whoever asked us: the other service decides as if it had been asked itself.
    pub fn on_behalf(&self, principal: &Principal) -> Clients {
        let credential = Credential::Signed { runtime: self.runtime.clone(), principal: Arc::new(principal.clone()) };
        let peers = self.clone();
        Clients::new(self.runtime.config().limits.message_bytes, move |noun| Caller::new(peers.channel(noun), credential.clone()))
    }

    fn channel(&self, noun: &'static str) -> Channel {
        let mut channels = self.channels.lock().unwrap_or_else(PoisonError::into_inner);
        channels.entry(noun).or_insert_with(|| self.runtime.channel(noun)).clone()
    }
}
