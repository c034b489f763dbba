//! Outbreaks: a small one by hand, and random ones beside a naive reference that goes downstream from each candidate by itself.

#[path = "outbreak/naive.rs"]
mod naive;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use proptest::collection::{btree_set, vec};
use proptest::prelude::*;
use proptest::sample::select;
use tracemesh_lineage::{
    Assumptions, Case, Direction, Establishments, Hop, Limits, Measured, Mixing, Parties, Place, Reading, RecordRef, Role, Stage, outbreak,
};

use crate::feeding::{Store, in_rounds};
use crate::scope::{self, Deed};
use crate::world::{Record, records, unit};

/// Who answers for each record, and one step back.
#[derive(Clone, Debug, Default)]
pub struct Told(pub HashMap<RecordRef, (&'static str, &'static str)>);

impl Reading for Told {
    fn measured<'a>(&'a self, _: &'a Hop) -> Option<Measured<'a>> {
        None
    }

    fn parties(&self, record: &RecordRef) -> Parties<'_> {
        let (responsible, source) = self.0.get(record).copied().unwrap_or_default();
        Parties { responsible, source }
    }
}

const NAMES: [&str; 4] = ["", "a", "b", "c"];

/// Random records with parties, some of them journeys and inspections.
fn world() -> impl Strategy<Value = (Vec<Record>, Told)> {
    let parties = vec((select(NAMES.to_vec()), select(NAMES.to_vec()), 0..10u8), 28);
    (records(3), parties).prop_map(|(mut records, parties)| {
        let mut told = Told::default();
        for (record, (responsible, source, kind)) in records.iter_mut().zip(parties) {
            match kind {
                0 => record.stage = Stage::Transport,
                1 => record.stage = Stage::Inspect,
                _ => {}
            }
            told.0.insert(record.record_ref(), (responsible, source));
        }
        (records, told)
    })
}

fn case() -> impl Strategy<Value = Case<'static>> {
    let place = prop_oneof![
        2 => unit().prop_map(Place::Unit),
        1 => (select(NAMES[1..].to_vec()), 0i64..9, 0i64..5).prop_map(|(name, from, long)| Place::Subject { name, from, to: from + long }),
        1 => (select(vec!["area-0", "area-1", "area-2"]), 0i64..9, 0i64..3).prop_map(|(area, from, long)| Place::Area { area, from, to: from + long }),
    ];
    (vec(place, 1..3), 1u32..4).prop_map(|(places, weight)| Case { places, weight })
}

fn some_subjects() -> impl Strategy<Value = BTreeSet<&'static str>> {
    btree_set(select(NAMES[1..].to_vec()), 0..2)
}

fn assumptions() -> impl Strategy<Value = Assumptions<'static>> {
    let at = prop_oneof![Just(Establishments::All), some_subjects().prop_map(Establishments::These)];
    let mixing = (at, prop::option::of(0i64..5)).prop_map(|(at, within)| Mixing { at, within });
    let window = (0i64..5, 3i64..9).prop_map(|(from, long)| (from, from + long));
    (prop::option::of(mixing), some_subjects(), prop::option::weighted(0.3, window), some_subjects(), btree_set(unit(), 0..2)).prop_map(
        |(mixing, killing, window, without_subjects, without_units)| Assumptions {
            mixing,
            killing,
            window,
            without_subjects,
            without_units,
        },
    )
}

/// Which cases each unit and each subject explains.
pub type Explained = (BTreeMap<u64, BTreeSet<usize>>, BTreeMap<String, BTreeSet<usize>>);

fn found(records: &[Record], told: &Told, starts: &[u64], direction: Direction, cases: &[Case], assumptions: &Assumptions) -> Explained {
    let chain = in_rounds(&Store::of(records), starts, direction, Limits::default());
    let found = outbreak(&chain, told, cases, assumptions);
    let units = found.units.into_iter().map(|(unit, set)| (unit, set.iter().collect()));
    let subjects = found.subjects.into_iter().map(|(name, set)| (name.to_owned(), set.iter().collect()));
    (units.collect(), subjects.collect())
}

fn everything() -> Vec<u64> {
    (0..11).collect()
}

