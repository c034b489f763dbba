//! The link to the parent, at the child: dials, says hello, and serves what the parent calls through the tunnels.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{mpsc, watch};
use tokio::time::Instant;
use tokio_util::sync::{CancellationToken, DropGuard};
use tonic::Status;
use tracemesh_access::Principal;
use tracemesh_chassis::auth::{PeerNode, Side};
use tracemesh_chassis::{Backoff, OnFailure, Runtime, Shutdown};
use tracemesh_peers::{Clients, Remote, Trust};
use tracemesh_proto::federation::v1::{ForkFound, HelloRequest, LinkChanged, LinkState};
use tracemesh_proto::time::timestamp;

use super::tunnel;
use crate::app::{Cause, Federation, VERSION};
use crate::domain::link::child::{ChildLink, Greeting, Input, Output};
use crate::domain::link::{Line, Purpose, State};
use crate::error::FederationError;
use crate::store;
use crate::store::parent::Parent;

const QUEUE: usize = 64;
const GREETING: Duration = Duration::from_secs(10);
/// How often to look whether the certificate is due, besides at every connection.
const LOOK: Duration = Duration::from_secs(3600);

/// The link to the parent as others see it. Cheap to clone.
#[derive(Clone, Default)]
pub struct Upward {
    view: Arc<Mutex<View>>,
    joined: watch::Sender<u64>,
    renewal: Arc<tokio::sync::Mutex<()>>,
}

#[derive(Default)]
struct View {
    state: Option<State>,
    /// Unix microseconds.
    last_seen: i64,
    questions: Option<(Line, Clients)>,
}

impl Upward {
    /// There is a parent now, or another certificate.
    pub fn refresh(&self) {
        self.joined.send_modify(|count| *count = count.wrapping_add(1));
    }

    /// Hears of a parent as soon as there is one.
    pub fn joined(&self) -> watch::Receiver<u64> {
        self.joined.subscribe()
    }

    /// An operator has approved another history of the parent.
    pub fn approved(&self) {
        self.view().state = Some(State::Away("its history was approved".into()));
        self.refresh();
    }

    /// What questions to the parent are asked with; none while it is away.
    pub fn questions(&self) -> Option<Clients> {
        self.view().questions.as_ref().map(|(_, clients)| clients.clone())
    }

    /// Of two who would have the certificate renewed, one waits and then finds it done.
    pub async fn renewal(&self) -> tokio::sync::MutexGuard<'_, ()> {
        self.renewal.lock().await
    }

    /// How the link is.
    pub fn link(&self, parent: &str) -> LinkState {
        let view = self.view();
        let state = view.state.clone().unwrap_or_else(|| State::Away("not dialled yet".into()));
        LinkState {
            node: parent.to_owned(),
            state: state.word().into(),
            detail: state.detail().into(),
            last_seen: (view.last_seen > 0).then(|| timestamp(view.last_seen)),
            ..LinkState::default()
        }
    }

    fn view(&self) -> MutexGuard<'_, View> {
        self.view.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What the driver is told.
pub enum Event {
    Dialled(Purpose, Line, Remote),
    Forked(Box<ForkFound>),
    Machine(Input),
}

pub(super) struct Up {
    pub federation: Federation,
    pub parent: Parent,
    pub events: mpsc::Sender<Event>,
    /// Connections under way.
    open: BTreeMap<Purpose, Open>,
    /// Followers under way; one that is dropped stops.
    pub followers: BTreeMap<Purpose, DropGuard>,
    /// What to journal if the machine now distrusts the parent.
    pub evidence: Option<ForkFound>,
    /// The word that the journal has of the link's state.
    pub journaled: &'static str,
    shutdown: Shutdown,
}

/// One connection; dropping it ends what runs over it.
struct Open {
    line: Line,
    remote: Option<Remote>,
    closed: CancellationToken,
    _guard: DropGuard,
}

/// Keeps the link to the parent, from when there is one.
pub fn spawn(federation: &Federation) {
    let federation = federation.clone();
    let tasks = federation.runtime.tasks().clone();
    tasks.spawn("federation.parent", OnFailure::Restart(Backoff::default()), move |shutdown| {
        let federation = federation.clone();
        async move {
            let mut joined = federation.upward.joined();
            let parent = loop {
                match store::parent::get(federation.db.read()).await? {
                    Some(parent) => break parent,
                    None => tokio::select! {
                        () = shutdown.requested() => return Ok(()),
                        _ = joined.changed() => {}
                    },
                }
            };
            Ok(run(federation, parent, joined, shutdown).await?)
        }
    });
}

