//! Following: one follower asks over gRPC (in this process, without a network), recomputes every hash, reads the records, adds them up and moves
//! its cursor; against reading the same records from memory.

use std::collections::BTreeMap;
use std::sync::Arc;

use tokio::sync::Notify;
use tracemesh_ingestion::hot_path::Commit;
use tracemesh_journal::{DecodedCommit, DecodedEntry, Follower, Fork, Handler, HandlerError, JournalServer};
use tracemesh_model::{Amount, TraceRecord};
use tracemesh_proto::accepted::{Unreadable, reread};
use tracemesh_proto::journal::v1::journal_service_client::JournalServiceClient;
use tracemesh_proto::journal::v1::journal_service_server::JournalServiceServer;
use tracemesh_store::DatabaseTransaction;

use super::cost::Meter;
use super::material::Material;
use super::place::{JOURNAL, NODE, Place, take};
use super::report::Round;
use super::{Plan, Report};

const GOAL: &str = "CPU of decoding from memory ≥ 0.8 of following";
const LEAST: f64 = 0.8;
/// Of the journal, at once.
const READ_BYTES: usize = 64 << 20;

pub async fn run(plan: Plan) -> anyhow::Result<Report> {
    let (place, commit) = Place::with_ingestion().await?;
    for batch in Material::new()?.prepared(plan.records) {
        take(&commit, &batch).await?;
    }
    let entries = in_memory(&commit).await?;
    let mut rounds = Vec::new();
    for _ in 0..plan.rounds {
        rounds.push(round(&commit, &entries).await?);
    }
    place.close().await?;
    Ok(Report::by_ratio("follow", GOAL, LEAST, plan.records, rounds))
}

async fn round(commit: &Commit, entries: &[DecodedEntry]) -> anyhow::Result<Round> {
    let meter = Meter::start()?;
    for entry in entries {
        std::hint::black_box(record(entry)?);
    }
    let decoding = meter.stop()?;

    let own = Place::open(&[tracemesh_journal::MIGRATIONS]).await?;
    let meter = Meter::start()?;
    let records = followed(commit, &own, entries.len()).await?;
    let following = meter.stop()?;
    own.close().await?;
    anyhow::ensure!(records == entries.len() as u64, "{records} of {} records were counted", entries.len());

    let each = |sum: f64| sum / entries.len() as f64;
    let mut all = decoding;
    all += following;
    Ok(Round::from([
        ("ratio", decoding.cpu_us / following.cpu_us),
        ("ratio_by_clock", decoding.wall_us / following.wall_us),
        ("cpu_us_per_record", each(following.cpu_us)),
        ("decode_cpu_us_per_record", each(decoding.cpu_us)),
        ("records_per_cpu_second", entries.len() as f64 / following.cpu_us * 1e6),
        ("foreign_load", all.foreign_load()),
    ]))
}

/// Follows from the beginning with a cursor in a database of its own, until the last entry is applied; answers how many records were counted.
async fn followed(commit: &Commit, own: &Place, entries: usize) -> anyhow::Result<u64> {
    let server = JournalServer::new();
    server.add(&commit.journal);
    let client = JournalServiceClient::new(JournalServiceServer::new(server));
    let mut figures = Figures { last: entries as u64, done: Arc::default(), cells: BTreeMap::new() };
    let done = figures.done.clone();
    Follower::new("bench", JOURNAL, client, &own.db).run(&mut figures, done.notified()).await?;
    Ok(figures.cells.values().map(|cell| cell.records).sum())
}

async fn in_memory(commit: &Commit) -> anyhow::Result<Vec<DecodedEntry>> {
    let mut entries: Vec<DecodedEntry> = Vec::new();
    loop {
        let after = entries.last().map_or(0, |entry| entry.seq);
        let commits = commit.journal.read(after, READ_BYTES).await?;
        if commits.is_empty() {
            return Ok(entries);
        }
        for commits in &commits {
            entries.extend(commit.journal.decode(commits)?.entries);
        }
    }
}

fn record(entry: &DecodedEntry) -> Result<TraceRecord, Unreadable> {
    reread(NODE, &entry.envelope, entry.body.as_deref())
}

/// The smallest figures that are worth following for: records and mass by day, area, category and class.
struct Figures {
    last: u64,
    done: Arc<Notify>,
    cells: BTreeMap<(jiff::civil::Date, String, String, &'static str), Cell>,
}

#[derive(Default)]
struct Cell {
    records: u64,
    mass_kg: Amount,
}

impl Figures {
    fn add(&mut self, record: TraceRecord) {
        let mass = record.units.iter().filter_map(|unit| unit.quantity.as_ref()?.mass_kg());
        let mass = mass.reduce(|sum, more| sum.checked_add(more).unwrap_or(sum)).unwrap_or_default();
        let key = (record.event_time.day(), record.area, record.category.to_string(), record.class.as_str());
        let cell = self.cells.entry(key).or_default();
        cell.records += 1;
        cell.mass_kg = cell.mass_kg.checked_add(mass).unwrap_or(cell.mass_kg);
    }
}

impl Handler for Figures {
    async fn apply(&mut self, _: &DatabaseTransaction, commits: &[DecodedCommit]) -> Result<(), HandlerError> {
        for entry in commits.iter().flat_map(|commit| &commit.entries) {
            self.add(record(entry)?);
            if entry.seq == self.last {
                self.done.notify_one();
            }
        }
        Ok(())
    }

    async fn on_fork(&mut self, _: &Fork) -> Result<(), HandlerError> {
        Ok(())
    }
}
