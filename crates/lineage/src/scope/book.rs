//! The book: one record after another, in the order of time, each entered by what its units do in it.

use std::collections::{BTreeSet, HashMap};

use super::account::{Account, Accounts, In, Out, Setting, Subject};
use super::stock::{Share, Stock};
use super::{Holding, Reading};
use crate::chain::ChainRecord;
use crate::hop::{Granularity, Hop, Neighbours, Packing, Role, Stage};

pub(super) struct Book<'a, R> {
    reading: &'a R,
    accounts: Accounts<'a>,
    stock: Stock,
    /// Containers by what they were packed into, and the other way round.
    outer: HashMap<u64, u64>,
    inner: HashMap<u64, BTreeSet<u64>>,
}

/// What is the same for all units of a record.
#[derive(Clone, Copy)]
struct Deed<'a> {
    stage: Stage,
    setting: Setting<'a>,
    /// Who has the goods after it.
    taker: Subject,
    /// Who makes something of them, where it is no record of trade.
    actor: Subject,
    /// Who may have had them before, the likeliest first.
    givers: [Option<Subject>; 2],
}

impl Deed<'_> {
    /// The goods change hands by what kind of record it is.
    fn hands_over(&self) -> bool {
        matches!(self.stage, Stage::Transport | Stage::Wholesale | Stage::GroupPurchase | Stage::Return)
    }

    /// The goods come to who acts before they go on.
    fn by_actor(self) -> Self {
        Deed { taker: self.actor, ..self }
    }

    /// The goods go where nobody follows them.
    fn farewell(&self) -> Option<Out> {
        match self.stage {
            Stage::Retail | Stage::Export => Some(Out::Sold),
            Stage::Destroy => Some(Out::Destroyed),
            _ => None,
        }
    }
}

impl<'a, R: Reading> Book<'a, R> {
    pub fn new(reading: &'a R) -> Book<'a, R> {
        Book { reading, accounts: Accounts::new(), stock: Stock::default(), outer: HashMap::new(), inner: HashMap::new() }
    }

    pub fn holdings(mut self) -> Vec<Holding<'a>> {
        self.stock.close(&mut self.accounts);
        self.accounts.holdings()
    }

    pub fn enter(&mut self, record: &'a ChainRecord) {
        let Some(first) = record.hops.first() else { return };
        let deed = self.deed(record, first);
        let in_role = |role: Role| record.hops.iter().filter(move |hop| hop.role == role);
        let taken: Vec<Taken> = in_role(Role::Input).map(|hop| self.use_up(&deed, hop)).collect();
        in_role(Role::Observed).for_each(|hop| self.observe(&deed, hop));
        in_role(Role::Content).for_each(|hop| self.stow(&deed, hop));
        in_role(Role::Container).filter(|hop| empties(hop)).for_each(|hop| self.empty(&deed, hop.unit, None));
        in_role(Role::Output).for_each(|hop| self.bring_forth(&deed, hop, &taken));
    }

