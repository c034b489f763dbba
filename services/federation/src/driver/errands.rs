//! What takes long at another node, for the driver of a child: each errand goes out by itself and comes home as an event.

use std::future::Future;
use std::iter::once;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::mpsc;
use tokio_util::sync::{CancellationToken, DropGuard};
use tonic::Status;
use tracemesh_chassis::Shutdown;
use tracemesh_chassis::telemetry::context;
use tracemesh_journal::{FollowError, Follower};
use tracemesh_keeper::Traced;
use tracemesh_peers::{Clients, Remote};
use tracemesh_proto::federation::v1::HelloRequest;

use super::ENTRIES_AT_ONCE;
use super::children::{Desk, Event, follower_name};
use super::inbox::{Inbox, News};
use super::proofs::{self, Proof};
use super::pulls::{self, Fetched};
use crate::app::batch::Written;
use crate::app::{Federation, VERSION};
use crate::domain::link::parent::{Input, Listed, Verdict};
use crate::domain::link::{Line, Month, Purpose, Tree};
use crate::followers::uplink::UplinkHandler;
use crate::store::held::Held;

/// For the first word through a new tunnel.
const GREETING: Duration = Duration::from_secs(10);
/// For each call.
const PATIENCE: Duration = Duration::from_secs(30);

/// What an errand brings home.
pub enum Done {
    Greeted(Purpose, Line, Clients),
    Proof(Box<Proof>),
    Listed(Option<Vec<Listed>>),
    Fetched(Month, Option<Box<Fetched>>),
    Kept(Month, bool),
}

pub struct Errands {
    pub federation: Federation,
    pub child: String,
    pub desk: Desk,
    pub events: mpsc::Sender<Event>,
    pub shutdown: Shutdown,
}

impl Errands {
    /// The first word through a tunnel, and afterwards the watch over its end: in one task, so that the end is never told before the beginning.
    pub fn greet(&self, purpose: Purpose, remote: Remote, closed: CancellationToken) {
        let line = Line(self.desk.next_line.fetch_add(1, Ordering::Relaxed));
        let (events, node) = (self.events.clone(), self.federation.node().to_owned());
        let gone = move |why: String| Event::Machine(Input::Lost(purpose, line, why));
        self.once(format!("greeting of {} ({purpose})", self.child), async move {
            let clients = remote.clients();
            let hello = HelloRequest { node, version: VERSION.to_owned(), journals: Vec::new() };
            let answer = clients.clone().within(GREETING).link().hello(hello).await;
            drop(remote);
            if let Err(status) = answer {
                return drop(events.send(gone(status.message().to_owned())).await);
            }
            // The driver is there as long as the process.
            let _ = events.send(Event::Done(Done::Greeted(purpose, line, clients))).await;
            closed.cancelled().await;
            let _ = events.send(gone("the connection has closed".to_owned())).await;
        });
    }

    /// Follows an uplink for as long as the guard is kept.
    pub fn follow(&self, purpose: Purpose, line: Line, clients: &Clients, history: u64, inbox: &Arc<Inbox>) -> DropGuard {
        let journal = purpose.uplink(&self.child).unwrap_or_default();
        let mut follower = Follower::new(&follower_name(history), &journal, clients.journal("federation"), &self.federation.db);
        follower.pace.entries = ENTRIES_AT_ONCE;
        let handler = UplinkHandler {
            federation: self.federation.clone(),
            child: self.child.clone(),
            history,
            purpose,
            line,
            inbox: inbox.clone(),
            learned: News::default(),
            written: Written::default(),
        };
        let mut handler = Traced::new("federation.follow.uplink", handler);
        let (stop, events) = (CancellationToken::new(), self.events.clone());
        let guard = stop.clone().drop_guard();
        self.once(format!("follower of {journal}"), async move {
            match follower.run(&mut handler, stop.cancelled()).await {
                // Told through the inbox, with its evidence.
                Err(FollowError::Fork(_)) => {}
                _ => drop(events.send(Event::Machine(Input::Stopped(purpose, line))).await),
            }
        });
        guard
    }

