//! The RPCs of the mesh as JSON over HTTP, read from the contracts at the first call: there is no handler per RPC and none to forget.
//!
//! A request goes through five steps, one file each:
//!
//! 1. `routes.rs` finds the RPC by method and path among the `google.api.http` annotations; `template.rs` matches one path.
//! 2. `request.rs` makes one JSON object of what stands in the path, the query and the body, and `message.rs` the request message of that
//!    object; together they say everything that is wrong at once.
//! 3. `call.rs` calls the service with those bytes over its gRPC channel, with the caller's identity and trace, like any other caller: access
//!    is decided there, not here.
//! 4. The answer becomes JSON, a stream one line of JSON for each message (`application/x-ndjson`).
//! 5. What failed becomes `google.rpc.Status` with both languages, by `crate::error`.
//!
//! **The JSON** is the proto3 mapping with three differences, the same on every interface of the mesh: names are those of the proto
//! (lowerCamelCase is read too), fields at their default are written out, and 64-bit integers are numbers (strings are read too). A reader
//! in JavaScript loses digits above 2^53; no figure of the mesh comes near, and keys of units are hexadecimal texts where JSON shows them.
//!
//! What is absent: bodies other than `"*"`, and client streaming. Records come in by a door of their own, which keeps their bytes.

mod call;
mod message;
mod nearest;
mod request;
mod routes;
mod template;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use futures::{StreamExt, TryStreamExt};
use http::header::{ALLOW, AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE};
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Method};
use prost_reflect::{DynamicMessage, MessageDescriptor, SerializeOptions};
use tonic::transport::Channel;
use tonic::{Status, Streaming};
use tracemesh_access::Principal;

use crate::error::{self, Error, ErrorCode};

pub(crate) use nearest::nearest;
pub(crate) use routes::{ROUTES, Route};

/// Longest body of a call: a control-plane message, not a file.
pub const MAX_BODY_BYTES: usize = 1024 * 1024;

/// How answers are written; see the module's text.
const JSON: SerializeOptions =
    SerializeOptions::new().use_proto_field_name(true).skip_default_fields(false).stringify_64_bit_integers(false);

/// Where a service is reached, by its noun (`registry` of `tracemesh.registry.v1`); none where this process does not reach it.
type ChannelOf = dyn Fn(&str) -> Option<Channel> + Send + Sync;
/// Makes the token that tells a service of this node who is asking.
type Vouch = dyn Fn(&Principal) -> String + Send + Sync;

/// The gateway of one HTTP server.
pub struct Gateway {
    channel_of: Box<ChannelOf>,
    vouch: Box<Vouch>,
}

impl Gateway {
    /// `channel_of` says where the service of a noun is reached; `vouch` signs the principal that the server has found for a request, for
    /// the service to trust. Where the server has found none, the request's own `Authorization` goes on as it is.
    pub fn new(
        channel_of: impl Fn(&str) -> Option<Channel> + Send + Sync + 'static,
        vouch: impl Fn(&Principal) -> String + Send + Sync + 'static,
    ) -> Gateway {
        Gateway { channel_of: Box::new(channel_of), vouch: Box::new(vouch) }
    }

    /// Everything under `/api/v1`. Exact routes of others (`/api/v1/records`) may be merged with it and go first.
    pub fn router(self) -> Router {
        let gateway = Arc::new(self);
        ["/api/v1", "/api/v1/", "/api/v1/{*rest}"]
            .into_iter()
            .fold(Router::new(), |router, path| router.route(path, any(handle)))
            .with_state(gateway)
    }
}

