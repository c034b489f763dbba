//! The formats in which records leave: what a provider would put on the wire.

mod epcis;
pub mod json;
mod protobuf;

use std::io::{self, Write};

use super::chain::Told;

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// One JSON document a line.
    Json,
    /// `tracemesh.record.v1.TraceRecord`, each after its length as a varint.
    Protobuf,
    /// One EPCIS 2.0 document in JSON-LD.
    Epcis,
}

/// Writes all of them, one after another: nothing but the record in hand is kept.
pub fn write<'w>(format: Format, records: impl Iterator<Item = Told<'w>>, now: i64, out: &mut impl Write) -> io::Result<()> {
    match format {
        Format::Json => json::write(records, out),
        Format::Protobuf => protobuf::write(records, out),
        Format::Epcis => epcis::write(records, now, out),
    }
}
