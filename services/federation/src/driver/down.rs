//! The link to one child, at the parent: feeds the machine and does what it says.
//!
//! What takes long (a proof, a pull) is an errand of its own that comes back as an event; what is written is written here, before anything else is
//! heard. If that fails the driver fails, and its restart reads from the tables where it stands.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::mpsc;
use tokio::time::Instant;
use tokio_util::sync::{CancellationToken, DropGuard};
use tonic::Status;
use tracemesh_access::Principal;
use tracemesh_chassis::Shutdown;
use tracemesh_journal::{Checkpoint, FollowError, Follower};
use tracemesh_peers::{Clients, Remote};
use tracemesh_proto::federation::v1::{ForkFound, HelloRequest, LinkChanged, LinkState};

use super::children::{Desk, Event, follower_name};
use super::inbox::{Inbox, News};
use super::proofs::{self, Proof};
use super::pulls::{self, Fetched};
use crate::app::{Cause, Federation, VERSION};
use crate::domain::link::parent::{Cursor, Input, Listed, Memory, Output, ParentLink, Verdict};
use crate::domain::link::{Line, Month, Purpose, State, Tree};
use crate::error::FederationError;
use crate::followers::uplink::{UplinkHandler, tree};
use crate::store;

/// For the first word through a new tunnel.
const GREETING: Duration = Duration::from_secs(10);
/// For each call of an errand.
const ERRAND: Duration = Duration::from_secs(30);

/// What an errand brings home.
pub enum Done {
    Greeted(Purpose, Line, Clients),
    Proof(Proof),
    Listed(Option<Vec<Listed>>),
    Fetched(Month, Option<Fetched>),
    Kept(Month, bool),
}

pub struct Down {
    federation: Federation,
    child: String,
    desk: Desk,
    events: mpsc::Sender<Event>,
    inbox: Arc<Inbox>,
    /// Followers under way; one that is dropped stops.
    followers: BTreeMap<Purpose, (Line, DropGuard)>,
    /// Figures that have come and are not kept yet.
    fetched: BTreeMap<Month, Bytes>,
    /// The last proof that succeeded: proven, and what it has answered.
    proven: Option<(Checkpoint, Option<Checkpoint>)>,
    /// What to journal if the machine now quarantines.
    evidence: Option<ForkFound>,
    /// The word that the child's row and the journal have of the link's state.
    journaled: String,
    shutdown: Shutdown,
}

impl Down {
    pub fn new(federation: Federation, child: String, desk: Desk, events: mpsc::Sender<Event>) -> Self {
        let shutdown = federation.runtime.shutdown();
        Self {
            federation,
            child,
            desk,
            events,
            inbox: Arc::default(),
            followers: BTreeMap::new(),
            fetched: BTreeMap::new(),
            proven: None,
            evidence: None,
            journaled: String::new(),
            shutdown,
        }
    }

    /// Until the stop, or the first thing that cannot be written.
    pub async fn run(mut self, queue: &mut mpsc::Receiver<Event>, shutdown: Shutdown) -> Result<(), FederationError> {
        let began = Instant::now();
        let mut link = self.begin().await?;
        loop {
            self.desk.behind.store(link.behind() as i64, Ordering::Relaxed);
            let wakes = link.wakes_at(began.elapsed());
            let inputs = tokio::select! {
                () = shutdown.requested() => return Ok(()),
                () = until(began, wakes) => vec![Input::Tick],
                news = self.inbox.take() => self.read(news),
                event = queue.recv() => match event {
                    Some(Event::Approved) => {
                        link = self.begin().await?;
                        vec![Input::Tick]
                    }
                    Some(event) => self.hear(event).await?,
                    None => return Ok(()),
                },
            };
            for input in inputs {
                for output in link.step(began.elapsed(), input) {
                    self.perform(output).await?;
                }
            }
        }
    }

    /// A machine that knows what the tables know, and no connection: the child comes again.
    async fn begin(&mut self) -> Result<ParentLink, FederationError> {
        self.followers.clear();
        self.fetched.clear();
        self.inbox = Arc::default();
        *self.desk.lines() = Default::default();
        let link = ParentLink::new(self.memory().await?, rand::random());
        self.became(link.state().clone()).await?;
        Ok(link)
    }

    async fn memory(&mut self) -> Result<Memory, FederationError> {
        let db = self.federation.db.read();
        let child = store::children::get(db, &self.child).await?;
        let child = child.ok_or_else(|| FederationError::NoChild(self.child.clone()))?;
        self.journaled.clone_from(&child.state);
        let mut memory = Memory { quarantined: (child.state == "quarantined").then_some(child.detail), ..Memory::default() };
        for purpose in [Purpose::Urgent, Purpose::Bulk] {
            let journal = purpose.uplink(&self.child).unwrap_or_default();
            let cursor = tracemesh_journal::cursor(db, &follower_name(child.history), &journal).await?;
            memory.cursors.insert(purpose, Cursor { epoch: cursor.epoch, seq: cursor.seq });
        }
        for held in store::held::all(db, &self.child).await? {
            held.checkpoint.iter().for_each(|checkpoint| drop(memory.held.insert(held.journal.clone(), tree(checkpoint))));
            held.offered.iter().for_each(|offered| drop(memory.offered.insert(held.journal.clone(), tree(offered))));
        }
        Ok(memory)
    }

