//! Stored times are microseconds since 1970 in UTC; on the wire they are protobuf timestamps.

use prost_types::Timestamp;

pub(crate) fn to_wire(micros: i64) -> Timestamp {
    Timestamp { seconds: micros.div_euclid(1_000_000), nanos: (micros.rem_euclid(1_000_000) * 1_000) as i32 }
}

/// A missing or impossible timestamp reads as 0, which no hash over a real one equals.
pub(crate) fn from_wire(timestamp: Option<&Timestamp>) -> i64 {
    let micros = |t: &Timestamp| t.seconds.checked_mul(1_000_000)?.checked_add(i64::from(t.nanos) / 1_000);
    timestamp.and_then(micros).unwrap_or(0)
}