async fn handle(State(gateway): State<Arc<Gateway>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let mut response = match routes::find(&parts.method, parts.uri.path()) {
        routes::Found::Route(route, in_path) => match gateway.call(route, in_path, &parts, body).await {
            Ok(response) => response,
            Err(status) => error::answer(status),
        },
        routes::Found::OtherMethods(allowed) => method_not_allowed(&parts, &allowed),
        routes::Found::Nothing => path_unknown(&parts).into_response(),
    };
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

impl Gateway {
    async fn call(&self, route: &'static Route, in_path: routes::InPath, parts: &Parts, body: Body) -> Result<Response, Status> {
        let channel = (self.channel_of)(&route.noun).ok_or_else(|| Status::from(path_unknown(parts)))?;
        let body = read_body(route, &parts.headers, body).await?;
        let message = request::read(route, in_path, &parts.uri, &body)?;
        let headers = self.forwarded(parts);
        if route.rpc.is_server_streaming() {
            let stream = call::streaming(channel, route, &headers, message).await?;
            Ok(lines(stream, route.rpc.output()))
        } else {
            let answer = call::unary(channel, route, &headers, message).await?;
            Ok(with_type("application/json", to_json(&route.rpc.output(), answer)?.into()))
        }
    }

    /// Who is asking, and which trace it belongs to.
    fn forwarded(&self, parts: &Parts) -> HeaderMap {
        let trace = ["traceparent", "tracestate"].into_iter();
        let mut headers: HeaderMap = trace.filter_map(|name| Some((name.parse().ok()?, parts.headers.get(name)?.clone()))).collect();
        let authorization = match parts.extensions.get::<Principal>() {
            Some(principal) => HeaderValue::try_from(format!("Bearer {}", (self.vouch)(principal))).ok(),
            None => parts.headers.get(AUTHORIZATION).cloned(),
        };
        headers.extend(authorization.map(|value| (AUTHORIZATION, value)));
        headers
    }
}

async fn read_body(route: &Route, headers: &HeaderMap, body: Body) -> Result<Bytes, Error> {
    let bytes = axum::body::to_bytes(body, MAX_BODY_BYTES).await.map_err(|cause| {
        let too_large = Error::new(ErrorCode::ResourceExhausted, "error.request.body_too_large");
        too_large.with("limit_bytes", MAX_BODY_BYTES.to_string()).because(cause)
    })?;
    let media_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("application/json");
    if route.has_body() && !media_type.to_ascii_lowercase().starts_with("application/json") {
        let refused = Error::new(ErrorCode::InvalidArgument, "error.request.media_type");
        return Err(refused.with("value", media_type).with("allowed", "application/json"));
    }
    Ok(bytes)
}

fn to_json(output: &MessageDescriptor, bytes: Bytes) -> Result<Vec<u8>, Status> {
    let message = DynamicMessage::decode(output.clone(), bytes).map_err(Error::internal)?;
    let mut json = serde_json::Serializer::new(Vec::new());
    message.serialize_with_options(&mut json, &JSON).map_err(Error::internal)?;
    Ok(json.into_inner())
}

/// One line for each message. The stream ends at its first error, which is its last line: `{"error": …}`, so that nobody takes it for a
/// message, nor a stream that broke for one that ended.
fn lines(stream: Streaming<Bytes>, output: MessageDescriptor) -> Response {
    let lines = stream.map(move |message| message.and_then(|bytes| to_json(&output, bytes)));
    let lines = ended_by_its_error(lines).map_ok(|mut line| {
        line.push(b'\n');
        Bytes::from(line)
    });
    with_type("application/x-ndjson", Body::from_stream(lines))
}

fn ended_by_its_error(
    lines: impl futures::Stream<Item = Result<Vec<u8>, Status>>,
) -> impl futures::Stream<Item = Result<Vec<u8>, std::convert::Infallible>> {
    lines.scan(false, |ended, line| {
        let next = (!*ended).then(|| line.unwrap_or_else(last_line));
        futures::future::ready(next.map(Ok))
    })
}

fn last_line(status: Status) -> Vec<u8> {
    serde_json::json!({"error": error::json(&error::settle(status))}).to_string().into_bytes()
}

fn with_type(media_type: &'static str, body: Body) -> Response {
    ([(CONTENT_TYPE, HeaderValue::from_static(media_type))], body).into_response()
}

fn path_unknown(parts: &Parts) -> Error {
    let known = ROUTES.iter().map(|route| route.template.text());
    let nearest = nearest(parts.uri.path(), known).unwrap_or_default();
    Error::new(ErrorCode::NotFound, "error.request.path_unknown").with("path", parts.uri.path()).with("nearest", nearest)
}

fn method_not_allowed(parts: &Parts, allowed: &[Method]) -> Response {
    let allowed = allowed.iter().map(Method::as_str).collect::<Vec<_>>().join(", ");
    let refused = Error::new(ErrorCode::Unimplemented, "error.request.method_not_allowed");
    let refused = refused.with("path", parts.uri.path()).with("method", parts.method.as_str()).with("allowed", allowed.clone());
    let mut response = refused.into_response();
    response.headers_mut().extend(HeaderValue::try_from(allowed).ok().map(|value| (ALLOW, value)));
    response
}