    /// What followers have left.
    fn read(&mut self, mut news: News) -> Vec<Input> {
        self.seen();
        if news.said {
            self.federation.children.changed();
        }
        news.hints.retain(|month, _| self.speaks_for(&month.origin));
        let fork = news.fork.take();
        let mut inputs = news.inputs();
        if let Some(fork) = fork {
            inputs.push(Input::Forked(fork.why.clone()));
            self.evidence = Some(fork);
        }
        inputs
    }

    async fn hear(&mut self, event: Event) -> Result<Vec<Input>, FederationError> {
        match event {
            Event::Opened { purpose, remote, closed } => {
                self.greet(purpose, remote, closed);
                Ok(Vec::new())
            }
            Event::Machine(Input::Lost(purpose, line, why)) => {
                self.close(purpose, line);
                Ok(vec![Input::Lost(purpose, line, why)])
            }
            Event::Machine(input) => Ok(vec![input]),
            Event::Done(done) => self.come_home(done).await,
            // The machine was made anew before.
            Event::Approved => Ok(Vec::new()),
        }
    }

    async fn come_home(&mut self, done: Done) -> Result<Vec<Input>, FederationError> {
        self.seen();
        let input = match done {
            Done::Greeted(purpose, line, clients) => {
                self.desk.lines().open(purpose, line, clients);
                Input::Connected(purpose, line)
            }
            Done::Proof(Proof { journal, asked, verdict, proven, offered, fork }) => {
                self.proven = proven.map(|proven| (proven, offered));
                self.evidence = fork;
                Input::Proven(journal, asked, verdict)
            }
            Done::Listed(listed) => Input::Listed(listed),
            Done::Fetched(month, Some(Fetched { document, pulled, state })) => {
                let tx = self.federation.db.begin().await?;
                store::held::offer(&tx, &self.child, &state).await?;
                tx.commit().await?;
                self.fetched.insert(month.clone(), document);
                Input::Pulled(month, Some(pulled))
            }
            Done::Fetched(month, None) => Input::Pulled(month, None),
            Done::Kept(month, taken) => Input::Kept(month, taken),
        };
        Ok(vec![input])
    }

    async fn perform(&mut self, output: Output) -> Result<(), FederationError> {
        match output {
            Output::Follow(purpose, line, _) => self.follow(purpose, line).await?,
            Output::Prove { journal, offered, .. } => self.prove(journal, offered).await?,
            Output::Hold(..) => self.hold().await?,
            Output::List => self.list(),
            Output::Pull(month) => self.pull(month),
            Output::Keep(month) => self.keep(month),
            Output::Quarantine(why) => self.quarantine(why).await?,
            Output::Close(purpose, line) => self.close(purpose, line),
            Output::Became(state) => self.became(state).await?,
            Output::BackOff(_) => {}
        }
        Ok(())
    }

