//! The audit of our own tables: every `record` and `hop` row is computed again from the journal's bodies, commit by commit, and compared with
//! what is stored. A row that is missing, altered or made up names the commit that it belongs to.

use std::collections::HashMap;

use tracemesh_journal::{DecodedCommit, DecodedEntry, Disagreement, Visitor};
use tracemesh_proto::journal::v1::envelope::Verdict;
use tracemesh_store::{DatabaseTransaction, DbErr};

use super::entries::reread;
use crate::domain::identity::{Claim, Identity};
use crate::domain::outcome::KIND;
use crate::domain::place::{Hop, hops_of};
use crate::store;
use crate::store::hops::StoredHop;

/// Walks along with the journal's own verification.
pub struct Tables {
    node: String,
    /// What accepted entries left, by (epoch, seq), for the corrections that take it back. Only the newest of an identity can be replaced.
    standing: HashMap<Identity, Standing>,
}

struct Standing {
    seq: u64,
    record: i64,
    hops: Vec<Hop>,
}

/// What one commit should have left.
#[derive(Default)]
struct Expected {
    claims: Vec<(Identity, Claim)>,
    hops: Vec<StoredHop>,
}

impl Tables {
    pub fn new(node: &str) -> Self {
        Self { node: node.into(), standing: HashMap::new() }
    }

    fn expected(&mut self, commit: &DecodedCommit) -> Expected {
        let mut expected = Expected::default();
        for entry in &commit.entries {
            let accepted = entry.envelope.kind == KIND && entry.envelope.verdict == i32::from(Verdict::Accepted);
            if accepted {
                self.accepted(entry, &mut expected);
            }
        }
        expected
    }

    fn accepted(&mut self, entry: &DecodedEntry, expected: &mut Expected) {
        let envelope = &entry.envelope;
        let identity = Identity::of(&envelope.provider, &envelope.record_id);
        let claim = Claim { replaces: envelope.replaces, revision: envelope.revision, record: entry.record };
        expected.claims.push((identity, claim));
        let (own, void) = match reread(entry, &self.node) {
            Ok(record) => (hops_of(&record), record.corrects.as_ref().is_some_and(|correction| correction.void)),
            // An erased body has left no hops. One that cannot be read leaves none here, and the comparison then names its commit.
            Err(_) => (Vec::new(), false),
        };
        let own_hops = own.iter().filter(|_| !void);
        expected.hops.extend(own_hops.map(|hop| StoredHop { hop: hop.clone(), record: entry.record, retracts: 0 }));
        if let Some(before) = self.standing.get(&identity).filter(|before| before.seq == envelope.replaced_seq) {
            let back = before.hops.iter().map(|hop| StoredHop { hop: hop.clone(), record: entry.record, retracts: before.record });
            expected.hops.extend(back);
        }
        self.standing.insert(identity, Standing { seq: entry.seq, record: entry.record, hops: own });
    }
}

impl Visitor for Tables {
    async fn commit(&mut self, db: &DatabaseTransaction, commit: &DecodedCommit) -> Result<Option<Disagreement>, DbErr> {
        let (Some(first), Some(last)) = (commit.entries.first(), commit.entries.last()) else { return Ok(None) };
        let mut expected = self.expected(commit);
        let claims = store::records::of_records(db, first.record, last.record).await?;
        expected.claims.sort_by_key(|(_, claim)| claim.record);
        if claims != expected.claims {
            return Ok(Some(Disagreement { table: "record".into(), reason: "the rows are not those that the entries make".into() }));
        }
        let hops = store::hops::of_records(db, first.record, last.record).await?;
        expected.hops.sort_by_key(|stored| (stored.record, stored.retracts, stored.hop.unit, stored.hop.role));
        if hops != expected.hops {
            return Ok(Some(Disagreement { table: "hop".into(), reason: "the rows are not those that the entries make".into() }));
        }
        Ok(None)
    }
}
