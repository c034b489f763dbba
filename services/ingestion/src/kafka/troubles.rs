//! What stands in the way at the border, for `/readyz`: each trouble by what it concerns, until it is over. A node works on without its broker,
//! so that the worst of them makes it degraded.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tracemesh_chassis::{Health, Probe};

/// Cheap to clone; all clones are one list.
#[derive(Clone, Default)]
pub struct Troubles(Arc<Mutex<BTreeMap<String, String>>>);

impl Troubles {
    /// `about` is `broker`, `commit`, `leases`, `receipts`, or the source of a partition. True where it is news: whoever says it logs that once.
    pub fn begin(&self, about: &str, what: &str) -> bool {
        self.lock().insert(about.to_owned(), what.to_owned()).as_deref() != Some(what)
    }

    pub fn end(&self, about: &str) {
        self.lock().remove(about);
    }

    pub fn probe(&self) -> Probe {
        let troubles = self.clone();
        Probe::new("ingestion.kafka", move || {
            let health = troubles.health();
            async move { health }
        })
    }

    fn health(&self) -> Health {
        let lines: Vec<String> = self.lock().iter().map(|(about, what)| format!("{about}: {what}")).collect();
        if lines.is_empty() { Health::Ok } else { Health::Degraded(lines.join("; ")) }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_trouble_is_named_until_it_is_over() {
        let troubles = Troubles::default();
        assert!(troubles.begin("broker", "away"));
        assert!(!troubles.begin("broker", "away"), "no news");
        troubles.begin("kafka:trace.in.acme/0", "stands at 7");
        assert_eq!(troubles.health(), Health::Degraded("broker: away; kafka:trace.in.acme/0: stands at 7".into()));
        troubles.end("broker");
        troubles.end("kafka:trace.in.acme/0");
        assert_eq!(troubles.health(), Health::Ok);
    }
}
