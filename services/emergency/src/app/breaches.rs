//! Limits that end: each is noted once, when it happens, and told to the node above.

use tracemesh_access::Principal;
use tracemesh_journal::Entry;
use tracemesh_proto::emergency::v1::IncidentChanged;
use tracemesh_store::DatabaseTransaction;

use super::{About, Cause, Emergency, To};
use crate::domain::clock::{Clock, note_breaches};
use crate::error::EmergencyError;
use crate::store;

/// Incidents looked at in one go.
const AT_ONCE: u32 = 100;

impl Emergency {
    /// Waits for the next limit to end, or for a commit that may have set an earlier one, again and again.
    pub async fn keep_watch(&self) -> Result<(), EmergencyError> {
        let mut changes = self.changes.subscribe();
        loop {
            changes.mark_unchanged();
            self.note_overdue().await?;
            let next = store::clocks::next_due(self.db.read()).await?;
            let ended = async {
                match next {
                    Some(due_at) => self.clock.reaches(due_at).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                () = ended => {}
                // The sender lives as long as this service does.
                _ = changes.changed() => {}
            }
        }
    }

    async fn note_overdue(&self) -> Result<(), EmergencyError> {
        let itself = Principal::service("emergency");
        let now = self.clock.now_micros();
        for incident in store::clocks::overdue(self.db.read(), now, AT_ONCE).await? {
            let tx = self.db.begin().await?;
            let mut clocks = store::clocks::of(&tx, &incident).await?;
            if note_breaches(&mut clocks, now) {
                store::clocks::put(&tx, &incident, &clocks).await?;
                let entries: Vec<Entry> = self.breached_entry(&tx, Cause::by(&itself), &incident).await?.into_iter().collect();
                self.commit(tx, &entries).await?;
            }
        }
        Ok(())
    }

    /// That a limit of an incident was missed, with all its limits.
    pub async fn breached_entry(
        &self,
        tx: &DatabaseTransaction,
        cause: Cause<'_>,
        incident: &str,
    ) -> Result<Option<Entry>, EmergencyError> {
        let Some(kept) = store::incidents::by_id(tx, incident).await? else { return Ok(None) };
        let incident = self.shown(tx, kept.incident).await?;
        let (area, category) = (incident.area.clone(), incident.category.clone());
        let about = About { area: &area, category: &category };
        Ok(Some(self.entry("incident.breached", To::Parent, cause, about, &IncidentChanged { incident: Some(incident) })))
    }

    /// What some limits of an incident ask for is there. Where it is too late that is said.
    pub async fn stop_clocks(
        &self,
        tx: &DatabaseTransaction,
        cause: Cause<'_>,
        incident: &str,
        which: impl Fn(&Clock) -> bool,
    ) -> Result<Vec<Entry>, EmergencyError> {
        let now = self.clock.now_micros();
        let mut clocks = store::clocks::of(tx, incident).await?;
        let mut breached = false;
        for clock in clocks.iter_mut().filter(|clock| clock.runs() && which(clock)) {
            breached |= clock.stop(now);
        }
        store::clocks::put(tx, incident, &clocks).await?;
        Ok(if breached { self.breached_entry(tx, cause, incident).await?.into_iter().collect() } else { vec![] })
    }
}
