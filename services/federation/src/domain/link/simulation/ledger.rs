//! What the simulated nodes have on disk: it survives crashes, and nothing else does.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use super::desk::Word;
use super::network::Up;
use crate::domain::link::parent::{Cursor, Listed, Memory};
use crate::domain::link::{Month, Purpose, Tree, Version};

pub const SERVICE: &str = "ingestion";

/// One entry of an uplink; no two in the world have the same salt.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Entry {
    pub kind: Kind,
    pub salt: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Whatever is neither a hint nor a checkpoint: its effect is counted.
    Fact,
    /// The figures of this month have changed.
    Hint(u64),
    /// The service's journal has this tree.
    Checkpoint(Tree),
    /// For the services at the other end.
    Addressed(Word),
    /// The downlink of this purpose is taken up to here.
    Taken(Purpose, u64),
}

impl Entry {
    pub const fn checkpoint(&self) -> Option<&Tree> {
        if let Kind::Checkpoint(tree) = &self.kind { Some(tree) } else { None }
    }
}

/// A journal in its first epoch, each entry a commit of its own.
#[derive(Clone, Debug, Default)]
pub struct Journal {
    entries: Vec<Entry>,
    /// Over the first entry, the first two, and so on.
    roots: Vec<u64>,
}

impl Journal {
    pub fn push(&mut self, entry: Entry) {
        let mut hasher = DefaultHasher::new();
        (self.roots.last(), &entry).hash(&mut hasher);
        self.roots.push(hasher.finish());
        self.entries.push(entry);
    }

    pub fn len(&self) -> u64 {
        self.entries.len() as u64
    }

    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    pub fn tree(&self, size: u64) -> Tree {
        let root = size.checked_sub(1).map_or(0, |last| self.roots[last as usize]);
        Tree { epoch: 1, size, root: root.to_be_bytes().to_vec() }
    }

    pub fn head(&self) -> Tree {
        self.tree(self.len())
    }

    /// How this journal fails to continue a tree, if it does.
    pub fn fork(&self, held: &Tree) -> Option<String> {
        match held.size <= self.len() {
            true => (self.tree(held.size) != *held).then(|| "other commits".into()),
            false => Some("shorter".into()),
        }
    }
}

/// A child's databases.
#[derive(Clone, Debug, Default)]
pub struct ChildLedger {
    pub uplinks: BTreeMap<Purpose, Journal>,
    /// Stands for the journals of the other services: checkpoints of it go up, its entries do not.
    pub service: Journal,
    /// Records counted by month, and the last of them.
    pub figures: BTreeMap<u64, (u64, u64)>,
    /// Raised where a history was set back and approved.
    pub epoch: u64,
    /// What was taken of the parent's downlinks, the tree up to it; in which of its histories, and why nothing more is taken.
    pub taken: BTreeMap<Purpose, Tree>,
    pub history: u64,
    pub forked: Option<String>,
}

impl ChildLedger {
    pub fn new() -> Self {
        Self { epoch: 1, history: 1, ..Self::default() }
    }

    pub fn uplink(&mut self, purpose: Purpose) -> &mut Journal {
        self.uplinks.entry(purpose).or_default()
    }

    /// Counts a record of a month; whether and when that is hinted at is another matter.
    pub fn count(&mut self, month: u64, salt: u64) {
        self.service.push(Entry { kind: Kind::Fact, salt });
        let figures = self.figures.entry(month).or_default();
        *figures = (figures.0 + 1, self.service.len());
    }

    /// The figures of a month as they are now.
    pub fn version(&self, month: u64) -> Version {
        let (count, seq) = self.figures.get(&month).copied().unwrap_or_default();
        Version { epoch: self.epoch, seq, hash: count.to_be_bytes().to_vec() }
    }

    /// The service's database is set back, the gateway's is not.
    pub fn set_service_back(&mut self, copy: &Self) {
        self.service = copy.service.clone();
        self.figures = copy.figures.clone();
    }

    /// What a follower is sent of an uplink.
    pub fn commit(&mut self, purpose: Purpose, seq: u64) -> Up {
        let journal = self.uplink(purpose);
        let (at, entry) = (journal.tree(seq), journal.entries()[seq as usize - 1].clone());
        let hint = if let Kind::Hint(month) = entry.kind { Some((month, self.version(month))) } else { None };
        let offered = entry.checkpoint().cloned();
        Up::Commit { at, entry, hint, offered }
    }

