//! The sessions of people, for a process in which the registry does not run: it asks the registry whose a session is, and believes the answer for
//! a second. So a page that calls ten times asks once, and whoever is suspended is out a second later.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tonic::Status;
use tracemesh_access::Principal;
use tracemesh_chassis::Clock;
use tracemesh_chassis::auth::{Answer, Credential, CredentialSource};
use tracemesh_chassis::error::{Error, ErrorCode};
use tracemesh_proto::registry::v1::GetSessionRequest;

use crate::clients::Clients;
use crate::peers::Peers;

const BELIEVED_MICROS: i64 = 1_000_000;
/// Sessions that are known at once; with more, those that are asked about next begin anew.
const MOST: usize = 1_000;
/// Whoever calls waits for the answer, so it comes soon or not at all.
const PATIENCE: Duration = Duration::from_secs(3);

/// Asks the registry of this node whose a session is.
#[derive(Clone)]
pub struct Sessions {
    clients: Clients,
    clock: Clock,
    /// By the SHA-256 of the session's secret.
    known: Arc<Mutex<HashMap<[u8; 32], Known>>>,
}

struct Known {
    until: i64,
    whose: Option<Principal>,
}

impl Sessions {
    /// Asks through these peers.
    pub fn new(peers: &Peers, clock: Clock) -> Sessions {
        Sessions { clients: peers.as_service().within(PATIENCE), clock, known: Arc::default() }
    }

    async fn whose(&self, session: &str, sha256: [u8; 32]) -> Result<Option<Principal>, Status> {
        let now = self.clock.now_micros();
        if let Some(known) = self.lock().get(&sha256).filter(|known| known.until > now) {
            return Ok(known.whose.clone());
        }
        let answer = self.clients.registry().get_session(GetSessionRequest { session: session.to_owned() }).await?.into_inner();
        let whose = answer.principal.and_then(|principal| Principal::try_from(principal).ok());
        let mut known = self.lock();
        if known.len() >= MOST {
            known.clear();
        }
        known.insert(sha256, Known { until: now + BELIEVED_MICROS, whose: whose.clone() });
        Ok(whose)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<[u8; 32], Known>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[tonic::async_trait]
impl CredentialSource for Sessions {
    async fn who(&self, shown: &Credential) -> Answer {
        let Some(session) = shown.session() else { return Answer::Unknown };
        match self.whose(session.text(), session.sha256()).await {
            Ok(Some(principal)) => Answer::Known(principal),
            Ok(None) => Answer::Refused(Error::new(ErrorCode::Unauthenticated, "error.access.session_ended")),
            Err(why) => Answer::Refused(Error::from(ErrorCode::Unavailable).because(why)),
        }
    }

    fn comes_from_outside(&self) -> bool {
        false
    }
}