    fn deed(&mut self, record: &'a ChainRecord, first: &'a Hop) -> Deed<'a> {
        let parties = self.reading.parties(&record.record);
        let mut party = |name: &'a str| (!name.is_empty()).then(|| self.accounts.subject(name));
        let (responsible, source) = (party(parties.responsible), party(parties.source));
        // A carrier answers for the journey and never had the goods.
        let givers = if first.stage == Stage::Transport { [source, responsible] } else { [responsible, source] };
        let setting = Setting { node: &record.record.node, area: &first.area, category: &first.category };
        let taker = self.accounts.subject(&first.holder);
        Deed { stage: first.stage, setting, taker, actor: responsible.unwrap_or(taker), givers }
    }

    fn use_up(&mut self, deed: &Deed<'a>, hop: &'a Hop) -> Taken {
        if deed.farewell().is_none() && !deed.hands_over() {
            self.fetch(&deed.by_actor(), hop);
            self.leave(deed, hop, deed.actor, Out::Used);
            return Taken::Own;
        }
        let Some(keeper) = self.keeper(deed, hop.unit).or_else(|| self.presumed_keeper(deed, hop)) else { return Taken::Others };
        let makes_something = hop.neighbours != Neighbours::Listed(Vec::new());
        match deed.farewell() {
            Some(way) => self.leave(deed, hop, keeper, way),
            None if keeper == deed.taker && (makes_something || deed.stage == Stage::GroupPurchase) => {
                self.leave(deed, hop, keeper, Out::Used)
            }
            None if keeper == deed.taker || makes_something => self.leave(deed, hop, keeper, Out::PassedOn),
            None => self.hand_over(deed, hop),
        }
        if keeper == deed.taker { Taken::Own } else { Taken::Others }
    }

    fn observe(&mut self, deed: &Deed<'a>, hop: &'a Hop) {
        match deed.farewell() {
            Some(way) => {
                let keeper = self.keeper(deed, hop.unit).or_else(|| self.presumed_keeper(deed, hop));
                keeper.into_iter().for_each(|keeper| self.leave(deed, hop, keeper, way));
            }
            None if deed.stage == Stage::Inspect => {}
            None if deed.hands_over() => self.hand_over(deed, hop),
            None => self.bring_up(deed, hop),
        }
    }

    /// Into a container, or out of it.
    fn stow(&mut self, deed: &Deed<'a>, hop: &'a Hop) {
        let Neighbours::Listed(containers) = &hop.neighbours else { return self.bring_up(deed, hop) };
        match (hop.packing, containers.first()) {
            (Packing::Pack, Some(container)) => {
                self.bring_up(deed, hop);
                for share in self.shares(hop, deed.taker) {
                    self.stock.pack(&self.accounts, deed.taker, *container, share);
                }
                self.nest(hop.unit, *container);
            }
            (Packing::Unpack, Some(_)) => {
                containers.iter().for_each(|container| self.empty(deed, *container, Some(hop.unit)));
                self.bring_up(deed, hop);
            }
            (Packing::None, _) => {}
            (_, None) => self.bring_up(deed, hop),
        }
    }

    /// `taken` is what went into the record.
    fn bring_forth(&mut self, deed: &Deed<'a>, hop: &'a Hop, taken: &[Taken]) {
        let farewell = deed.farewell();
        if farewell.is_some() && !taken.is_empty() {
            // What is handed over the counter left with what it was taken from.
            return;
        }
        if deed.hands_over() && taken.is_empty() {
            return self.bring_in(deed, hop);
        }
        let Some(share) = self.stated(hop) else { return self.come_uncounted(deed, hop) };
        if deed.hands_over() {
            let way = if taken.contains(&Taken::Own) { In::Made } else { In::Received };
            self.put(deed, None, share, way);
            return;
        }
        let account = self.put(&deed.by_actor(), None, share, In::Made);
        match farewell {
            Some(out) => self.stock.take(&mut self.accounts, deed.actor, account, share, out),
            None if deed.actor == deed.taker => {}
            None => self.pass(deed, hop, deed.actor),
        }
    }

    /// The goods go from who has them to the taker.
    fn hand_over(&mut self, deed: &Deed<'a>, hop: &'a Hop) {
        if self.carry(deed, hop.unit) {
            return;
        }
        let giver = self.giver(deed, hop.unit);
        match giver {
            None if deed.stage != Stage::Return && self.stock.all_of(hop.unit, deed.taker).next().is_some() => self.bring_up(deed, hop),
            None => self.bring_in(deed, hop),
            Some(giver) => self.pass(deed, hop, giver),
        }
    }

    /// From a party that has some of the unit.
    fn pass(&mut self, deed: &Deed<'a>, hop: &'a Hop, giver: Subject) {
        let shares = self.shares(hop, giver);
        for share in &shares {
            let at = self.accounts.account(giver, deed.setting, share.measure);
            self.stock.take(&mut self.accounts, giver, at, *share, Out::PassedOn);
            self.put(deed, None, *share, In::Received);
        }
        if shares.is_empty() {
            self.come_uncounted(deed, hop);
        }
    }

    /// From where no record tells. Whom the record names as giving had it for a moment.
    fn bring_in(&mut self, deed: &Deed<'a>, hop: &'a Hop) {
        let Some(share) = self.stated(hop) else { return self.come_uncounted(deed, hop) };
        let named = deed.givers.into_iter().flatten().find(|giver| *giver != deed.taker).filter(|_| deed.stage != Stage::Return);
        if let Some(giver) = named {
            let account = self.appear(deed, giver, share);
            self.stock.take(&mut self.accounts, giver, account, share, Out::PassedOn);
        }
        self.put(deed, None, share, In::Received);
    }

    /// Nobody has the unit that is used or sold: whoever the record names first must have had so much. What comes back from beyond our sight
    /// was nobody's.
    fn presumed_keeper(&mut self, deed: &Deed<'a>, hop: &'a Hop) -> Option<Subject> {
        if deed.stage == Stage::Return {
            return None;
        }
        let keeper = deed.givers.into_iter().flatten().next().unwrap_or(deed.taker);
        match self.stated(hop) {
            Some(share) if !self.stock.is_loaded(hop.unit) => _ = self.appear(deed, keeper, share),
            _ => {}
        }
        Some(keeper)
    }

    /// No record says where a party has it from.
    fn appear(&mut self, deed: &Deed<'a>, subject: Subject, share: Share) -> Account {
        let account = self.accounts.account(subject, deed.setting, share.measure);
        self.accounts.comes(account, share.unit);
        self.stock.put(&mut self.accounts, account, None, share, In::Received);
        account
    }

    /// The taker has at least what the record says.
    fn bring_up(&mut self, deed: &Deed<'a>, hop: &'a Hop) {
        if self.carry(deed, hop.unit) {
            return;
        }
        let Some(stated) = self.stated(hop) else {
            let is_there = self.stock.all_of(hop.unit, deed.taker).next().is_some();
            let giver = self.giver(deed, hop.unit).filter(|_| hop.granularity == Granularity::Item && !is_there);
            return match giver {
                Some(giver) => self.pass(deed, hop, giver),
                None if is_there => {}
                None => self.come_uncounted(deed, hop),
            };
        };
        let lacks = stated.amount - self.stock.amount(hop.unit, deed.taker, stated.measure);
        if lacks <= 0 {
            return;
        }
        let share = Share { amount: lacks, ..stated };
        if let Some(giver) = self.giver(deed, hop.unit) {
            let at = self.accounts.account(giver, deed.setting, share.measure);
            let there = self.stock.amount(hop.unit, giver, share.measure).min(lacks);
            self.stock.take(&mut self.accounts, giver, at, Share { amount: there, ..share }, Out::PassedOn);
        }
        self.put(deed, None, share, In::Received);
    }

    /// The taker has what it uses, as far as somebody else has it: more than that was never there.
    fn fetch(&mut self, deed: &Deed<'a>, hop: &'a Hop) {
        let stated = self.stated(hop).filter(|_| self.stock.knows(hop.unit, deed.taker));
        let Some(stated) = stated else { return self.bring_up(deed, hop) };
        let lacks = stated.amount - self.stock.amount(hop.unit, deed.taker, stated.measure);
        let Some(giver) = self.giver(deed, hop.unit).filter(|_| lacks > 0) else { return };
        let share = Share { amount: lacks.min(self.stock.amount(hop.unit, giver, stated.measure)), ..stated };
        if share.amount > 0 {
            let at = self.accounts.account(giver, deed.setting, share.measure);
            self.stock.take(&mut self.accounts, giver, at, share, Out::PassedOn);
            self.put(deed, None, share, In::Received);
        }
    }

    /// Something leaves whoever has it, and is not seen again.
    fn leave(&mut self, deed: &Deed<'a>, hop: &'a Hop, keeper: Subject, way: Out) {
        let mut loaded = false;
        for container in self.with_inner(hop.unit) {
            for (account, share) in self.stock.unload(&self.accounts, container, None) {
                self.accounts.book_out(account, share.amount, way);
                loaded = true;
            }
        }
        let shares = if loaded { Vec::new() } else { self.shares(hop, keeper) };
        for share in &shares {
            let at = self.accounts.account(keeper, deed.setting, share.measure);
            self.stock.take(&mut self.accounts, keeper, at, *share, way);
        }
        if shares.is_empty() && !loaded {
            self.accounts.last(hop.unit).into_iter().for_each(|account| self.accounts.mark(account));
        }
    }

    /// What lies in a container goes to the taker with it. False where nothing does.
    fn carry(&mut self, deed: &Deed<'a>, container: u64) -> bool {
        let mut loaded = false;
        for container in self.with_inner(container) {
            for (account, share) in self.stock.unload(&self.accounts, container, None) {
                loaded = true;
                self.settle(deed, account, Some(container), share);
            }
        }
        if loaded {
            let measure = self.accounts.measure("");
            let account = self.accounts.account(deed.taker, deed.setting, measure);
            self.accounts.comes(account, container);
        }
        loaded
    }

    /// Out of a container, into the taker's hands.
    fn empty(&mut self, deed: &Deed<'a>, container: u64, of: Option<u64>) {
        for (account, share) in self.stock.unload(&self.accounts, container, of) {
            self.settle(deed, account, None, share);
        }
        let out: Vec<u64> =
            self.inner.get(&container).into_iter().flatten().copied().filter(|inner| of.is_none_or(|of| of == *inner)).collect();
        for inner in out {
            self.carry(deed, inner);
            self.outer.remove(&inner);
            self.inner.entry(container).or_default().remove(&inner);
        }
    }

    /// Puts down what was taken up, with the taker.
    fn settle(&mut self, deed: &Deed<'a>, account: Account, within: Option<u64>, share: Share) {
        if self.accounts.subject_of(account) == deed.taker {
            return self.stock.set_down(&self.accounts, account, within, share);
        }
        self.accounts.book_out(account, share.amount, Out::PassedOn);
        self.put(deed, within, share, In::Received);
    }

    fn put(&mut self, deed: &Deed<'a>, within: Option<u64>, share: Share, way: In) -> Account {
        let account = self.accounts.account(deed.taker, deed.setting, share.measure);
        self.accounts.comes(account, share.unit);
        self.stock.put(&mut self.accounts, account, within, share, way);
        account
    }

    /// A unit comes to the taker, and the record does not say how much of it.
    fn come_uncounted(&mut self, deed: &Deed<'a>, hop: &'a Hop) {
        self.accounts.last(hop.unit).into_iter().for_each(|account| self.accounts.mark(account));
        let measure = self.accounts.measure("");
        let account = self.accounts.account(deed.taker, deed.setting, measure);
        self.accounts.comes(account, hop.unit);
        self.accounts.mark(account);
    }

    /// Who has the unit that is used or sold.
    fn keeper(&mut self, deed: &Deed<'a>, unit: u64) -> Option<Subject> {
        let [first, second] = deed.givers;
        self.first_who_had(unit, [first, second, Some(deed.taker)]).or_else(|| self.stock.oldest_keeper(&self.accounts, unit, None))
    }

    /// Who has the unit that goes to the taker.
    fn giver(&mut self, deed: &Deed<'a>, unit: u64) -> Option<Subject> {
        let other = |subject: Option<Subject>| subject.filter(|subject| *subject != deed.taker);
        let [first, second] = deed.givers;
        // What comes back comes from somebody who may have it from beyond our sight.
        let others = deed.stage != Stage::Return;
        let known = self.first_who_had(unit, [other(first), other(second), None]);
        known.or_else(|| self.stock.oldest_keeper(&self.accounts, unit, Some(deed.taker)).filter(|_| others))
    }

    /// Who has any of a unit; else who once had.
    fn first_who_had(&self, unit: u64, named: [Option<Subject>; 3]) -> Option<Subject> {
        let has = |subject: &Subject| self.stock.all_of(unit, *subject).next().is_some();
        let named = || named.into_iter().flatten();
        named().find(has).or_else(|| named().find(|subject| self.stock.knows(unit, *subject)))
    }

    /// How much of a unit a hop is about: what it states, or all of a single thing.
    fn shares(&mut self, hop: &'a Hop, keeper: Subject) -> Vec<Share> {
        match self.stated(hop) {
            Some(share) => vec![share],
            None if hop.granularity == Granularity::Item => self.stock.all_of(hop.unit, keeper).collect(),
            None => Vec::new(),
        }
    }

    fn stated(&mut self, hop: &'a Hop) -> Option<Share> {
        let measured = self.reading.measured(hop)?;
        Some(Share { unit: hop.unit, amount: measured.billionths, measure: self.accounts.measure(measured.measure) })
    }

    fn nest(&mut self, unit: u64, container: u64) {
        if let Some(before) = self.outer.insert(unit, container) {
            self.inner.entry(before).or_default().remove(&unit);
        }
        self.inner.entry(container).or_default().insert(unit);
    }

    /// A container, and those that lie in it in turn.
    fn with_inner(&self, container: u64) -> Vec<u64> {
        let (mut all, mut seen) = (vec![container], BTreeSet::from([container]));
        let mut next = 0;
        while let Some(container) = all.get(next) {
            all.extend(self.inner.get(container).into_iter().flatten().filter(|inner| seen.insert(**inner)));
            next += 1;
        }
        all
    }
}

/// Whose an input was.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Taken {
    Own,
    Others,
}

/// The container is unpacked, and nothing is named that comes out.
fn empties(hop: &Hop) -> bool {
    hop.packing == Packing::Unpack && hop.neighbours == Neighbours::Listed(Vec::new())
}
