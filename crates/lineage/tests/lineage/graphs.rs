//! Random graphs: the walk equals the reference, whatever the order of feeding.

use proptest::prelude::*;
use proptest::sample::select;
use tracemesh_lineage::{Chain, Direction, Limits, Missing, Reached};

use crate::feeding::{Store, in_crumbs, in_rounds, unasked};
use crate::reference::{self, Answer};
use crate::world::{records, unit};

fn direction() -> impl Strategy<Value = Direction> {
    select(vec![Direction::Up, Direction::Down, Direction::Both])
}

/// What of a chain the reference can tell.
pub fn answer(chain: &Chain) -> Answer {
    let mut answer = Answer::default();
    let name = |place: u32| {
        let record = &chain.records[place as usize].record;
        (record.node.to_string(), record.record)
    };
    for (place, record) in chain.records.iter().enumerate() {
        answer.records.insert(name(place as u32), (record.distance, record.side.as_str(), record.same_moment));
    }
    for unit in &chain.units {
        answer.units.insert(unit.unit, (unit.distance, unit.side.as_str(), unit.carrier_only));
    }
    answer.edges = chain.edges.iter().map(|edge| (name(edge.record), edge.from, edge.to)).collect();
    for holder in &chain.holders {
        answer.holders.entry(holder.unit).or_default().push((holder.holder.clone(), name(holder.record), holder.within));
    }
    for missing in &chain.verdict.missing {
        if let Missing::NoOrigin { unit, record } = missing {
            answer.no_origin.insert((*unit, record.as_ref().map(|record| (record.node.to_string(), record.record))));
        }
    }
    answer
}

fn is_cut_by_depth(chain: &Chain) -> bool {
    chain.verdict.missing.iter().any(|missing| matches!(missing, Missing::Limit(Reached::Depth(_))))
}

proptest! {
    // PROPTEST_CASES=1000 for more
    #[test]
    fn a_walk_is_what_the_prose_says(records in records(3), starts in prop::collection::vec(unit(), 1..3), direction in direction()) {
        let chain = in_rounds(&Store::of(&records), &starts, direction, Limits::default());
        prop_assert_eq!(answer(&chain), reference::walk(&records, &starts, direction, None));
        prop_assert_eq!(chain.verdict.complete, chain.verdict.missing.is_empty());
        prop_assert!(chain.verdict.missing.iter().all(|missing| missing.kind() == "no_origin"));
        prop_assert!(chain.records.is_sorted_by_key(|record| (record.event_time, record.record.clone())));
        for edge in &chain.edges {
            let (from, to) = chain.ends(edge);
            prop_assert!(from.is_some_and(|hop| hop.unit == edge.from) && to.is_some_and(|hop| hop.unit == edge.to), "{:?}", edge);
        }
    }

    #[test]
    fn feeding_order_does_not_matter(records in records(3), start in unit(), direction in direction(), depth in prop::option::weighted(0.3, 0u32..4), seed: u64) {
        let (store, limits) = (Store::of(&records), Limits { depth, ..Limits::default() });
        let chain = in_rounds(&store, &[start], direction, limits);
        prop_assert_eq!(&in_crumbs(&store, &[start], direction, limits, seed), &chain);
        prop_assert_eq!(&unasked(&store, &[start], direction, limits, seed), &chain);
    }

    #[test]
    fn depth_cuts_by_distance_and_says_so(records in records(3), start in unit(), direction in direction(), depth in 0u32..4) {
        let store = Store::of(&records);
        let chain = in_rounds(&store, &[start], direction, Limits { depth: Some(depth), ..Limits::default() });
        let expected = reference::walk(&records, &[start], direction, Some(depth));
        prop_assert_eq!(answer(&chain), expected);
        if !is_cut_by_depth(&chain) {
            prop_assert_eq!(chain, in_rounds(&store, &[start], direction, Limits::default()));
        }
    }

    #[test]
    fn limits_hold_and_are_reported(records in records(3), start in unit(), most in 0usize..16) {
        let store = Store::of(&records);
        let whole = in_rounds(&store, &[start], Direction::Down, Limits::default());
        let chain = in_rounds(&store, &[start], Direction::Down, Limits { records: most, ..Limits::default() });
        prop_assert!(chain.records.len() <= most);
        // Records that were explored and turned out not to belong count too: a limit may cut a little early, never silently.
        prop_assert!(!chain.verdict.complete || chain.records == whole.records);
        prop_assert!(chain.verdict.complete || most < records.len());
        let edged = in_rounds(&store, &[start], Direction::Down, Limits { edges: most, ..Limits::default() });
        prop_assert!(edged.edges.len() <= most);
        prop_assert_eq!(edged.verdict.complete, whole.edges.len() <= most);
    }
}
