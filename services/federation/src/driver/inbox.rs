//! What followers of a child's uplinks have learned, for the child's driver: left here after their transaction, taken out all at once. It holds the
//! last word on each thing and therefore does not grow with the backlog.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;
use tracemesh_proto::federation::v1::ForkFound;

use crate::domain::link::parent::{Cursor, Input};
use crate::domain::link::{Line, Month, Purpose, Tree, Version};

#[derive(Debug, Default)]
pub struct Inbox {
    news: Mutex<News>,
    arrived: Notify,
}

#[derive(Debug, Default)]
pub struct News {
    pub cursors: BTreeMap<Purpose, Cursor>,
    /// How many entries that were, and how many of them went into the node's inbox.
    pub entries: u64,
    pub received: u64,
    /// The last entries that the child has of its downlinks.
    pub taken: BTreeMap<String, u64>,
    pub hints: BTreeMap<Month, Hint>,
    pub offers: BTreeMap<String, Tree>,
    /// The last entry there is, heard over this connection.
    pub ends: BTreeMap<Purpose, (Line, u64)>,
    pub fork: Option<ForkFound>,
    /// The child has said something of its own children.
    pub said: bool,
}

/// A month has changed.
#[derive(Debug)]
pub struct Hint {
    pub version: Version,
    /// The trace that it belongs to; empty where it belongs to none.
    pub cause: String,
}

impl Inbox {
    /// Leaves something behind.
    pub fn leave(&self, leave: impl FnOnce(&mut News)) {
        leave(&mut self.lock());
        self.arrived.notify_one();
    }

    /// Waits until there is something, and takes it.
    pub async fn take(&self) -> News {
        self.arrived.notified().await;
        std::mem::take(&mut *self.lock())
    }

    fn lock(&self) -> MutexGuard<'_, News> {
        self.news.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl News {
    /// In the order in which the machine may hear it: that a journal was read to its end comes after what was read.
    pub fn inputs(self) -> Vec<Input> {
        let cursors = self.cursors.into_iter().map(|(purpose, cursor)| Input::Advanced(purpose, cursor));
        let hints = self.hints.into_iter().map(|(month, hint)| Input::Hinted(month, hint.version));
        let offers = self.offers.into_iter().map(|(journal, tree)| Input::Offered(journal, tree));
        let ends = self.ends.into_iter().map(|(purpose, (line, end))| Input::CaughtUp(purpose, line, end));
        cursors.chain(hints).chain(offers).chain(ends).collect()
    }
}
