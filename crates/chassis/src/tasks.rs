//! Background tasks with names: what runs, what its failure means, and how it ends.
//!
//! Every task of a process is started here and nowhere else (`tokio::spawn` is banned elsewhere), so that `/readyz` can list them, a
//! failure is logged once with its name, and a stop waits for all of them. A task that returns `Ok` has finished; one that returns an
//! error or panics has failed, and its [`OnFailure`] says what follows. There is no way to start a task that nobody waits for.

use std::collections::BTreeMap;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use futures::FutureExt;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Why a task failed; `?` turns any error into it.
pub type TaskError = Box<dyn std::error::Error + Send + Sync>;

/// What a failure of the task means for the process.
#[derive(Clone, Copy, Debug)]
pub enum OnFailure {
    /// The task is made anew after a pause that doubles up to a limit: followers, pollers, whatever only waits for somebody else.
    Restart(Backoff),
    /// Without this task the process is of no use: it stops, and its supervisor starts it again.
    StopProcess,
}

/// The pause before a restart: `first`, doubled after each failure, at most `max`; a run longer than `max` starts from `first` again.
#[derive(Clone, Copy, Debug)]
pub struct Backoff {
    /// After the first failure.
    pub first: Duration,
    /// Never longer than this.
    pub max: Duration,
}

impl Default for Backoff {
    fn default() -> Backoff {
        Backoff { first: Duration::from_millis(200), max: Duration::from_secs(30) }
    }
}

/// The order to stop. Clones hear the same order.
#[derive(Clone, Debug, Default)]
pub struct Shutdown(CancellationToken);

impl Shutdown {
    /// Waits until the process is asked to stop.
    pub async fn requested(&self) {
        self.0.cancelled().await;
    }

    /// Whether it has been asked already.
    pub fn is_requested(&self) -> bool {
        self.0.is_cancelled()
    }

    /// Asks everybody to stop.
    pub fn request(&self) {
        self.0.cancel();
    }
}

/// What a task is doing, as `/readyz` shows it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum TaskState {
    /// It runs.
    Running,
    /// It failed, and starts again after a pause.
    Restarting {
        /// Failures since it last ran for long.
        failures: u32,
        /// The last error.
        why: String,
    },
    /// It returned without an error.
    Finished,
    /// It failed and will not be started again.
    Failed {
        /// The error.
        why: String,
    },
}

/// The tasks of one process. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Tasks {
    tracker: TaskTracker,
    shutdown: Shutdown,
    aborted: CancellationToken,
    states: Arc<Mutex<BTreeMap<String, TaskState>>>,
}

impl Tasks {
    /// No tasks yet.
    pub fn new() -> Tasks {
        Tasks::default()
    }

    /// The order to stop that all tasks here listen to.
    pub fn shutdown(&self) -> Shutdown {
        self.shutdown.clone()
    }

    /// Starts a supervised task: `make` makes its future, and makes it again for a restart. The future should end soon after the
    /// [`Shutdown`] that it is given is requested; at the end of the drain it is dropped where it stands.
    pub fn spawn<F, T>(&self, name: impl Into<String>, on_failure: OnFailure, make: F)
    where
        F: FnMut(Shutdown) -> T + Send + 'static,
        T: Future<Output = Result<(), TaskError>> + Send + 'static,
    {
        let name = name.into();
        self.set(&name, TaskState::Running);
        let tasks = self.clone();
        self.track(async move { tasks.supervise(name, on_failure, make).await });
    }

    /// Starts one piece of work that concerns nobody else, such as a connection or an upload: a failure is logged under its name, and a
    /// stop waits for it. Its state is not listed.
    pub fn once<T>(&self, name: impl Into<String>, work: T)
    where
        T: Future<Output = Result<(), TaskError>> + Send + 'static,
    {
        let name = name.into();
        self.track(async move {
            if let Err(why) = outcome(work).await {
                tracing::debug!(task = name, why = %why, "task failed");
            }
        });
    }

    /// The state of every supervised task, by name.
    pub fn snapshot(&self) -> BTreeMap<String, TaskState> {
        self.states().clone()
    }

    /// Requests the shutdown, waits for every task, and after `deadline` drops those that are left.
    pub async fn drain(&self, deadline: Duration) -> Result<(), Unclean> {
        self.shutdown.request();
        self.tracker.close();
        let in_time = tokio::time::timeout(deadline, self.tracker.wait()).await.is_ok();
        let unclean = Unclean::of(self.snapshot(), !in_time);
        self.aborted.cancel();
        self.tracker.wait().await;
        unclean.map_or(Ok(()), Err)
    }

