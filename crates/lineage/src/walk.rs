//! The walk as its caller sees it: it says what it wants, is fed, and ends with a chain.

use std::collections::BTreeSet;

use crate::chain::Chain;
use crate::finish::Ended;
use crate::heading::Direction;
use crate::hop::{Hop, Member, RecordRef};
use crate::index::Index;
use crate::index::dense::UnitId;
use crate::limits::Limits;
use crate::pass::{Pass, Purpose};
use crate::verdict::Silent;
use crate::wanted::{Inquiry, Wanted};

/// A walk along the chain around some units.
///
/// ```
/// use tracemesh_lineage::{Direction, Limits, Walk};
/// # let hops_of = |_: &[u64]| Vec::new();
/// let mut walk = Walk::new([7], Direction::Both, Limits::default());
/// loop {
///     let wanted = walk.wanted();
///     if wanted.is_empty() {
///         break;
///     }
///     walk.feed(&wanted.units, hops_of(&wanted.units));
/// }
/// let chain = walk.finish(Vec::new());
/// assert!(!chain.verdict.complete, "nobody knows where unit 7 came from");
/// ```
#[derive(Debug)]
pub struct Walk {
    starts: Vec<UnitId>,
    direction: Direction,
    limits: Limits,
    index: Index,
    inquiry: Inquiry,
    explorers: Vec<Pass>,
}

impl Walk {
    /// A walk that starts from all of these units at once.
    pub fn new(starts: impl IntoIterator<Item = u64>, direction: Direction, limits: Limits) -> Walk {
        let mut index = Index::default();
        let starts: Vec<UnitId> = starts.into_iter().collect::<BTreeSet<u64>>().into_iter().map(|unit| index.facts.unit(unit)).collect();
        let explorers = passes(Purpose::Explore, &starts, direction, limits);
        Walk { starts, direction, limits, index, inquiry: Inquiry::default(), explorers }
    }

    /// What to feed next, by what is known so far. The same again until it is fed; nothing once a limit is reached.
    pub fn wanted(&mut self) -> Wanted {
        for unit in self.index.settle() {
            for explorer in &mut self.explorers {
                explorer.revisit(&self.index, unit);
            }
        }
        for explorer in &mut self.explorers {
            explorer.run(&self.index);
            let news = explorer.news();
            news.units.into_iter().for_each(|unit| self.inquiry.touch(self.index.facts.key(unit)));
            let unread = news.records.into_iter().filter(|record| !self.index.facts.has_members(*record));
            unread.for_each(|record| self.inquiry.point_at(self.index.facts.record(record).clone()));
        }
        if self.is_full() { Wanted::default() } else { self.inquiry.wanted() }
    }

    /// Every unit that the walk has come to, as of the last [`Walk::wanted`], in the order in which it came there. Grows at the end only:
    /// who asks other nodes remembers how many it has asked for.
    pub fn touched(&self) -> &[u64] {
        self.inquiry.touched()
    }

    /// Hops from one source, and the units about which it has said all that it knows. Such units are not wanted again; other sources may
    /// still add to them. Hops that were fed before, or that nobody asked for, do no harm.
    pub fn feed(&mut self, answered: &[u64], hops: impl IntoIterator<Item = Hop>) {
        answered.iter().for_each(|unit| self.inquiry.answer(*unit));
        hops.into_iter().for_each(|hop| self.index.add(hop));
    }

    /// All units of a record whose hops do not list their neighbours.
    pub fn feed_record(&mut self, record: &RecordRef, members: &[Member]) {
        self.inquiry.read(record);
        self.index.add_members(record, members);
    }

    /// The chain by all that was fed, and whether it is complete. `silent` are the nodes that were asked and did not answer, or may not be
    /// asked. To finish early is allowed, and the verdict says so.
    pub fn finish(mut self, silent: Vec<Silent>) -> Chain {
        self.wanted();
        let is_cut = self.is_full();
        let mut passes = passes(Purpose::Answer, &self.starts, self.direction, self.limits);
        passes.iter_mut().for_each(|pass| pass.run(&self.index));
        Ended { index: self.index, inquiry: self.inquiry, passes, limits: self.limits, is_cut }.chain(silent)
    }

    fn is_full(&self) -> bool {
        self.touches_too_much() || self.explorers.iter().any(|explorer| explorer.is_full)
    }

    fn touches_too_much(&self) -> bool {
        self.inquiry.touched().len() > self.limits.units
    }
}

fn passes(purpose: Purpose, starts: &[UnitId], direction: Direction, limits: Limits) -> Vec<Pass> {
    direction.headings().iter().map(|heading| Pass::new(purpose, *heading, starts, limits)).collect()
}
