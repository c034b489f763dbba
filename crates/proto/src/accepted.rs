//! Reading an accepted entry again, exactly as it was read when it came: its body, with the defaults that its envelope remembers, held
//! against no scope, since that was settled then. Corrections, retries that serialise anew, chains, figures and the audit all need it, and
//! all must read the same.

use std::fmt;

use tracemesh_codes::Identified;
use tracemesh_model::{Category, Class, Code, Defaults, Draft, Limits, Received, Scope, TraceRecord, Violation, check, epcis, json};

use crate::journal::v1::Envelope;
use crate::read_record;
use crate::time::micros;

/// How the bytes of a submission are to be read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Format {
    /// A trace record as JSON.
    Json,
    /// A trace record as protobuf.
    Protobuf,
    /// One EPCIS event as JSON-LD.
    EpcisEvent,
}

impl Format {
    /// The media type that an envelope keeps.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Protobuf => "application/x-protobuf",
            Self::EpcisEvent => "application/epcis+json",
        }
    }

    /// By media type, parameters ignored; none at all is JSON.
    pub fn of(content_type: &str) -> Option<Self> {
        match content_type.split(';').next()?.trim().to_ascii_lowercase().as_str() {
            "" | "application/json" | "application/x-ndjson" => Some(Self::Json),
            "application/x-protobuf" | "application/protobuf" => Some(Self::Protobuf),
            "application/epcis+json" | "application/ld+json" => Some(Self::EpcisEvent),
            _ => None,
        }
    }

    /// One submission's bytes as a draft.
    ///
    /// # Errors
    /// Bytes that are no document of this format.
    pub fn read(self, body: &[u8]) -> Result<Draft, Vec<Violation>> {
        match self {
            Self::Json => json::read(body),
            Self::Protobuf => read_record(body),
            Self::EpcisEvent => epcis::read_event(body),
        }
    }
}

/// Why an accepted entry cannot be read again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// Its body was erased by order, or its time was over.
    Erased,
    /// Its media type is none that this version reads.
    Format(String),
    /// Its body breaks rules that it once kept.
    Rules(Vec<Violation>),
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Erased => f.write_str("its body was erased"),
            Self::Format(media_type) => write!(f, "its media type is {media_type:?}"),
            Self::Rules(broken) => {
                let broken: Vec<String> = broken.iter().map(ToString::to_string).collect();
                write!(f, "its body breaks rules that it once kept: {}", broken.join("; "))
            }
        }
    }
}

impl std::error::Error for Unreadable {}

/// The record of an accepted entry of the node's ingestion. `body` is `None` once it was erased.
///
/// # Errors
/// What stands in the way; a body that was accepted by this version is always readable.
pub fn reread(node: &str, envelope: &Envelope, body: Option<&[u8]>) -> Result<TraceRecord, Unreadable> {
    let body = body.ok_or(Unreadable::Erased)?;
    let format = Format::of(&envelope.content_type).ok_or_else(|| Unreadable::Format(envelope.content_type.clone()))?;
    let draft = format.read(body).map_err(Unreadable::Rules)?;
    let defaults = defaults(node, envelope);
    let received = Received {
        now_micros: micros(envelope.received_at.as_ref()),
        // Limits were kept when it came, whatever they were.
        limits: &Limits { record_bytes: usize::MAX, ..Limits::default() },
        defaults: &defaults,
        scope: &AsAccepted { area: defaults.area.as_deref() },
    };
    check(draft, &received).map(|checked| checked.record).map_err(Unreadable::Rules)
}

fn defaults(node: &str, envelope: &Envelope) -> Defaults {
    let labels = envelope.labels.clone().unwrap_or_default();
    Defaults {
        area: Some(labels.area).filter(|area| !area.is_empty()),
        category: Category::named(&labels.category),
        responsible: envelope.assumed_responsible.parse::<Identified>().ok().map(|identified| identified.code),
        issuer: format!("{node}/{}", envelope.provider),
    }
}

/// No scope at all: what the record's place stands for was settled when it came, and stands on its envelope.
struct AsAccepted<'a> {
    area: Option<&'a str>,
}

impl Scope for AsAccepted<'_> {
    fn area_of(&self, _region: &str) -> Option<String> {
        self.area.map(str::to_owned)
    }

    fn answers_for(&self, _area: &str) -> bool {
        true
    }

    fn takes_area(&self, _area: &str) -> bool {
        true
    }

    fn takes_category(&self, _category: &Category) -> bool {
        true
    }

    fn takes_class(&self, _class: Class) -> bool {
        true
    }

    fn is_registered(&self, _subject: &Code) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::v1::Labels;
    use crate::time::timestamp;

    const BODY: &[u8] =
        br#"{"record_id": "A-1", "class": "RETAIL", "event_time": "2026-11-24T08:00:00+08:00", "place": {"region": "370602001"},
        "units": [{"role": "OUTPUT", "code": {"scheme": "opaque", "value": "L1"}}]}"#;

    fn envelope() -> Envelope {
        Envelope {
            provider: "acme".into(),
            received_at: Some(timestamp(1_795_564_800_000_000)),
            labels: Some(Labels { area: "zone-7".into(), category: "FOOD".into(), sensitivity: 2 }),
            content_type: "application/json".into(),
            assumed_responsible: "uscc:/91370600000000019G".into(),
            ..Envelope::default()
        }
    }

    #[test]
    fn what_the_registration_said_then_is_said_again() {
        let record = reread("yantai", &envelope(), Some(BODY)).unwrap();
        assert_eq!((record.area.as_str(), record.category.as_str()), ("zone-7", "FOOD"));
        assert_eq!(record.responsible().unwrap().to_string(), "uscc:/91370600000000019G");
        assert_eq!(record.units[0].code.issuer, "91370600000000019G");
        let nobody = Envelope { assumed_responsible: String::new(), ..envelope() };
        assert_eq!(reread("yantai", &nobody, Some(BODY)).unwrap().units[0].code.issuer, "yantai/acme");
    }

    #[test]
    fn what_stands_in_the_way_is_named() {
        assert_eq!(reread("yantai", &envelope(), None), Err(Unreadable::Erased));
        let foreign = Envelope { content_type: "text/csv".into(), ..envelope() };
        assert_eq!(reread("yantai", &foreign, Some(BODY)).unwrap_err().to_string(), "its media type is \"text/csv\"");
        let broken = reread("yantai", &envelope(), Some(b"{}")).unwrap_err();
        assert!(broken.to_string().contains("record.record_id.missing"), "{broken}");
    }

    #[test]
    fn media_types_read_back() {
        for format in [Format::Json, Format::Protobuf, Format::EpcisEvent] {
            assert_eq!(Format::of(format.media_type()), Some(format));
        }
        assert_eq!(Format::of("Application/JSON; charset=utf-8"), Some(Format::Json));
        assert_eq!(Format::of("text/plain"), None);
    }
}