    /// Takes an entry of a downlink if it is the next one: the cursor, and what the parent is told of it.
    pub fn take(&mut self, purpose: Purpose, at: &Tree, salt: u64) -> bool {
        let cursor = self.taken.get(&purpose).map_or(0, |tree| tree.size);
        if self.forked.is_some() || cursor + 1 != at.size {
            return false;
        }
        self.taken.insert(purpose, at.clone());
        self.uplink(purpose).push(Entry { kind: Kind::Taken(purpose, at.size), salt });
        true
    }

    /// The operator approves the parent's history of now.
    pub fn approve(&mut self) {
        self.history += 1;
        self.taken.clear();
        self.forked = None;
    }

    pub fn months(&self) -> impl Iterator<Item = (u64, Version)> {
        self.figures.keys().map(|month| (*month, self.version(*month)))
    }
}

/// What the parent's databases hold of one child.
#[derive(Clone, Debug, Default)]
pub struct ParentLedger {
    pub quarantined: Option<String>,
    /// The last entry taken, and the tree up to it.
    pub taken: BTreeMap<Purpose, Tree>,
    pub held: Option<Tree>,
    pub offered: Option<Tree>,
    /// Every tree that was to be proven: what the child has told of itself.
    pub told: Vec<Tree>,
    pub kept: BTreeMap<u64, Version>,
    pub facts: BTreeSet<u64>,
    /// Facts that had been applied before when they were applied.
    pub twice: u64,
    /// What there is for the child, and how far it says to have it.
    pub downlinks: BTreeMap<Purpose, Journal>,
    pub heard: BTreeMap<Purpose, u64>,
    /// Which of the child's histories is followed.
    pub history: u64,
}

impl ParentLedger {
    pub fn new() -> Self {
        Self { history: 1, ..Self::default() }
    }

    pub fn downlink(&mut self, purpose: Purpose) -> &mut Journal {
        self.downlinks.entry(purpose).or_default()
    }

    pub fn cursor(&self, purpose: Purpose) -> Cursor {
        self.taken.get(&purpose).map_or_else(Cursor::default, |tree| Cursor { epoch: tree.epoch, seq: tree.size })
    }

    pub fn memory(&self) -> Memory {
        let one = |tree: &Option<Tree>| tree.iter().map(|tree| (SERVICE.to_owned(), tree.clone())).collect();
        Memory {
            quarantined: self.quarantined.clone(),
            cursors: self.taken.keys().map(|purpose| (*purpose, self.cursor(*purpose))).collect(),
            held: one(&self.held),
            offered: one(&self.offered),
        }
    }

    /// Takes an entry if it is the next one: effect and cursor together.
    pub fn take(&mut self, purpose: Purpose, at: &Tree, entry: &Entry, offered: Option<&Tree>) -> bool {
        if self.cursor(purpose).seq + 1 != at.size {
            return false;
        }
        self.taken.insert(purpose, at.clone());
        if entry.kind == Kind::Fact && !self.facts.insert(entry.salt) {
            self.twice += 1;
        }
        if let Kind::Taken(downlink, seq) = entry.kind {
            self.heard.insert(downlink, seq);
        }
        if let Some(tree) = offered {
            self.offered = Some(tree.clone());
        }
        true
    }

    /// Keeps figures, unless those kept are later.
    pub fn keep(&mut self, month: u64, version: &Version) {
        if self.kept.get(&month).is_none_or(|kept| version.covers(kept)) {
            self.kept.insert(month, version.clone());
        }
    }

    pub fn listed(&self, months: &[(u64, Version)]) -> Vec<Listed> {
        let listed = |(number, offered): &(u64, Version)| Listed {
            month: month(*number),
            offered: offered.clone(),
            kept: self.kept.get(number).cloned(),
        };
        months.iter().map(listed).collect()
    }

    /// The operator approves: what was held belongs to the history that was given up.
    pub fn approve(&mut self) {
        self.quarantined = None;
        self.history += 1;
        self.taken.clear();
        (self.held, self.offered) = (None, None);
        self.told.clear();
    }
}

pub fn month(number: u64) -> Month {
    Month { origin: "child".into(), month: number.to_string() }
}

pub fn number_of(month: &Month) -> u64 {
    month.month.parse().expect("a simulated month is a number")
}