async fn run(federation: Federation, parent: Parent, mut joined: watch::Receiver<u64>, shutdown: Shutdown) -> Result<(), FederationError> {
    let (events, mut queue) = mpsc::channel(QUEUE);
    let longest_pause = Duration::from_secs(federation.runtime.config().link.reconnect_max_s);
    let forked = Some(parent.forked.clone()).filter(|why| !why.is_empty());
    let mut link = ChildLink::new(VERSION, forked, longest_pause, rand::random());
    let mut up = Up {
        federation,
        parent,
        events,
        open: BTreeMap::new(),
        followers: BTreeMap::new(),
        evidence: None,
        journaled: link.state().word(),
        shutdown: shutdown.clone(),
    };
    up.federation.upward.view().state = Some(link.state().clone());
    let began = Instant::now();
    let mut input = Input::Tick;
    loop {
        for output in link.step(began.elapsed(), input) {
            up.perform(output).await?;
        }
        let pause = link.wakes_at().map_or(LOOK, |at| at.saturating_sub(began.elapsed()).min(LOOK));
        input = tokio::select! {
            () = shutdown.requested() => return Ok(()),
            _ = joined.changed() => up.refresh().await?,
            () = tokio::time::sleep(pause) => {
                up.renew();
                Input::Tick
            }
            Some(event) = queue.recv() => up.hear(event),
        };
    }
}

impl Up {
    async fn refresh(&mut self) -> Result<Input, FederationError> {
        let former = self.parent.history;
        if let Some(parent) = store::parent::get(self.federation.db.read()).await? {
            self.parent = parent;
        }
        Ok(if self.parent.history == former { Input::Refreshed } else { Input::Approved })
    }

    fn hear(&mut self, event: Event) -> Input {
        match event {
            Event::Dialled(purpose, line, remote) => {
                if let Some(open) = self.open.get_mut(&purpose).filter(|open| open.line == line) {
                    open.remote = Some(remote);
                }
                Input::Dialled(purpose, line)
            }
            Event::Forked(fork) => {
                let why = fork.why.clone();
                self.evidence = Some(*fork);
                Input::Forked(why)
            }
            Event::Machine(input) => {
                match &input {
                    Input::Lost(purpose, line, _) => self.close(*purpose, *line),
                    Input::Greeted(..) => self.federation.upward.view().last_seen = self.federation.now(),
                    _ => {}
                }
                input
            }
        }
    }

    async fn perform(&mut self, output: Output) -> Result<(), FederationError> {
        match output {
            Output::Dial(purpose, line) => self.dial(purpose, line),
            Output::Greet(purpose, line) => self.greet(purpose, line).await?,
            Output::Serve(purpose, line) => self.serve(purpose, line),
            Output::Follow(purpose, line) => self.follow(purpose, line),
            Output::Distrust(why) => self.distrust(why).await?,
            Output::Close(purpose, line) => self.close(purpose, line),
            Output::Became(state) => self.became(state).await?,
            Output::BackOff(..) => {}
        }
        Ok(())
    }

    fn dial(&mut self, purpose: Purpose, line: Line) {
        let closed = CancellationToken::new();
        let open = Open { line, remote: None, closed: closed.clone(), _guard: closed.clone().drop_guard() };
        self.open.insert(purpose, open);
        let (parent, events) = (self.parent.clone(), self.events.clone());
        self.once(format!("dialling {} ({purpose})", parent.node), closed, async move {
            let trust = Trust::Ca(parent.ca.clone());
            let event = match Remote::connect(&parent.url, &trust, Some(&parent.identity())).await {
                Ok(remote) => Event::Dialled(purpose, line, remote),
                Err(why) => Event::Machine(Input::Lost(purpose, line, why.to_string())),
            };
            drop(events.send(event).await);
        });
    }

    async fn greet(&self, purpose: Purpose, line: Line) -> Result<(), FederationError> {
        let journals = self.federation.uplinks.states().await?;
        let hello = HelloRequest { node: self.federation.node().to_owned(), version: VERSION.to_owned(), journals };
        let Some((remote, closed)) = self.line(purpose, line) else { return Ok(()) };
        let (events, federation) = (self.events.clone(), self.federation.clone());
        self.once(format!("greeting {} ({purpose})", self.parent.node), closed, async move {
            let input = match greeted(&federation, &remote, hello).await {
                Ok(greeting) => Input::Greeted(purpose, line, greeting),
                Err(why) => Input::Lost(purpose, line, why),
            };
            drop(events.send(Event::Machine(input)).await);
        });
        Ok(())
    }

