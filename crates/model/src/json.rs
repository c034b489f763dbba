//! Records as JSON, and as elements of JSON arrays or lines of NDJSON.
//!
//! The reader is ours, strict, and about bytes: it keeps numbers as they are written (a float would round a weight), sees a key that stands
//! twice (a map keeps the last), says where a text breaks, and never goes deeper than 64 levels. It has one grammar for reading and for
//! cutting, so that what was cut out as whole also reads. In the tests serde_json is the judge of what is JSON.

mod fields;
mod record;
mod scanner;
mod split;
mod value;

pub(crate) use fields::{Fields, Report, Unknown};
pub(crate) use scanner::{Break, Scanner};
pub(crate) use split::{elements, remainder};
pub(crate) use value::Value;

pub use split::{Piece, split};

use crate::draft::Draft;
use crate::path::Path;
use crate::reasons;
use crate::violation::Violation;

/// Reads one record: a JSON object with proto field names, or the same in lowerCamelCase.
///
/// # Errors
/// Bytes that are no JSON object. Everything else that is wrong travels in the draft.
pub fn read(bytes: &[u8]) -> Result<Draft, Vec<Violation>> {
    let mut report = Report::new(Unknown::Warned);
    let mut draft = record::draft(object(bytes)?, &mut report);
    draft.bytes = bytes.len();
    report.hand_to(&mut draft);
    Ok(draft)
}

/// Bytes of one record that are read at all; a tree may take many times its text. The node's own limit is lower.
const MOST_BYTES: usize = 8 << 20;

/// The fields of the one object that the bytes hold.
pub(crate) fn object(bytes: &[u8]) -> Result<Fields<'_, 'static>, Vec<Violation>> {
    if bytes.len() > MOST_BYTES {
        return Err(vec![Violation::new(reasons::TOO_LARGE, "", &bytes.len().to_string())]);
    }
    match value::document(bytes) {
        Ok(Value::Object(members)) => Ok(Fields::new(&Path::Root, members)),
        Ok(other) => Err(vec![Violation::new(reasons::NOT_AN_OBJECT, "", &other.shown())]),
        Err(broken) => Err(vec![broken.violation(bytes)]),
    }
}
