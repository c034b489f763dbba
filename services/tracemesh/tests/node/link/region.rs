//! A parent and two children, each a process with its folder, and what can be done to them.

use std::net::SocketAddr;

use tempfile::TempDir;
use tokio::task::{JoinSet, spawn_blocking};
use tracemesh_proto::federation::v1::{CreateInvitationRequest, GetLinkStatusRequest, JoinParentRequest, LinkState};

use super::schedule::{Fault, Kind};
use super::wire::Wire;
use crate::kill::{intake, sender};
use crate::ledger::Ledger;
use crate::process::{CONFIGURATION, Node, eventually};
use crate::senders::Sender;

/// Batches of each provider around one fault.
const BATCHES: usize = 2;

pub struct Region {
    parent: Parent,
    pub children: Vec<Child>,
}

/// Its folder outlives its process.
enum Parent {
    There(Node),
    Away(TempDir),
}

pub struct Child {
    pub id: &'static str,
    node: Option<Node>,
    wire: Wire,
    is_cut: bool,
    pub provider: Option<Provider>,
}

/// Who sends to a child, and what it knows.
pub struct Provider {
    sender: Sender,
    pub ledger: Ledger,
}

impl Region {
    /// Three nodes, enrolled.
    pub async fn start() -> Region {
        let started = [("fujian", "PROVINCE", "350000"), ("xiamen", "CITY", "350200"), ("fuzhou", "CITY", "350100")]
            .map(|(id, tier, area)| spawn_blocking(move || Node::start_in(founded(id, tier, area))));
        let [parent, xiamen, fuzhou] = started;
        let parent = parent.await.unwrap();
        let mut children = Vec::new();
        for (id, area, node) in [("xiamen", "350200", xiamen), ("fuzhou", "350100", fuzhou)] {
            let child = Child { id, node: Some(node.await.unwrap()), wire: Wire::new().await, is_cut: false, provider: None };
            child.wire.lead(Some(address(&parent)));
            child.join(&parent, area).await;
            children.push(child);
        }
        for child in &mut children {
            let sender = sender(child.node(), child.id).await;
            child.provider = Some(Provider { sender, ledger: Ledger { provider: child.id.into(), ..Ledger::default() } });
        }
        Region { parent: Parent::There(parent), children }
    }

    pub fn parent(&self) -> &Node {
        match &self.parent {
            Parent::There(node) => node,
            Parent::Away(_) => panic!("the parent is away"),
        }
    }

    /// A fault in the middle of what providers send; comes back when all of that has its receipts.
    pub async fn suffer(&mut self, fault: Fault) {
        let first = self.children[0].node().operator().await;
        let before = intake(&first).await.submissions;
        let mut sending = self.send(&[0, 1]);
        eventually("something is taken", async || (intake(&first).await.submissions >= before + fault.after).then_some(())).await;
        self.bring_about(fault.kind).await;
        self.sent(&mut sending).await;
    }

    /// Lets the providers of these children send some more.
    pub async fn take_more(&mut self, children: &[usize]) {
        let mut sending = self.send(children);
        self.sent(&mut sending).await;
    }

    /// After the last fault: every wire leads to a parent that is there.
    pub async fn heal(&mut self) {
        if matches!(self.parent, Parent::Away(_)) {
            self.bring_about(Kind::ParentComes).await;
        }
        for child in 0..self.children.len() {
            if self.children[child].is_cut {
                self.bring_about(Kind::Mend(child)).await;
            }
        }
    }

    async fn bring_about(&mut self, kind: Kind) {
        match kind {
            Kind::Cut(child) => self.children[child].is_cut = true,
            Kind::Mend(child) => self.children[child].is_cut = false,
            Kind::Crash(child) => self.children[child].start_again(Node::kill).await,
            Kind::Restart(child) => self.children[child].start_again(Node::stop).await,
            Kind::LoseParent | Kind::ParentComes => self.parent.turn().await,
        }
        let parent = match &self.parent {
            Parent::There(node) => Some(address(node)),
            Parent::Away(_) => None,
        };
        for child in &self.children {
            child.wire.lead(parent.filter(|_| !child.is_cut));
        }
    }

    /// Takes the providers away while they send.
    fn send(&mut self, children: &[usize]) -> JoinSet<(usize, Provider)> {
        let mut sending = JoinSet::new();
        for &number in children {
            let mut provider = self.children[number].provider.take().expect("nobody is sending");
            sending.spawn(async move {
                for _ in 0..BATCHES {
                    provider.sender.stream_batch(&mut provider.ledger).await;
                }
                (number, provider)
            });
        }
        sending
    }

    async fn sent(&mut self, sending: &mut JoinSet<(usize, Provider)>) {
        while let Some(sent) = sending.join_next().await {
            let (number, provider) = sent.unwrap();
            self.children[number].provider = Some(provider);
        }
    }
}

impl Parent {
    /// Dies, or comes back.
    async fn turn(&mut self) {
        let folder = tempfile::tempdir().unwrap();
        *self = match std::mem::replace(self, Parent::Away(folder)) {
            Parent::There(node) => Parent::Away(node.kill()),
            Parent::Away(folder) => Parent::There(spawn_blocking(move || Node::start_in(folder)).await.unwrap()),
        };
    }
}

impl Child {
    pub fn node(&self) -> &Node {
        self.node.as_ref().expect("children are always started again")
    }

    pub fn ledger(&mut self) -> &mut Ledger {
        &mut self.provider.as_mut().expect("nobody is sending").ledger
    }

    /// On the files that are left when it has ended in this way, or on what is made of them.
    pub async fn start_again(&mut self, end: impl FnOnce(Node) -> TempDir + Send + 'static) {
        let node = self.node.take().expect("children are always started again");
        self.node = Some(spawn_blocking(move || Node::start_in(end(node))).await.unwrap());
    }

    async fn join(&self, parent: &Node, area: &str) {
        let request = CreateInvitationRequest { node: self.id.into(), area: area.into(), categories: Vec::new() };
        let code = parent.operator().await.federation().create_invitation(request).await.unwrap().into_inner().code;
        let request = JoinParentRequest { url: format!("https://{}", self.wire.address), code };
        self.node().operator().await.federation().join_parent(request).await.unwrap();
    }
}

/// A folder with a configuration in which nothing waits long.
pub fn founded(id: &str, tier: &str, area: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let configuration = format!(
        "[node]\nid = \"{id}\"\ntier = \"{tier}\"\narea = \"{area}\"\n[analytics]\nannounce_interval_ms = 100\n[link]\nreconnect_max_s = 1\n\
         [federation]\ncheckpoint_every_ms = 200\nstatus_every_ms = 200\n[telemetry]\nlog = \"warn\"\n"
    );
    std::fs::write(folder.path().join(CONFIGURATION), configuration).unwrap();
    folder
}

/// Where it listens.
pub fn address(node: &Node) -> SocketAddr {
    let url = node.endpoints["grpc"].as_str().expect("it says where it listens");
    url.trim_start_matches("https://").parse().expect("an address")
}

/// How a node's link to another is.
pub async fn link_of(at: &Node, to: &str) -> LinkState {
    let status = at.operator().await.federation().get_link_status(GetLinkStatusRequest {}).await.unwrap().into_inner();
    let found = status.children.into_iter().chain(status.parent).find(|link| link.node == to);
    found.unwrap_or_else(|| panic!("there is no link to {to}"))
}
