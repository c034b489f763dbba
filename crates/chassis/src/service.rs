//! What a service hands back from its `start`: what it serves, and what it depends on.

use std::convert::Infallible;
use std::sync::Arc;

use axum::response::IntoResponse;
use http::Request;
use tonic::body::Body;
use tonic::server::NamedService;
use tonic::service::Routes;

use crate::auth::CredentialSource;
use crate::probe::Probe;

/// One started service, ready to be composed with others into a process.
#[derive(Clone)]
pub struct Service {
    pub(crate) noun: &'static str,
    pub(crate) grpc: Vec<&'static str>,
    pub(crate) routes: Routes,
    pub(crate) http: axum::Router,
    pub(crate) probes: Vec<Probe>,
    pub(crate) credentials: Vec<Arc<dyn CredentialSource>>,
    pub(crate) sign_in: Option<String>,
}

impl Service {
    /// A service that serves nothing yet. `noun` is its word everywhere: crate, package, schema, configuration section.
    pub fn new(noun: &'static str) -> Service {
        Service {
            noun,
            grpc: Vec::new(),
            routes: Routes::from(axum::Router::new()),
            http: axum::Router::new(),
            probes: Vec::new(),
            credentials: Vec::new(),
            sign_in: None,
        }
    }

    /// Adds a gRPC service. Its access rules come from its proto; its size limits are set on the generated server:
    /// `XServer::new(api).max_decoding_message_size(runtime.config().limits.message_bytes)`.
    #[must_use]
    pub fn grpc<S>(mut self, server: S) -> Service
    where
        S: tower::Service<Request<Body>, Error = Infallible> + NamedService + Clone + Send + Sync + 'static,
        S::Response: IntoResponse,
        S::Future: Send + 'static,
    {
        self.grpc.push(S::NAME);
        self.routes = self.routes.add_service(server);
        self
    }

    /// Adds HTTP routes. Their handlers find the caller's `Principal` in the request's extensions and ask for what it may do themselves.
    #[must_use]
    pub fn http(mut self, routes: axum::Router) -> Service {
        self.http = self.http.merge(routes);
        self
    }

    /// Adds a dependency that `/readyz` names.
    #[must_use]
    pub fn probe(mut self, probe: Probe) -> Service {
        self.probes.push(probe);
        self
    }

    /// Adds a place that knows callers: provider tokens, sessions, the nodes of links.
    #[must_use]
    pub fn credentials(mut self, source: impl CredentialSource) -> Service {
        self.credentials.push(Arc::new(source));
        self
    }

    /// The path of the one-time link that makes the first administrator (`/console/sign-in/SECRET`); `up` prints it with the node's URL.
    #[must_use]
    pub fn sign_in(mut self, path: Option<String>) -> Service {
        self.sign_in = path;
        self
    }

    /// Its word.
    pub fn noun(&self) -> &'static str {
        self.noun
    }
}
