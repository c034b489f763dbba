//! Nothing takes for ever: calls end by a deadline, streams when the process stops.

use std::collections::HashSet;
use std::pin::Pin;
use std::sync::LazyLock;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures::FutureExt;
use futures::future::BoxFuture;
use http::HeaderMap;
use http_body::Frame;
use tonic::Status;
use tracemesh_proto::POOL;

use super::stack::grpc_error;
use crate::config::LimitsConfig;
use crate::error::{Error, ErrorCode};
use crate::rules;
use crate::tasks::Shutdown;

/// RPCs with a stream on either side, by path: they live as long as both sides want.
static STREAMS: LazyLock<HashSet<String>> = LazyLock::new(|| {
    let methods = POOL.services().flat_map(|service| service.methods().collect::<Vec<_>>());
    methods.filter(|method| method.is_client_streaming() || method.is_server_streaming()).map(|method| rules::path(&method)).collect()
});

/// How long a request may take.
#[derive(Clone, Copy, Debug)]
pub(super) struct Deadlines {
    unnamed: Duration,
    longest: Duration,
}

impl Deadlines {
    /// A caller of gRPC may name its own.
    pub(super) fn of_grpc(limits: &LimitsConfig) -> Deadlines {
        Deadlines { unnamed: Duration::from_secs(limits.call_timeout_s), longest: Duration::from_secs(limits.call_timeout_max_s) }
    }

    /// HTTP has no word for it.
    pub(super) fn of_http(limits: &LimitsConfig) -> Deadlines {
        let longest = Duration::from_secs(limits.http_timeout_s);
        Deadlines { unnamed: longest, longest }
    }
}

/// Whether the RPC has a stream on either side. Those of other contracts (health, reflection) count as streams.
pub fn is_stream(path: &str) -> bool {
    STREAMS.contains(path) || rules::rule_for(path).is_none()
}

/// For gRPC.
pub(super) async fn call(State(deadlines): State<Deadlines>, request: Request, next: Next) -> Response {
    if is_stream(request.uri().path()) {
        return next.run(request).await;
    }
    let deadline = grpc_timeout(request.headers()).map_or(deadlines.unnamed, |named| named.min(deadlines.longest));
    let late = || grpc_error(ErrorCode::DeadlineExceeded.into());
    tokio::time::timeout(deadline, next.run(request)).await.unwrap_or_else(|_| late())
}

/// For HTTP.
pub(super) async fn request(State(deadlines): State<Deadlines>, request: Request, next: Next) -> Response {
    let late = || Error::from(ErrorCode::DeadlineExceeded).into_response();
    tokio::time::timeout(deadlines.longest, next.run(request)).await.unwrap_or_else(|_| late())
}

/// Ends the answers of streams with UNAVAILABLE once the process is asked to stop: their callers come back to whoever serves next.
pub(super) async fn end_streams_at_stop(State(shutdown): State<Shutdown>, request: Request, next: Next) -> Response {
    let is_stream = is_stream(request.uri().path());
    let response = next.run(request).await;
    if !is_stream {
        return response;
    }
    response.map(|body| {
        let stop = async move { shutdown.requested().await }.boxed();
        Body::new(UntilStop { body, stop: Some(stop) })
    })
}

/// A body that ends with a status of its own when `stop` comes first.
struct UntilStop {
    body: Body,
    stop: Option<BoxFuture<'static, ()>>,
}

impl http_body::Body for UntilStop {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let Some(stop) = self.stop.as_mut() else { return Poll::Ready(None) };
        if stop.poll_unpin(cx).is_pending() {
            return Pin::new(&mut self.body).poll_frame(cx);
        }
        self.stop = None;
        let mut trailers = HeaderMap::new();
        let stopping = Status::from(Error::from(ErrorCode::Unavailable));
        Poll::Ready(stopping.add_header(&mut trailers).is_ok().then(|| Ok(Frame::trailers(trailers))))
    }

    fn is_end_stream(&self) -> bool {
        self.stop.is_none() || self.body.is_end_stream()
    }
}

/// `grpc-timeout`: at most eight digits and a unit.
fn grpc_timeout(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get("grpc-timeout")?.to_str().ok()?;
    let (digits, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let number: u64 = (digits.len() <= 8).then(|| digits.parse().ok())??;
    match unit {
        "H" => Some(Duration::from_secs(number * 3600)),
        "M" => Some(Duration::from_secs(number * 60)),
        "S" => Some(Duration::from_secs(number)),
        "m" => Some(Duration::from_millis(number)),
        "u" => Some(Duration::from_micros(number)),
        "n" => Some(Duration::from_nanos(number)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_are_known_from_the_contracts() {
        assert!(is_stream("/tracemesh.journal.v1.JournalService/Follow"));
        assert!(is_stream("/tracemesh.ingestion.v1.IngestionService/Submit"));
        assert!(is_stream("/grpc.health.v1.Health/Watch"));
        assert!(!is_stream("/tracemesh.registry.v1.RegistryService/GetNode"));
    }

    #[test]
    fn a_timeout_reads_as_the_protocol_spells_it() {
        let timeout = |text: &'static str| grpc_timeout(&HeaderMap::from_iter([("grpc-timeout".parse().unwrap(), text.parse().unwrap())]));
        assert_eq!(timeout("5S"), Some(Duration::from_secs(5)));
        assert_eq!(timeout("99999999n"), Some(Duration::from_nanos(99_999_999)));
        assert_eq!(timeout("1H"), Some(Duration::from_secs(3600)));
        for broken in ["", "5", "S", "5x", "-5S", "123456789S"] {
            assert_eq!(timeout(broken), None, "{broken:?}");
        }
    }
}
