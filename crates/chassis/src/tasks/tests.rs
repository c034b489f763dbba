use std::sync::atomic::{AtomicU32, Ordering};

use tokio::sync::oneshot;

use super::*;

const SOON: Backoff = Backoff { first: Duration::from_millis(1), max: Duration::from_millis(4) };

#[tokio::test]
async fn a_failed_task_is_made_anew_until_it_succeeds() {
    let tasks = Tasks::new();
    let (runs, (done, finished)) = (Arc::new(AtomicU32::new(0)), oneshot::channel());
    let mut done = Some(done);
    tasks.spawn("follow quality", OnFailure::Restart(SOON), move |_| {
        let run = runs.fetch_add(1, Ordering::SeqCst);
        let done = (run == 2).then(|| done.take()).flatten();
        async move {
            match (run, done) {
                (0, _) => Err("the stream broke".into()),
                (1, _) => panic!("an index was out of bounds"),
                (_, done) => {
                    let _ = done.map(|done| done.send(run));
                    Ok(())
                }
            }
        }
    });
    assert_eq!(finished.await.unwrap(), 2);
    assert_eq!(tasks.drain(Duration::from_secs(5)).await, Ok(()));
    assert_eq!(tasks.snapshot()["follow quality"], TaskState::Finished);
}

#[tokio::test]
async fn a_task_between_two_attempts_says_why() {
    let tasks = Tasks::new();
    let hour = Duration::from_secs(3600);
    let failing = OnFailure::Restart(Backoff { first: hour, max: hour });
    tasks.spawn("follow", failing, |_| async { Err("no such journal".into()) });
    tokio::task::yield_now().await;
    assert_eq!(tasks.snapshot()["follow"], TaskState::Restarting { failures: 1, why: "no such journal".into() });
    assert_eq!(tasks.drain(Duration::from_secs(5)).await, Ok(()), "a pause is no reason to wait");
}

#[tokio::test]
async fn a_task_without_which_the_process_is_of_no_use_stops_it() {
    let tasks = Tasks::new();
    tasks.spawn("http", OnFailure::StopProcess, |_| async { Err("the socket is gone".into()) });
    tasks.shutdown().requested().await;
    let unclean = tasks.drain(Duration::from_secs(5)).await.unwrap_err();
    assert_eq!(unclean.to_string(), "task http failed: the socket is gone");
}

#[tokio::test]
async fn a_drain_waits_for_work_that_has_begun() {
    let tasks = Tasks::new();
    let (shutdown, (done, finished)) = (tasks.shutdown(), oneshot::channel());
    tasks.once("an upload", async move {
        shutdown.requested().await;
        tokio::task::yield_now().await;
        let _ = done.send(());
        Ok(())
    });
    assert_eq!(tasks.drain(Duration::from_secs(5)).await, Ok(()));
    finished.await.expect("the upload was waited for");
}

#[tokio::test]
async fn what_hangs_is_dropped_at_the_deadline_and_named() {
    let tasks = Tasks::new();
    let (held, dropped) = oneshot::channel::<()>();
    let mut held = Some(held);
    tasks.spawn("deaf", OnFailure::Restart(SOON), move |_| {
        let held = held.take();
        async move {
            let _held = held;
            std::future::pending().await
        }
    });
    let unclean = tasks.drain(Duration::from_millis(20)).await.unwrap_err();
    assert_eq!(unclean.to_string(), "tasks did not end in time and were dropped: deaf");
    dropped.await.expect_err("the task was dropped with what it held");
}

#[test]
fn the_pause_doubles_up_to_its_limit() {
    let backoff = Backoff { first: Duration::from_millis(200), max: Duration::from_secs(30) };
    let pauses: Vec<u128> = [1, 2, 3, 9, 100].map(|failures| pause(backoff, failures).as_millis()).to_vec();
    assert_eq!(pauses, [200, 400, 800, 30_000, 30_000]);
}
