//! Random worlds: of trade, beside a sum for each party that knows no order, no lots and no walk; and wild ones, whose books must balance.

use std::collections::{BTreeMap, BTreeSet};

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use tracemesh_lineage::{Direction, Hop, Limits, Measured, Parties, Reading, RecordRef, Role, Stage, scope};

use super::{Deed, Told, walked};
use crate::feeding::{Store, in_rounds};
use crate::world::{records, unit};

const PARTIES: [&str; 5] = ["farm", "W1", "W2", "A1", "A2"];
const QUANTITIES: [&str; 4] = ["1 kg", "2.5 kg", "3 jin", "4 box"];

/// What happens next, to which of the batches that there are.
#[derive(Clone, Debug)]
enum Step {
    Make { by: &'static str },
    Trade { of: usize, to: &'static str, back: bool },
    Sell { of: usize, is_observed: bool, with_ticket: bool },
    Destroy { of: usize, is_observed: bool },
    Process { of: usize },
    Inspect { of: usize },
}

fn step() -> impl Strategy<Value = (Step, &'static str)> {
    let party = || select(PARTIES.to_vec());
    let of = || 0usize..1_000;
    let step = prop_oneof![
        2 => party().prop_map(|by| Step::Make { by }),
        4 => (of(), party(), any::<bool>()).prop_map(|(of, to, back)| Step::Trade { of, to, back }),
        3 => (of(), any::<bool>(), any::<bool>()).prop_map(|(of, is_observed, with_ticket)| Step::Sell { of, is_observed, with_ticket }),
        1 => (of(), any::<bool>()).prop_map(|(of, is_observed)| Step::Destroy { of, is_observed }),
        1 => of().prop_map(|of| Step::Process { of }),
        1 => of().prop_map(|of| Step::Inspect { of }),
    ];
    (step, select(QUANTITIES.to_vec()))
}

/// Every batch has one holder, who has it from one record: then what it has is what came less what went.
fn world(steps: &[(Step, &'static str)]) -> (Vec<Deed>, BTreeMap<u64, &'static str>) {
    let (mut deeds, mut batches): (Vec<Deed>, Vec<(u64, &'static str)>) = (Vec::new(), Vec::new());
    for (step, quantity) in steps {
        let (time, next) = (deeds.len() as i64 + 1, batches.len() as u64 + 1);
        let at = |of: usize| batches.get(of % batches.len().max(1)).copied();
        let role = |is_observed: bool| if is_observed { Role::Observed } else { Role::Input };
        let (deed, new) = match *step {
            Step::Make { by } => (Deed::new(time, Stage::Produce, by, &[(Role::Output, next, quantity)]), Some(by)),
            Step::Trade { of, to, back } => {
                let Some((unit, from)) = at(of).filter(|(_, from)| *from != to) else { continue };
                let stage = if back { Stage::Return } else { Stage::Wholesale };
                (Deed::new(time, stage, from, &[(Role::Input, unit, quantity), (Role::Output, next, quantity)]).to(to), Some(to))
            }
            Step::Sell { of, is_observed, with_ticket } => {
                let Some((unit, by)) = at(of) else { continue };
                let ticket = (Role::Output, 1_000 + time as u64, *quantity);
                let sold = [(role(is_observed), unit, *quantity), ticket];
                (Deed::new(time, Stage::Retail, by, &sold[..1 + usize::from(with_ticket && !is_observed)]), None)
            }
            Step::Destroy { of, is_observed } => {
                let Some((unit, by)) = at(of) else { continue };
                (Deed::new(time, Stage::Destroy, by, &[(role(is_observed), unit, quantity)]), None)
            }
            Step::Process { of } => {
                let Some((unit, by)) = at(of) else { continue };
                (Deed::new(time, Stage::Other, by, &[(Role::Input, unit, quantity), (Role::Output, next, "7 kg")]), Some(by))
            }
            Step::Inspect { of } => {
                let Some((unit, _)) = at(of) else { continue };
                (Deed::new(time, Stage::Inspect, "laboratory", &[(Role::Observed, unit, quantity)]), None)
            }
        };
        batches.extend(new.map(|holder| (next, holder)));
        deeds.push(deed);
    }
    (deeds, batches.into_iter().collect())
}

/// Made or received, handed on, used, sold, destroyed, held, over; by party and measure.
type Sums = BTreeMap<(String, String), [i128; 7]>;

fn naive(deeds: &[Deed], holders: &BTreeMap<u64, &'static str>) -> Sums {
    let reading = Told::default();
    let mut sums = Sums::new();
    let mut left: BTreeMap<(u64, String), i128> = BTreeMap::new();
    for hop in deeds.iter().filter(|deed| deed.stage != Stage::Inspect).flat_map(Deed::hops).filter(|hop| hop.unit < 1_000) {
        let Measured { billionths, measure } = reading.measured(&hop).unwrap();
        let measure = measure.to_owned();
        let sum = sums.entry((holders[&hop.unit].to_owned(), measure.clone())).or_default();
        let (column, sign) = match (hop.role, hop.stage) {
            (Role::Output, _) => (0, 1),
            (_, Stage::Wholesale | Stage::Return) => (1, -1),
            (_, Stage::Retail) => (3, -1),
            (_, Stage::Destroy) => (4, -1),
            _ => (2, -1),
        };
        sum[column] += billionths;
        *left.entry((hop.unit, measure)).or_default() += sign * billionths;
    }
    for ((unit, measure), left) in left {
        let sum = sums.entry((holders[&unit].to_owned(), measure)).or_default();
        sum[5] += left.max(0);
        sum[6] -= left.min(0);
    }
    sums
}

/// Quantities of some hops, parties of some records, as a number decides.
struct Dealt(u64);

impl Dealt {
    fn number(&self, record: &RecordRef, unit: u64) -> u64 {
        let mixed = (self.0 ^ record.record as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ unit.wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed.wrapping_mul(0x94d0_49bb_1331_11eb) >> 40
    }
}

impl Reading for Dealt {
    fn measured<'a>(&'a self, hop: &'a Hop) -> Option<Measured<'a>> {
        let number = self.number(&hop.record_ref(), hop.unit);
        let measure = if number.is_multiple_of(7) { "box" } else { "kg" };
        (!number.is_multiple_of(5)).then_some(Measured { billionths: i128::from(number % 1_000 + 1), measure })
    }

    fn parties(&self, record: &RecordRef) -> Parties<'_> {
        let name = |salt| ["", "a", "b", "c"][self.number(record, salt) as usize % 4];
        Parties { responsible: name(101), source: name(102) }
    }
}

const STAGES: [Stage; 10] = [
    Stage::Other,
    Stage::Produce,
    Stage::Transport,
    Stage::Wholesale,
    Stage::Retail,
    Stage::GroupPurchase,
    Stage::Export,
    Stage::Return,
    Stage::Destroy,
    Stage::Inspect,
];

proptest! {
    // PROPTEST_CASES=1000 for more
    #[test]
    fn trade_adds_up_to_what_came_less_what_went(steps in vec(step(), 1..40)) {
        let (deeds, holders) = world(&steps);
        let starts: Vec<u64> = holders.keys().copied().collect();
        let (chain, reading) = (walked(&deeds, &starts, Direction::Down), Told::of(&deeds));
        let mut sums = Sums::new();
        for it in scope(&chain, &reading).holdings {
            let figures = [it.figures.made + it.figures.received, it.figures.passed_on, it.figures.used, it.figures.sold, it.figures.destroyed, it.figures.held, it.figures.over];
            let sum = sums.entry((it.subject.to_owned(), it.measure.to_owned())).or_default();
            sum.iter_mut().zip(figures).for_each(|(sum, figure)| *sum += figure);
        }
        prop_assert_eq!(sums, naive(&deeds, &holders));
    }

    #[test]
    fn books_balance_whatever_happened(mut records in records(3), starts in vec(unit(), 1..3), seed: u64, stages in vec(select(STAGES.to_vec()), 28)) {
        records.iter_mut().zip(stages).for_each(|(record, stage)| record.stage = stage);
        let chain = in_rounds(&Store::of(&records), &starts, Direction::Down, Limits::default());
        let reading = Dealt(seed);
        let scope = scope(&chain, &reading);
        for it in &scope.holdings {
            let f = it.figures;
            prop_assert_eq!(f.made + f.received, f.passed_on + f.used + f.sold + f.destroyed + f.held - f.over, "{:?}", it);
            prop_assert!([f.made, f.received, f.passed_on, f.used, f.sold, f.destroyed, f.held, f.over].iter().all(|figure| *figure >= 0), "{:?}", it);
            prop_assert!(it.last_of.len() <= it.units && it.last_of.is_sorted(), "{:?}", it);
        }
        let last: Vec<u64> = scope.holdings.iter().flat_map(|it| it.last_of.iter().copied()).collect();
        prop_assert_eq!(last.len(), last.iter().collect::<BTreeSet<_>>().len(), "one party has a unit last");
    }
}
