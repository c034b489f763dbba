//! W3C trace context: from the caller's headers into our spans, from our spans to whom we call, and as text into and out of the journal.

use http::HeaderMap;
use opentelemetry::Context;
use opentelemetry::propagation::{Extractor, Injector, TextMapPropagator};
use opentelemetry_sdk::propagation::TraceContextPropagator;
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt;

const TRACEPARENT: &str = "traceparent";

/// Makes the span part of the trace that the headers name; call it before the span is entered. Headers without one start a new trace.
pub fn continue_from_headers(span: &Span, headers: &HeaderMap) {
    continue_from(span, &TraceContextPropagator::new().extract_with_context(&Context::new(), &Headers(headers)));
}

/// Makes the span part of the trace that a stored `traceparent` names; call it before the span is entered.
pub fn continue_from_text(span: &Span, traceparent: &str) {
    continue_from(span, &TraceContextPropagator::new().extract_with_context(&Context::new(), &Text(traceparent)));
}

/// Tells whom we call which trace the current span belongs to.
pub fn inject(headers: &mut HeaderMap) {
    TraceContextPropagator::new().inject_context(&Span::current().context(), &mut HeadersMut(headers));
}

/// The current span as `traceparent` text, to be stored; `None` outside of any trace.
pub fn traceparent() -> Option<String> {
    let mut headers = HeaderMap::new();
    inject(&mut headers);
    headers.get(TRACEPARENT).and_then(|value| value.to_str().ok()).map(str::to_owned)
}

fn continue_from(span: &Span, parent: &Context) {
    use opentelemetry::trace::TraceContextExt;
    if parent.span().span_context().is_valid() {
        // an error says that no tracer listens, and then there is nothing to continue
        let _ = span.set_parent(parent.clone());
    }
}

struct Headers<'a>(&'a HeaderMap);

impl Extractor for Headers<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key)?.to_str().ok()
    }

    fn keys(&self) -> Vec<&str> {
        self.0.keys().map(http::HeaderName::as_str).collect()
    }
}

struct Text<'a>(&'a str);

impl Extractor for Text<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        (key == TRACEPARENT).then_some(self.0)
    }

    fn keys(&self) -> Vec<&str> {
        vec![TRACEPARENT]
    }
}

struct HeadersMut<'a>(&'a mut HeaderMap);

impl Injector for HeadersMut<'_> {
    fn set(&mut self, key: &str, value: String) {
        if let (Ok(name), Ok(value)) = (http::HeaderName::try_from(key), http::HeaderValue::try_from(value)) {
            self.0.insert(name, value);
        }
    }
}

#[cfg(test)]
mod tests {
    use opentelemetry::trace::TracerProvider;
    use opentelemetry_sdk::trace::SdkTracerProvider;
    use tracing_subscriber::layer::SubscriberExt;

    use super::*;

    const CALLER: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    fn with_tracer(test: impl FnOnce()) {
        let provider = SdkTracerProvider::builder().build();
        let layer = tracing_opentelemetry::layer().with_tracer(provider.tracer("test"));
        tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), test);
    }

    #[test]
    fn a_trace_goes_on_from_a_stored_text_to_whom_we_call() {
        with_tracer(|| {
            let span = tracing::info_span!("follow");
            continue_from_text(&span, CALLER);
            let ours = span.in_scope(traceparent).unwrap();
            assert_eq!(ours[..36], CALLER[..36], "the same trace");
            assert_ne!(ours, CALLER, "our own span");
            let mut headers = HeaderMap::new();
            span.in_scope(|| inject(&mut headers));
            assert_eq!(headers[TRACEPARENT], ours.as_str());
        });
    }

    #[test]
    fn headers_without_a_trace_start_one_and_broken_ones_too() {
        with_tracer(|| {
            let broken = HeaderMap::from_iter([(http::HeaderName::from_static(TRACEPARENT), "00-zz".parse().unwrap())]);
            for headers in [HeaderMap::new(), broken] {
                let span = tracing::info_span!("call");
                continue_from_headers(&span, &headers);
                let ours = span.in_scope(traceparent).unwrap();
                assert!(!ours.contains("00000000000000000000000000000000"), "{ours}");
            }
        });
    }

    #[test]
    fn outside_of_a_trace_there_is_no_text() {
        assert_eq!(traceparent(), None);
    }
}
