//! The rules of the README, one small chain each.

use tracemesh_lineage::{
    Chain, Direction, Granularity, Hop, Limits, Missing, Neighbours, Packing, Reached, Role, Side, Silent, Stage, Walk,
};

use Role::{Container, Content, Input, Mentioned, Observed, Output};

use crate::feeding::{Store, in_rounds};
use crate::world::Record;

const FISH: u64 = 1;
const OIL: u64 = 2;
const TIN: u64 = 3;
const CRATE: u64 = 4;
const LORRY: u64 = 5;
const BREAD: u64 = 6;
const SPICE: u64 = 19;

/// A record whose number is its time.
fn at(time: i64, stage: Stage, packing: Packing, parts: &[(u64, Role)]) -> Record {
    Record { node: 0, id: time, time, stage, packing, parts: parts.to_vec(), holder: String::new(), retracted: false }
}

fn made(time: i64, stage: Stage, inputs: &[u64], outputs: &[u64]) -> Record {
    let parts = inputs.iter().map(|unit| (*unit, Input)).chain(outputs.iter().map(|unit| (*unit, Output)));
    at(time, stage, Packing::None, &parts.collect::<Vec<_>>())
}

fn pack(time: i64, container: u64, contents: &[u64]) -> Record {
    packed(time, Packing::Pack, container, contents)
}

fn unpack(time: i64, container: u64, contents: &[u64]) -> Record {
    packed(time, Packing::Unpack, container, contents)
}

fn packed(time: i64, packing: Packing, container: u64, contents: &[u64]) -> Record {
    let contents = contents.iter().map(|unit| (*unit, Content));
    at(time, Stage::Other, packing, &contents.chain([(container, Container)]).collect::<Vec<_>>())
}

fn seen(time: i64, unit: u64) -> Record {
    at(time, Stage::Other, Packing::None, &[(unit, Observed)])
}

fn walk(records: &[Record], start: u64, direction: Direction) -> Chain {
    in_rounds(&Store::of(records), &[start], direction, Limits::default())
}

fn numbers(chain: &Chain) -> Vec<i64> {
    chain.records.iter().map(|record| record.record.record).collect()
}

fn no_origin(chain: &Chain) -> Vec<(u64, Option<i64>)> {
    let missing = chain.verdict.missing.iter().filter_map(|missing| match missing {
        Missing::NoOrigin { unit, record } => Some((*unit, record.as_ref().map(|record| record.record))),
        _ => None,
    });
    missing.collect()
}

#[test]
fn upstream_is_complete_at_the_first_mile() {
    let records = [made(1, Stage::Produce, &[], &[FISH]), made(2, Stage::Import, &[], &[OIL]), made(3, Stage::Other, &[FISH, OIL], &[TIN])];
    let chain = walk(&records, TIN, Direction::Up);
    assert_eq!(numbers(&chain), [1, 2, 3]);
    assert_eq!(
        chain.records.iter().map(|record| (record.distance, record.side)).collect::<Vec<_>>(),
        [(1, Side::Up), (1, Side::Up), (0, Side::Own)]
    );
    assert!(chain.verdict.complete && chain.records.iter().all(|record| !record.same_moment));
    assert_eq!(numbers(&walk(&records, FISH, Direction::Down)), [1, 3]);
    assert_eq!(numbers(&walk(&records, FISH, Direction::Both)), [1, 3], "the oil is no origin of the fish");
}

#[test]
fn an_end_without_origin_names_unit_and_record() {
    let caught = made(1, Stage::Produce, &[], &[FISH]);
    let tinned = made(3, Stage::Other, &[FISH, OIL], &[TIN]);
    assert_eq!(
        no_origin(&walk(&[caught.clone(), tinned.clone()], TIN, Direction::Up)),
        [(OIL, Some(3))],
        "nothing known: the record that led there"
    );
    let bought = seen(2, OIL);
    assert_eq!(no_origin(&walk(&[caught.clone(), tinned.clone(), bought], TIN, Direction::Up)), [(OIL, Some(2))], "its earliest record");
    let bottled = made(2, Stage::Other, &[], &[OIL]);
    assert_eq!(no_origin(&walk(&[caught, tinned, bottled], TIN, Direction::Up)), [(OIL, Some(2))], "an output that names no inputs");
    assert_eq!(no_origin(&walk(&[], TIN, Direction::Up)), [(TIN, None)]);
    assert!(walk(&[], TIN, Direction::Down).verdict.complete, "downstream is complete whatever is unsold");
}

