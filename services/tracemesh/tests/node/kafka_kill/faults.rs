//! A test that has never seen a bug may be unable to: each of the seeded ones must be found, and nothing where there is none. On PostgreSQL,
//! where commits overlap; SQLite's single writer hides one of them.

use tracemesh_testkit::Place;

use super::scenario::{Plan, run};

/// Nearly every one meets the bug; the naive cursor needs none.
const KILLS: usize = 5;

async fn wrong(fault: Option<&str>) -> Vec<String> {
    let plan = Plan { kills: KILLS, ..Plan::of_the_environment() };
    let wrong = run(&Place::postgres().await, &plan, fault).await;
    println!("{fault:?} is found by: {}", wrong.join("\n    "));
    wrong
}

macro_rules! found {
    ($($fault:ident),+ $(,)?) => {
        $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $fault() {
            assert!(!wrong(Some(stringify!($fault))).await.is_empty(), "nobody noticed");
        })+
    };
}

found!(offset_before_rows, offset_after_rows, dedupe_off, naive_cursor, ack_before_commit);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn none() {
    assert_eq!(wrong(None).await, [""; 0]);
}
