//! One message is one submission, whatever is in it. What the message says about itself is read here: its content type, also as CloudEvents in
//! binary mode spell it, and its trace.

use std::sync::Arc;

use bytes::Bytes;
use rdkafka::message::{Headers, Message};
use tracemesh_model::Violation;
use tracemesh_proto::accepted::Format;

use crate::domain::reasons::MEDIA_TYPE;
use crate::domain::scope::ProviderScope;
use crate::domain::submission::{Step, Submission, TRACEPARENT_BYTES_MAX};

/// By the Kafka binding of CloudEvents 1.0, `datacontenttype` stands in the header `content-type`; some senders prefix it all the same.
const CONTENT_TYPE: [&str; 2] = ["content-type", "ce_datacontenttype"];
/// The second is the CloudEvents extension for distributed tracing.
const TRACEPARENT: [&str; 2] = ["traceparent", "ce_traceparent"];

/// What all messages of a partition have in common at a moment.
pub struct Arrival<'a> {
    pub scope: Arc<ProviderScope>,
    pub source: &'a str,
    /// Unix microseconds.
    pub received_at: i64,
}

pub fn submission(message: &impl Message, step: Step, arrival: &Arrival<'_>) -> Submission {
    let content_type = header(message, CONTENT_TYPE);
    let format = Format::of(content_type);
    let unread = format.is_none().then(|| Violation::new(MEDIA_TYPE, "content-type", content_type));
    Submission {
        scope: arrival.scope.clone(),
        actor: format!("provider:{}", arrival.scope.provider),
        source: arrival.source.to_owned(),
        step: Some(step),
        format: format.unwrap_or(Format::Json),
        body: Bytes::copy_from_slice(message.payload().unwrap_or_default()),
        received_at: arrival.received_at,
        traceparent: Some(header(message, TRACEPARENT)).filter(|text| text.len() <= TRACEPARENT_BYTES_MAX).unwrap_or_default().to_owned(),
        redrives: None,
        broken: unread.into_iter().collect(),
    }
}

/// The first of these headers that is there as text; empty where none is.
fn header<'m>(message: &'m impl Message, names: [&str; 2]) -> &'m str {
    let Some(headers) = message.headers() else { return "" };
    let named = |name: &str| (0..headers.count()).map(|at| headers.get(at)).find(|header| header.key.eq_ignore_ascii_case(name));
    let mut found = names.into_iter().filter_map(named);
    found.find_map(|header| std::str::from_utf8(header.value?).ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use rdkafka::message::{Header, OwnedHeaders, OwnedMessage, Timestamp};
    use tracemesh_proto::registry::v1::Provider;

    use super::*;

    fn read(headers: &[(&str, &str)], payload: Vec<u8>) -> Submission {
        let headers = headers.iter().fold(OwnedHeaders::new(), |headers, (key, value)| headers.insert(Header { key, value: Some(*value) }));
        let message = OwnedMessage::new(Some(payload), None, "trace.in.acme".into(), Timestamp::NotAvailable, 3, 41, Some(headers));
        let scope = ProviderScope::new(&Provider { id: "acme".into(), ..Provider::default() }, Arc::default());
        let arrival = Arrival { scope: Arc::new(scope), source: "kafka:trace.in.acme/3", received_at: 7 };
        submission(&message, Step { from: 40, to: 42 }, &arrival)
    }

    #[test]
    fn a_message_is_json_unless_it_says_otherwise() {
        for (headers, format) in [
            (&[] as &[(&str, &str)], Format::Json),
            (&[("content-type", "application/json; charset=utf-8")], Format::Json),
            (&[("Content-Type", "application/x-protobuf")], Format::Protobuf),
            (&[("ce_specversion", "1.0"), ("content-type", "application/epcis+json")], Format::EpcisEvent),
            (&[("ce_datacontenttype", "application/x-protobuf")], Format::Protobuf),
        ] {
            let read = read(headers, b"{}".to_vec());
            assert_eq!((read.format, read.broken.len()), (format, 0), "{headers:?}");
        }
    }

    #[test]
    fn what_nobody_reads_is_a_submission_with_its_reason() {
        let read = read(&[("content-type", "text/csv")], b"a,b".to_vec());
        assert_eq!((&*read.broken[0].code, read.broken[0].value.as_str()), ("error.request.media_type", "text/csv"));
        assert_eq!(read.body, "a,b");
    }

    #[test]
    fn whose_it_is_and_where_it_came_from() {
        let read = read(&[("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")], b"{}".to_vec());
        assert_eq!((read.actor.as_str(), read.source.as_str()), ("provider:acme", "kafka:trace.in.acme/3"));
        assert_eq!(read.step, Some(Step { from: 40, to: 42 }));
        assert_eq!(read.traceparent, "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
    }
}
