//! W3C trace context: from the caller's headers into our spans, from our spans to whom we call, and as text into and out of the journal.

use std::collections::HashSet;
use std::future::Future;

use http::HeaderMap;
use opentelemetry::Context;
use opentelemetry::propagation::{Extractor, Injector, TextMapPropagator};
use opentelemetry_sdk::propagation::TraceContextPropagator;
use tracing::{Instrument, Span};
use tracing_opentelemetry::OpenTelemetrySpanExt;

const TRACEPARENT: &str = "traceparent";
/// Most spans that one batch opens: what was done once for ten thousand entries is not told ten thousand times.
const BATCH_SPANS_MAX: usize = 16;

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

/// Does one piece of work for the sake of many entries, and has it seen in the trace of each: `open` opens a span in every one of the sampled traces
/// that these texts name, up to a limit. The work runs inside of the first; all end with it. Where nobody asks to be traced nothing is opened.
pub async fn on_behalf_of<'a, T>(traceparents: impl Iterator<Item = &'a str>, open: impl Fn() -> Span, work: impl Future<Output = T>) -> T {
    let mut traces = HashSet::new();
    let asked = traceparents.filter(|text| trace_if_sampled(text).is_some_and(|trace| traces.insert(trace)));
    let spans: Vec<Span> = asked
        .take(BATCH_SPANS_MAX)
        .map(|text| {
            let span = open();
            continue_from_text(&span, text);
            span
        })
        .collect();
    let first = spans.first().cloned().unwrap_or_else(Span::current);
    let done = work.instrument(first).await;
    drop(spans);
    done
}

/// `00-TRACE-SPAN-FLAGS`, of which the lowest flag says that somebody records the trace.
fn trace_if_sampled(traceparent: &str) -> Option<&str> {
    let mut parts = traceparent.split('-').skip(1);
    let (trace, flags) = (parts.next()?, parts.nth(1)?);
    u8::from_str_radix(flags, 16).is_ok_and(|flags| flags & 1 == 1).then_some(trace)
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

    #[tokio::test]
    async fn work_for_many_is_seen_in_each_trace_that_is_sampled_up_to_a_limit() {
        let provider = SdkTracerProvider::builder().build();
        let layer = tracing_opentelemetry::layer().with_tracer(provider.tracer("test"));
        let _guard = tracing::subscriber::set_default(tracing_subscriber::registry().with(layer));
        let text = |number: u32, flags: &str| format!("00-{number:032x}-b7ad6b7169203331-{flags}");
        let mut causes = vec![String::new(), "nonsense".into(), text(1, "00"), text(2, "01"), text(2, "01")];
        causes.extend((3..100).map(|number| text(number, "01")));
        let opened = std::cell::Cell::new(0);
        let open = || {
            opened.set(opened.get() + 1);
            tracing::info_span!("follow")
        };
        let ours = on_behalf_of(causes.iter().map(String::as_str), open, async { traceparent().unwrap() }).await;
        assert_eq!((&ours[..36], opened.get()), (&text(2, "01")[..36], BATCH_SPANS_MAX));
    }

    #[test]
    fn outside_of_a_trace_there_is_no_text() {
        assert_eq!(traceparent(), None);
    }
}
