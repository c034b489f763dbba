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
use tokio_util::sync::DropGuard;
use tracemesh_access::Principal;
use tracemesh_chassis::Shutdown;
use tracemesh_journal::Checkpoint;
use tracemesh_proto::federation::v1::{ForkFound, LinkChanged, LinkState};

use super::children::{Desk, Event, follower_name};
use super::errands::{Done, Errands, speaks_for};
use super::inbox::{Inbox, News};
use super::proofs::Proof;
use super::pulls::Fetched;
use crate::app::{Cause, Federation};
use crate::domain::link::parent::{Cursor, Input, Memory, Output, ParentLink};
use crate::domain::link::{Line, Month, Purpose, State};
use crate::error::FederationError;
use crate::followers::uplink::tree;
use crate::store;

pub struct Down {
    federation: Federation,
    child: String,
    desk: Desk,
    errands: Errands,
    inbox: Arc<Inbox>,
    /// Which of its histories is followed.
    history: u64,
    /// Followers under way; one that is dropped stops.
    followers: BTreeMap<Purpose, (Line, DropGuard)>,
    /// Figures that have come and are not kept yet.
    fetched: BTreeMap<Month, Bytes>,
    /// The traces of months that have changed and are not kept yet.
    causes: BTreeMap<Month, String>,
    /// The last proof that succeeded: proven, and what it has answered.
    proven: Option<(Checkpoint, Option<Checkpoint>)>,
    /// What to journal if the machine now quarantines.
    evidence: Option<ForkFound>,
    /// The word that the child's row and the journal have of the link's state.
    journaled: String,
}

impl Down {
    pub fn new(federation: Federation, child: String, desk: Desk, events: mpsc::Sender<Event>) -> Self {
        let shutdown = federation.runtime.shutdown();
        let errands = Errands { federation: federation.clone(), child: child.clone(), desk: desk.clone(), events, shutdown };
        Self {
            federation,
            child,
            desk,
            errands,
            inbox: Arc::default(),
            history: 1,
            followers: BTreeMap::new(),
            fetched: BTreeMap::new(),
            causes: BTreeMap::new(),
            proven: None,
            evidence: None,
            journaled: String::new(),
        }
    }

    /// Until the stop, or the first thing that cannot be written.
    pub async fn run(mut self, queue: &mut mpsc::Receiver<Event>, shutdown: Shutdown) -> Result<(), FederationError> {
        let began = Instant::now();
        let mut link = self.begin().await?;
        loop {
            self.show(&link);
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
                    Some(Event::Revoked) | None => {
                        *self.desk.lines() = Default::default();
                        return Ok(());
                    }
                    Some(event) => self.hear(event).await?,
                },
            };
            for input in inputs {
                for output in link.step(began.elapsed(), input) {
                    self.perform(output).await?;
                }
            }
        }
    }

    fn show(&self, link: &ParentLink) {
        self.desk.behind.store(link.behind() as i64, Ordering::Relaxed);
        if link.behind() == 0 && *link.state() == State::Connected {
            self.desk.up_to_date_at.store(self.federation.now(), Ordering::Relaxed);
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
        self.history = child.history;
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
        news.hints.retain(|month, _| speaks_for(&self.federation, &self.child, &month.origin));
        self.causes.extend(news.hints.iter().map(|(month, hint)| (month.clone(), hint.cause.clone())));
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
                self.errands.greet(purpose, remote, closed);
                Ok(Vec::new())
            }
            Event::Machine(Input::Lost(purpose, line, why)) => {
                self.close(purpose, line);
                Ok(vec![Input::Lost(purpose, line, why)])
            }
            Event::Machine(input) => Ok(vec![input]),
            Event::Done(done) => self.come_home(done).await,
            // The machine was made anew before, or is no more.
            Event::Approved | Event::Revoked => Ok(Vec::new()),
        }
    }

    async fn come_home(&mut self, done: Done) -> Result<Vec<Input>, FederationError> {
        self.seen();
        let input = match done {
            Done::Greeted(purpose, line, clients) => {
                self.desk.lines().open(purpose, line, clients);
                self.federation.metrics.connected(&self.child, purpose);
                Input::Connected(purpose, line)
            }
            Done::Proof(proof) => {
                let Proof { journal, asked, verdict, proven, offered, fork } = *proof;
                self.proven = proven.map(|proven| (proven, offered));
                self.evidence = fork;
                Input::Proven(journal, asked, verdict)
            }
            Done::Listed(listed) => Input::Listed(listed),
            Done::Fetched(month, Some(fetched)) => {
                let Fetched { document, pulled, state } = *fetched;
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
            Output::Follow(purpose, line, _) => self.follow(purpose, line),
            Output::Prove { journal, offered, .. } => {
                let held = store::held::get(self.federation.db.read(), &self.child, &journal).await?;
                self.errands.prove(journal, offered, held);
            }
            Output::Hold(..) => self.hold().await?,
            Output::List => self.errands.list(),
            Output::Pull(month) => {
                let cause = self.causes.get(&month).cloned().unwrap_or_default();
                self.errands.pull(month, cause);
            }
            Output::Keep(month) => {
                let (document, cause) = (self.fetched.remove(&month), self.causes.remove(&month).unwrap_or_default());
                self.errands.keep(month, document, cause);
            }
            Output::Quarantine(why) => self.quarantine(why).await?,
            Output::Close(purpose, line) => self.close(purpose, line),
            Output::Became(state) => self.became(state).await?,
            Output::BackOff(_) => {}
        }
        Ok(())
    }

    fn follow(&mut self, purpose: Purpose, line: Line) {
        let open = self.desk.lines().get(purpose).filter(|(current, _)| *current == line);
        if let Some((_, clients)) = open {
            let guard = self.errands.follow(purpose, line, &clients, self.history, &self.inbox);
            self.followers.insert(purpose, (line, guard));
        }
    }

    async fn hold(&mut self) -> Result<(), FederationError> {
        let Some((proven, offered)) = self.proven.take() else { return Ok(()) };
        let tx = self.federation.db.begin().await?;
        store::held::hold(&tx, &self.child, &proven, &offered.unwrap_or_default()).await?;
        Ok(tx.commit().await?)
    }

    async fn quarantine(&mut self, why: String) -> Result<(), FederationError> {
        let fork = self.evidence.take().unwrap_or_else(|| ForkFound { child: self.child.clone(), why: why.clone(), ..Default::default() });
        tracing::error!(child = self.child, journal = fork.journal, why, "its history does not agree: nothing more is taken from it");
        let tx = self.federation.db.begin().await?;
        store::children::set_state(&tx, &self.child, "quarantined", &why, self.last_seen()).await?;
        self.federation.commit(tx, "link.fork", &Cause::by(&Principal::service("federation")), &fork).await?;
        self.journaled = "quarantined".to_owned();
        self.federation.metrics.quarantined(&self.child);
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

    fn seen(&self) {
        self.desk.last_seen.store(self.federation.now(), Ordering::Relaxed);
    }

    fn last_seen(&self) -> i64 {
        self.desk.last_seen.load(Ordering::Relaxed)
    }
}

async fn until(began: Instant, moment: Option<Duration>) {
    match moment {
        Some(moment) => tokio::time::sleep_until(began + moment).await,
        None => std::future::pending().await,
    }
}
