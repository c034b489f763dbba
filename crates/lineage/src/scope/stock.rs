//! The stock: of which unit how much lies with whom, loose or in which container.
//!
//! A lot is what one account has of one unit, loose or in one container. Whoever hands on takes first what is loose, then what is packed, the
//! oldest first. A lot may go below zero, where records hand on more than came in: that is shown, not hidden.

use std::collections::{HashMap, VecDeque};

use super::account::{Account, Accounts, In, Measure, Out, Subject};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct LotId(usize);

/// Where a lot is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Spot {
    unit: u64,
    /// None where it is loose.
    within: Option<u64>,
    account: Account,
}

/// How much of a unit is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Share {
    pub unit: u64,
    pub amount: i128,
    pub measure: Measure,
}

/// What one party has of a unit.
#[derive(Debug, Default)]
struct Kept {
    /// Lots that had something when they were put here, the oldest first.
    loose: VecDeque<LotId>,
    packed: VecDeque<LotId>,
    latest: Option<Account>,
    /// What is there; lots below zero do not count.
    sums: Vec<(Measure, i128)>,
}

#[derive(Debug, Default)]
pub(super) struct Stock {
    lots: Vec<(Spot, i128)>,
    ids: HashMap<Spot, LotId>,
    kept: HashMap<(u64, Subject), Kept>,
    /// By unit, lots that had something when they were put here, the oldest first.
    oldest: HashMap<u64, VecDeque<LotId>>,
    /// What was packed into a container, all of it or in part still there.
    loads: HashMap<u64, Vec<LotId>>,
}

impl Stock {
    /// What a party has of a unit, in one measure.
    pub fn amount(&self, unit: u64, subject: Subject, measure: Measure) -> i128 {
        self.all_of(unit, subject).filter(|share| share.measure == measure).map(|share| share.amount).sum()
    }

    /// What a party has of a unit, by measure.
    pub fn all_of(&self, unit: u64, subject: Subject) -> impl Iterator<Item = Share> {
        let sums = self.kept.get(&(unit, subject)).into_iter().flat_map(|kept| &kept.sums);
        sums.filter(|(_, sum)| *sum > 0).map(move |(measure, amount)| Share { unit, amount: *amount, measure: *measure })
    }

    /// A party has, or once had, some of a unit.
    pub fn knows(&self, unit: u64, subject: Subject) -> bool {
        self.kept.contains_key(&(unit, subject))
    }

    /// Who took in first what it has of a unit, among all but one.
    pub fn oldest_keeper(&mut self, accounts: &Accounts, unit: u64, but: Option<Subject>) -> Option<Subject> {
        let lots = &self.lots;
        let oldest = self.oldest.get_mut(&unit)?;
        while oldest.front().is_some_and(|lot| lots[lot.0].1 <= 0) {
            oldest.pop_front();
        }
        let full = oldest.iter().filter(|lot| lots[lot.0].1 > 0).map(|lot| accounts.subject_of(lots[lot.0].0.account));
        full.into_iter().find(|subject| Some(*subject) != but)
    }

    /// Something comes to an account.
    pub fn put(&mut self, accounts: &mut Accounts, account: Account, within: Option<u64>, share: Share, way: In) {
        accounts.book_in(account, share.amount, way);
        self.change(accounts, Spot { unit: share.unit, within, account }, share.amount);
    }

    /// Something leaves a party: what it has, and what lacks, below zero. `at` is charged where it never had any.
    pub fn take(&mut self, accounts: &mut Accounts, subject: Subject, at: Account, share: Share, way: Out) {
        let mut lacks = share.amount;
        for (account, part) in self.drain(accounts, subject, share) {
            accounts.book_out(account, part, way);
            lacks -= part;
        }
        if lacks > 0 {
            let latest = self.kept.get(&(share.unit, subject)).and_then(|kept| kept.latest);
            let account = accounts.sibling(latest.unwrap_or(at), share.measure);
            accounts.book_out(account, lacks, way);
            self.change(accounts, Spot { unit: share.unit, within: None, account }, -lacks);
        }
    }

