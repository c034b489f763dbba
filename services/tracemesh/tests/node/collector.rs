//! An OTLP collector that keeps the spans that it is sent, and whose metrics it has seen, for a test to look at.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use opentelemetry_proto::tonic::collector::metrics::v1::metrics_service_server::{MetricsService, MetricsServiceServer};
use opentelemetry_proto::tonic::collector::metrics::v1::{ExportMetricsServiceRequest, ExportMetricsServiceResponse};
use opentelemetry_proto::tonic::collector::trace::v1::trace_service_server::{TraceService, TraceServiceServer};
use opentelemetry_proto::tonic::collector::trace::v1::{ExportTraceServiceRequest, ExportTraceServiceResponse};
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::resource::v1::Resource;
use opentelemetry_proto::tonic::trace::v1::Span;
use tonic::transport::Server;
use tonic::transport::server::TcpIncoming;
use tonic::{Request, Response, Status};

#[derive(Clone, Default)]
pub struct Collector(Arc<Mutex<Kept>>);

/// Everything with the process that sent it: its `service.instance.id`.
#[derive(Default)]
pub struct Kept {
    pub spans: Vec<(String, Span)>,
    pub metrics: BTreeSet<String>,
}

impl Collector {
    /// Serves as long as the test's process lives. Answers what `telemetry.otlp_endpoint` is to be.
    pub fn serve() -> (Collector, String) {
        let collector = Collector::default();
        let incoming = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let endpoint = format!("http://{}", incoming.local_addr().unwrap());
        let served = collector.clone();
        std::thread::spawn(move || served.run(incoming));
        (collector, endpoint)
    }

    #[tokio::main(flavor = "current_thread")]
    async fn run(self, incoming: std::net::TcpListener) {
        incoming.set_nonblocking(true).unwrap();
        let incoming = TcpIncoming::from(tokio::net::TcpListener::from_std(incoming).unwrap());
        let server = Server::builder().add_service(TraceServiceServer::new(self.clone()));
        server.add_service(MetricsServiceServer::new(self)).serve_with_incoming(incoming).await.unwrap();
    }

    pub fn look<T>(&self, look: impl FnOnce(&mut Kept) -> T) -> T {
        look(&mut self.0.lock().unwrap())
    }
}

#[tonic::async_trait]
impl TraceService for Collector {
    async fn export(&self, request: Request<ExportTraceServiceRequest>) -> Result<Response<ExportTraceServiceResponse>, Status> {
        for sent in request.into_inner().resource_spans {
            let from = instance(sent.resource.as_ref());
            let spans = sent.scope_spans.into_iter().flat_map(|scope| scope.spans);
            self.look(|kept| kept.spans.extend(spans.map(|span| (from.clone(), span))));
        }
        Ok(Response::new(Default::default()))
    }
}

#[tonic::async_trait]
impl MetricsService for Collector {
    async fn export(&self, request: Request<ExportMetricsServiceRequest>) -> Result<Response<ExportMetricsServiceResponse>, Status> {
        let sent = request.into_inner().resource_metrics;
        self.look(|kept| kept.metrics.extend(sent.iter().map(|sent| instance(sent.resource.as_ref()))));
        Ok(Response::new(Default::default()))
    }
}

fn instance(resource: Option<&Resource>) -> String {
    let attributes = resource.map(|resource| resource.attributes.as_slice()).unwrap_or_default();
    let named = attributes.iter().find(|attribute| attribute.key == "service.instance.id");
    match named.and_then(|attribute| attribute.value.clone()?.value) {
        Some(Value::StringValue(id)) => id,
        other => format!("{other:?}"),
    }
}
