//! Large chains, in the shapes that would show quadratic behaviour: a hundred thousand records where the build is optimised.
//! `cargo test --release -- --nocapture scale` prints what they take, in processor time, because machines are shared.

use std::time::Duration;

use tracemesh_lineage::{Chain, Direction, Granularity, Hop, Limits, Neighbours, Packing, Role, Stage, Walk};

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
