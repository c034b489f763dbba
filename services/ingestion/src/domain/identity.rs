//! Who a record is, and what becomes of a second one that says the same name.
//!
//! An identity is (provider, record id) and never a time: a provider that sends a record again tomorrow sends the same record. Revisions of an
//! identity form a line, each naming the one that it replaces; [`decide`] places a newcomer on that line.

use sha2::{Digest, Sha256};

/// The first 16 bytes of SHA-256 over provider and record id, each after its length as 32-bit big-endian.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Identity(pub [u8; 16]);

impl Identity {
    pub fn of(provider: &str, record_id: &str) -> Self {
        let mut hash = Sha256::new();
        for part in [provider, record_id] {
            hash.update((part.len() as u32).to_be_bytes());
            hash.update(part);
        }
        let digest = hash.finalize();
        Self(digest[..16].try_into().expect("SHA-256 has 32 bytes"))
    }
}

/// An accepted revision of an identity, as the `record` table has it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Claim {
    pub replaces: u32,
    pub revision: u32,
    /// Where its entry lies: block << 16 | position.
    pub record: i64,
}

/// Where a newcomer stands on the line of its identity's revisions.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Standing {
    /// The first of its identity, or the newest: it replaces `replaces`.
    Newest { replaces: Option<Claim> },
    /// This revision was accepted before: a duplicate if it says the same, else a conflict.
    SeenBefore(Claim),
    /// A higher revision came first; this one was never seen.
    Superseded { by: Claim },
}

/// `claims` are all accepted revisions of the identity, in any order.
pub fn decide(revision: u32, claims: &[Claim]) -> Standing {
    if let Some(same) = claims.iter().find(|c| c.revision == revision) {
        return Standing::SeenBefore(*same);
    }
    match claims.iter().max_by_key(|c| c.revision) {
        Some(newest) if newest.revision > revision => Standing::Superseded { by: *newest },
        replaces => Standing::Newest { replaces: replaces.copied() },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claim(replaces: u32, revision: u32) -> Claim {
        Claim { replaces, revision, record: i64::from(revision) }
    }

    #[test]
    fn lengths_keep_names_apart() {
        assert_ne!(Identity::of("ab", "c"), Identity::of("a", "bc"));
        assert_eq!(Identity::of("a", "b"), Identity::of("a", "b"));
    }

    #[test]
    fn a_revision_finds_its_place() {
        assert_eq!(decide(1, &[]), Standing::Newest { replaces: None });
        assert_eq!(decide(3, &[]), Standing::Newest { replaces: None });
        assert_eq!(decide(2, &[claim(0, 1)]), Standing::Newest { replaces: Some(claim(0, 1)) });
        assert_eq!(decide(1, &[claim(1, 3), claim(0, 1)]), Standing::SeenBefore(claim(0, 1)));
        assert_eq!(decide(2, &[claim(1, 3), claim(0, 1)]), Standing::Superseded { by: claim(1, 3) });
        assert_eq!(decide(1, &[claim(0, 2)]), Standing::Superseded { by: claim(0, 2) });
    }
}
