//! Large chains, in the shapes that would show quadratic behaviour: a hundred thousand records where the build is optimised.
//! `cargo test --release -- --nocapture scale` prints what they take, in processor time, because machines are shared.

use std::time::Duration;

use tracemesh_lineage::{
    Assumptions, Case, Chain, Direction, Establishments, Granularity, Hop, Limits, Measured, Mixing, Neighbours, Packing, Parties, Place,
    Reading, RecordRef, Role, Stage, Walk, outbreak, scope,
};

const RECORDS: u64 = if cfg!(debug_assertions) { 20_000 } else { 100_000 };
const BOUND: Duration = Duration::from_secs(10);

fn hop(unit: u64, time: u64, role: Role, packing: Packing, neighbours: Vec<u64>) -> Hop {
    Hop {
        node: "here".into(),
        unit,
        event_time: time as i64,
        role,
        packing,
        stage: if time == 0 { Stage::Produce } else { Stage::Other },
        granularity: Granularity::Batch,
        record: time as i64 + 1,
        retracts: 0,
        area: "370600".to_owned(),
        category: "FOOD".to_owned(),
        holder: format!("holder-{}", time % 100),
        quantity: "12.5".to_owned(),
        measure: "kg".to_owned(),
        neighbours: Neighbours::Listed(neighbours),
    }
}

/// Processor time of this thread; where the system does not tell, nothing is measured.
fn processor_time() -> Duration {
    let spent = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    Duration::from_nanos(spent.split(' ').next().and_then(|nanos| nanos.parse().ok()).unwrap_or_default())
}

/// Feeds in rounds, each unit's hops from where they stand in `by_unit`.
fn walk(name: &str, by_unit: &mut [Vec<Hop>], start: u64, direction: Direction) -> Chain {
    let begun = processor_time();
    let mut walk = Walk::new([start], direction, Limits::default());
    let mut rounds = 0;
    loop {
        let wanted = walk.wanted();
        if wanted.is_empty() {
            break;
        }
        rounds += 1;
        walk.feed(&wanted.units, wanted.units.iter().flat_map(|unit| std::mem::take(&mut by_unit[*unit as usize])));
    }
    let fed = processor_time() - begun;
    let chain = walk.finish(Vec::new());
    let (took, records) = (processor_time() - begun, chain.records.len());
    println!("{name}: {records} records, {} edges, {rounds} rounds, {took:?} ({fed:?} until it wanted no more)", chain.edges.len());
    assert!(took < BOUND, "{name} took {took:?}");
    chain
}

fn by_unit(units: u64, hops: impl IntoIterator<Item = Hop>) -> Vec<Vec<Hop>> {
    let mut by_unit = vec![Vec::new(); units as usize];
    hops.into_iter().for_each(|hop| by_unit[hop.unit as usize].push(hop));
    by_unit
}

/// One unit made into the next: as many rounds as records.
#[test]
fn scale_line() {
    let step = |n: u64| {
        let output = hop(n, n, Role::Output, Packing::None, if n == 0 { vec![] } else { vec![n - 1] });
        let input = (n > 0).then(|| hop(n - 1, n, Role::Input, Packing::None, vec![n]));
        [Some(output), input].into_iter().flatten()
    };
    let mut hops = by_unit(RECORDS, (0..RECORDS).flat_map(step));
    let chain = walk("line", &mut hops, RECORDS - 1, Direction::Up);
    assert_eq!((chain.records.len(), chain.verdict.complete), (RECORDS as usize, true));
}

/// One batch sold again and again, each time into a batch of its own.
#[test]
fn scale_hub() {
    let sale = |n: u64| [hop(0, n, Role::Input, Packing::None, vec![n]), hop(n, n, Role::Output, Packing::None, vec![0])];
    let mut hops = by_unit(RECORDS + 1, (1..=RECORDS).flat_map(sale));
    let chain = walk("hub", &mut hops, 0, Direction::Both);
    assert_eq!((chain.records.len(), chain.edges.len()), (RECORDS as usize, RECORDS as usize));
}

/// One crate packed and unpacked for its whole life, everything in it made from one batch.
#[test]
fn scale_crate() {
    let crate_key = 0;
    let trip = |n: u64| {
        let (unit, time) = (n + 1, 2 * n + 2);
        [
            hop(RECORDS, time, Role::Input, Packing::None, vec![unit]),
            hop(unit, time, Role::Output, Packing::None, vec![RECORDS]),
            hop(unit, time, Role::Content, Packing::Pack, vec![crate_key]),
            hop(crate_key, time, Role::Container, Packing::Pack, vec![unit]),
            hop(unit, time + 1, Role::Content, Packing::Unpack, vec![crate_key]),
            hop(crate_key, time + 1, Role::Container, Packing::Unpack, vec![unit]),
        ]
    };
    let trips = RECORDS / 2;
    let mut hops = by_unit(RECORDS + 1, (0..trips).flat_map(trip));
    let chain = walk("crate", &mut hops, RECORDS, Direction::Down);
    assert_eq!(chain.records.len(), RECORDS as usize);
}