#[test]
fn what_a_harvest_begins_with_needs_no_origin() {
    assert!(walk(&[made(1, Stage::Produce, &[OIL], &[FISH])], FISH, Direction::Up).verdict.complete);
    assert!(walk(&[made(1, Stage::Slaughter, &[], &[FISH])], FISH, Direction::Up).verdict.complete);
    assert_eq!(no_origin(&walk(&[made(1, Stage::Slaughter, &[OIL], &[FISH])], FISH, Direction::Up)), [(OIL, Some(1))]);
    let passed_on = [made(1, Stage::Produce, &[], &[FISH]), made(2, Stage::Other, &[], &[FISH])];
    assert!(walk(&passed_on, FISH, Direction::Up).verdict.complete, "the fish was there before");
}

#[test]
fn what_happened_later_is_no_origin_and_what_happened_earlier_no_outcome() {
    let records =
        [made(1, Stage::Produce, &[], &[FISH]), made(5, Stage::Other, &[FISH], &[TIN]), seen(7, FISH), seen(3, TIN), seen(9, TIN)];
    assert_eq!(numbers(&walk(&records, TIN, Direction::Up)), [1, 3, 5, 9]);
    assert_eq!(numbers(&walk(&records, FISH, Direction::Down)), [1, 5, 7, 9]);
}

#[test]
fn an_equal_time_belongs_and_is_marked() {
    let sold = Record { id: 6, ..seen(5, TIN) };
    let chain = walk(&[made(5, Stage::Other, &[FISH], &[TIN]), sold, seen(7, TIN)], FISH, Direction::Down);
    assert_eq!(
        chain.records.iter().map(|record| (record.record.record, record.same_moment)).collect::<Vec<_>>(),
        [(5, false), (6, true), (7, false)]
    );
}

#[test]
fn on_board_but_never_with_the_other_contents() {
    let records = [
        seen(1, CRATE),
        pack(2, CRATE, &[FISH, BREAD]),
        seen(3, CRATE),
        seen(4, BREAD),
        packed(5, Packing::None, CRATE, &[FISH]),
        unpack(6, CRATE, &[FISH]),
        seen(7, CRATE),
    ];
    let chain = walk(&records, FISH, Direction::Down);
    assert_eq!(numbers(&chain), [2, 3, 5, 6]);
    assert_eq!(numbers(&walk(&records, FISH, Direction::Up)), [2, 3, 5, 6]);
    assert_eq!(chain.units.iter().map(|unit| (unit.unit, unit.carrier_only)).collect::<Vec<_>>(), [(FISH, false), (CRATE, true)]);
    assert_eq!(
        numbers(&walk(&records, CRATE, Direction::Down)),
        [1, 2, 3, 4, 5, 6, 7],
        "a crate that is itself asked about leads to all contents"
    );
}

#[test]
fn four_ways_to_leave_a_container() {
    let stay = |ending: Record| numbers(&walk(&[pack(2, CRATE, &[FISH]), seen(3, CRATE), ending, seen(9, CRATE)], FISH, Direction::Down));
    assert_eq!(stay(unpack(6, CRATE, &[FISH])), [2, 3, 6], "unpacked by name");
    assert_eq!(stay(unpack(6, CRATE, &[])), [2, 3, 6], "everything unpacked");
    assert_eq!(stay(pack(6, LORRY, &[FISH])), [2, 3, 6], "packed elsewhere");
    assert_eq!(stay(made(6, Stage::Other, &[FISH], &[TIN])), [2, 3, 6], "used");
    assert_eq!(stay(unpack(6, CRATE, &[BREAD])), [2, 3, 6, 9], "another content was unpacked");
    assert_eq!(stay(unpack(6, CRATE, &[SPICE])), [2, 3, 6, 9], "some of a kind of thing was unpacked, not everything");
    assert_eq!(stay(packed(6, Packing::None, CRATE, &[FISH])), [2, 3, 6, 9], "observed");
    assert_eq!(stay(Record { id: 20, ..unpack(2, CRATE, &[]) }), [2, 20, 3, 9], "not later than the packing");
}