    fn serve(&self, purpose: Purpose, line: Line) {
        let Some((remote, closed)) = self.line(purpose, line) else { return };
        self.federation.metrics.connected(&self.parent.node, purpose);
        if purpose == Purpose::Questions {
            self.federation.upward.view().questions = Some((line, remote.clients()));
            self.renew();
        }
        let peer = PeerNode { id: self.parent.node.clone(), fingerprint: self.parent.ca_fingerprint(), side: Side::Above };
        let (runtime, events) = (self.federation.runtime.clone(), self.events.clone());
        let served = async move {
            let why = serve_tunnel(&runtime, &remote, purpose, peer).await;
            drop(events.send(Event::Machine(Input::Lost(purpose, line, why))).await);
        };
        // At a stop it finishes by itself what the parent has begun.
        self.federation.runtime.tasks().once(format!("tunnel to {} ({purpose})", self.parent.node), async move {
            tokio::select! { () = closed.cancelled() => {}, () = served => {} }
            Ok(())
        });
    }

    fn close(&mut self, purpose: Purpose, line: Line) {
        if self.open.get(&purpose).is_some_and(|open| open.line == line) {
            self.open.remove(&purpose);
            self.followers.remove(&purpose);
        }
        let mut view = self.federation.upward.view();
        if purpose == Purpose::Questions && view.questions.as_ref().is_some_and(|(current, _)| *current == line) {
            view.questions = None;
        }
    }

    /// Has the certificate renewed, if it is due and the parent is there. The next connection shows the new one.
    fn renew(&self) {
        let Some(clients) = self.federation.upward.questions() else { return };
        let federation = self.federation.clone();
        self.once("renewal of the link's certificate".to_owned(), CancellationToken::new(), async move {
            match federation.renew_with(&clients).await {
                Ok(true) => federation.upward.refresh(),
                Ok(false) => {}
                Err(why) => tracing::warn!(%why, "the link's certificate could not be renewed yet"),
            }
        });
    }

    /// Shows the state, and journals it where it is another one: a parent that is away for a month for changing reasons is one entry.
    async fn became(&mut self, state: State) -> Result<(), FederationError> {
        let (word, detail) = (state.word(), state.detail().to_owned());
        self.federation.upward.view().state = Some(state);
        if word == self.journaled {
            return Ok(());
        }
        let link = LinkState { node: self.parent.node.clone(), state: word.into(), detail, ..LinkState::default() };
        let changed = LinkChanged { link: Some(link), fingerprint: String::new() };
        let tx = self.federation.db.begin().await?;
        self.federation.commit(tx, "link.state_changed", &Cause::by(&Principal::service("federation")), &changed).await?;
        self.journaled = word;
        Ok(())
    }

    pub fn line(&self, purpose: Purpose, line: Line) -> Option<(Remote, CancellationToken)> {
        let open = self.open.get(&purpose).filter(|open| open.line == line)?;
        Some((open.remote.clone()?, open.closed.clone()))
    }

    /// Work that ends with its connection, and with the process.
    pub fn once(&self, name: String, closed: CancellationToken, work: impl Future<Output = ()> + Send + 'static) {
        let shutdown = self.shutdown.clone();
        self.federation.runtime.tasks().once(name, async move {
            tokio::select! {
                () = shutdown.requested() => {}
                () = closed.cancelled() => {}
                () = work => {}
            }
            Ok(())
        });
    }
}

/// What the parent has answered, once this node has done what follows from it.
async fn greeted(federation: &Federation, remote: &Remote, hello: HelloRequest) -> Result<Greeting, String> {
    let answer = remote.clients().within(GREETING).link().hello(hello).await.map_err(|status| refused(&status))?.into_inner();
    federation.heed(&answer).await.map_err(|why| why.to_string())?;
    Ok(Greeting { node: answer.node, version: answer.version, quarantined: answer.quarantined })
}

/// Until the tunnel ends; why it did.
async fn serve_tunnel(runtime: &Runtime, remote: &Remote, purpose: Purpose, peer: PeerNode) -> String {
    let (requests, sender) = tunnel::child_requests(purpose);
    match remote.clients().link().tunnel(requests).await {
        Ok(answer) => {
            let ended = runtime.serve_tunnel(tunnel::child_end(answer.into_inner(), sender), peer).await;
            ended.err().map_or_else(|| "the parent has closed the connection".to_owned(), |why| why.to_string())
        }
        Err(status) => refused(&status),
    }
}

/// What a parent says when it does not want us, without the transport's words around it.
fn refused(status: &Status) -> String {
    format!("refused: {}", status.message())
}