/// A silo drawn from by every unit of a line, later for units further back, so that its window widens with every step; and each time some
/// of it is packed into a crate of its own.
#[test]
fn scale_widening() {
    let (silo, steps, end) = (0, RECORDS / 3, 10 * RECORDS);
    let draw = |n: u64| {
        let crate_key = steps + n + 1;
        [
            hop(n, end - n, Role::Output, Packing::None, vec![n + 1]),
            hop(n + 1, end - n, Role::Input, Packing::None, vec![n]),
            hop(n, 2 * n, Role::Output, Packing::None, vec![silo]),
            hop(silo, 2 * n, Role::Input, Packing::None, vec![n]),
            hop(silo, 2 * n - 1, Role::Content, Packing::Pack, vec![crate_key]),
            hop(crate_key, 2 * n - 1, Role::Container, Packing::Pack, vec![silo]),
        ]
    };
    let mut hops = by_unit(2 * steps + 2, (1..=steps).flat_map(draw));
    let chain = walk("widening", &mut hops, 1, Direction::Up);
    assert_eq!((chain.records.len(), chain.units.len()), (3 * steps as usize, 2 * steps as usize + 2));
}

/// A harvest and a tree of sales below it, a hundred buyers to a seller.
#[test]
fn scale_recall() {
    let sale = |n: u64| {
        let from = (n.max(1) - 1) / 100;
        let output = hop(n, n, Role::Output, Packing::None, if n == 0 { vec![] } else { vec![from] });
        let input = (n > 0).then(|| hop(from, n, Role::Input, Packing::None, vec![n]));
        let (stage, holder) = (if n == 0 { Stage::Produce } else { Stage::Wholesale }, format!("holder-{n}"));
        [Some(output), input].into_iter().flatten().map(move |hop| Hop { stage, holder: holder.clone(), ..hop })
    };
    let mut hops = by_unit(RECORDS, (0..RECORDS).flat_map(sale));
    let chain = walk("recall", &mut hops, 0, Direction::Down);
    let begun = processor_time();
    let scope = scope(&chain, &Twelve);
    println!("scope: {} holdings, {:?}", scope.holdings.len(), processor_time() - begun);
    assert_eq!((scope.holdings.len(), scope.totals.units), (RECORDS as usize, RECORDS as usize));
}

/// Stages of a thousand batches, each mixed of three of the stage before; twenty cases of the last; and then everybody mixes everything for a while.
#[test]
fn scale_outbreak() {
    let making = |n: u64| {
        let (stage, place) = (n / 1_000, n % 1_000);
        let of_last = |place: u64| (stage - 1) * 1_000 + place % 1_000;
        let inputs = if stage == 0 { vec![] } else { vec![of_last(place), of_last(place * 7 + 1), of_last(place * 13 + 5)] };
        let into = inputs.clone().into_iter().map(move |input| hop(input, n, Role::Input, Packing::None, vec![n]));
        into.chain([hop(n, n, Role::Output, Packing::None, inputs)])
    };
    let mut hops = by_unit(RECORDS, (0..RECORDS).flat_map(making));
    let chain = walk("outbreak", &mut hops, RECORDS - 1, Direction::Up);
    let cases: Vec<Case> =
        (0..20).map(|n| Case { places: vec![Place::Unit(chain.units[chain.units.len() - 1 - n].unit)], weight: 1 }).collect();
    for (name, mixing) in [("as recorded", None), ("mixing", Some(Mixing { at: Establishments::All, within: Some(500) }))] {
        let begun = processor_time();
        let found = outbreak(&chain, &Twelve, &cases, &Assumptions { mixing, ..Assumptions::default() });
        let took = processor_time() - begun;
        println!("scores, {name}: {} units, {} subjects, {took:?}", found.units.len(), found.subjects.len());
        assert!(found.units.len() > chain.units.len() / 2 && took < BOUND, "{name} took {took:?}");
    }
}

/// Twelve and a half of whatever there is.
struct Twelve;

impl Reading for Twelve {
    fn measured<'a>(&'a self, hop: &'a Hop) -> Option<Measured<'a>> {
        Some(Measured { billionths: 12_500_000_000, measure: &hop.measure })
    }

    fn parties(&self, _: &RecordRef) -> Parties<'_> {
        Parties::default()
    }
}
