//! What is known of every request: a span in the caller's trace, and how long it took.

use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use opentelemetry::KeyValue;
use opentelemetry::metrics::{Histogram, Meter};
use tracing::Instrument;

use crate::rules;
use crate::telemetry::context;

/// Bounds in seconds: from a read in memory to the longest deadline.
const BOUNDS: [f64; 12] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0];

/// Durations of requests; of a stream, until it begins.
#[derive(Clone, Debug)]
pub(crate) struct Calls(Histogram<f64>);

impl Calls {
    /// Durations of gRPC calls.
    pub(crate) fn of_grpc(meter: &Meter) -> Calls {
        Calls(histogram(meter, "rpc_seconds", "Duration of gRPC calls, of streams until they begin."))
    }

    /// Durations of HTTP requests.
    pub(crate) fn of_http(meter: &Meter) -> Calls {
        Calls(histogram(meter, "http_seconds", "Duration of HTTP requests."))
    }
}

/// For gRPC. Paths that no contract knows share one label, or a scanner would fill the memory with them.
pub(crate) async fn call(State(calls): State<Calls>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let rpc = if rules::rule_for(path).is_some() { path.trim_start_matches('/').to_owned() } else { "other".to_owned() };
    let span = tracing::info_span!("rpc", otel.name = rpc, otel.kind = "server", rpc = rpc);
    context::continue_from_headers(&span, request.headers());
    let begun = Instant::now();
    let response = next.run(request).instrument(span).await;
    let code = response.headers().get("grpc-status").and_then(|code| code.to_str().ok()).unwrap_or("0").to_owned();
    calls.0.record(begun.elapsed().as_secs_f64(), &[KeyValue::new("rpc", rpc), KeyValue::new("code", code)]);
    response
}

/// For HTTP. Paths are labelled as their routes are written, without what stands in them.
pub(crate) async fn request(State(calls): State<Calls>, request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map_or("other", MatchedPath::as_str).to_owned();
    let span = tracing::info_span!("http", otel.name = route, otel.kind = "server", method = %request.method(), route = route);
    context::continue_from_headers(&span, request.headers());
    let begun = Instant::now();
    let response = next.run(request).instrument(span).await;
    let status = i64::from(response.status().as_u16());
    calls.0.record(begun.elapsed().as_secs_f64(), &[KeyValue::new("route", route), KeyValue::new("status", status)]);
    response
}

fn histogram(meter: &Meter, name: &'static str, what: &'static str) -> Histogram<f64> {
    meter.f64_histogram(name).with_description(what).with_boundaries(BOUNDS.to_vec()).build()
}
