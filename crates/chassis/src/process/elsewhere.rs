//! What this process does not serve, it passes on to the process of the node that does: so whoever reaches one process (the operator's command,
//! a parent through a tunnel) reaches the whole node, and services need not know who runs beside them.
//!
//! The caller has been found out and allowed by then. It goes on as a signed principal, and the other process decides once more by the same rule.
//! A token that nobody here knows goes on as it is: the other process may. A call of another process of this node is never passed on: that one knows itself where everything is, and two processes whose `[peers]` name
//! each other must not send a call to and fro.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use http::header::AUTHORIZATION;
use http::{Extensions, HeaderValue};
use tonic::Status;
use tonic::transport::Channel;
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_client::HealthClient;
use tower::{Service, ServiceExt};
use tracemesh_access::Principal;

use super::Shared;
use crate::auth::PeerNode;
use crate::error::{self, Error, ErrorCode};
use crate::probe::{Health, Probe};
use crate::rules;
use crate::runtime::Runtime;
use crate::telemetry::context;

/// How long another process may take to say that it is there: less than a probe has.
const EXAMINATION: Duration = Duration::from_secs(1);

/// The other processes of the node, by the nouns of their services.
pub(super) struct Elsewhere {
    runtime: Runtime,
    channels: BTreeMap<String, Channel>,
}

impl Elsewhere {
    pub(super) fn of(shared: &Arc<Shared>) -> Elsewhere {
        let nouns = shared.config.peers.keys().filter(|noun| shared.is_elsewhere(noun));
        let channels = nouns.map(|noun| (noun.clone(), shared.channel(noun))).collect();
        Elsewhere { runtime: Runtime::new("gateway", shared.clone()), channels }
    }

    /// Where the service of a noun is reached.
    pub(super) fn channel(&self, noun: &str) -> Option<Channel> {
        self.channels.get(noun).cloned()
    }

    pub(super) fn nouns(&self) -> BTreeSet<String> {
        self.channels.keys().cloned().collect()
    }

    /// Whether each of the other processes answers, for `/readyz`. Without one of them this process still does what it can.
    pub(super) fn probes(&self) -> Vec<Probe> {
        let probe = |(noun, channel): (&String, &Channel)| {
            let health = HealthClient::new(channel.clone());
            Probe::new(format!("peers.{noun}"), move || examine(health.clone()))
        };
        self.channels.iter().map(probe).collect()
    }

    async fn call(&self, request: Request) -> Result<Response, Status> {
        let unknown = || Status::from(Error::from(ErrorCode::Unimplemented));
        let (mut parts, body) = request.into_parts();
        let peer = parts.extensions.get::<PeerNode>();
        let is_own = peer.is_some_and(|peer| peer.id == self.runtime.node().id);
        let mut channel = self.channel(rules::noun(parts.uri.path())).filter(|_| !is_own).ok_or_else(unknown)?;
        if let Some(principal) = parts.extensions.get::<Principal>() {
            let vouched = HeaderValue::try_from(format!("Bearer {}", self.runtime.sign(principal))).map_err(Error::internal)?;
            parts.headers.insert(AUTHORIZATION, vouched);
        }
        context::inject(&mut parts.headers);
        parts.extensions = Extensions::new();
        let onward = http::Request::from_parts(parts, tonic::body::Body::new(body));
        let answer = channel.ready().await.map_err(error::of_transport)?.call(onward).await.map_err(error::of_transport)?;
        Ok(answer.map(Body::new))
    }
}

async fn examine(mut health: HealthClient<Channel>) -> Health {
    let answer = tokio::time::timeout(EXAMINATION, health.check(HealthCheckRequest::default())).await;
    match answer {
        Ok(Ok(_)) => Health::Ok,
        Ok(Err(status)) => Health::Degraded(status.message().to_owned()),
        Err(_) => Health::Degraded("does not answer".to_owned()),
    }
}

/// The fallback of the gRPC routes.
pub(super) async fn pass_on(State(elsewhere): State<Arc<Elsewhere>>, request: Request) -> Response {
    elsewhere.call(request).await.unwrap_or_else(|status| status.into_http::<Body>()).into_response()
}
