//! Accounts: a row for each party, node, area, category and measure, and names as numbers, so that a hundred thousand records hash a name once.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;

use super::{Figures, Holding};

/// A party.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Subject(usize);

/// A measure that is added up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Measure(usize);

/// A row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Account(usize);

/// Whose records speak, of what place and kind of goods.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Setting<'a> {
    pub node: &'a str,
    pub area: &'a str,
    pub category: &'a str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Place<'a> {
    subject: Subject,
    setting: Setting<'a>,
    measure: Measure,
}

/// How goods leave a party.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Out {
    PassedOn,
    Used,
    Sold,
    Destroyed,
}

/// How goods come to a party.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum In {
    Made,
    Received,
}

#[derive(Debug, Default)]
struct Row {
    figures: Figures,
    partial: bool,
    units: usize,
    last_of: Vec<u64>,
}

#[derive(Debug)]
pub(super) struct Accounts<'a> {
    subjects: Names<&'a str>,
    measures: Names<&'a str>,
    places: Names<Place<'a>>,
    rows: Vec<Row>,
    seen: HashSet<(Account, u64)>,
    /// The account of whoever took a unit in last.
    last: HashMap<u64, Account>,
}

impl<'a> Accounts<'a> {
    pub fn new() -> Accounts<'a> {
        let (subjects, measures, places) = (Names::default(), Names::default(), Names::default());
        Accounts { subjects, measures, places, rows: Vec::new(), seen: HashSet::new(), last: HashMap::new() }
    }

    pub fn subject(&mut self, name: &'a str) -> Subject {
        Subject(self.subjects.number(name))
    }

    pub fn measure(&mut self, name: &'a str) -> Measure {
        Measure(self.measures.number(name))
    }

    pub fn account(&mut self, subject: Subject, setting: Setting<'a>, measure: Measure) -> Account {
        let number = self.places.number(Place { subject, setting, measure });
        self.rows.resize_with(self.places.all.len(), Row::default);
        Account(number)
    }

    /// The account of the same party and place in another measure.
    pub fn sibling(&mut self, account: Account, measure: Measure) -> Account {
        let place = self.places.all[account.0];
        self.account(place.subject, place.setting, measure)
    }

    pub fn subject_of(&self, account: Account) -> Subject {
        self.places.all[account.0].subject
    }

    pub fn measure_of(&self, account: Account) -> Measure {
        self.places.all[account.0].measure
    }

    /// A unit comes to a party, be it known how much of it or not.
    pub fn comes(&mut self, account: Account, unit: u64) {
        self.rows[account.0].units += usize::from(self.seen.insert((account, unit)));
        self.last.insert(unit, account);
    }

    pub fn last(&self, unit: u64) -> Option<Account> {
        self.last.get(&unit).copied()
    }

    /// A record states no quantity.
    pub fn mark(&mut self, account: Account) {
        self.rows[account.0].partial = true;
    }

    pub fn book_in(&mut self, account: Account, amount: i128, way: In) {
        let figures = &mut self.rows[account.0].figures;
        match way {
            In::Made => figures.made += amount,
            In::Received => figures.received += amount,
        }
    }

    pub fn book_out(&mut self, account: Account, amount: i128, way: Out) {
        let figures = &mut self.rows[account.0].figures;
        match way {
            Out::PassedOn => figures.passed_on += amount,
            Out::Used => figures.used += amount,
            Out::Sold => figures.sold += amount,
            Out::Destroyed => figures.destroyed += amount,
        }
    }

    /// What is left of a lot in the end.
    pub fn close(&mut self, account: Account, left: i128) {
        let figures = &mut self.rows[account.0].figures;
        figures.held += left.max(0);
        figures.over += left.min(0).abs();
    }

    pub fn holdings(mut self) -> Vec<Holding<'a>> {
        for (unit, account) in self.last {
            self.rows[account.0].last_of.push(unit);
        }
        let (subjects, measures) = (self.subjects.all, self.measures.all);
        let holding = |(place, mut row): (Place<'a>, Row)| {
            row.last_of.sort_unstable();
            let Setting { node, area, category } = place.setting;
            Holding {
                subject: subjects[place.subject.0],
                node,
                area,
                category,
                measure: measures[place.measure.0],
                figures: row.figures,
                partial: row.partial,
                units: row.units,
                last_of: row.last_of,
            }
        };
        // An account may have been opened for a charge that another one bore.
        let used = |row: &Row| row.units > 0 || row.figures != Figures::default();
        let mut holdings: Vec<Holding> = self.places.all.into_iter().zip(self.rows).filter(|(_, row)| used(row)).map(holding).collect();
        holdings.sort_unstable_by_key(|it| (it.subject, it.node, it.area, it.category, it.measure));
        holdings
    }
}

/// Numbers in the order of first hearing.
#[derive(Debug)]
struct Names<T> {
    numbers: HashMap<T, usize>,
    all: Vec<T>,
}

impl<T> Default for Names<T> {
    fn default() -> Names<T> {
        Names { numbers: HashMap::new(), all: Vec::new() }
    }
}

impl<T: Copy + Eq + Hash> Names<T> {
    fn number(&mut self, name: T) -> usize {
        *self.numbers.entry(name).or_insert_with(|| {
            self.all.push(name);
            self.all.len() - 1
        })
    }
}