#[test]
fn a_batch_in_a_second_carton_is_still_in_the_first() {
    let records = [pack(2, CRATE, &[OIL]), pack(4, LORRY, &[OIL]), seen(6, CRATE), made(7, Stage::Other, &[OIL], &[TIN]), seen(9, CRATE)];
    assert_eq!(numbers(&walk(&records, OIL, Direction::Down)), [2, 4, 6, 7]);
}

#[test]
fn what_lies_in_a_container_is_used_with_it() {
    let records = [
        pack(1, LORRY, &[CRATE]),
        pack(2, CRATE, &[FISH]),
        seen(3, BREAD),
        pack(4, CRATE, &[BREAD]),
        made(5, Stage::Other, &[LORRY], &[TIN]),
        seen(6, TIN),
        seen(7, BREAD),
    ];
    let down = walk(&records, FISH, Direction::Down);
    assert_eq!(numbers(&down), [2, 4, 5, 6]);
    assert!(down.edges.iter().any(|edge| (edge.from, edge.to) == (LORRY, TIN)));
    assert_eq!(numbers(&walk(&records, TIN, Direction::Up)), [1, 2, 3, 4, 5, 6], "all that was on the lorry, also what came on the way");
    let unloaded = [&records[..2], &[unpack(3, CRATE, &[FISH])], &records[4..6]].concat();
    assert_eq!(numbers(&walk(&unloaded, FISH, Direction::Down)), [2, 3]);
}

#[test]
fn a_pallet_leads_to_what_was_in_its_cartons_before() {
    let filled = pack(1, CRATE, &[FISH]);
    let shipped = [pack(3, LORRY, &[CRATE]), made(5, Stage::Other, &[FISH], &[TIN])];
    let chain = walk(&[std::slice::from_ref(&filled), &shipped].concat(), LORRY, Direction::Down);
    assert_eq!(numbers(&chain), [1, 3, 5]);
    let edges: Vec<_> = chain.edges.iter().map(|edge| (edge.record, edge.from, edge.to)).collect();
    assert!([(0, CRATE, FISH), (1, LORRY, CRATE), (2, FISH, TIN)].iter().all(|edge| edges.contains(edge)), "{edges:?}");
    let taken_out = [filled.clone(), unpack(2, CRATE, &[FISH])];
    assert_eq!(numbers(&walk(&[&taken_out[..], &shipped].concat(), LORRY, Direction::Down)), [3]);
    let emptied = [filled, unpack(2, CRATE, &[])];
    assert_eq!(numbers(&walk(&[&emptied[..], &shipped].concat(), LORRY, Direction::Down)), [3]);
}

#[test]
fn on_board_of_what_the_container_lies_in() {
    let records = [
        pack(2, CRATE, &[FISH]),
        pack(3, LORRY, &[CRATE]),
        seen(4, LORRY),
        unpack(5, LORRY, &[]),
        seen(6, LORRY),
        unpack(7, CRATE, &[FISH]),
        seen(8, CRATE),
    ];
    assert_eq!(numbers(&walk(&records, FISH, Direction::Down)), [2, 3, 4, 5, 7]);
    let loaded_late = [pack(1, LORRY, &[CRATE]), pack(2, CRATE, &[FISH]), seen(4, LORRY), unpack(5, CRATE, &[FISH]), seen(6, LORRY)];
    assert_eq!(
        numbers(&walk(&loaded_late, FISH, Direction::Down)),
        [2, 4, 5],
        "the crate was on the lorry before the fish was in the crate"
    );
    let both = [pack(1, LORRY, &[CRATE]), Record { id: 10, ..pack(1, BREAD, &[CRATE]) }, unpack(2, BREAD, &[CRATE])];
    let both = [&both[..], &[pack(3, CRATE, &[FISH]), seen(4, LORRY)]].concat();
    assert_eq!(numbers(&walk(&both, FISH, Direction::Down)), [3, 4], "packed into two at once, it never left one of them");
}

