//! What must be true once the world has been left alone.

use std::collections::{BTreeMap, BTreeSet};

use super::ledger::{Entry, Journal, Kind};
use super::mesh::{LINKS, NATION, NODES, lower, upper};
use super::world::World;
use crate::domain::link::{Purpose, Tree};

/// Who waits for an operator, by link.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Waiting {
    /// The child, for one above.
    pub below: Vec<usize>,
    /// The child's own, for what comes from above.
    pub above: Vec<usize>,
}

impl World {
    /// Compares everything, and answers who is quarantined.
    pub fn check(&self) -> Waiting {
        let below = (0..LINKS).filter(|link| self.check_up(*link)).collect();
        Waiting { below, above: (0..LINKS).filter(|link| self.check_down(*link)).collect() }
    }

    fn check_up(&self, link: usize) -> bool {
        let (there, here) = (&self.children[link].ledger, &self.parents[link].ledger);
        let uplink_forked = there.uplinks.iter().any(|(purpose, journal)| forks(journal, here.taken.get(purpose)));
        let forked = uplink_forked || forks(&there.service, here.held.as_ref());
        assert!(here.quarantined.is_some() || !forked, "link {link}: a fork was not noticed");
        if let Some(why) = &here.quarantined {
            let word_broken = here.told.iter().any(|tree| there.service.fork(tree).is_some());
            assert!(lower(link) == self.restored && (forked || word_broken), "link {link}: a child was quarantined for nothing: {why}");
            return true;
        }
        let claimed = there.uplinks[&Purpose::Bulk].entries().iter().rev().find_map(Entry::checkpoint);
        assert_eq!(here.held.as_ref().map(|held| held.size), claimed.map(|tree| tree.size), "link {link}: a checkpoint was not proven");
        for (purpose, journal) in &there.uplinks {
            assert_eq!(here.taken.get(purpose), Some(&journal.head()), "link {link}: {purpose} was not followed to its end");
            for entry in journal.entries() {
                let applied = entry.kind != Kind::Fact || here.facts.contains(&entry.salt);
                assert!(applied, "link {link}: {entry:?} has no effect");
            }
        }
        let counted: BTreeMap<u64, Vec<u8>> = there.months().map(|(month, version)| (month, version.hash)).collect();
        let kept: BTreeMap<u64, Vec<u8>> = here.kept.iter().map(|(month, version)| (*month, version.hash.clone())).collect();
        assert_eq!(kept, counted, "link {link}: figures differ");
        if there.epoch == 1 {
            assert_eq!(here.twice, 0, "link {link}: an entry took effect twice");
        }
        let process = self.parents[link].process.as_ref().expect("the parent is up");
        assert_eq!(process.machine.state().word(), "connected", "{:?}", process.machine.state());
        false
    }

    fn check_down(&self, link: usize) -> bool {
        let (there, here) = (&self.parents[link].ledger, &self.children[link].ledger);
        let empty = Journal::default();
        let downlink = |purpose: Purpose| there.downlinks.get(&purpose).unwrap_or(&empty);
        let lanes = [Purpose::Urgent, Purpose::Bulk];
        let forked = lanes.into_iter().any(|purpose| forks(downlink(purpose), here.taken.get(&purpose)));
        assert!(here.forked.is_some() || !forked, "link {link}: nobody noticed that the parent was set back");
        if let Some(why) = &here.forked {
            assert!(upper(link) == self.restored, "link {link}: a parent was distrusted for nothing: {why}");
            return true;
        }
        for purpose in lanes {
            let (taken, end) = (here.taken.get(&purpose).map_or(0, |tree| tree.size), downlink(purpose).len());
            assert_eq!(taken, end, "link {link}: {purpose} was not followed down to its end");
            if there.quarantined.is_none() {
                assert_eq!(there.heard.get(&purpose).copied().unwrap_or_default(), end, "link {link}: the parent does not know it");
            }
        }
        if there.quarantined.is_none() {
            let process = self.children[link].process.as_ref().expect("the child is up");
            assert_eq!(process.machine.state().word(), "connected", "{:?}", process.machine.state());
        }
        false
    }

    /// Each order took effect once at every node, in the order of issue, and the nation knows it of each. How many there were.
    pub fn check_orders(&self) -> usize {
        let issued = &self.nodes[NATION].desk.orders;
        for node in 0..NODES {
            let here = &self.nodes[node].desk.orders;
            for lane in [Purpose::Urgent, Purpose::Bulk] {
                let of_lane: Vec<u64> = here.iter().filter(|(purpose, _)| *purpose == lane).map(|(_, order)| *order).collect();
                assert!(of_lane.is_sorted_by(|one, next| one < next), "node {node}: {lane} orders took effect twice or out of order");
            }
            for order in issued {
                assert!(here.contains(order), "node {node}: {order:?} has no effect");
            }
        }
        let done = &self.nodes[NATION].desk.done;
        let known: BTreeSet<&(u64, usize)> = done.iter().collect();
        assert_eq!(known.len(), done.len(), "an acknowledgement came twice");
        for (_, order) in issued {
            for node in 1..NODES {
                assert!(known.contains(&(*order, node)), "the nation does not know of order {order} at node {node}");
            }
        }
        issued.len()
    }
}

fn forks(journal: &Journal, held: Option<&Tree>) -> bool {
    held.is_some_and(|held| journal.fork(held).is_some())
}
