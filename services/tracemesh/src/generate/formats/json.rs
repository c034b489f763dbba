//! Canonical JSON, compact, one record a line.

use std::io::{self, Write};

use crate::generate::chain::Told;
use crate::generate::record::Record;

pub fn write<'w>(records: impl Iterator<Item = Told<'w>>, out: &mut impl Write) -> io::Result<()> {
    for told in records {
        serde_json::to_writer(&mut *out, &told.record)?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

/// One record as a submission's body.
pub fn bytes(record: &Record<'_>) -> Vec<u8> {
    serde_json::to_vec(record).expect("records hold text and numbers only")
}
