//! What a code may be, and which of it hits. `SCHEME:ISSUER/VALUE#BATCH` is exact; a bare code is tried as everything that it may be.

use std::collections::HashSet;

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
    /// Somebody knows it.
    pub fn is_known(&self) -> bool {
        self.hits.contains(&true)
    }

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
        let candidates = readings(code).ok_or_else(|| IngestionError::Invalid(vec![unreadable("code", code)]))?;
        Ok(self.tried(vec![candidates], local).await?.remove(0))
    }

    /// The same for several codes, with one question for all. Each comes with its place in the request.
    pub(super) async fn candidates_of_all(&self, codes: &[(String, &str)], local: bool) -> Result<Vec<Tried>, IngestionError> {
        let read: Vec<Option<Vec<Identified>>> = codes.iter().map(|(_, code)| readings(code)).collect();
        let faults = codes.iter().zip(&read).filter(|(_, read)| read.is_none()).map(|((field, code), _)| unreadable(field, code));
        let faults: Vec<Violation> = faults.collect();
        if !faults.is_empty() {
            return Err(IngestionError::Invalid(faults));
        }
        self.tried(read.into_iter().flatten().collect(), local).await
    }

    /// The mesh is asked for codes of which we know nothing ourselves.
    async fn tried(&self, codes: Vec<Vec<Identified>>, local: bool) -> Result<Vec<Tried>, IngestionError> {
        let own = self.own_hops(&distinct(codes.iter().flatten().map(key))).await?;
        let mut known: HashSet<u64> = own.into_iter().map(|hop| hop.unit).collect();
        let unknown = codes.iter().filter(|candidates| !candidates.iter().any(|candidate| known.contains(&key(candidate))));
        let elsewhere = distinct(unknown.flatten().map(key));
        if !elsewhere.is_empty() && !local {
            known.extend(ask(&self.peers, &self.node, &elsewhere, &mut Heard::default()).await.hops.into_iter().map(|hop| hop.unit));
        }
        let tried = |candidates: Vec<Identified>| {
            let hits = candidates.iter().map(|candidate| known.contains(&key(candidate))).collect();
            Tried { candidates, hits }
        };
        Ok(codes.into_iter().map(tried).collect())
    }
}

/// Everything that a code may be; none where it is no code at all.
pub(super) fn readings(code: &str) -> Option<Vec<Identified>> {
    let text = code.trim();
    if text.is_empty() || text.len() > MOST_BYTES {
        return None;
    }
    Some(text.parse::<Identified>().map_or_else(|_| classify(text), |exact| vec![exact]))
}

fn unreadable(field: &str, code: &str) -> Violation {
    Violation::new(field, "error.trace.code_invalid").with("value", code)
}