#[test]
fn a_correction_takes_back_what_it_replaces() {
    let wrong = Record { retracted: true, ..made(3, Stage::Other, &[FISH], &[TIN]) };
    let records = [made(1, Stage::Produce, &[], &[FISH]), wrong, made(4, Stage::Other, &[FISH], &[BREAD])];
    assert_eq!(numbers(&walk(&records, FISH, Direction::Down)), [1, 4]);
    assert_eq!(numbers(&walk(&records, TIN, Direction::Up)), [] as [i64; 0]);
}

#[test]
fn a_correction_that_comes_late_lengthens_a_stay() {
    let wrong = Record { retracted: true, ..unpack(3, CRATE, &[FISH]) };
    let records = [pack(2, CRATE, &[FISH]), wrong.clone(), pack(4, LORRY, &[CRATE]), seen(5, LORRY)];
    let all = Store::of(&records);
    let mut walk = Walk::new([FISH], Direction::Down, Limits::default());
    loop {
        let wanted = walk.wanted();
        if wanted.is_empty() {
            break;
        }
        walk.feed(&wanted.units, all.hops_of(&wanted.units).into_iter().filter(|hop| hop.retracts == 0));
    }
    assert!(!walk.touched().contains(&LORRY));
    walk.feed(&[], wrong.hops());
    all.feed(&mut walk);
    assert_eq!(numbers(&walk.finish(Vec::new())), [2, 4, 5]);
}

#[test]
fn a_cycle_ends() {
    let records = [made(1, Stage::Other, &[FISH], &[TIN]), made(2, Stage::Other, &[TIN], &[FISH]), made(3, Stage::Other, &[FISH], &[TIN])];
    let chain = walk(&records, FISH, Direction::Both);
    assert_eq!(numbers(&chain), [1, 2, 3]);
    assert_eq!(
        chain.edges.iter().map(|edge| (edge.record, edge.from, edge.to)).collect::<Vec<_>>(),
        [(0, FISH, TIN), (1, TIN, FISH), (2, FISH, TIN)]
    );
}

#[test]
fn a_class_is_shown_and_not_walked_through() {
    let mut hops = Store::of(&[made(3, Stage::Other, &[SPICE], &[TIN]), made(4, Stage::Other, &[SPICE], &[BREAD]), seen(2, SPICE)]);
    assert_eq!(numbers(&in_rounds(&hops, &[TIN], Direction::Up, Limits::default())), [3]);
    assert_eq!(numbers(&in_rounds(&hops, &[SPICE], Direction::Down, Limits::default())), [2, 3, 4], "its own records, and no further");
    for hop in hops.hops.iter_mut().filter(|hop| hop.unit == TIN) {
        hop.neighbours = Neighbours::Listed(vec![SPICE]);
    }
    let listed = in_rounds(&hops, &[TIN], Direction::Up, Limits::default());
    assert_eq!((numbers(&listed), no_origin(&listed)), (vec![3], vec![(SPICE, Some(3))]), "a feeder that lists it gains nothing");
    assert_eq!(listed.units.iter().find(|unit| unit.unit == SPICE).and_then(|unit| unit.granularity), Some(Granularity::Class));
}

#[test]
fn a_handle_finds_its_record_and_leads_nowhere() {
    let certified = at(2, Stage::Produce, Packing::None, &[(TIN, Mentioned), (FISH, Output), (OIL, Input)]);
    let chain = walk(&[certified, seen(5, FISH)], TIN, Direction::Both);
    assert_eq!((numbers(&chain), no_origin(&chain)), (vec![2], vec![(TIN, Some(2))]));
}

