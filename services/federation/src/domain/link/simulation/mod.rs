//! A parent and two children in one thread, with a network that loses, delays and reorders, nodes that crash, clocks that run apart, and for one
//! child a database that is set back to an older copy. Everything is drawn from one seed.
//!
//! After the last fault the world is left alone. Then the parent must hold exactly what each child holds, each entry applied once, and a child is
//! quarantined if and only if its history does not continue what the parent had seen of it. After the operator's approval that child, too, must
//! be equal again.
//!
//! `TRACEMESH_SIMULATION_SEEDS=100000` runs more schedules; `TRACEMESH_SIMULATION_SEED=7` replays one and prints its log.

mod check;
mod drivers;
mod faults;
mod ledger;
mod network;
mod processes;
mod wires;
mod world;

use std::time::Duration;

use self::world::World;

const SEEDS: u64 = 60;
const FAULTS: Duration = Duration::from_secs(900);
/// Longer than the longest pause on the slowest clock, and shorter than what makes up for a lost hint by itself.
const HEALING: Duration = Duration::from_secs(290);

/// Says which seed to replay, if the test dies with it.
struct Replay(u64);

impl Drop for Replay {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("replay with TRACEMESH_SIMULATION_SEED={}", self.0);
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "how many schedules a test tries is chosen where it is run")]
fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}

/// What a run has seen: without all of it the test would prove little.
#[derive(Default)]
struct Seen {
    quarantined: u64,
    crashes: u64,
    broken: u64,
}

fn run(seed: u64, print: bool) -> (Seen, u64) {
    let _replay = Replay(seed);
    let mut world = World::new(seed, print);
    world.run_for(FAULTS);
    world.heal();
    world.run_for(HEALING);
    let quarantined = world.check();
    for child in &quarantined {
        world.resync(*child);
    }
    world.run_for(HEALING);
    assert_eq!(world.check(), Vec::<usize>::new(), "a child is quarantined after approval");
    let (crashes, broken) = (world.crashes, world.broken);
    (Seen { quarantined: quarantined.len() as u64, crashes, broken }, world.log_hash())
}

#[test]
fn after_every_schedule_of_faults_the_parent_holds_what_its_children_hold() {
    if let Some(seed) = number("TRACEMESH_SIMULATION_SEED") {
        run(seed, true);
        return;
    }
    let (mut all, seeds) = (Seen::default(), number("TRACEMESH_SIMULATION_SEEDS").unwrap_or(SEEDS));
    for seed in 0..seeds {
        let (seen, _) = run(seed, false);
        all.quarantined += seen.quarantined;
        all.crashes += seen.crashes;
        all.broken += seen.broken;
    }
    let Seen { quarantined, crashes, broken } = all;
    let tame = format!("{quarantined} quarantines, {crashes} crashes and {broken} broken connections in {seeds} schedules");
    assert!(quarantined * 6 > seeds && crashes > 8 * seeds && broken > 16 * seeds, "the schedules are too tame: {tame}");
}

#[test]
fn the_same_seed_is_the_same_schedule() {
    assert_eq!(run(11, false).1, run(11, false).1);
    assert_ne!(run(11, false).1, run(12, false).1);
}
