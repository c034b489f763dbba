//! Saying in our own journal that a month has changed: how the gateway learns what to tell the node above. What is said is a version and a hash;
//! the figures themselves are pulled by who wants them.
//!
//! The month that it is now is announced even while it is empty, so that a node without records has said that it has none, and is not taken for
//! one that has never sent.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tracemesh_chassis::telemetry::context;
use tracemesh_journal::Entry;
use tracemesh_model::china_day;
use tracemesh_proto::analytics::v1::{MonthFigures, MonthVersion};

use super::Analytics;
use crate::domain::month::Month;
use crate::domain::version::Place;
use crate::error::AnalyticsError;
use crate::store;
use crate::store::months::KnownMonth;

/// How often to look although nothing was counted: a month begins, another process has counted.
const LOOK: Duration = Duration::from_secs(60);

impl Analytics {
    /// Announces as long as it is polled: at once after a change, and then not again for the interval.
    pub async fn keep_announcing(&self) -> Result<(), AnalyticsError> {
        let mut progress = self.progress.subscribe();
        let interval = self.settings.announce_interval();
        // The sender lives as long as this service does.
        let _ = progress.wait_for(|progress| progress.is_caught_up).await;
        self.end_counting().await?;
        loop {
            progress.mark_unchanged();
            self.announce().await?;
            tokio::time::sleep(interval).await;
            let _ = tokio::time::timeout(LOOK, progress.changed()).await;
        }
    }

    /// Announces every month that has changed since it was announced last.
    pub async fn announce(&self) -> Result<(), AnalyticsError> {
        let changed = self.changed_months().await?;
        if changed.is_empty() {
            return Ok(());
        }
        let tx = self.db.begin().await?;
        for Changed { month, version, .. } in &changed {
            let place = Place { epoch: version.epoch, seq: version.seq };
            store::months::announced(&tx, *month, place, &version.hash).await?;
        }
        let news: Vec<_> = changed.iter().filter(|changed| changed.is_news()).map(|changed| self.announcement(changed)).collect();
        self.commit(tx, &news).await
    }

    /// In the trace of the record that changed the month last, which goes on from here to whoever pulls the figures.
    fn announcement(&self, Changed { month, version, .. }: &Changed) -> Entry {
        let span = tracing::info_span!("announce", otel.name = "analytics.announce", %month);
        context::continue_from_text(&span, &self.causes.take(*month));
        span.in_scope(|| self.figures_changed(version))
    }

    /// Months whose last change is not the one that was announced.
    async fn changed_months(&self) -> Result<Vec<Changed>, AnalyticsError> {
        self.ensure_this_month().await?;
        let snapshot = self.db.snapshot().await?;
        let mut changed = Vec::new();
        for KnownMonth { month, version, announced } in store::months::all(&snapshot).await? {
            if announced.as_ref().is_some_and(|(known, _)| *known == version) {
                continue;
            }
            if let Some(sheet) = self.own_sheet(&snapshot, month).await? {
                let version = MonthFigures::from(&sheet).version.unwrap_or_default();
                changed.push(Changed { month, version, before: announced });
            }
        }
        Ok(changed)
    }

    async fn ensure_this_month(&self) -> Result<(), AnalyticsError> {
        let month = Month::of(china_day(self.clock.now_micros()));
        if store::months::version(self.db.read(), month).await?.is_some() {
            return Ok(());
        }
        let tx = self.db.begin().await?;
        let version = store::counted::as_of(&tx, &self.counted).await?.place;
        store::months::ensure(&tx, month, version).await?;
        Ok(tx.commit().await?)
    }
}

/// The trace of the last record that changed each month since it was announced: one speaks for all of them. A restart forgets it, as nothing but an
/// observer depends on it.
#[derive(Clone, Default)]
pub struct Causes(Arc<Mutex<BTreeMap<Month, String>>>);

impl Causes {
    pub fn note(&self, month: Month, traceparent: &str) {
        if !traceparent.is_empty() {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(month, traceparent.to_owned());
        }
    }

    fn take(&self, month: Month) -> String {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&month).unwrap_or_default()
    }
}

/// A month to be announced.
struct Changed {
    month: Month,
    version: MonthVersion,
    before: Option<(Place, Vec<u8>)>,
}

impl Changed {
    /// A correction may have changed nothing: then nobody has to pull. A new epoch is always news.
    fn is_news(&self) -> bool {
        self.before.as_ref().is_none_or(|(place, hash)| place.epoch != self.version.epoch || *hash != self.version.hash)
    }
}
