//! The listener of the operators: alive, ready, metrics. Never public, so it needs no credentials.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use futures::StreamExt;
use http::StatusCode;
use serde::Serialize;

use crate::probe::{Health, Probe};
use crate::tasks::{TaskState, Tasks};
use crate::telemetry::Telemetry;

/// Probes asked at once: a slow one must not hold up the others, and a database need not answer forty at a time.
const PROBES_AT_ONCE: usize = 8;

struct Ops {
    probes: Vec<Probe>,
    tasks: Tasks,
    telemetry: Arc<Telemetry>,
}

/// What `/readyz` says.
#[derive(Debug, Serialize)]
struct Readiness {
    ready: bool,
    dependencies: BTreeMap<String, Health>,
    tasks: BTreeMap<String, TaskState>,
}

/// `/healthz`, `/readyz`, `/metrics`.
pub fn router(probes: Vec<Probe>, tasks: Tasks, telemetry: Arc<Telemetry>) -> Router {
    Router::new()
        .route("/healthz", get(|| async { "alive\n" }))
        .route("/readyz", get(readyz))
        .route("/metrics", get(metrics))
        .with_state(Arc::new(Ops { probes, tasks, telemetry }))
}

async fn readyz(State(ops): State<Arc<Ops>>) -> Response {
    let ask = |probe: Probe| async move { (probe.name().to_owned(), probe.ask().await) };
    let dependencies: BTreeMap<_, _> = futures::stream::iter(ops.probes.clone()).map(ask).buffer_unordered(PROBES_AT_ONCE).collect().await;
    let tasks = ops.tasks.snapshot();
    let ready = !ops.tasks.shutdown().is_requested()
        && !dependencies.values().any(|health| matches!(health, Health::Failed(_)))
        && !tasks.values().any(|task| matches!(task, TaskState::Failed { .. }));
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(Readiness { ready, dependencies, tasks })).into_response()
}

async fn metrics(State(ops): State<Arc<Ops>>) -> Response {
    ([(http::header::CONTENT_TYPE, "text/plain; version=0.0.4")], ops.telemetry.metrics_text()).into_response()
}
