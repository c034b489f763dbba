//! The unit key: the number under which every node of the country indexes a unit, without asking any other node.
//!
//! It is the first 63 bits of SHA-256 over scheme, issuer, value and batch, so that it fits a signed 64-bit column without a negative
//! value. Two units share a key about once in three billion units; whoever acts on an answer compares the codes as text.

use std::fmt;

use sha2::{Digest, Sha256};

use crate::code::Code;

/// 63 bits; the top bit is always 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnitKey(u64);

impl UnitKey {
    /// The key as a number, `0 ..= i64::MAX`.
    pub fn get(self) -> u64 {
        self.0
    }

    /// A key read back from storage or from another node. `None` where the top bit is set: no unit has such a key.
    pub fn from_u64(number: u64) -> Option<Self> {
        (number >> 63 == 0).then_some(Self(number))
    }

    /// The same number in the type of a BIGINT column.
    pub fn as_i64(self) -> i64 {
        self.0.cast_signed()
    }
}

impl fmt::Display for UnitKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

/// The key of a unit. The issuer enters only where the scheme needs one, the batch only where the value leaves room for one
/// ([`Code::takes_batch`]): what else was said about a unit must not change its key.
pub fn unit_key(code: &Code, batch: &str) -> UnitKey {
    let issuer = if code.scheme.is_globally_unique() { "" } else { &code.issuer };
    let batch = if code.takes_batch() { batch } else { "" };
    let mut hash = Sha256::new();
    for text in [code.scheme.as_str(), issuer, &code.value, batch] {
        hash.update((text.len() as u32).to_be_bytes());
        hash.update(text.as_bytes());
    }
    let digest = hash.finalize();
    let mut first = [0; 8];
    first.copy_from_slice(&digest[..8]);
    UnitKey(u64::from_be_bytes(first) >> 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scheme::Scheme;

    #[test]
    fn an_issuer_that_somebody_put_beside_a_global_code_changes_nothing() {
        let code = |scheme, issuer: &str| Code { scheme, issuer: issuer.to_owned(), value: "06903244679763".to_owned() };
        assert_eq!(unit_key(&code(Scheme::Gtin, "A"), ""), unit_key(&code(Scheme::Gtin, ""), ""));
        assert_ne!(unit_key(&code(Scheme::Opaque, "A"), ""), unit_key(&code(Scheme::Opaque, ""), ""));
    }
}
