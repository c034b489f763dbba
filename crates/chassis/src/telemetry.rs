//! Logs, traces and metrics of a process.
//!
//! Code writes `tracing` spans and events and takes instruments from its runtime's meter; that is all it knows. Logs go to stderr, as text for
//! a terminal and as JSON for a machine. Metrics are read at `/metrics`. Where a collector is configured, all three are also sent to it by
//! OTLP; one that is away costs a bounded queue and no log lines, as a node must not fill its disk with complaints about its observer.
//!
//! Every call belongs to a trace whether or not a collector is there, so that a journal entry can name its cause years later: see [`context`].

pub mod context;
mod export;

use std::io::IsTerminal;
use std::time::Duration;

use opentelemetry::metrics::{Meter, MeterProvider};
use opentelemetry::trace::TracerProvider;
use opentelemetry_appender_tracing::layer::OpenTelemetryTracingBridge;
use opentelemetry_sdk::logs::SdkLoggerProvider;
use opentelemetry_sdk::metrics::SdkMeterProvider;
use opentelemetry_sdk::trace::SdkTracerProvider;
use prometheus::{Registry, TextEncoder};
use tracing::Subscriber;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::TryInitError;
use tracing_subscriber::{EnvFilter, Layer, layer::SubscriberExt, util::SubscriberInitExt};

use self::export::{Export, Metrics};
use crate::config::{LogFormat, TelemetryConfig};

/// Below the exporters themselves nothing is exported, or each export would cause the next.
const NOT_EXPORTED: &str =
    "info,h2=off,hyper=off,hyper_util=off,tonic=off,tower=off,opentelemetry=off,opentelemetry_sdk=off,opentelemetry_otlp=off";
/// The exporters' complaints, kept off stderr.
const EXPORTERS: [&str; 4] = ["opentelemetry", "opentelemetry_sdk", "opentelemetry-otlp", "opentelemetry_otlp"];
/// How long a stop waits for what is still to be sent.
const FLUSH_TIMEOUT: Duration = Duration::from_secs(3);

/// The telemetry of one process.
pub struct Telemetry {
    meters: SdkMeterProvider,
    prometheus: Registry,
    exporting: Option<(SdkTracerProvider, SdkLoggerProvider)>,
}

/// Telemetry could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    /// The filter is none.
    #[error("`telemetry.log`: {0}")]
    Filter(#[from] tracing_subscriber::filter::ParseError),
    /// The endpoint is none.
    #[error("`telemetry.otlp_endpoint`: {0}")]
    Endpoint(#[from] opentelemetry_otlp::ExporterBuildError),
    /// Some other part of the program has set up logging.
    #[error("logging is set up already: {0}")]
    Twice(#[from] TryInitError),
    /// The metrics cannot be kept.
    #[error("metrics cannot be kept: {0}")]
    Metrics(#[from] opentelemetry_sdk::error::OTelSdkError),
}

impl Telemetry {
    /// Sets up logging for the whole process, and exporting where a collector is configured. Once per process, inside a tokio runtime.
    /// `instance` tells this process from others at the collector: `sd`, or `sd.ingestion` for a service by itself.
    pub fn start(config: &TelemetryConfig, instance: &str) -> Result<Telemetry, TelemetryError> {
        let (telemetry, subscriber) = Telemetry::assemble(config, instance, std::io::stderr)?;
        subscriber.try_init()?;
        Ok(telemetry)
    }

    fn assemble<W>(
        config: &TelemetryConfig,
        instance: &str,
        lines_to: W,
    ) -> Result<(Telemetry, impl Subscriber + Send + Sync + use<W>), TelemetryError>
    where
        W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
    {
        let export = Export::new(config, instance)?;
        let (meters, prometheus) = meters(export.metrics)?;
        let spans = tracing_opentelemetry::layer().with_tracer(export.traces.tracer("tracemesh"));
        let sent = export.logs.as_ref().map(|logs| OpenTelemetryTracingBridge::new(logs).with_filter(EnvFilter::new(NOT_EXPORTED)));
        let mut shown = config.filter()?;
        for exporter in EXPORTERS {
            shown = shown.add_directive(format!("{exporter}=off").parse()?);
        }
        let subscriber = tracing_subscriber::registry()
            .with(spans.with_filter(EnvFilter::new(NOT_EXPORTED)))
            .with(sent)
            .with(lines(config.format, lines_to).with_filter(shown));
        let exporting = export.logs.map(|logs| (export.traces, logs));
        Ok((Telemetry { meters, prometheus, exporting }, subscriber))
    }

    /// Metrics alone: for tests, and for nodes inside of a program that logs in its own way.
    pub fn detached() -> Telemetry {
        let (meters, prometheus) = meters(None).unwrap_or_else(|_| (SdkMeterProvider::builder().build(), Registry::new()));
        Telemetry { meters, prometheus, exporting: None }
    }

    /// Instruments of one service; their names begin with its noun.
    pub fn meter(&self, noun: &'static str) -> Meter {
        self.meters.meter(noun)
    }

    /// All metrics in Prometheus' text format.
    pub fn metrics_text(&self) -> String {
        TextEncoder::new().encode_to_string(&self.prometheus.gather()).unwrap_or_default()
    }

    /// Sends what is still to be sent; at the end of the process.
    pub async fn flush(&self) {
        let Some((traces, logs)) = self.exporting.clone() else { return };
        let meters = self.meters.clone();
        let shut_down = move || {
            // a collector that is away at the end is as uninteresting as before
            let _ = (traces.shutdown_with_timeout(FLUSH_TIMEOUT), logs.shutdown_with_timeout(FLUSH_TIMEOUT), meters.shutdown());
        };
        let _ = tokio::time::timeout(2 * FLUSH_TIMEOUT, tokio::task::spawn_blocking(shut_down)).await;
    }
}

fn meters(export: Option<Metrics>) -> Result<(SdkMeterProvider, Registry), opentelemetry_sdk::error::OTelSdkError> {
    let registry = Registry::new();
    let reader = opentelemetry_prometheus::exporter().with_registry(registry.clone()).scope_info_enabled(false).build()?;
    let builder = SdkMeterProvider::builder().with_reader(reader);
    let builder = match export {
        Some(export) => builder.with_reader(export.reader).with_resource(export.resource),
        None => builder,
    };
    Ok((builder.build(), registry))
}

fn lines<S, W>(format: LogFormat, to: W) -> Box<dyn Layer<S> + Send + Sync>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let lines = tracing_subscriber::fmt::layer().with_writer(to);
    let terminal = std::io::stderr().is_terminal();
    match format {
        LogFormat::Text => lines.with_ansi(terminal).boxed(),
        LogFormat::Auto if terminal => lines.boxed(),
        LogFormat::Auto | LogFormat::Json => lines.json().flatten_event(true).with_current_span(true).with_span_list(false).boxed(),
    }
}

#[cfg(test)]
mod tests;