    #[expect(clippy::disallowed_methods, reason = "the one place that starts tasks")]
    fn track(&self, work: impl Future<Output = ()> + Send + 'static) {
        let aborted = self.aborted.clone();
        tokio::spawn(self.tracker.track_future(async move {
            tokio::select! { () = aborted.cancelled() => (), () = work => () }
        }));
    }

    async fn supervise<F, T>(&self, name: String, on_failure: OnFailure, mut make: F)
    where
        F: FnMut(Shutdown) -> T,
        T: Future<Output = Result<(), TaskError>>,
    {
        let mut failures = 0;
        loop {
            let started = tokio::time::Instant::now();
            let Err(why) = outcome(make(self.shutdown())).await else {
                return self.set(&name, TaskState::Finished);
            };
            if self.shutdown.is_requested() {
                tracing::debug!(task = name, why, "task ended by the stop");
                return self.set(&name, TaskState::Finished);
            }
            let OnFailure::Restart(backoff) = on_failure else {
                tracing::error!(task = name, why, "task failed: the process stops");
                self.set(&name, TaskState::Failed { why });
                return self.shutdown.request();
            };
            failures = if started.elapsed() > backoff.max { 1 } else { failures + 1 };
            tracing::warn!(task = name, failures, why, "task failed and is restarted");
            self.set(&name, TaskState::Restarting { failures, why });
            tokio::select! {
                () = self.shutdown.requested() => return self.set(&name, TaskState::Finished),
                () = tokio::time::sleep(pause(backoff, failures)) => self.set(&name, TaskState::Running),
            }
        }
    }

    fn set(&self, name: &str, state: TaskState) {
        self.states().insert(name.to_owned(), state);
    }

    fn states(&self) -> MutexGuard<'_, BTreeMap<String, TaskState>> {
        self.states.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// hyper starts the work of each HTTP/2 stream here, so that a stop waits for it.
impl<T> hyper::rt::Executor<T> for Tasks
where
    T: Future<Output = ()> + Send + 'static,
{
    fn execute(&self, work: T) {
        self.track(work);
    }
}

/// A process that did not end as it should.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.text())]
pub struct Unclean {
    /// Tasks that failed for good, with their errors: one of them may be why the process stopped.
    pub failed: Vec<(String, String)>,
    /// Supervised tasks that did not end in time and were dropped where they stood.
    pub running: Vec<String>,
    /// Whether the drain ran out of time; with nothing in `running`, calls or single pieces of work were left.
    pub late: bool,
}

impl Unclean {
    fn of(states: BTreeMap<String, TaskState>, late: bool) -> Option<Unclean> {
        let (mut failed, mut running) = (Vec::new(), Vec::new());
        for (name, state) in states {
            match state {
                TaskState::Failed { why } => failed.push((name, why)),
                TaskState::Running => running.push(name),
                TaskState::Restarting { .. } | TaskState::Finished => (),
            }
        }
        (late || !failed.is_empty()).then_some(Unclean { failed, running, late })
    }

    fn text(&self) -> String {
        let failed = self.failed.iter().map(|(name, why)| format!("task {name} failed: {why}"));
        let late = self.late.then(|| match self.running.as_slice() {
            [] => "calls did not end in time and were dropped".to_owned(),
            running => format!("tasks did not end in time and were dropped: {}", running.join(", ")),
        });
        failed.chain(late).collect::<Vec<_>>().join("; ")
    }
}

/// Runs the future to its end; a panic is a failure like any other, with its message.
async fn outcome(work: impl Future<Output = Result<(), TaskError>>) -> Result<(), String> {
    match AssertUnwindSafe(work).catch_unwind().await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) => Err(error.to_string()),
        Err(panic) => Err(format!("panicked: {}", panic_message(panic.as_ref()))),
    }
}

pub(crate) fn panic_message(panic: &(dyn std::any::Any + Send)) -> &str {
    panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("no message")
}

fn pause(backoff: Backoff, failures: u32) -> Duration {
    backoff.first.saturating_mul(2u32.saturating_pow(failures.saturating_sub(1))).min(backoff.max)
}

#[cfg(test)]
mod tests;
