//! A small country: its map, its people, and the chains that they tell.
//!
//! A world is its seed, its shape and its present; nothing else decides what it says. It holds subjects and no goods: chain `n` is told anew
//! whenever somebody asks, so that a node's own part of ten million records costs no memory, and three nodes need not agree on anything.

use super::chain::{self, Told};
use super::country::{Area, City, Node, Shape};
use super::dice::Dice;
use super::providers::{Desk, Provider};
use super::subjects::{Picked, Pool, Subject, Trade};

/// More chains than this would need trace codes that a small subject does not have.
pub const CHAINS: u64 = 300_000;

pub struct World {
    seed: u64,
    shape: Shape,
    /// Unix seconds: nothing happens later.
    until: i64,
    /// Four letters and digits of the seed, in every record id.
    tag: String,
    digits: u64,
    /// By city, by trade.
    pools: Vec<Vec<Pool>>,
    /// By city, by desk.
    providers: Vec<Provider>,
}

impl World {
    /// `now` in unix microseconds: records lie in the days before it. The same seed at another time has the same subjects and the same record
    /// ids with other times in them, so a node that has one refuses the other: take another seed.
    pub fn new(seed: u64, shape: Shape, now: i64) -> World {
        let mut dice = Dice::new(seed, [u64::MAX, shape as u64]);
        let (tag, digits) = (tag(&mut dice), dice.below(10_000));
        let mut pools: Vec<Vec<Pool>> = Vec::new();
        let mut founded = 0;
        for (at, city) in shape.cities().iter().enumerate() {
            let mut found = |trade: &Trade| {
                let pool = Pool::found(*trade, at, city, founded, &mut dice);
                founded += pool.subjects().len();
                pool
            };
            pools.push(Trade::ALL.iter().map(&mut found).collect());
        }
        let providers = shape.cities().iter().zip(&pools).flat_map(|(city, pools)| open_desks(city, pools)).collect();
        World { seed, shape, until: now.div_euclid(1_000_000), tag, digits, pools, providers }
    }

    /// The platforms of the hierarchy, parents before children.
    pub fn nodes(&self) -> Vec<Node> {
        self.shape.nodes()
    }

    /// The jurisdiction tree, parents before children.
    pub fn areas(&self) -> Vec<Area> {
        self.shape.areas()
    }

    /// Everybody who stands in a record, and the platforms' operators.
    pub fn subjects(&self) -> impl Iterator<Item = &Subject> {
        self.pools.iter().flatten().flat_map(Pool::subjects)
    }

    pub fn providers(&self) -> &[Provider] {
        &self.providers
    }

    /// All records of the country, chain by chain, causes before effects.
    pub fn records(&self) -> impl Iterator<Item = Told<'_>> {
        (0..CHAINS).flat_map(|number| chain::tell(self, number, None))
    }

    /// The index of a node's city; parents have none, for nothing is submitted to them.
    pub(super) fn city_of(&self, node: &str) -> Option<usize> {
        self.shape.cities().iter().position(|city| city.node.id == node)
    }

    pub(super) fn city(&self, at: usize) -> &'static City {
        self.shape.cities()[at]
    }

    pub(super) fn cities(&self) -> usize {
        self.pools.len()
    }

    pub(super) fn seed(&self) -> u64 {
        self.seed
    }

    pub(super) fn until(&self) -> i64 {
        self.until
    }

    pub(super) fn tag(&self) -> &str {
        &self.tag
    }

    /// Four digits of the seed, for codes that are numbers.
    pub(super) fn digits(&self) -> u64 {
        self.digits
    }

    pub(super) fn pick(&self, city: usize, trade: Trade, slot: u64) -> Picked<'_> {
        self.pools[city][trade as usize].pick(slot)
    }

    pub(super) fn provider_of(&self, subject: &Subject) -> &Provider {
        &self.providers[subject.city * Desk::ALL.len() + Desk::of(subject.trade) as usize]
    }
}

/// A desk is run by a platform company, the supermarkets' own by the first of them.
fn open_desks(city: &City, pools: &[Pool]) -> Vec<Provider> {
    let open = |desk: Desk| {
        let trade = if desk == Desk::Retail { Trade::Supermarket } else { Trade::Platform };
        desk.open(city, pools[trade as usize].pick(desk as u64).subject)
    };
    Desk::ALL.into_iter().map(open).collect()
}

fn tag(dice: &mut Dice) -> String {
    (0..4).map(|_| char::from(*dice.pick(b"abcdefghjkmnpqrstuvwxyz23456789"))).collect()
}
