//! One transaction: journal blocks, claims, hops, dead letters, the source's offset, and last the journal's order. Whatever happens before
//! its commit, nothing was taken; after it, every submission of the batch has its one outcome.
//!
//! A batch is cut into *runs* in which no identity stands twice, because a duplicate or a correction must name the entry that it follows, and
//! an entry has a number only once it is committed; and that are no larger than a commit of the journal. Two replicas that would both accept a
//! first revision meet at the primary key of `record`; the loser looks again.

#[cfg(feature = "faults")]
mod seeded;

use std::collections::{BTreeMap, HashSet};

use tracemesh_chassis::telemetry::context;
use tracemesh_journal::{Appended, COMMIT_BYTES_MAX, Entry, Envelope, Journal, JournalError};
use tracemesh_model::{TraceRecord, Violation};
use tracemesh_proto::accepted::Unreadable;
use tracemesh_proto::ingestion::v1::Receipt;
use tracemesh_store::{Database, DatabaseTransaction, DbErr};

use super::entries::{damaged, entry_at, reread};
use crate::domain::identity::{Claim, Identity, Standing, decide};
use crate::domain::outcome::{End, Outcome, Replaced};
use crate::domain::place::hops_of;
use crate::domain::reasons;
use crate::domain::receipt::{parse_receipt_id, receipt, receipt_id};
use crate::domain::submission::{Placed, Prepared};
use crate::error::IngestionError;
use crate::store;
use crate::store::hops::NewHop;
use crate::store::intake::Tally;
use crate::store::records::NewClaim;

/// How often a commit that lost a race is tried: a third loss would need a third writer of the same identity at the same moment.
const TRIES: usize = 3;
/// Bytes of one run's entries. Half of what fits, as an entry is weighed before its envelope is written.
const RUN_BYTES: usize = COMMIT_BYTES_MAX / 2;

/// Writes batches into one node's journal and index.
#[derive(Clone)]
pub struct Commit {
    pub node: String,
    pub db: Database,
    pub journal: Journal,
}

impl Commit {
    /// The receipts of a batch, in its order. With a failure, the run it happened in and those after it were not taken.
    pub async fn batch(&self, batch: &[Prepared]) -> (Vec<Receipt>, Option<IngestionError>) {
        #[cfg(feature = "faults")]
        if let Some(fault) = crate::faults::chosen() {
            return self.faulty_batch(fault, batch).await;
        }
        let mut receipts = Vec::with_capacity(batch.len());
        for run in runs(batch) {
            let causes = run.iter().map(|prepared| prepared.submission().traceparent.as_str());
            let open = || tracing::info_span!("commit", otel.name = "ingestion.commit");
            match context::on_behalf_of(causes, open, self.run(run)).await {
                Ok(of_run) => receipts.extend(of_run),
                Err(failure) => return (receipts, Some(failure)),
            }
        }
        (receipts, None)
    }

    async fn run(&self, run: &[Prepared]) -> Result<Vec<Receipt>, IngestionError> {
        for _ in 1..TRIES {
            match self.attempt(run).await {
                Err(IngestionError::Database(error)) if lost_a_race(&error) => {}
                done => return done,
            }
        }
        self.attempt(run).await
    }

    async fn attempt(&self, run: &[Prepared]) -> Result<Vec<Receipt>, IngestionError> {
        let tx = self.db.begin().await?;
        let outcomes = self.decide_all(&tx, run).await?;
        let (envelopes, entries): (Vec<Envelope>, Vec<Entry>) = outcomes.iter().map(Outcome::entry).unzip();
        let staged = self.journal.stage(&tx, &entries).await?;
        self.index(&tx, &outcomes, &staged.refs).await?;
        advance_sources(&tx, run).await?;
        let appended = self.journal.seal(&tx, staged).await?;
        tx.commit().await?;
        self.journal.committed();
        Ok(self.receipts(&appended, run, envelopes))
    }

