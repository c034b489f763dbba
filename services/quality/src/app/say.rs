//! Saying: what becomes of a finding by itself. Each step is kept with it, and is an entry of our journal in the same transaction.

use std::collections::{BTreeMap, BTreeSet};

use tracemesh_access::Principal;
use tracemesh_calendar::{Term, due};
use tracemesh_journal::Entry;
use tracemesh_store::DatabaseTransaction;

use super::Quality;
use super::entries::Cause;
use crate::domain::cell::{Cell, Subject};
use crate::domain::detect::{self, Proof, Suspicion};
use crate::domain::finding::{Evidence, Finding, State, Step};
use crate::domain::observation::Group;
use crate::error::QualityError;
use crate::store;

/// What became of the cause of a finding that is closed by itself.
const GONE: &str = "the records in force no longer show it";
const BACK: &str = "more records show it";

impl Quality {
    /// A cause that was not known.
    pub(super) async fn find(
        &self,
        tx: &DatabaseTransaction,
        group: i64,
        suspicion: &Suspicion,
        cell: &Cell,
        now: i64,
        entries: &mut Vec<Entry>,
    ) -> Result<(), QualityError> {
        let Some(detector) = detect::of(Group(group)) else { return Ok(()) };
        let Cell { provider, subject: Subject { key, shown }, area, category, .. } = cell.clone();
        let mut finding = Finding {
            number: store::followed::next_number(tx, &self.followed).await?,
            kind: detector.kind.to_owned(),
            group,
            cause: suspicion.cause,
            state: State::Found,
            provider,
            subject: key,
            subject_shown: shown,
            area,
            category,
            found_at: now,
            due_at: now,
            closed_at: 0,
            is_presumed: false,
            records: 0,
        };
        store::findings::add_step(tx, finding.number, &step(State::Found, now, "")).await?;
        self.show(tx, &mut finding, suspicion).await?;
        self.send(tx, finding, now, "", entries).await
    }

    /// A finding that is there already: its evidence is what the records show now, and one that was closed is sent again where there is more of it.
    pub(super) async fn go_on(
        &self,
        tx: &DatabaseTransaction,
        mut finding: Finding,
        suspicion: &Suspicion,
        now: i64,
        entries: &mut Vec<Entry>,
    ) -> Result<(), QualityError> {
        let before = store::findings::evidence(tx, finding.number).await?;
        let records: BTreeSet<i64> = before.iter().map(|evidence| evidence.record).collect();
        let known = finding.records;
        if before == evidence(suspicion) {
            return Ok(());
        }
        self.show(tx, &mut finding, suspicion).await?;
        let is_more = suspicion.proofs.iter().any(|proof| !records.contains(&proof.record));
        if !finding.is_open() && is_more {
            return self.send(tx, finding, now, BACK, entries).await;
        }
        store::findings::put(tx, &finding).await?;
        // A cause that grows is said again each time that it has doubled: a day of sales is a few entries.
        if finding.is_open() && finding.records.max(1).ilog2() > known.max(1).ilog2() {
            entries.push(self.finding_entry(tx, &ours(BACK, now), &finding).await?);
        }
        Ok(())
    }

    async fn show(&self, tx: &DatabaseTransaction, finding: &mut Finding, suspicion: &Suspicion) -> Result<(), QualityError> {
        let proofs: BTreeMap<(i64, &str), &Proof> = suspicion.proofs.iter().map(|proof| ((proof.record, proof.field), proof)).collect();
        let records: BTreeSet<i64> = proofs.keys().map(|(record, _)| *record).collect();
        finding.records = records.len() as i64;
        Ok(store::findings::put_evidence(tx, finding.number, &proofs).await?)
    }

    /// Says it to the source, which has its term from now on.
    async fn send(
        &self,
        tx: &DatabaseTransaction,
        mut finding: Finding,
        now: i64,
        why: &str,
        entries: &mut Vec<Entry>,
    ) -> Result<(), QualityError> {
        self.renew(&mut finding, now);
        (finding.state, finding.closed_at) = (State::Sent, 0);
        store::findings::put(tx, &finding).await?;
        store::findings::add_step(tx, finding.number, &step(State::Sent, now, why)).await?;
        entries.push(self.finding_entry(tx, &ours(why, now), &finding).await?);
        Ok(())
    }

    /// Its term begins.
    pub(super) fn renew(&self, finding: &mut Finding, now: i64) {
        let term = due(now, Term::WorkingDays(self.settings.answer_working_days));
        (finding.due_at, finding.is_presumed) = (term.at_micros, term.presumed);
    }

    /// Nothing shows it any more: a correction or a later record has taken its cause away.
    pub(super) async fn close_by_itself(
        &self,
        tx: &DatabaseTransaction,
        mut finding: Finding,
        now: i64,
        entries: &mut Vec<Entry>,
    ) -> Result<(), QualityError> {
        store::findings::put_evidence(tx, finding.number, &BTreeMap::new()).await?;
        if !finding.is_open() {
            return Ok(());
        }
        for (state, why) in [(State::Corrected, GONE), (State::Rechecked, ""), (State::Closed, "")] {
            store::findings::add_step(tx, finding.number, &step(state, now, why)).await?;
        }
        (finding.state, finding.closed_at) = (State::Closed, now);
        store::findings::put(tx, &finding).await?;
        entries.push(self.finding_entry(tx, &ours(GONE, now), &finding).await?);
        Ok(())
    }
}

fn evidence(suspicion: &Suspicion) -> BTreeSet<Evidence> {
    let of = |proof: &Proof| Evidence {
        record: proof.record,
        field: proof.field.to_owned(),
        value: proof.value.clone(),
        against: proof.against.clone(),
    };
    let last: BTreeMap<(i64, &str), &Proof> = suspicion.proofs.iter().map(|proof| ((proof.record, proof.field), proof)).collect();
    last.into_values().map(of).collect()
}

/// What this service does by itself.
pub(super) fn ours(why: &str, at: i64) -> Cause<'_> {
    Cause { actor: Principal::service("quality"), why, at }
}

pub(super) fn step(state: State, at: i64, text: &str) -> Step {
    Step { state, by: Principal::service("quality").to_string(), at, text: text.to_owned() }
}