#[test]
fn edges_tell_how_much_of_each_unit() {
    let chain = walk(&[made(3, Stage::Other, &[FISH], &[TIN]), pack(4, CRATE, &[TIN])], FISH, Direction::Down);
    let quantity = |hop: Option<&Hop>| hop.map(|hop| (hop.unit, hop.role, hop.quantity.clone())).unwrap();
    let ends: Vec<_> = chain.edges.iter().map(|edge| chain.ends(edge)).map(|(from, to)| (quantity(from), quantity(to))).collect();
    assert_eq!(
        ends,
        [
            ((FISH, Input, "3.11".to_owned()), (TIN, Output, "3.32".to_owned())),
            ((TIN, Content, "4.35".to_owned()), (CRATE, Container, "4.44".to_owned()))
        ]
    );
}

#[test]
fn holders_are_all_who_had_it_the_latest_first() {
    let sold = |time: i64, unit: u64, holder: &str| Record { holder: holder.to_owned(), ..seen(time, unit) };
    let records = [
        sold(1, FISH, "quay"),
        sold(2, FISH, "shop"),
        sold(3, FISH, "stall"),
        sold(4, FISH, "shop"),
        pack(5, CRATE, &[FISH]),
        sold(6, CRATE, "kitchen"),
        unpack(7, CRATE, &[]),
        sold(8, CRATE, "laundry"),
    ];
    let chain = walk(&records, FISH, Direction::Down);
    let held = chain.holders.iter().filter(|holder| holder.unit == FISH);
    let held: Vec<_> = held.map(|holder| (holder.holder.as_str(), holder.event_time, holder.within)).collect();
    assert_eq!(held, [("kitchen", 6, Some(CRATE)), ("shop", 4, None), ("stall", 3, None), ("quay", 1, None)]);
}

#[test]
fn silence_and_haste_stand_in_the_verdict() {
    let silent = Silent { node: "county-1".into(), why: "30 s passed".to_owned() };
    let mut hasty = Walk::new([TIN], Direction::Down, Limits::default());
    hasty.wanted();
    let missing = hasty.finish(vec![silent.clone()]).verdict.missing;
    assert_eq!(missing, [Missing::NodeSilent(silent), Missing::Limit(Reached::Unanswered { units: 1, records: 0 })]);
    assert_eq!(missing.iter().map(Missing::kind).collect::<Vec<_>>(), ["node_silent", "limit"]);
}

#[test]
fn a_depth_counts_by_the_shortest_way_to_each_record() {
    let records = [
        made(1, Stage::Other, &[FISH], &[TIN]),
        made(2, Stage::Other, &[TIN], &[BREAD]),
        pack(3, CRATE, &[BREAD]),
        made(7, Stage::Other, &[FISH], &[BREAD]),
    ];
    let limits = Limits { depth: Some(2), ..Limits::default() };
    let chain = in_rounds(&Store::of(&records), &[FISH], Direction::Down, limits);
    assert_eq!(
        chain.records.iter().map(|record| (record.record.record, record.distance)).collect::<Vec<_>>(),
        [(1, 0), (2, 1), (3, 2), (7, 0)]
    );
    assert_eq!(chain.verdict.missing, [Missing::Limit(Reached::Depth(2))], "the crate lies one step further");
}

#[test]
fn a_shorter_way_told_late_opens_the_whole_window() {
    let limits = Limits { depth: Some(2), ..Limits::default() };
    let early = [
        made(1, Stage::Other, &[FISH], &[TIN]),
        made(2, Stage::Other, &[TIN], &[BREAD]),
        pack(3, CRATE, &[BREAD]),
        made(7, Stage::Other, &[FISH], &[BREAD]),
    ];
    let late = Record { id: 20, ..made(2, Stage::Other, &[FISH], &[BREAD]) };
    let told = |unit: u64| late.hops().into_iter().filter(move |hop| hop.unit == unit);
    let mut walk = Walk::new([FISH], Direction::Down, limits);
    walk.feed(&[], told(BREAD));
    Store::of(&early).feed(&mut walk);
    walk.feed(&[], told(FISH));
    let all = Store::of(early.iter().chain([&late]));
    all.feed(&mut walk);
    let chain = walk.finish(Vec::new());
    assert_eq!(chain, in_rounds(&all, &[FISH], Direction::Down, limits));
    assert_eq!(chain.units.iter().find(|unit| unit.unit == CRATE).map(|unit| unit.distance), Some(2));
}

