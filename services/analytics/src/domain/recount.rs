//! Counting again, by another way than the follower counts: not by adding and taking back, but by finding out which record of each identity is
//! in force, and adding up those alone. What both ways agree on is the definition of a record's contribution, and nothing else.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use sha2::{Digest, Sha256};
use tracemesh_model::Amount;
use tracemesh_proto::journal::v1::Envelope;

use super::cell::{Cell, Counts, Presence};
use super::contribution::{Contribution, Rules};
use super::days::Days;

/// What stands in the cells, with the subjects of each.
pub type Cells = BTreeMap<Cell, (Counts, Presence)>;

/// More records than memory was granted for.
#[derive(Debug, PartialEq, Eq)]
pub struct TooManyRecords;

/// The records in force so far. It holds about 150 bytes for each, so their number has a limit.
pub struct InForce {
    node: String,
    rules: Rules,
    days: Days,
    most: usize,
    records: HashMap<[u8; 16], Held>,
    cells: HashSet<Arc<Cell>>,
    /// Accepted records whose body is gone: they are not in the answer.
    pub unreadable: u64,
}

/// A record in force.
struct Held {
    revision: u32,
    /// What it adds; nothing where it is void or of another day.
    counted: Option<Slim>,
}

/// A contribution with its cell shared.
struct Slim {
    cell: Arc<Cell>,
    is_late: bool,
    measures: Box<[(String, Amount)]>,
    subject: Option<i64>,
}

impl InForce {
    /// Records of one node whose events are of these days, `most` at most.
    pub fn new(node: &str, rules: Rules, days: Days, most: usize) -> Self {
        Self { node: node.to_owned(), rules, days, most, records: HashMap::new(), cells: HashSet::new(), unreadable: 0 }
    }

    /// Takes an entry. The order does not matter: the highest revision is in force.
    pub fn take(&mut self, envelope: &Envelope, body: Option<&[u8]>) -> Result<(), TooManyRecords> {
        if !Rules::is_counted(envelope) {
            return Ok(());
        }
        let contribution = match self.rules.contribution(&self.node, envelope, body) {
            Ok(contribution) => contribution,
            Err(_) => {
                self.unreadable += 1;
                None
            }
        };
        let counted =
            contribution.filter(|contribution| self.days.contain(contribution.cell.day)).map(|contribution| self.slim(contribution));
        let newer = Held { revision: envelope.revision, counted };
        let held = self.records.entry(identity(envelope)).or_insert(Held { revision: 0, counted: None });
        if newer.revision >= held.revision {
            *held = newer;
        }
        if self.records.len() > self.most { Err(TooManyRecords) } else { Ok(()) }
    }

    /// The figures, and how many records they are made of.
    pub fn count(self) -> (u64, Cells) {
        let mut cells = Cells::new();
        let mut records = 0;
        for Slim { cell, is_late, measures, subject } in self.records.into_values().filter_map(|held| held.counted) {
            let (counts, presence) = cells.entry(Cell::clone(&cell)).or_default();
            counts.add(&Counts { records: 1, late: is_late.into(), measures: measures.into_iter().collect() });
            if let Some(subject) = subject {
                *presence.entry(subject).or_default() += 1;
            }
            records += 1;
        }
        (records, cells)
    }

    fn slim(&mut self, Contribution { cell, counts, subject }: Contribution) -> Slim {
        let shared = self.cells.get(&cell).cloned().unwrap_or_else(|| Arc::new(cell));
        self.cells.insert(shared.clone());
        Slim { cell: shared, is_late: counts.late > 0, measures: counts.measures.into_iter().collect(), subject }
    }
}

/// 16 bytes of SHA-256 over provider and record id, each after its length.
fn identity(envelope: &Envelope) -> [u8; 16] {
    let mut hash = Sha256::new();
    for part in [&envelope.provider, &envelope.record_id] {
        hash.update((part.len() as u32).to_be_bytes());
        hash.update(part);
    }
    let mut identity = [0; 16];
    identity.copy_from_slice(&hash.finalize()[..16]);
    identity
}

#[cfg(test)]
mod tests {
    use tracemesh_proto::journal::v1::Labels;
    use tracemesh_proto::journal::v1::envelope::{Mode, Verdict};

    use super::*;

    fn take(records: &mut InForce, provider: &str, record_id: &str, revision: u32, day: &str) -> Result<(), TooManyRecords> {
        let envelope = Envelope {
            kind: "record".into(),
            provider: provider.into(),
            record_id: record_id.into(),
            revision,
            received_at: Some(tracemesh_proto::time::timestamp(1_795_564_800_000_000)),
            verdict: Verdict::Accepted.into(),
            mode: Mode::Live.into(),
            labels: Some(Labels::default()),
            ..Envelope::default()
        };
        let void = if day.is_empty() { r#", "corrects": {"void": true}"# } else { "" };
        let day = if day.is_empty() { "2026-01-01" } else { day };
        let body = format!(
            r#"{{"record_id": "{record_id}", "revision": {revision}, "class": "RETAIL", "event_time": "{day}T12:00:00+08:00",
                "units": [{{"role": "OUTPUT", "code": "x"}}]{void}}}"#
        );
        records.take(&envelope, Some(body.as_bytes()))
    }

    fn in_force(most: usize) -> InForce {
        InForce::new("yantai", Rules { late_after_micros: i64::MAX }, Days::ALL, most)
    }

    fn days(records: InForce) -> Vec<(String, i64)> {
        let (records, cells) = records.count();
        let days: Vec<_> = cells.iter().map(|(cell, (counts, _))| (cell.day.to_string(), counts.records)).collect();
        assert_eq!(records as i64, days.iter().map(|(_, records)| records).sum::<i64>());
        days
    }

    #[test]
    fn the_highest_revision_is_in_force_whatever_came_first() {
        let mut records = in_force(10);
        take(&mut records, "p", "a", 3, "2026-01-03").unwrap();
        take(&mut records, "p", "a", 1, "2026-01-01").unwrap();
        take(&mut records, "q", "a", 1, "2026-01-01").unwrap();
        take(&mut records, "p", "b", 1, "2026-01-01").unwrap();
        take(&mut records, "p", "b", 2, "").unwrap();
        assert_eq!(days(records), [("2026-01-01".into(), 1), ("2026-01-03".into(), 1)]);
    }

    #[test]
    fn a_correction_out_of_the_range_takes_its_record_out() {
        let first = "2026-01-01".parse().unwrap();
        let mut records = InForce { days: Days { first, last: first }, ..in_force(10) };
        take(&mut records, "p", "a", 1, "2026-01-01").unwrap();
        take(&mut records, "p", "a", 2, "2026-01-02").unwrap();
        assert_eq!(days(records), []);
    }

    #[test]
    fn memory_has_an_end() {
        let mut records = in_force(1);
        take(&mut records, "p", "a", 1, "2026-01-01").unwrap();
        take(&mut records, "p", "a", 2, "2026-01-01").unwrap();
        assert_eq!(take(&mut records, "p", "b", 1, "2026-01-01"), Err(TooManyRecords));
    }
}