    async fn decide_all<'a>(&self, tx: &DatabaseTransaction, run: &'a [Prepared]) -> Result<Vec<Outcome<'a>>, IngestionError> {
        let identities: Vec<Identity> = run.iter().filter_map(Prepared::identity).collect();
        let claims = store::records::claims(tx, &identities).await?;
        let mut outcomes = Vec::with_capacity(run.len());
        for prepared in run {
            let end = match prepared {
                Prepared::Refused(refused) => {
                    End::Rejected { record_id: &refused.record_id, revision: refused.revision, reasons: refused.reasons.clone() }
                }
                Prepared::Placed(placed) => {
                    let end = self.end_of(placed, claims.get(&placed.identity).map_or(&[], Vec::as_slice)).await;
                    end.or_else(|failure| damage_alone(placed, failure))?
                }
            };
            outcomes.push(Outcome { submission: prepared.submission(), sha256: prepared.sha256(), end });
        }
        Ok(outcomes)
    }

    async fn end_of<'a>(&self, placed: &'a Placed, claims: &[Claim]) -> Result<End<'a>, IngestionError> {
        match decide(placed.record.revision, claims) {
            Standing::Newest { .. } if !placed.blocks.is_empty() => Ok(rejected(placed, placed.blocks.clone())),
            Standing::Newest { replaces: None } => Ok(End::Accepted { placed, replaced: None }),
            Standing::Newest { replaces: Some(claim) } => Ok(End::Accepted { placed, replaced: Some(self.replaced(claim).await?) }),
            Standing::SeenBefore(claim) => self.seen_before(placed, claim).await,
            Standing::Superseded { by } => {
                let value = format!("{} < {}", placed.record.revision, by.revision);
                Ok(rejected(placed, vec![Violation::new(reasons::SUPERSEDED, "revision", &value)]))
            }
        }
    }

    /// A duplicate if it says the same as what was accepted, byte for byte or at least read as a record; else a conflict.
    async fn seen_before<'a>(&self, placed: &'a Placed, claim: Claim) -> Result<End<'a>, IngestionError> {
        let (record, revision) = (&placed.record, placed.record.revision);
        let known = entry_at(&self.journal, claim.record).await?;
        let first = receipt_id(self.journal.name(), known.epoch, known.entry.seq);
        let same_bytes = known.entry.envelope.sha256 == placed.sha256.as_slice();
        if same_bytes || reread(&known.entry, &self.node).is_ok_and(|before: TraceRecord| before == *record) {
            return Ok(End::Duplicate { record_id: &record.record_id, revision, first });
        }
        Ok(rejected(placed, vec![Violation::new(reasons::CONFLICT, "record_id", &format!("{} ({first})", record.record_id))]))
    }

    async fn replaced(&self, claim: Claim) -> Result<Replaced, IngestionError> {
        let known = entry_at(&self.journal, claim.record).await?;
        let hops = match reread(&known.entry, &self.node) {
            Ok(record) => hops_of(&record),
            // Its body was erased by order, and its hops with it: nothing is left to be taken back.
            Err(Unreadable::Erased) => Vec::new(),
            Err(unreadable) => return Err(damaged(&self.journal, known.entry.seq, unreadable.to_string()).into()),
        };
        Ok(Replaced { claim, epoch: known.epoch, seq: known.entry.seq, hops })
    }

    /// The rows that point into the journal.
    async fn index(&self, tx: &DatabaseTransaction, outcomes: &[Outcome<'_>], refs: &[i64]) -> Result<(), IngestionError> {
        let (mut claims, mut hops, mut dead, mut tally) = (Vec::new(), Vec::new(), Vec::new(), Tally::default());
        for (outcome, &record) in outcomes.iter().zip(refs) {
            match &outcome.end {
                End::Accepted { placed, replaced } => {
                    tally.accepted += 1;
                    claims.push(claim_of(placed, replaced.as_ref(), record));
                    hops.extend(new_hops(placed, replaced.as_ref(), record));
                }
                End::Duplicate { .. } => tally.duplicate += 1,
                End::Rejected { .. } => {
                    tally.rejected += 1;
                    dead.push((record, outcome.submission.scope.provider.as_str()));
                }
            }
        }
        // In the order of their keys: what lies together in a table is written together.
        claims.sort_unstable_by_key(|new| new.identity);
        hops.sort_unstable_by_key(|new| (new.hop.unit, new.hop.event_time));
        store::records::insert(tx, &claims).await?;
        store::hops::insert(tx, &hops).await?;
        store::dead_letters::insert(tx, &dead).await?;
        store::intake::add(tx, refs[0], tally).await?;
        self.close_dead_letters(tx, outcomes, refs).await
    }

    /// A redrive that was taken, whatever its own verdict, ends the dead letter that it names: what is rejected again is a new one.
    async fn close_dead_letters(&self, tx: &DatabaseTransaction, outcomes: &[Outcome<'_>], refs: &[i64]) -> Result<(), IngestionError> {
        for (outcome, &record) in outcomes.iter().zip(refs) {
            let named = outcome.submission.redrives.as_deref().and_then(parse_receipt_id);
            if let Some((_, _, seq)) = named
                && let Some(dead) = self.journal.entry(seq).await?
            {
                store::dead_letters::redriven(tx, dead.entry.record, record).await?;
            }
        }
        Ok(())
    }

    fn receipts(&self, appended: &Appended, run: &[Prepared], envelopes: Vec<Envelope>) -> Vec<Receipt> {
        let id = |seq| receipt_id(self.journal.name(), appended.epoch, seq);
        let entries = (appended.first_seq..).zip(run).zip(envelopes);
        entries.map(|((seq, prepared), envelope)| receipt(id(seq), envelope, prepared.submission().scope.rules())).collect()
    }
}

/// What was damaged stops those alone that build on it, and not the batch that they came in.
fn damage_alone(placed: &Placed, failure: IngestionError) -> Result<End<'_>, IngestionError> {
    let IngestionError::Journal(JournalError::Damaged { seq, .. }) = &failure else { return Err(failure) };
    tracing::error!(seq, error = ?failure, "a submission repeats or corrects what is damaged: it is rejected");
    Ok(rejected(placed, vec![Violation::new(reasons::EARLIER_DAMAGED, "record_id", &placed.record.record_id)]))
}

