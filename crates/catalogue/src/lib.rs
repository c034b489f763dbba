#![doc = include_str!("../README.md")]

mod codes;
mod errors;
mod findings;
mod message;
mod records;
mod verdicts;

use std::collections::HashMap;
use std::sync::LazyLock;

pub use message::{Message, Rendered, blanks, fill};

/// Every message, family by family, in the order of the files.
pub static ALL: LazyLock<Vec<&'static Message>> = LazyLock::new(|| FAMILIES.iter().copied().flatten().collect());

const FAMILIES: &[&[Message]] = &[
    errors::GENERAL,
    errors::ACCESS,
    errors::REQUEST,
    errors::REGISTRY,
    errors::INGESTION,
    errors::JOURNAL,
    errors::ANALYTICS,
    errors::EMERGENCY,
    errors::FEDERATION,
    errors::QUALITY,
    errors::RULES,
    records::READING,
    records::FIELDS,
    records::HEAD,
    records::UNITS,
    records::EPCIS,
    records::WARNED,
    codes::ANY,
    codes::NATIONAL,
    codes::RESOLVABLE,
    codes::GS1,
    verdicts::VERDICTS,
    findings::FINDINGS,
];

static BY_CODE: LazyLock<HashMap<&'static str, &'static Message>> = LazyLock::new(|| ALL.iter().map(|m| (m.code, *m)).collect());

/// The message with this code.
pub fn lookup(code: &str) -> Option<&'static Message> {
    BY_CODE.get(code).copied()
}
