//! What a code may be, and which of it hits. `SCHEME:ISSUER/VALUE#BATCH` is exact; a bare code is tried as everything that it may be.

use tracemesh_chassis::error::Violation;
use tracemesh_codes::{Identified, classify};
use tracemesh_proto::ingestion::v1::Candidate;

use super::mesh::{Heard, ask};
use super::{distinct, key};
use crate::app::Ingestion;
use crate::error::IngestionError;

/// Longest code that is looked at, in bytes.
const MOST_BYTES: usize = 2_000;

/// Everything that a code may be, likeliest first, and which of it is known anywhere. The chain is that of the first.
pub struct Tried {
    candidates: Vec<Identified>,
    hits: Vec<bool>,
}

impl Tried {
    pub fn starts(&self) -> Vec<u64> {
        // Where nothing hits, the likeliest reading is looked for, and the answer says that there is nothing.
        let first = self.hits.iter().position(|hit| *hit).unwrap_or(0);
        vec![key(&self.candidates[first])]
    }

    /// Where no record was found none of them has hit.
    pub fn to_wire(&self, found: bool) -> Vec<Candidate> {
        let candidate = |(identified, hit): (&Identified, &bool)| Candidate {
            scheme: identified.code.scheme.as_str().into(),
            issuer: identified.code.issuer.clone(),
            value: identified.code.value.clone(),
            batch: identified.batch.clone(),
            confidence: identified.confidence.into(),
            hit: found && *hit,
        };
        self.candidates.iter().zip(&self.hits).map(candidate).collect()
    }
}

impl Ingestion {
    pub(super) async fn candidates(&self, code: &str, local: bool) -> Result<Tried, IngestionError> {
        let text = code.trim();
        if text.is_empty() || text.len() > MOST_BYTES {
            return Err(IngestionError::Invalid(vec![Violation::new("code", "error.trace.code_invalid").with("value", code)]));
        }
        let candidates = text.parse::<Identified>().map_or_else(|_| classify(text), |exact| vec![exact]);
        let keys = distinct(candidates.iter().map(key));
        let mut known = self.own_hops(&keys).await?;
        if known.is_empty() && !local {
            known = ask(&self.peers, &self.node, &keys, &mut Heard::default()).await.hops;
        }
        let hits = candidates.iter().map(|candidate| known.iter().any(|hop| hop.unit == key(candidate))).collect();
        Ok(Tried { candidates, hits })
    }
}
