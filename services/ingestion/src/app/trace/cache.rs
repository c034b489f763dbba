//! Answers for the public, kept for a while: a code on a million packages must not become a million questions to the mesh.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tracemesh_proto::ingestion::v1::TraceResponse;

/// Our own figure: a recall is told by its own page, not by this one.
const KEPT_MICROS: i64 = 10 * 60 * 1_000_000;
/// Answers kept at once; small chains, some MiB in all.
const MOST: usize = 1_000;

#[derive(Default)]
pub struct PublicAnswers {
    kept: Mutex<HashMap<String, Kept>>,
}

struct Kept {
    until: i64,
    answer: TraceResponse,
}

impl PublicAnswers {
    pub fn get(&self, question: &str, now: i64) -> Option<TraceResponse> {
        self.lock().get(question).filter(|kept| kept.until > now).map(|kept| kept.answer.clone())
    }

    /// Where it is full, what is over goes first, then whatever would be over next.
    pub fn keep(&self, question: String, answer: TraceResponse, now: i64) {
        let mut kept = self.lock();
        if kept.len() >= MOST {
            kept.retain(|_, old| old.until > now);
        }
        if kept.len() >= MOST
            && let Some(oldest) = kept.iter().min_by_key(|(_, old)| old.until).map(|(question, _)| question.clone())
        {
            kept.remove(&oldest);
        }
        kept.insert(question, Kept { until: now + KEPT_MICROS, answer });
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Kept>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_kept_for_ten_minutes_and_the_oldest_makes_room() {
        let answers = PublicAnswers::default();
        answers.keep("first".into(), TraceResponse::default(), 0);
        assert!(answers.get("first", KEPT_MICROS - 1).is_some());
        assert!(answers.get("first", KEPT_MICROS).is_none());
        for number in 0..MOST {
            answers.keep(number.to_string(), TraceResponse::default(), 1);
        }
        assert!(answers.get("first", 2).is_none());
        assert!(answers.get("0", 2).is_some());
        assert_eq!(answers.lock().len(), MOST);
    }
}
