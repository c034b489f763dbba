//! What a chain is going to be, decided before it is told: the goods, the road, the times, and who buys how much.
//!
//! Amounts are planned from the shop backwards, demand before supply, so that every balance holds: what goes out was there.

use crate::generate::calendar::{DAY, Times};
use crate::generate::dice::Dice;
use crate::generate::flagship;
use crate::generate::goods::{Goods, Line, Measure};
use crate::generate::subjects::{Picked, Trade};
use crate::generate::world::World;

use super::drugs::BOXES_A_CASE;

const SUPERMARKETS: u64 = 4;
const STALLS: u64 = 2;
const PHARMACIES: u64 = 2;
/// What a sale line takes on average: 900 g, so that most of a delivery is sold and never more than all of it.
const GRAMS_A_LINE: u64 = 900;
const PIECES_A_LINE: u64 = 2;

/// Most is sold within the day; the rest is yesterday's and the day's before.
const DAYS_AGO: [u64; 3] = [8, 1, 1];

pub struct Plan<'w> {
    pub line: Line,
    pub goods: &'static Goods,
    /// The number of these goods in its line, from 1.
    pub item: u64,
    pub route: Route,
    pub times: Times,
    /// Supermarkets first: the flagship's buyer is the first of all.
    pub outlets: Vec<Outlet<'w>>,
}

/// Indices of cities in the world.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Route {
    /// Where it is grown.
    pub origin: usize,
    /// Where it is cut, bottled or packed.
    pub middle: usize,
    /// Where it is sold.
    pub market: usize,
}

/// One buyer at the market.
#[derive(Clone, Copy)]
pub struct Outlet<'w> {
    pub buyer: Picked<'w>,
    /// Sale lines; 0 for a canteen, which cooks.
    pub lines: u64,
    /// What it buys: grams or pieces.
    pub amount: u64,
    pub measure: Measure,
    /// Its own price, per kilogram or piece.
    pub fen: u64,
}

impl<'w> Plan<'w> {
    /// The flagship is today's pork along the longest road that the country has.
    pub fn draw(world: &'w World, number: u64, dice: &mut Dice) -> Plan<'w> {
        let (line, route, days_ago) = match number {
            flagship::NUMBER => (Line::Pork, Route::longest(world.cities()), 0),
            _ => (Line::ALL[dice.weighted(&Line::SHARES)], Route::draw(world.cities(), dice), dice.weighted(&DAYS_AGO) as i64),
        };
        let item = dice.between(1, line.goods().len() as u64);
        let goods = &line.goods()[item as usize - 1];
        let times = Times::before(world.until() - days_ago * DAY);
        let outlets = outlets(world, number, line, goods, route.market, dice);
        Plan { line, goods, item, route, times, outlets }
    }

    /// What all buyers take together.
    pub fn demand(&self) -> u64 {
        self.outlets.iter().map(|outlet| outlet.amount).sum()
    }
}

impl Route {
    fn longest(cities: usize) -> Route {
        Route { origin: 0, middle: 1.min(cities - 1), market: cities - 1 }
    }

    /// Most goods come from the first city, where the farms are; every city buys alike.
    fn draw(cities: usize, dice: &mut Dice) -> Route {
        let origin = dice.weighted(&[5, 3, 2][..cities]);
        let middle = if dice.below(2) == 0 { origin } else { dice.below(cities as u64) as usize };
        Route { origin, middle, market: dice.below(cities as u64) as usize }
    }
}

fn outlets<'w>(world: &'w World, number: u64, line: Line, goods: &Goods, city: usize, dice: &mut Dice) -> Vec<Outlet<'w>> {
    let kinds: &[(Trade, u64)] = match line {
        Line::Pork | Line::Vegetables => &[(Trade::Supermarket, SUPERMARKETS), (Trade::Stall, STALLS), (Trade::Canteen, 1)],
        Line::Liquor => &[(Trade::Supermarket, SUPERMARKETS)],
        Line::Drug => &[(Trade::Pharmacy, PHARMACIES)],
    };
    let slots = kinds.iter().flat_map(|(trade, count)| (0..*count).map(move |nth| (*trade, number * count + nth)));
    slots.map(|(trade, slot)| Outlet::draw(world.pick(city, trade, slot), line, goods, dice)).collect()
}

impl<'w> Outlet<'w> {
    fn draw(buyer: Picked<'w>, line: Line, goods: &Goods, dice: &mut Dice) -> Outlet<'w> {
        let lines = match buyer.trade {
            Trade::Supermarket => dice.between(32, 48),
            Trade::Stall => dice.between(6, 10),
            Trade::Pharmacy => dice.between(8, 18),
            _ => 0,
        };
        let amount = match buyer.trade {
            Trade::Canteen => dice.between(30, 90) * 1_000,
            Trade::Pharmacy => BOXES_A_CASE,
            _ if line.measure().is_mass() => lines * GRAMS_A_LINE,
            _ => lines * PIECES_A_LINE,
        };
        let measure = if buyer.trade == Trade::Stall { Measure::Jin } else { line.measure() };
        // within 6 % of the usual price, and even, so that it can be halved for a jin
        let fen = goods.fen * dice.between(94, 106) / 100 / 2 * 2;
        Outlet { buyer, lines, amount, measure, fen }
    }
}
