//! What a child says of its journals, and how much of it is proven.

use std::collections::BTreeMap;

use super::{Output, Verdict};
use crate::domain::link::Tree;

/// One claim for each journal that the child has spoken of.
#[derive(Debug, Default)]
pub struct Claims(BTreeMap<String, Claim>);

#[derive(Debug, Default)]
struct Claim {
    held: Option<Tree>,
    offered: Option<Tree>,
    /// What is being proven.
    proving: Option<Tree>,
}

impl Claims {
    pub fn new(held: BTreeMap<String, Tree>, offered: BTreeMap<String, Tree>) -> Self {
        let mut claims = Self::default();
        held.into_iter().for_each(|(journal, tree)| claims.of(&journal).held = Some(tree));
        offered.into_iter().for_each(|(journal, tree)| claims.offer(&journal, tree));
        claims
    }

    /// The last word on a journal is what has to be proven.
    pub fn offer(&mut self, journal: &str, tree: Tree) {
        self.of(journal).offered = Some(tree);
    }

    /// Whether what is held of a journal reaches as far as this tree.
    pub fn cover(&self, journal: &str, tree: &Tree) -> bool {
        let held = self.0.get(journal).and_then(|claim| claim.held.as_ref());
        held.is_some_and(|held| (held.epoch, held.size) >= (tree.epoch, tree.size))
    }

    /// Begins a proof for every offer that has none under way.
    pub fn prove(&mut self, todo: &mut Vec<Output>) {
        for (journal, claim) in self.0.iter_mut().filter(|(_, claim)| claim.proving.is_none()) {
            if let Some(offered) = claim.offered.take() {
                claim.proving = Some(offered.clone());
                todo.push(Output::Prove { journal: journal.clone(), held: claim.held.clone(), offered });
            }
        }
    }

    /// The end of a proof, if it is the one that is waited for. What nobody answered is offered again, unless there is a newer offer.
    pub fn proven(&mut self, journal: &str, offered: Tree, verdict: Verdict) -> Option<Verdict> {
        let claim = self.0.get_mut(journal).filter(|claim| claim.proving.as_ref() == Some(&offered))?;
        claim.proving = None;
        match &verdict {
            Verdict::Continues(newest) => claim.held = Some(newest.clone()),
            Verdict::Unanswered => drop(claim.offered.get_or_insert(offered)),
            Verdict::Forks(_) => {}
        }
        Some(verdict)
    }

    fn of(&mut self, journal: &str) -> &mut Claim {
        self.0.entry(journal.to_owned()).or_default()
    }
}