/// Three people fell ill of beef: of stall A1's, of A4's, and of a ticket of A5's.
#[test]
fn what_explains_all_cases_of_beef_is_the_common_link() {
    let deeds = scope::beef();
    let (told, cases) = (scope::Told::of(&deeds), [21, 24, 101].map(|unit| Case { places: vec![Place::Unit(unit)], weight: 1 }));
    let chain = scope::walked(&deeds, &[21, 24, 101], Direction::Up);
    let explains = |assumptions: &Assumptions| {
        let found = outbreak(&chain, &told, &cases, assumptions);
        let subjects = found.subjects.iter().map(|(name, set)| (*name, set.weight(&cases))).collect::<Vec<_>>();
        (found.units.into_iter().map(|(unit, set)| (unit, set.weight(&cases))).collect::<Vec<_>>(), subjects)
    };
    let (units, subjects) = explains(&Assumptions::default());
    assert_eq!(units, [(1, 3), (2, 3), (11, 1), (12, 2), (21, 1), (24, 1), (25, 1), (101, 1)]);
    assert_eq!(subjects, [("A1", 1), ("A4", 1), ("A5", 1), ("W1", 1), ("W2", 2), ("farm", 3), ("slaughterhouse", 3)]);

    let heated = Assumptions { killing: BTreeSet::from(["slaughterhouse"]), ..Assumptions::default() };
    let (units, subjects) = explains(&heated);
    assert_eq!(units, [(11, 1), (12, 2), (21, 1), (24, 1), (25, 1), (101, 1)], "whatever it was made of is nothing that it came from");
    assert_eq!(subjects.last(), Some(&("slaughterhouse", 3)));

    let without = Assumptions { without_units: BTreeSet::from([12]), ..Assumptions::default() };
    assert_eq!(explains(&without).0, [(1, 1), (2, 1), (11, 1), (21, 1), (24, 1), (25, 1), (101, 1)]);
    let cleared = Assumptions { without_subjects: BTreeSet::from(["W2"]), ..Assumptions::default() };
    assert_eq!(explains(&cleared).1, [("A1", 1), ("A4", 1), ("A5", 1), ("W1", 1), ("farm", 1), ("slaughterhouse", 1)]);
}

/// A stall mixes: what lay there while a case's goods were sold may have touched them, what was gone or came later did not.
#[test]
fn where_a_stall_mixes_what_lay_there_before_explains_too() {
    let came = |time, unit| Deed::new(time, Stage::Wholesale, "W", &[(Role::Output, unit, "")]).to("stall");
    let deeds =
        [came(1, 1), came(5, 2), came(9, 3), Deed::new(6, Stage::Retail, "stall", &[(Role::Input, 2, ""), (Role::Output, 101, "")])];
    let (told, cases) = (scope::Told::of(&deeds), [Case { places: vec![Place::Unit(101)], weight: 1 }]);
    let chain = scope::walked(&deeds, &[1, 2, 3, 101], Direction::Both);
    let units = |within| {
        let mixing = Some(Mixing { at: Establishments::These(BTreeSet::from(["stall"])), within });
        outbreak(&chain, &told, &cases, &Assumptions { mixing, ..Assumptions::default() }).units.into_keys().collect::<Vec<_>>()
    };
    assert_eq!((units(None), units(Some(4))), (vec![1, 2, 101], vec![2, 101]));
}

proptest! {
    // PROPTEST_CASES=500 for more
    #[test]
    fn scores_are_what_the_prose_says((records, told) in world(), cases in vec(case(), 1..70), assumptions in assumptions()) {
        let found = found(&records, &told, &everything(), Direction::Both, &cases, &assumptions);
        prop_assert_eq!(found, naive::explained(&records, &told, &cases, &assumptions));
    }

    /// Where nothing mixes, what lies upstream of the cases is all that there is to know.
    #[test]
    fn a_walk_upstream_of_the_cases_is_enough((records, told) in world(), units in btree_set(unit(), 1..4), killing in some_subjects()) {
        let cases: Vec<Case> = units.iter().map(|unit| Case { places: vec![Place::Unit(*unit)], weight: 1 }).collect();
        let assumptions = Assumptions { killing, ..Assumptions::default() };
        let starts: Vec<u64> = units.into_iter().collect();
        let found = found(&records, &told, &starts, Direction::Up, &cases, &assumptions);
        prop_assert_eq!(found, naive::explained(&records, &told, &cases, &assumptions));
    }

    /// A node that does not answer takes its records with it, and nothing else.
    #[test]
    fn without_a_node_the_rest_is_told((records, told) in world(), cases in vec(case(), 1..5), away in 0usize..3) {
        let there: Vec<Record> = records.into_iter().filter(|record| record.node != away).collect();
        let assumptions = Assumptions::default();
        let found = found(&there, &told, &everything(), Direction::Both, &cases, &assumptions);
        prop_assert_eq!(found, naive::explained(&there, &told, &cases, &assumptions));
    }

    /// Days instead of moments: within a day everything may have come before everything else.
    #[test]
    fn ranges_of_dates_are_equal_times((mut records, told) in world(), cases in vec(case(), 1..5), assumptions in assumptions()) {
        records.iter_mut().for_each(|record| record.time = record.time / 3 * 3);
        let found = found(&records, &told, &everything(), Direction::Both, &cases, &assumptions);
        prop_assert_eq!(found, naive::explained(&records, &told, &cases, &assumptions));
    }
}