    /// Has it proven that a journal continues what is held of it; there is no proof where nothing is known of the journal.
    pub fn prove(&self, journal: String, asked: Tree, held: Option<Held>) {
        let unanswered = Proof { journal, asked: asked.clone(), verdict: Verdict::Unanswered, proven: None, offered: None, fork: None };
        let (questions, child) = (self.questions(), self.child.clone());
        self.errand("proof", async move {
            let (Some(clients), Some(held)) = (questions, held) else { return Done::Proof(Box::new(unanswered)) };
            Done::Proof(Box::new(proofs::prove(&clients, &child, held, asked).await))
        });
    }

    /// The child's months that it may speak for, beside those that we keep.
    pub fn list(&self) {
        let own = self.federation.peers.as_service().within(PATIENCE);
        let (questions, federation, child) = (self.questions(), self.federation.clone(), self.child.clone());
        self.errand("list of months", async move {
            let Some(clients) = questions else { return Done::Listed(None) };
            let listed = pulls::list(&clients, &own, &child).await.map_err(log("the months of", &child)).ok();
            let may_speak = |listed: &Listed| speaks_for(&federation, &child, &listed.month.origin);
            Done::Listed(listed.map(|listed| listed.into_iter().filter(may_speak).collect()))
        });
    }

    /// The figures of a month, with a checkpoint that covers them, in the trace of who changed it.
    pub fn pull(&self, month: Month, cause: String) {
        let (questions, child) = (self.questions(), self.child.clone());
        self.errand("pull of figures", async move {
            let Some(clients) = questions else { return Done::Fetched(month, None) };
            let open = || tracing::info_span!("pull", otel.name = "federation.pull", child, month = month.month);
            let fetched = context::on_behalf_of(once(cause.as_str()), open, pulls::fetch(&clients, &child, &month)).await;
            Done::Fetched(month, fetched.map_err(log("figures of", &child)).ok().map(Box::new))
        });
    }

    /// Hands figures to our own analytics.
    pub fn keep(&self, month: Month, document: Option<Bytes>, cause: String) {
        let (own, child) = (self.federation.peers.as_service().within(PATIENCE), self.child.clone());
        self.errand("keeping of figures", async move {
            let open = || tracing::info_span!("keep", otel.name = "federation.keep", child, month = month.month);
            let taken = match document {
                Some(document) => context::on_behalf_of(once(cause.as_str()), open, pulls::keep(&own, &child, document)).await,
                None => false,
            };
            Done::Kept(month, taken)
        });
    }

    fn questions(&self) -> Option<Clients> {
        self.desk.lines().get(Purpose::Questions).map(|(_, clients)| clients.within(PATIENCE))
    }

    fn errand(&self, what: &str, work: impl Future<Output = Done> + Send + 'static) {
        let events = self.events.clone();
        self.once(format!("{what} at {}", self.child), async move { drop(events.send(Event::Done(work.await)).await) });
    }

    /// A stop does not wait for what another node has to say.
    fn once(&self, name: String, work: impl Future<Output = ()> + Send + 'static) {
        let shutdown = self.shutdown.clone();
        self.federation.runtime.tasks().once(name, async move {
            tokio::select! { () = shutdown.requested() => {}, () = work => {} }
            Ok(())
        });
    }
}

/// A child speaks for itself and for those below it: not for us, nor for another child of ours that is there to speak for itself.
pub fn speaks_for(federation: &Federation, child: &str, origin: &str) -> bool {
    origin == child || (origin != federation.node() && !federation.children.is_connected(origin))
}

fn log<'a>(what: &'static str, child: &'a str) -> impl FnOnce(Status) -> Status + 'a {
    move |status| {
        tracing::warn!(child, %status, "{what} a child cannot be had");
        status
    }
}