    /// The first word through a tunnel, and afterwards the watch over its end.
    fn greet(&self, purpose: Purpose, remote: Remote, closed: CancellationToken) {
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

    async fn follow(&mut self, purpose: Purpose, line: Line) -> Result<(), FederationError> {
        let Some((_, clients)) = self.desk.lines().get(purpose).filter(|(current, _)| *current == line) else { return Ok(()) };
        let child = store::children::get(self.federation.db.read(), &self.child).await?;
        let name = follower_name(child.map_or(1, |child| child.history));
        let journal = purpose.uplink(&self.child).unwrap_or_default();
        let follower = Follower::new(&name, &journal, clients.journal("federation"), &self.federation.db);
        let mut handler = UplinkHandler {
            federation: self.federation.clone(),
            child: self.child.clone(),
            purpose,
            line,
            inbox: self.inbox.clone(),
            learned: News::default(),
        };
        let (stop, events) = (CancellationToken::new(), self.events.clone());
        self.followers.insert(purpose, (line, stop.clone().drop_guard()));
        self.once(format!("follower of {journal}"), async move {
            match follower.run(&mut handler, stop.cancelled()).await {
                // Told through the inbox, with its evidence.
                Err(FollowError::Fork(_)) => {}
                _ => drop(events.send(Event::Machine(Input::Stopped(purpose, line))).await),
            }
        });
        Ok(())
    }

    async fn prove(&self, journal: String, asked: Tree) -> Result<(), FederationError> {
        let held = store::held::get(self.federation.db.read(), &self.child, &journal).await?;
        let unanswered = Proof { journal, asked: asked.clone(), verdict: Verdict::Unanswered, proven: None, offered: None, fork: None };
        let child = self.child.clone();
        let questions = self.questions();
        self.errand("proof", async move {
            let (Some(clients), Some(held)) = (questions, held) else { return Done::Proof(unanswered) };
            Done::Proof(proofs::prove(&clients, &child, held, asked).await)
        });
        Ok(())
    }

    async fn hold(&mut self) -> Result<(), FederationError> {
        let Some((proven, offered)) = self.proven.take() else { return Ok(()) };
        let tx = self.federation.db.begin().await?;
        store::held::hold(&tx, &self.child, &proven, &offered.unwrap_or_default()).await?;
        Ok(tx.commit().await?)
    }

    fn list(&self) {
        let own = self.federation.peers.as_service();
        let questions = self.questions();
        let (federation, child) = (self.federation.clone(), self.child.clone());
        self.errand("list of months", async move {
            let Some(clients) = questions else { return Done::Listed(None) };
            let listed = pulls::list(&clients, &own).await.map_err(log("the months of", &child)).ok();
            let speaks = |listed: &Listed| speaks_for(&federation, &child, &listed.month.origin);
            Done::Listed(listed.map(|listed| listed.into_iter().filter(speaks).collect()))
        });
    }

    fn pull(&self, month: Month) {
        let questions = self.questions();
        let child = self.child.clone();
        self.errand("pull of figures", async move {
            let Some(clients) = questions else { return Done::Fetched(month, None) };
            let fetched = pulls::fetch(&clients, &child, &month).await.map_err(log("figures of", &child)).ok();
            Done::Fetched(month, fetched)
        });
    }

    fn keep(&mut self, month: Month) {
        let document = self.fetched.remove(&month);
        let (own, child) = (self.federation.peers.as_service().within(ERRAND), self.child.clone());
        self.errand("keeping of figures", async move {
            let taken = match document {
                Some(document) => pulls::keep(&own, &child, document).await,
                None => false,
            };
            Done::Kept(month, taken)
        });
    }

    async fn quarantine(&mut self, why: String) -> Result<(), FederationError> {
        let fork = self.evidence.take().unwrap_or_else(|| ForkFound { child: self.child.clone(), why: why.clone(), ..Default::default() });
        tracing::error!(child = self.child, journal = fork.journal, why, "its history does not agree: nothing more is taken from it");
        let tx = self.federation.db.begin().await?;
        store::children::set_state(&tx, &self.child, "quarantined", &why, self.last_seen()).await?;
        self.federation.commit(tx, "link.fork", &Cause::by(&Principal::service("federation")), &fork).await?;
        self.journaled = "quarantined".to_owned();
        Ok(())
    }

    /// Shows the state, and stores and journals it where it is another one. That of a quarantine was, with the fork's evidence.
    async fn became(&mut self, state: State) -> Result<(), FederationError> {
        let (word, detail) = (state.word(), state.detail().to_owned());
        *self.desk.state() = state;
        self.federation.children.changed();
        if word == self.journaled {
            return Ok(());
        }
        let tx = self.federation.db.begin().await?;
        store::children::set_state(&tx, &self.child, word, &detail, self.last_seen()).await?;
        let link = LinkState { node: self.child.clone(), state: word.into(), detail, ..LinkState::default() };
        let changed = LinkChanged { link: Some(link), fingerprint: String::new() };
        self.federation.commit(tx, "link.state_changed", &Cause::by(&Principal::service("federation")), &changed).await?;
        self.journaled = word.to_owned();
        Ok(())
    }

    fn close(&mut self, purpose: Purpose, line: Line) {
        self.desk.lines().close(purpose, line);
        if self.followers.get(&purpose).is_some_and(|(followed, _)| *followed == line) {
            self.followers.remove(&purpose);
        }
    }

    fn speaks_for(&self, origin: &str) -> bool {
        speaks_for(&self.federation, &self.child, origin)
    }

    fn questions(&self) -> Option<Clients> {
        self.desk.lines().get(Purpose::Questions).map(|(_, clients)| clients.within(ERRAND))
    }

    fn seen(&self) {
        self.desk.last_seen.store(self.federation.now(), Ordering::Relaxed);
    }

    fn last_seen(&self) -> i64 {
        self.desk.last_seen.load(Ordering::Relaxed)
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
fn speaks_for(federation: &Federation, child: &str, origin: &str) -> bool {
    origin == child || (origin != federation.node() && !federation.children.is_connected(origin))
}

fn log<'a>(what: &'static str, child: &'a str) -> impl FnOnce(Status) -> Status + 'a {
    move |status| {
        tracing::warn!(child, %status, "{what} a child cannot be had");
        status
    }
}

async fn until(began: Instant, moment: Option<Duration>) {
    match moment {
        Some(moment) => tokio::time::sleep_until(began + moment).await,
        None => std::future::pending().await,
    }
}
