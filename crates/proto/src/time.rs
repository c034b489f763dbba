//! Stored times are microseconds since 1970 in UTC; on the wire they are protobuf timestamps.

use prost_types::Timestamp;

/// Microseconds as a timestamp.
pub fn timestamp(micros: i64) -> Timestamp {
    Timestamp { seconds: micros.div_euclid(1_000_000), nanos: (micros.rem_euclid(1_000_000) * 1_000) as i32 }
}

/// A timestamp as microseconds; one that is missing or impossible reads as 0, which nothing real equals.
pub fn micros(timestamp: Option<&Timestamp>) -> i64 {
    let micros = |t: &Timestamp| t.seconds.checked_mul(1_000_000)?.checked_add(i64::from(t.nanos) / 1_000);
    timestamp.and_then(micros).unwrap_or(0)
}
