//! Who trades: every subject with a valid code, a place and a name, in pools that never give out a trace code twice.
//!
//! A MOFCOM code has room for ten million running numbers per subject. A pool is handed out in turns, each subject once a turn, and a subject's
//! turn gives it a hundred numbers of its own: so two chains, told apart from each other and in any order, cannot make the same code.

use std::ops::Deref;

use super::country::{Area, City};
use super::dice::Dice;
use super::{identifiers, names};

/// What a subject does for a living.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trade {
    Farm,
    Grower,
    Slaughterhouse,
    Processor,
    Distillery,
    DrugMaker,
    Carrier,
    Market,
    Wholesaler,
    Stall,
    Supermarket,
    Canteen,
    DrugDealer,
    Pharmacy,
    /// The company that runs a third-party platform.
    Platform,
}

/// A traceability subject.
#[derive(Debug)]
pub struct Subject {
    pub trade: Trade,
    /// The index of its city in the world.
    pub city: usize,
    /// The county, GB/T 2260.
    pub region: &'static str,
    pub uscc: String,
    pub name: String,
    pub address: String,
    pub phone: String,
    /// The 13-digit subject code, the head of its trace codes.
    pub code: String,
    /// A 7-digit company prefix of GS1 China.
    pub gs1: String,
}

/// All subjects of one trade in one city.
pub struct Pool(Vec<Subject>);

/// A subject as one chain meets it.
#[derive(Clone, Copy)]
pub struct Picked<'w> {
    pub subject: &'w Subject,
    turn: u64,
}

impl Trade {
    pub const ALL: [Trade; 15] = [
        Trade::Farm,
        Trade::Grower,
        Trade::Slaughterhouse,
        Trade::Processor,
        Trade::Distillery,
        Trade::DrugMaker,
        Trade::Carrier,
        Trade::Market,
        Trade::Wholesaler,
        Trade::Stall,
        Trade::Supermarket,
        Trade::Canteen,
        Trade::DrugDealer,
        Trade::Pharmacy,
        Trade::Platform,
    ];

    /// How many a city has. Sizes differ, so that the same partners do not meet in every chain; those who are picked several times by one
    /// chain are a multiple of that.
    fn per_city(self) -> usize {
        match self {
            Trade::Distillery | Trade::DrugMaker | Trade::Market => 2,
            Trade::Platform | Trade::DrugDealer => 3,
            Trade::Slaughterhouse => 4,
            Trade::Processor => 7,
            Trade::Carrier => 5,
            Trade::Canteen => 9,
            Trade::Pharmacy => 10,
            Trade::Farm | Trade::Wholesaler => 11,
            Trade::Grower => 13,
            Trade::Stall => 18,
            Trade::Supermarket => 24,
        }
    }

    /// The registering department and class of its USCC.
    fn registry(self) -> &'static str {
        match self {
            Trade::Farm | Trade::Grower => "93",
            Trade::Stall => "92",
            Trade::Canteen => "12",
            _ => "91",
        }
    }
}

impl Subject {
    /// establishment, or operator: who trades at another's market.
    pub fn kind(&self) -> &'static str {
        match self.trade {
            Trade::Stall | Trade::Wholesaler => "operator",
            _ => "establishment",
        }
    }

    /// Whose goods are drugs has the category DRUG, distilleries FOOD, all others trade what farms produce.
    pub fn categories(&self) -> &'static [&'static str] {
        match self.trade {
            Trade::DrugMaker | Trade::DrugDealer | Trade::Pharmacy => &["DRUG"],
            Trade::Distillery => &["FOOD"],
            Trade::Farm | Trade::Grower | Trade::Slaughterhouse | Trade::Processor | Trade::Canteen => &["FARM_PRODUCE"],
            Trade::Market | Trade::Wholesaler | Trade::Stall | Trade::Supermarket => &["FARM_PRODUCE", "FOOD"],
            Trade::Carrier | Trade::Platform => &["FARM_PRODUCE", "FOOD", "DRUG"],
        }
    }
}

impl Pool {
    /// `first` numbers the pool's subjects within the world: it keeps subject codes and company prefixes apart.
    pub fn found(trade: Trade, at: usize, city: &City, first: usize, dice: &mut Dice) -> Pool {
        let start = dice.below(256) as usize;
        let subject = |nth: usize| {
            let county = dice.pick(city.counties);
            let name = names::subject(trade, city, county, start, nth);
            register(trade, at, city, county, name, first + nth, dice)
        };
        Pool((0..trade.per_city()).map(subject).collect())
    }

    /// The subject of this slot; every slot of a pool is used once.
    pub fn pick(&self, slot: u64) -> Picked<'_> {
        let size = self.0.len() as u64;
        let turn = slot / size;
        Picked { subject: &self.0[((slot + turn * 5) % size) as usize], turn }
    }

    pub fn subjects(&self) -> &[Subject] {
        &self.0
    }
}

fn register(trade: Trade, at: usize, city: &City, county: &'static Area, name: String, number: usize, dice: &mut Dice) -> Subject {
    Subject {
        trade,
        city: at,
        region: county.id,
        uscc: identifiers::uscc(trade.registry(), county.id, dice),
        name,
        address: names::address(city, county, dice),
        phone: names::telephone(city, dice),
        code: format!("{}{:07}", county.id, dice.below(9_999) * 1_000 + number as u64),
        gs1: format!("69{:05}", dice.below(99) * 1_000 + number as u64),
    }
}

impl Picked<'_> {
    /// How many trace codes a subject may give out in one turn.
    pub const CODES: u64 = 100;
    /// Past this many turns the running numbers are used up.
    pub const TURNS: u64 = 10_000_000 / Self::CODES;

    /// The subject's nth MOFCOM code in this chain.
    pub fn trace_code(&self, nth: u64) -> String {
        debug_assert!(nth < Self::CODES && self.turn < Self::TURNS, "turn {} number {nth} would repeat a code", self.turn);
        identifiers::mofcom20(&self.subject.code, self.turn * Self::CODES + nth)
    }
}

impl Deref for Picked<'_> {
    type Target = Subject;

    fn deref(&self) -> &Subject {
        self.subject
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::generate::country::Shape;

    fn pool(trade: Trade) -> Pool {
        Pool::found(trade, 0, Shape::City.cities()[0], 0, &mut Dice::new(1, [0, 0]))
    }

    #[test]
    fn no_slot_repeats_the_code_of_another() {
        let stalls = pool(Trade::Stall);
        let codes: HashSet<String> = (0..5_000).map(|slot| stalls.pick(slot).trace_code(0)).collect();
        assert_eq!(codes.len(), 5_000);
    }

    #[test]
    fn a_turn_meets_everybody() {
        let supermarkets = pool(Trade::Supermarket);
        let met: HashSet<&str> = (48..72).map(|slot| supermarkets.pick(slot).subject.uscc.as_str()).collect();
        assert_eq!(met.len(), 24);
    }

    #[test]
    fn names_of_a_trade_differ() {
        for trade in Trade::ALL {
            let names: HashSet<String> = pool(trade).0.into_iter().map(|subject| subject.name).collect();
            assert_eq!(names.len(), trade.per_city(), "{trade:?}");
        }
    }
}