    /// What a party has of a unit goes into a container, as far as there is so much.
    pub fn pack(&mut self, accounts: &Accounts, subject: Subject, container: u64, share: Share) {
        for (account, part) in self.drain(accounts, subject, share) {
            self.change(accounts, Spot { unit: share.unit, within: Some(container), account }, part);
        }
    }

    /// Takes out of a container what lies in it, of one unit or of all, and says whose it was.
    pub fn unload(&mut self, accounts: &Accounts, container: u64, of: Option<u64>) -> Vec<(Account, Share)> {
        let load = self.loads.remove(&container).unwrap_or_default();
        let (out, stays): (Vec<LotId>, Vec<LotId>) =
            load.into_iter().filter(|lot| self.lots[lot.0].1 > 0).partition(|lot| of.is_none_or(|unit| self.lots[lot.0].0.unit == unit));
        if !stays.is_empty() {
            self.loads.insert(container, stays);
        }
        let mut unloaded = Vec::with_capacity(out.len());
        for lot in out {
            let (spot, amount) = self.lots[lot.0];
            // a lot that was emptied and filled again stands here twice
            if amount > 0 {
                self.change(accounts, spot, -amount);
                unloaded.push((spot.account, Share { unit: spot.unit, amount, measure: accounts.measure_of(spot.account) }));
            }
        }
        unloaded
    }

    /// Puts down what was unloaded: it changes its place, and nobody's figures.
    pub fn set_down(&mut self, accounts: &Accounts, account: Account, within: Option<u64>, share: Share) {
        self.change(accounts, Spot { unit: share.unit, within, account }, share.amount);
    }

    /// Something lies in it.
    pub fn is_loaded(&self, container: u64) -> bool {
        self.loads.get(&container).is_some_and(|load| load.iter().any(|lot| self.lots[lot.0].1 > 0))
    }

    /// Tells every account what is left of its lots.
    pub fn close(self, accounts: &mut Accounts) {
        self.lots.into_iter().for_each(|(spot, left)| accounts.close(spot.account, left));
    }

    /// Takes at most so much of what a party has, what is loose first, and says out of which accounts.
    fn drain(&mut self, accounts: &Accounts, subject: Subject, share: Share) -> Vec<(Account, i128)> {
        let Some(kept) = self.kept.get_mut(&(share.unit, subject)) else { return Vec::new() };
        let (lots, mut parts, mut wanted) = (&self.lots, Vec::new(), share.amount);
        for queue in [&mut kept.loose, &mut kept.packed] {
            while queue.front().is_some_and(|lot| lots[lot.0].1 <= 0) {
                queue.pop_front();
            }
            for lot in &*queue {
                let (spot, amount) = lots[lot.0];
                if wanted == 0 {
                    break;
                }
                let is_known = parts.iter().any(|(known, _): &(Spot, i128)| *known == spot);
                if amount > 0 && !is_known && accounts.measure_of(spot.account) == share.measure {
                    parts.push((spot, amount.min(wanted)));
                    wanted -= amount.min(wanted);
                }
            }
        }
        parts.iter().for_each(|(spot, part)| self.change(accounts, *spot, -part));
        parts.into_iter().map(|(spot, part)| (spot.account, part)).collect()
    }

    fn change(&mut self, accounts: &Accounts, spot: Spot, by: i128) {
        let id = *self.ids.entry(spot).or_insert_with(|| {
            self.lots.push((spot, 0));
            LotId(self.lots.len() - 1)
        });
        let amount = &mut self.lots[id.0].1;
        let before = (*amount).max(0);
        *amount += by;
        let after = (*amount).max(0);
        let kept = self.kept.entry((spot.unit, accounts.subject_of(spot.account))).or_default();
        kept.latest = Some(spot.account);
        let measure = accounts.measure_of(spot.account);
        match kept.sums.iter_mut().find(|(known, _)| *known == measure) {
            Some((_, sum)) => *sum += after - before,
            None => kept.sums.push((measure, after - before)),
        }
        if before == 0 && after > 0 {
            let queue = if spot.within.is_some() { &mut kept.packed } else { &mut kept.loose };
            queue.push_back(id);
            self.oldest.entry(spot.unit).or_default().push_back(id);
            spot.within.into_iter().for_each(|container| self.loads.entry(container).or_default().push(id));
        }
    }
}