#[test]
fn too_many_neighbours_for_a_hop_are_read_from_the_record() {
    let many: Vec<u64> = (20..28).collect();
    let mut walk = Walk::new([FISH], Direction::Down, Limits::default());
    let store = Store::of(&[made(3, Stage::Other, &[FISH], &many)]);
    walk.feed(&[FISH], store.hops_of(&[FISH]));
    let wanted = walk.wanted();
    assert_eq!((wanted.units.len(), wanted.records.len()), (0, 1));
    walk.feed_record(&wanted.records[0], store.members_of(&wanted.records[0]).unwrap());
    assert_eq!(walk.wanted().units, many.iter().copied().filter(|unit| unit % 10 != 9).collect::<Vec<_>>());
}

#[test]
fn where_a_unit_was_packed_is_read_from_the_record_even_outside_of_the_window() {
    let into_three = |id: i64, unit: u64| {
        let parts = [(unit, Content), (20, Container), (21, Container), (22, Container)];
        Record { id, ..at(4, Stage::Other, Packing::Pack, &parts) }
    };
    let others = [into_three(40, FISH), into_three(41, CRATE)];
    let records = [pack(2, CRATE, &[FISH]), made(3, Stage::Other, &[FISH], &[TIN])];
    let store = Store::of(records.iter().chain(&others));
    let mut walk = Walk::new([TIN], Direction::Up, Limits::default());
    let mut wanted = walk.wanted();
    while !wanted.units.is_empty() {
        walk.feed(&wanted.units, store.hops_of(&wanted.units));
        wanted = walk.wanted();
    }
    assert_eq!(wanted.records, others.map(|record| record.record_ref()), "until when the fish, and the crate, lay where they lay");
}

#[test]
fn at_the_depth_a_carton_filled_before_is_asked_for_although_a_retracted_way_led_there_earlier() {
    let carried = pack(1, LORRY, &[FISH]);
    let baked = Record { id: 4, ..made(1, Stage::Other, &[FISH], &[BREAD]) };
    let mistaken = Record { retracted: true, ..made(1, Stage::Other, &[BREAD], &[CRATE]) };
    let filled = pack(2, CRATE, &[TIN]);
    let emptied_into = Record { id: 6, ..made(6, Stage::Other, &[LORRY], &[CRATE]) };
    let store = Store::of(&[carried, baked, Record { id: 3, ..mistaken }, filled, emptied_into]);
    let limits = Limits { depth: Some(2), ..Limits::default() };
    let expected = in_rounds(&store, &[FISH], Direction::Down, limits);
    assert!(numbers(&expected).contains(&2), "the tin lies in the crate when the lorry's fish comes in");

    // The mistake is heard of first, and taken back when the crate was looked at.
    let mut walk = Walk::new([FISH], Direction::Down, limits);
    let retractions = |hop: &Hop| hop.retracts != 0;
    let (taken_back, standing): (Vec<Hop>, Vec<Hop>) = store.hops.iter().cloned().partition(retractions);
    for hops in [standing, taken_back] {
        walk.feed(&[FISH, LORRY, BREAD, CRATE], hops.into_iter().filter(|hop| hop.unit != TIN));
        walk.wanted();
    }
    store.feed(&mut walk);
    assert_eq!(walk.finish(Vec::new()), expected);
}

#[test]
fn what_lies_in_a_container_is_read_where_it_does_not_list_what_it_was_packed_into() {
    let several = [(TIN, Container), (CRATE, Container), (LORRY, Container), (SPICE - 1, Content)];
    let records = [at(1, Stage::Other, Packing::Pack, &several), made(3, Stage::Other, &[FISH], &[CRATE])];
    assert_eq!(numbers(&walk(&records, FISH, Direction::Down)), [1, 3]);
}
