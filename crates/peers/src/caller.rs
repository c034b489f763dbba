//! What every call to another service or node carries: who asks, until when, and as part of which trace.

use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;
use http::{HeaderMap, HeaderValue, Request, Response, header};
use tonic::Status;
use tonic::body::Body;
use tonic::transport::Channel;
use tracemesh_access::Principal;
use tracemesh_chassis::Runtime;
use tracemesh_chassis::error::of_transport;
use tracemesh_chassis::server::is_stream;
use tracemesh_chassis::telemetry::context;

/// How long a call may take where nobody says otherwise.
const DEADLINE: Duration = Duration::from_secs(30);
const GRPC_TIMEOUT: &str = "grpc-timeout";

/// Who a caller says that it is.
#[derive(Clone)]
pub(crate) enum Credential {
    /// A token that is signed anew for each call.
    Signed {
        /// Whose key signs.
        runtime: Runtime,
        /// Who asks.
        principal: Arc<Principal>,
    },
    /// A token that somebody gave us.
    Token(Arc<str>),
    /// Nothing besides the connection's certificate, if it has one.
    Nothing,
}

/// A channel that says who is calling: what the typed clients are made of.
#[derive(Clone)]
pub struct Caller {
    channel: Channel,
    credential: Credential,
    deadline: Duration,
}

impl Caller {
    pub(crate) fn new(channel: Channel, credential: Credential) -> Caller {
        Caller { channel, credential, deadline: DEADLINE }
    }

    pub(crate) fn within(self, deadline: Duration) -> Caller {
        Caller { deadline, ..self }
    }

    fn complete(&self, path: &str, headers: &mut HeaderMap) -> Result<(), Status> {
        if let Some(value) = self.credential.header()? {
            headers.insert(header::AUTHORIZATION, value);
        }
        if !is_stream(path) && !headers.contains_key(GRPC_TIMEOUT) {
            headers.insert(GRPC_TIMEOUT, grpc_timeout(self.deadline));
        }
        context::inject(headers);
        Ok(())
    }
}

impl tower::Service<Request<Body>> for Caller {
    type Response = Response<Body>;
    type Error = Status;
    type Future = BoxFuture<'static, Result<Response<Body>, Status>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Status>> {
        self.channel.poll_ready(cx).map_err(of_transport)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let (mut parts, body) = request.into_parts();
        match self.complete(parts.uri.path(), &mut parts.headers) {
            Ok(()) => self.channel.call(Request::from_parts(parts, body)).map(|answer| answer.map_err(of_transport)).boxed(),
            Err(status) => futures::future::ready(Err(status)).boxed(),
        }
    }
}

impl Credential {
    fn header(&self) -> Result<Option<HeaderValue>, Status> {
        let token = match self {
            Credential::Signed { runtime, principal } => &runtime.sign(principal),
            Credential::Token(token) => token.as_ref(),
            Credential::Nothing => return Ok(None),
        };
        let mut value =
            HeaderValue::try_from(format!("Bearer {token}")).map_err(|_| Status::unauthenticated("the token holds a line break"))?;
        value.set_sensitive(true);
        Ok(Some(value))
    }
}

/// Whole milliseconds in at most eight digits, as the protocol asks: 27 hours.
fn grpc_timeout(deadline: Duration) -> HeaderValue {
    let millis = deadline.as_millis().min(99_999_999);
    HeaderValue::try_from(format!("{millis}m")).expect("digits and a letter are a header")
}
