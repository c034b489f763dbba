//! What must be true once the world has been left alone.

use std::collections::BTreeMap;

use super::ledger::{Entry, Journal, Kind};
use super::world::{CHILDREN, RESTORED, World};
use crate::domain::link::{Purpose, Tree};

impl World {
    /// Compares everything, and answers who is quarantined.
    pub fn check(&self) -> Vec<usize> {
        (0..CHILDREN).filter(|child| self.check_child(*child)).collect()
    }

    pub fn check_child(&self, child: usize) -> bool {
        let (there, here) = (&self.children[child].ledger, &self.parent.ledgers[child]);
        let forks = |journal: &Journal, held: Option<&Tree>| held.is_some_and(|held| journal.fork(held).is_some());
        let uplink_forked = there.uplinks.iter().any(|(purpose, journal)| forks(journal, here.taken.get(purpose)));
        let forked = uplink_forked || forks(&there.service, here.held.as_ref());
        assert!(here.quarantined.is_some() || !forked, "child {child}: a fork was not noticed");
        if let Some(why) = &here.quarantined {
            let word_broken = here.told.iter().any(|tree| there.service.fork(tree).is_some());
            assert!(child == RESTORED && (forked || word_broken), "child {child} was quarantined for nothing: {why}");
            return true;
        }
        let claimed = there.uplinks[&Purpose::Bulk].entries().iter().rev().find_map(Entry::checkpoint);
        assert_eq!(here.held.as_ref().map(|held| held.size), claimed.map(|tree| tree.size), "child {child}: a checkpoint was not proven");
        for (purpose, journal) in &there.uplinks {
            assert_eq!(here.taken.get(purpose), Some(&journal.head()), "child {child}: {purpose} was not followed to its end");
            for entry in journal.entries() {
                let applied = entry.kind != Kind::Fact || here.facts.contains(&entry.salt);
                assert!(applied, "child {child}: {entry:?} has no effect");
            }
        }
        let counted: BTreeMap<u64, Vec<u8>> = there.months().map(|(month, version)| (month, version.hash)).collect();
        let kept: BTreeMap<u64, Vec<u8>> = here.kept.iter().map(|(month, version)| (*month, version.hash.clone())).collect();
        assert_eq!(kept, counted, "child {child}: figures differ");
        if there.epoch == 1 {
            assert_eq!(here.twice, 0, "child {child}: an entry took effect twice");
        }
        let processes = self.parent.processes.as_ref().expect("the parent is up");
        assert_eq!(processes[child].machine.state().word(), "connected", "{:?}", processes[child].machine.state());
        let process = self.children[child].process.as_ref().expect("the child is up");
        assert_eq!(process.machine.state().word(), "connected", "{:?}", process.machine.state());
        false
    }
}
