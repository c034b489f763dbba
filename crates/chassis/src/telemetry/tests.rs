use std::collections::BTreeSet;
use std::io::Write;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::{Request, State};
use opentelemetry::KeyValue;
use tokio::net::TcpListener;

use super::*;

#[test]
fn metrics_read_as_prometheus_text() {
    let telemetry = Telemetry::detached();
    let records = telemetry.meter("ingestion").u64_counter("ingestion_records").build();
    records.add(3, &[KeyValue::new("verdict", "accepted")]);
    let text = telemetry.metrics_text();
    assert!(text.contains("ingestion_records_total{verdict=\"accepted\"} 3"), "{text}");
}

#[test]
fn two_nodes_in_one_process_count_apart() {
    let (one, other) = (Telemetry::detached(), Telemetry::detached());
    one.meter("registry").u64_counter("registry_providers").build().add(1, &[]);
    assert!(!other.metrics_text().contains("registry_providers"));
}

/// Lines as they would stand on stderr.
#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Written {
    fn lines(&self) -> Vec<serde_json::Value> {
        let text = String::from_utf8(self.0.lock().unwrap().clone()).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

/// One call in which something is logged and counted, with everything sent that is to be sent.
async fn observe(endpoint: String) -> Written {
    let written = Written::default();
    let writer = written.clone();
    let config = TelemetryConfig { otlp_endpoint: endpoint, format: LogFormat::Json, ..TelemetryConfig::default() };
    let (telemetry, subscriber) = Telemetry::assemble(&config, "fj", move || writer.clone()).unwrap();
    {
        let _guard = tracing::subscriber::set_default(subscriber);
        tracing::info_span!("submit", provider = "acme").in_scope(|| tracing::info!(records = 3, "submission taken"));
        telemetry.meter("ingestion").u64_counter("ingestion_records").build().add(3, &[]);
    }
    telemetry.flush().await;
    written
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_collector_gets_traces_logs_and_metrics() {
    let called: Arc<Mutex<BTreeSet<String>>> = Arc::default();
    let note = |State(called): State<Arc<Mutex<BTreeSet<String>>>>, request: Request| async move {
        called.lock().unwrap().insert(request.uri().path().rsplit('/').nth(1).unwrap_or_default().to_owned());
        let empty_message = axum::body::Body::from(vec![0; 5]);
        ([("content-type", "application/grpc"), ("grpc-status", "0")], empty_message)
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let tasks = crate::Tasks::new();
    let router = Router::new().fallback(note).with_state(called.clone());
    let limits = crate::config::LimitsConfig::default();
    crate::server::Server::new(router, crate::server::Wire::Grpc, limits, tasks.clone()).listen("collector", listener, None);
    let written = observe(endpoint).await;
    let services = ["logs.v1.LogsService", "metrics.v1.MetricsService", "trace.v1.TraceService"];
    let expected: BTreeSet<String> = services.map(|name| format!("opentelemetry.proto.collector.{name}")).into();
    assert_eq!(*called.lock().unwrap(), expected);
    let [line] = &written.lines()[..] else { panic!("{:?}", written.lines()) };
    assert_eq!((line["message"].as_str(), line["records"].as_i64()), (Some("submission taken"), Some(3)));
    assert_eq!(line["span"]["provider"], "acme");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_collector_that_is_away_costs_no_lines() {
    let written = observe("http://127.0.0.1:1".into()).await;
    assert_eq!(written.lines().len(), 1, "{:?}", written.lines());
}
