//! Sending to a collector by OTLP over gRPC.

use opentelemetry::KeyValue;
use opentelemetry_otlp::{LogExporter, MetricExporter, SpanExporter, WithExportConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::logs::SdkLoggerProvider;
use opentelemetry_sdk::metrics::PeriodicReader;
use opentelemetry_sdk::trace::SdkTracerProvider;

use super::TelemetryError;
use crate::config::TelemetryConfig;

/// What sends traces, logs and metrics; without an endpoint, what only gives trace ids.
pub(super) struct Export {
    pub(super) traces: SdkTracerProvider,
    pub(super) logs: Option<SdkLoggerProvider>,
    pub(super) metrics: Option<Metrics>,
}

/// What sends metrics.
pub(super) struct Metrics {
    pub(super) reader: PeriodicReader<MetricExporter>,
    pub(super) resource: Resource,
}

impl Export {
    pub(super) fn new(config: &TelemetryConfig, instance: &str) -> Result<Export, TelemetryError> {
        let endpoint = config.otlp_endpoint.as_str();
        if endpoint.is_empty() {
            return Ok(Export { traces: SdkTracerProvider::builder().build(), logs: None, metrics: None });
        }
        let resource = Resource::builder()
            .with_service_name("tracemesh")
            .with_attribute(KeyValue::new("service.instance.id", instance.to_owned()))
            .build();
        let spans = SpanExporter::builder().with_tonic().with_endpoint(endpoint).build()?;
        let logs = LogExporter::builder().with_tonic().with_endpoint(endpoint).build()?;
        let metrics = MetricExporter::builder().with_tonic().with_endpoint(endpoint).build()?;
        Ok(Export {
            traces: SdkTracerProvider::builder().with_batch_exporter(spans).with_resource(resource.clone()).build(),
            logs: Some(SdkLoggerProvider::builder().with_batch_exporter(logs).with_resource(resource.clone()).build()),
            metrics: Some(Metrics { reader: PeriodicReader::builder(metrics).build(), resource }),
        })
    }
}
