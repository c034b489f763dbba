//! G1, G2 and the border: a node that is killed with `kill -9` while records stream in through Kafka and through gRPC. Whatever dies, every
//! message ends in exactly one state, every effect happens once, and every receipt that anybody saw is true.
//!
//! The gate kills twice; `TRACEMESH_KILLS=20 TRACEMESH_KILL_RECORDS=100000` is a night's run. Every run prints its seed, and
//! `TRACEMESH_KILL_SEED` runs it again. With the feature `faults`, the same run must find each of the bugs that are seeded then.

#[path = "kafka_kill/evidence.rs"]
mod evidence;
#[cfg(feature = "faults")]
#[path = "kafka_kill/faults.rs"]
mod faults;
#[path = "kafka_kill/load.rs"]
mod load;
#[path = "kafka_kill/scenario.rs"]
mod scenario;

use tracemesh_testkit::{Place, on_both};

use self::scenario::{Plan, run};

on_both!(nothing_is_lost_and_nothing_happens_twice);

async fn nothing_is_lost_and_nothing_happens_twice(place: Place) {
    let wrong = run(&place, &Plan::of_the_environment(), None).await;
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
