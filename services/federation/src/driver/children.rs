//! The children of this node as they are now: one driver for each, and what others may know of it.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;
use tracemesh_chassis::{Backoff, OnFailure};
use tracemesh_peers::{Clients, Remote};
use tracemesh_proto::journal::v1::JournalState;

use super::down::Down;
use super::errands::Done;
use crate::app::Federation;
use crate::domain::link::{Line, Purpose, State, parent};

/// Events of one child that wait for its driver.
const QUEUE: usize = 256;

/// Cheap to clone; all clones see the same moment.
#[derive(Clone, Default)]
pub struct Children {
    desks: Arc<RwLock<BTreeMap<String, Desk>>>,
    /// Changes whenever a link does.
    changes: watch::Sender<u64>,
}

/// What a driver and the rest of the gateway share about one child.
#[derive(Clone)]
pub struct Desk {
    events: mpsc::Sender<Event>,
    state: Arc<Mutex<State>>,
    pub behind: Arc<AtomicI64>,
    /// When nothing lay behind last, in unix microseconds.
    pub up_to_date_at: Arc<AtomicI64>,
    /// Unix microseconds.
    pub last_seen: Arc<AtomicI64>,
    /// Numbers of connections, over restarts of the driver.
    pub next_line: Arc<AtomicU64>,
    lines: Arc<Mutex<Lines>>,
}

/// The open connections of a child, with what the parent calls through them.
#[derive(Default)]
pub struct Lines([Option<(Line, Clients)>; 3]);

/// What a driver is told.
pub enum Event {
    /// The child has opened a tunnel.
    Opened {
        purpose: Purpose,
        remote: Remote,
        closed: CancellationToken,
    },
    Machine(parent::Input),
    /// From one of the driver's own errands.
    Done(Done),
    /// An operator has approved the child's history.
    Approved,
    /// An operator has taken the child's place away.
    Revoked,
}

/// A child as others see it.
#[derive(Clone, Debug)]
pub struct View {
    pub state: State,
    pub behind: u64,
    /// Unix microseconds; 0 = not since this process began.
    pub last_seen: i64,
}

/// Which follower reads a child's uplinks. Another history is another follower, so that the cursor in the former one stays as evidence.
pub fn follower_name(history: u64) -> String {
    format!("history-{history}")
}

impl Children {
    /// Starts the driver of an enrolled child, if it does not run yet.
    pub fn ensure(&self, federation: &Federation, child: &str) {
        let mut desks = self.desks.write().unwrap_or_else(PoisonError::into_inner);
        if desks.contains_key(child) {
            return;
        }
        let (events, queue) = mpsc::channel(QUEUE);
        let desk = Desk {
            events: events.clone(),
            state: Arc::new(Mutex::new(State::Away("has not connected".into()))),
            behind: Arc::default(),
            up_to_date_at: Arc::new(AtomicI64::new(federation.now())),
            last_seen: Arc::default(),
            next_line: Arc::default(),
            lines: Arc::default(),
        };
        desks.insert(child.to_owned(), desk.clone());
        let queue = Arc::new(tokio::sync::Mutex::new(queue));
        let (federation, child) = (federation.clone(), child.to_owned());
        let tasks = federation.runtime.tasks().clone();
        tasks.spawn(format!("federation.child.{child}"), OnFailure::Restart(Backoff::default()), move |shutdown| {
            let down = Down::new(federation.clone(), child.clone(), desk.clone(), events.clone());
            let queue = queue.clone();
            async move { Ok(down.run(&mut *queue.lock().await, shutdown).await?) }
        });
    }

    pub fn names(&self) -> Vec<String> {
        self.desks.read().unwrap_or_else(PoisonError::into_inner).keys().cloned().collect()
    }

    pub fn is_empty(&self) -> bool {
        self.names().is_empty()
    }

    pub fn view(&self, child: &str) -> Option<View> {
        let desk = self.desk(child)?;
        let state = desk.state().clone();
        let behind = desk.behind.load(Ordering::Relaxed).try_into().unwrap_or_default();
        Some(View { state, behind, last_seen: desk.last_seen.load(Ordering::Relaxed) })
    }

    pub fn is_connected(&self, child: &str) -> bool {
        self.view(child).is_some_and(|view| view.state == State::Connected)
    }

    /// How long each child has had something to say that was not read, in microseconds; one that is not connected may have.
    pub fn lags(&self, now: i64) -> Vec<(String, i64)> {
        let desks = self.desks.read().unwrap_or_else(PoisonError::into_inner);
        desks.iter().map(|(child, desk)| (child.clone(), desk.lag(now))).collect()
    }

    /// What questions to a child are asked with.
    pub fn questions(&self, child: &str) -> Option<Clients> {
        self.desk(child)?.lines().get(Purpose::Questions).map(|(_, clients)| clients)
    }

    /// Hears of every change of a link.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    /// Says that a link has changed.
    pub fn changed(&self) {
        self.changes.send_modify(|count| *count = count.wrapping_add(1));
    }

    /// The child has said hello, and how far its uplinks go.
    pub fn greeted(&self, child: &str, journals: &[JournalState]) {
        let Some(desk) = self.desk(child) else { return };
        for purpose in [Purpose::Urgent, Purpose::Bulk] {
            let name = purpose.uplink(child);
            let state = journals.iter().find(|state| Some(&state.journal) == name.as_ref());
            if let Some(end) = state.and_then(|state| state.checkpoint.as_ref()).map(|checkpoint| checkpoint.seq) {
                // Shown, not acted on: it may get lost.
                let _ = desk.events.try_send(Event::Machine(parent::Input::Ends(purpose, end)));
            }
        }
    }

    /// Hands a tunnel to the child's driver; whether there is one.
    pub async fn opened(&self, child: &str, purpose: Purpose, remote: Remote, closed: CancellationToken) -> bool {
        self.tell(child, Event::Opened { purpose, remote, closed }).await
    }

    /// An operator has approved the child's history.
    pub async fn approved(&self, child: &str) {
        self.tell(child, Event::Approved).await;
    }

    /// An operator has taken the child's place away: its driver ends, and with it the connections.
    pub async fn dismiss(&self, child: &str) {
        self.tell(child, Event::Revoked).await;
        self.desks.write().unwrap_or_else(PoisonError::into_inner).remove(child);
        self.changed();
    }

    async fn tell(&self, child: &str, event: Event) -> bool {
        let Some(desk) = self.desk(child) else { return false };
        desk.events.send(event).await.is_ok()
    }

    fn desk(&self, child: &str) -> Option<Desk> {
        self.desks.read().unwrap_or_else(PoisonError::into_inner).get(child).cloned()
    }
}

impl Desk {
    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn lag(&self, now: i64) -> i64 {
        let is_up_to_date = *self.state() == State::Connected && self.behind.load(Ordering::Relaxed) == 0;
        if is_up_to_date { 0 } else { now - self.up_to_date_at.load(Ordering::Relaxed) }
    }

    pub fn lines(&self) -> MutexGuard<'_, Lines> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Lines {
    pub fn get(&self, purpose: Purpose) -> Option<(Line, Clients)> {
        self.0[purpose as usize].clone()
    }

    pub fn open(&mut self, purpose: Purpose, line: Line, clients: Clients) {
        self.0[purpose as usize] = Some((line, clients));
    }

    /// Closes a connection, if it still is the current one.
    pub fn close(&mut self, purpose: Purpose, line: Line) {
        let slot = &mut self.0[purpose as usize];
        if slot.as_ref().is_some_and(|(current, _)| *current == line) {
            *slot = None;
        }
    }
}
