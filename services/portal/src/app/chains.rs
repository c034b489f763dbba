//! The chain around a code, for the public. What this node knows is read anew every time; the mesh is asked once per code and its answer
//! kept for ten minutes, so that a code on everybody's table does not become a question to every province a thousand times a minute. A kept
//! answer is given up as soon as this node's own part of the chain has changed.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use tokio::sync::Semaphore;
use tracemesh_proto::ingestion::v1::{TraceRequest, TraceResponse};

use crate::config::PortalConfig;
use crate::error::Trouble;
use crate::sources::Sources;

/// A chain and when the mesh answered.
#[derive(Debug, Clone)]
pub struct Chain {
    pub answer: Arc<TraceResponse>,
    pub at: Timestamp,
}

/// Looks chains up, within limits.
#[derive(Debug)]
pub struct Chains {
    at_work: Semaphore,
    kept: Mutex<Kept>,
}

impl Chains {
    /// With the limits of the configuration.
    pub fn new(config: &PortalConfig) -> Self {
        let ttl = SignedDuration::from_secs(config.mesh_answer_s.min(86_400) as i64);
        let kept = Kept { ttl, max_records: config.kept_records, records: 0, chains: HashMap::new() };
        Self { at_work: Semaphore::new(config.concurrent_lookups), kept: Mutex::new(kept) }
    }

    /// The chain around a code. `Busy` when too many ask; `NotFound` when no node that answered knows the code.
    pub async fn find(&self, sources: &dyn Sources, code: &str, now: Timestamp) -> Result<Chain, Trouble> {
        let _at_work = self.at_work.try_acquire().map_err(|_| Trouble::Busy)?;
        let own_part = match sources.trace(request(code, Reach::Local)).await {
            Ok(answer) => fingerprint(&answer),
            Err(Trouble::NotFound) => 0,
            Err(trouble) => return Err(trouble),
        };
        if let Some(chain) = self.kept().get(code, own_part, now) {
            return Ok(chain);
        }
        let answer = sources.trace(request(code, Reach::Mesh)).await?;
        let chain = Chain { answer: Arc::new(answer), at: now };
        self.kept().keep(code, own_part, &chain);
        Ok(chain)
    }

    fn kept(&self) -> std::sync::MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

enum Reach {
    Local,
    Mesh,
}

fn request(code: &str, reach: Reach) -> TraceRequest {
    TraceRequest { code: code.to_owned(), direction: "both".into(), depth: 0, local: matches!(reach, Reach::Local) }
}

/// Changes when a record comes to this node's part of the chain, or a revision. The public's answers have no numbers of entries.
fn fingerprint(answer: &TraceResponse) -> u64 {
    let mut hasher = DefaultHasher::new();
    for record in &answer.records {
        (&record.class, &record.event_time, &record.product, record.revision).hash(&mut hasher);
    }
    hasher.finish()
}

/// Answers by code, bounded by the records in them.
#[derive(Debug)]
struct Kept {
    ttl: SignedDuration,
    max_records: usize,
    records: usize,
    chains: HashMap<String, (u64, Chain)>,
}

impl Kept {
    fn get(&self, code: &str, own_part: u64, now: Timestamp) -> Option<Chain> {
        let (part, chain) = self.chains.get(code)?;
        (*part == own_part && now.duration_since(chain.at) < self.ttl).then(|| chain.clone())
    }

    /// Only a chain with records is kept: a code that nobody knows yet may be known in a second. Those too large to keep are asked anew.
    fn keep(&mut self, code: &str, own_part: u64, chain: &Chain) {
        self.forget(code);
        let needed = chain.answer.records.len();
        if needed == 0 || needed > self.max_records {
            return;
        }
        while self.records + needed > self.max_records {
            let oldest = self.chains.iter().min_by_key(|(_, (_, chain))| chain.at).map(|(code, _)| code.clone());
            oldest.iter().for_each(|code| self.forget(code));
        }
        self.records += needed;
        self.chains.insert(code.to_owned(), (own_part, chain.clone()));
    }

    fn forget(&mut self, code: &str) {
        if let Some((_, chain)) = self.chains.remove(code) {
            self.records -= chain.answer.records.len();
        }
    }
}

#[cfg(test)]
mod tests {
    use tracemesh_proto::ingestion::v1::ChainRecord;

    use super::*;

    fn chain(records: usize, at: i64) -> Chain {
        let answer = TraceResponse { records: vec![ChainRecord::default(); records], ..TraceResponse::default() };
        Chain { answer: Arc::new(answer), at: Timestamp::from_second(at).expect("in range") }
    }

    fn kept() -> Kept {
        Kept { ttl: SignedDuration::from_secs(600), max_records: 10, records: 0, chains: HashMap::new() }
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).expect("in range")
    }

    #[test]
    fn an_answer_is_given_up_when_it_is_old_or_our_own_part_has_changed() {
        let mut kept = kept();
        kept.keep("1", 7, &chain(2, 0));
        assert!(kept.get("1", 7, at(599)).is_some());
        assert!(kept.get("1", 8, at(1)).is_none());
        assert!(kept.get("1", 7, at(600)).is_none());
    }

    #[test]
    fn the_oldest_make_room() {
        let mut kept = kept();
        (0..4).for_each(|n| kept.keep(&n.to_string(), 0, &chain(4, n)));
        assert_eq!((kept.chains.len(), kept.records), (2, 8));
        assert!(kept.get("0", 0, at(4)).is_none() && kept.get("3", 0, at(4)).is_some());
        kept.keep("large", 0, &chain(11, 5));
        kept.keep("empty", 0, &chain(0, 5));
        assert_eq!(kept.chains.len(), 2);
    }
}
