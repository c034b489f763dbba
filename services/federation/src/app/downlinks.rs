//! The journals of what goes down, two for each child, from its enrolment on: an order is no other node's business, and a child proves and reads its
//! own alone. Those of a child whose place was taken away stay, as evidence of what it was told.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock, RwLockWriteGuard};

use tracemesh_journal::Journal;
use tracemesh_keeper as keeper;
use tracemesh_proto::federation::v1::Downlink;
use tracemesh_proto::time::timestamp;
use tracemesh_store::ConnectionTrait;

use super::{Federation, Lanes};
use crate::domain::address::Neighbours;
use crate::domain::link::Purpose;
use crate::driver::children::follower_name;
use crate::error::FederationError;
use crate::store;
use crate::store::children::REVOKED;
use crate::store::parent::Parent;

/// Cheap to clone; all clones are the same journals.
#[derive(Clone, Default)]
pub struct Downlinks {
    of: Arc<RwLock<BTreeMap<String, Lanes>>>,
    /// By journal, for `/metrics`, which cannot wait for a database.
    marks: Arc<RwLock<BTreeMap<String, Mark>>>,
    /// Of two who open the journals of one child, the second finds them open.
    opening: Arc<tokio::sync::Mutex<()>>,
}

/// How far one downlink goes, and how far the child has it.
#[derive(Clone, Debug)]
pub struct Mark {
    pub child: String,
    pub purpose: Purpose,
    head: u64,
    taken: u64,
}

impl Mark {
    /// Sent and not yet received.
    pub const fn behind(&self) -> u64 {
        self.head.saturating_sub(self.taken)
    }
}

impl Downlinks {
    /// Where entries for a child are written; none before its enrolment.
    pub fn of(&self, child: &str) -> Option<Lanes> {
        self.of.read().unwrap_or_else(PoisonError::into_inner).get(child).cloned()
    }

    pub fn journals(&self) -> Vec<Journal> {
        let of = self.of.read().unwrap_or_else(PoisonError::into_inner);
        of.values().flat_map(|lanes| [lanes.bulk.clone(), lanes.urgent.clone()]).collect()
    }

    pub fn marks(&self) -> Vec<Mark> {
        self.marks.read().unwrap_or_else(PoisonError::into_inner).values().cloned().collect()
    }

    /// Entries were written; of a journal that is no downlink, nothing is noted.
    pub fn grew(&self, journal: &str, head: u64) {
        if let Some(mark) = self.write().get_mut(journal) {
            mark.head = head;
        }
    }

    /// A child has said how far it has one.
    pub fn heard(&self, journal: &str, taken: u64) {
        if let Some(mark) = self.write().get_mut(journal) {
            mark.taken = taken;
        }
    }

    fn write(&self) -> RwLockWriteGuard<'_, BTreeMap<String, Mark>> {
        self.marks.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Federation {
    /// Opens the journals of a child, before anything can be addressed to it.
    pub async fn open_downlinks(&self, child: &str) -> Result<(), FederationError> {
        let _alone = self.downlinks.opening.lock().await;
        if self.downlinks.of(child).is_none() {
            let (urgent, bulk) = (self.open_downlink(Purpose::Urgent, child).await?, self.open_downlink(Purpose::Bulk, child).await?);
            self.downlinks.of.write().unwrap_or_else(PoisonError::into_inner).insert(child.to_owned(), Lanes { urgent, bulk });
        }
        Ok(())
    }

    async fn open_downlink(&self, purpose: Purpose, child: &str) -> Result<Journal, FederationError> {
        let name = purpose.downlink(self.node(), child).unwrap_or_default();
        let opened = keeper::open_journal(&self.runtime, &self.journals, &self.db, &name).await;
        let journal = opened.map_err(|why| FederationError::Downlink(child.to_owned(), why))?;
        let (head, taken) = (journal.head().await?.seq, store::taken::get(self.db.read(), child, &name).await?.seq);
        self.downlinks.write().insert(name, Mark { child: child.to_owned(), purpose, head, taken });
        Ok(journal)
    }

    /// Who can be addressed.
    pub async fn neighbours(&self, tx: &impl ConnectionTrait) -> Result<Neighbours, FederationError> {
        let has_parent = store::parent::get(tx).await?.is_some();
        let children = store::children::all(tx).await?.into_iter().filter(|child| child.state != REVOKED).map(|child| child.node);
        Ok(Neighbours { has_parent, children: children.collect() })
    }

    /// What there is for a child, and what it says to have.
    pub(super) async fn child_downlinks(&self, child: &str) -> Result<Vec<Downlink>, FederationError> {
        let Some(lanes) = self.downlinks.of(child) else { return Ok(Vec::new()) };
        let mut downlinks = Vec::new();
        for journal in [&lanes.urgent, &lanes.bulk] {
            let (head, taken) = (journal.head().await?, store::taken::get(self.db.read(), child, journal.name()).await?);
            downlinks.push(Downlink {
                journal: journal.name().to_owned(),
                epoch: head.epoch,
                head: head.seq,
                taken: taken.seq,
                behind: head.seq.saturating_sub(taken.seq),
                taken_at: (taken.at > 0).then(|| timestamp(taken.at)),
            });
        }
        Ok(downlinks)
    }

    /// What the parent has for this node, and what of it stands in the inbox.
    pub(super) async fn own_downlinks(&self, parent: &Parent) -> Result<Vec<Downlink>, FederationError> {
        let mut downlinks = Vec::new();
        for journal in [Purpose::Urgent, Purpose::Bulk].into_iter().filter_map(|purpose| purpose.downlink(&parent.node, self.node())) {
            let cursor = tracemesh_journal::cursor(self.db.read(), &follower_name(parent.history), &journal).await?;
            let head = cursor.checkpoint.map_or(0, |shown| shown.seq).max(cursor.seq);
            downlinks.push(Downlink { journal, epoch: cursor.epoch, head, taken: cursor.seq, behind: head - cursor.seq, taken_at: None });
        }
        Ok(downlinks)
    }
}