fn rejected(placed: &Placed, reasons: Vec<Violation>) -> End<'_> {
    End::Rejected { record_id: &placed.record.record_id, revision: placed.record.revision, reasons }
}

fn claim_of(placed: &Placed, replaced: Option<&Replaced>, record: i64) -> NewClaim {
    let replaces = replaced.map_or(0, |replaced| replaced.claim.revision);
    NewClaim { identity: placed.identity, claim: Claim { replaces, revision: placed.record.revision, record } }
}

/// The record's own hops, and one that takes back each hop of what it replaces.
fn new_hops<'a>(placed: &'a Placed, replaced: Option<&'a Replaced>, record: i64) -> impl Iterator<Item = NewHop<'a>> {
    let own = placed.hops.iter().map(move |hop| NewHop { hop, record, retracts: 0 });
    let back = replaced.into_iter().flat_map(move |replaced| {
        let retracts = replaced.claim.record;
        replaced.hops.iter().map(move |hop| NewHop { hop, record, retracts })
    });
    own.chain(back)
}

/// Zero rows moved: another process reads this source, and what we hold of it is stale.
async fn advance_sources(tx: &DatabaseTransaction, run: &[Prepared]) -> Result<(), IngestionError> {
    // In the order of their names, so that two processes that move the same sources do not wait for each other.
    let mut ways: BTreeMap<&str, (i64, i64)> = BTreeMap::new();
    for submission in run.iter().map(Prepared::submission) {
        if let Some(step) = submission.step {
            ways.entry(&submission.source).and_modify(|way| way.1 = step.to).or_insert((step.from, step.to));
        }
    }
    for (source, (from, to)) in ways {
        if !store::offsets::advance(tx, source, from, to).await? {
            return Err(IngestionError::SourceMoved { of: source.to_owned(), expected: from });
        }
    }
    Ok(())
}

/// Cuts a batch before each identity that stands in the current run already, and before the run would be too large.
fn runs(batch: &[Prepared]) -> Vec<&[Prepared]> {
    let (mut runs, mut begin, mut seen, mut bytes) = (Vec::new(), 0, HashSet::new(), 0);
    for (at, prepared) in batch.iter().enumerate() {
        bytes += prepared.entry_bytes();
        let again = prepared.identity().is_some_and(|identity| !seen.insert(identity));
        if again || bytes > RUN_BYTES {
            runs.push(&batch[begin..at]);
            (begin, bytes) = (at, prepared.entry_bytes());
            seen.clear();
            seen.extend(prepared.identity());
        }
    }
    runs.push(&batch[begin..]);
    runs.retain(|run| !run.is_empty());
    runs
}

fn lost_a_race(error: &DbErr) -> bool {
    matches!(error.sql_err(), Some(sea_orm::SqlErr::UniqueConstraintViolation(_)))
}
