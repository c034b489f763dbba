//! Judging: groups that a commit has touched are looked at as they are now, and the findings about them follow. What is doubtful and was not is
//! found and sent; what was and is not any more is corrected, rechecked and closed, all at once and by itself.

use std::collections::{BTreeMap, BTreeSet};

use tracemesh_journal::Entry;
use tracemesh_store::DatabaseTransaction;

use super::Quality;
use crate::domain::detect::{self, Suspicion};
use crate::domain::observation::{Group, Observation};
use crate::error::QualityError;
use crate::store;

/// Suspicions and findings by group and cause.
type ByCause<T> = BTreeMap<(i64, i64), T>;

impl Quality {
    /// Keeps observations and judges their groups, and the others that were touched.
    pub(super) async fn judge(
        &self,
        tx: &DatabaseTransaction,
        observations: &[(Observation, i64)],
        mut touched: BTreeSet<i64>,
        now: i64,
        entries: &mut Vec<Entry>,
    ) -> Result<(), QualityError> {
        touched.extend(observations.iter().map(|(of, _)| of.seen.group.0));
        let groups = self.groups(tx, observations, &touched).await?;
        let mut suspicions: ByCause<Suspicion> = BTreeMap::new();
        for (group, observations) in &groups {
            if let Some(detector) = detect::of(Group(*group)) {
                let found = detector.judge(observations, &self.settings.detectors);
                suspicions.extend(found.into_iter().map(|suspicion| ((*group, suspicion.cause), suspicion)));
            }
        }
        let judged: BTreeSet<i64> = groups.keys().copied().collect();
        let mut findings = store::findings::of_groups(tx, &judged).await?;
        let cells = store::cells::places(tx, &suspicions.values().map(|suspicion| suspicion.whom).collect()).await?;
        for (key, suspicion) in &suspicions {
            match (findings.remove(key), cells.get(&suspicion.whom)) {
                (Some(finding), _) => self.go_on(tx, finding, suspicion, now, entries).await?,
                (None, Some(cell)) => self.find(tx, key.0, suspicion, cell, now, entries).await?,
                (None, None) => {}
            }
        }
        for finding in findings.into_values() {
            self.close_by_itself(tx, finding, now, entries).await?;
        }
        Ok(())
    }

    /// The groups as they are from now on. One that is full takes nothing more in, and is not judged: half of a balance is none.
    async fn groups(
        &self,
        tx: &DatabaseTransaction,
        observations: &[(Observation, i64)],
        touched: &BTreeSet<i64>,
    ) -> Result<BTreeMap<i64, Vec<Observation>>, QualityError> {
        let mut sizes = store::observations::sizes(tx, touched).await?;
        let known: BTreeSet<i64> = sizes.keys().copied().collect();
        let mut taken = Vec::new();
        for (of, part) in observations {
            let size = sizes.entry(of.seen.group.0).or_default();
            if *size < self.settings.group_most {
                taken.push((of.clone(), *part));
            }
            *size += 1;
        }
        // What was there before is read before the rest joins it.
        let mut groups = store::observations::of_groups(tx, &known).await?;
        store::observations::add(tx, &taken).await?;
        for (of, _) in taken {
            groups.entry(of.seen.group.0).or_default().push(of);
        }
        for group in touched {
            groups.entry(*group).or_default().sort_by(|one, other| one.order().cmp(&other.order()));
        }
        groups.retain(|group, _| sizes.get(group).is_none_or(|size| *size < self.settings.group_most));
        Ok(groups)
    }
}
