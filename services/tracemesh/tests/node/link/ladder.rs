//! A nation, a province of it and a city of that, one above the other, each a process with its folder, and what their services write and read: entries
//! beside the process, straight into its files, so that they go on while it is dead.

use std::path::Path;
use std::sync::Arc;

use prost::Message;
use tokio::task::spawn_blocking;
use tracemesh_chassis::Clock;
use tracemesh_chassis::keys::Keys;
use tracemesh_journal::{Entry, Envelope, Journal, open_commit};
use tracemesh_proto::federation::v1::{CreateInvitationRequest, JoinParentRequest, Received};
use tracemesh_store::{Database, DatabaseConfig};

use super::region::{address, founded};
use super::wire::Wire;
use crate::process::Node;

/// The kind of entry that travels: none that a service knows.
const KIND: &str = "drill.said";
const TIERS: [(&str, &str, &str); 3] = [("cn", "NATION", "CN"), ("fujian", "PROVINCE", "350000"), ("xiamen", "CITY", "350200")];

pub struct Ladder {
    nodes: [Option<Node>; 3],
    /// From the province to the nation, and from the city to the province.
    wires: [Wire; 2],
    is_cut: [bool; 2],
    pub desks: [Desk; 3],
}

/// What a node's services say to other nodes, and what they hear.
pub struct Desk {
    db: Database,
    own: Journal,
    inbox: Journal,
    followed: u64,
}

/// What was heard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heard {
    pub from: String,
    pub is_urgent: bool,
    pub word: String,
}

impl Ladder {
    pub async fn start() -> Ladder {
        let started = TIERS.map(|(id, tier, area)| spawn_blocking(move || Node::start_in(founded(id, tier, area))));
        let [nation, province, city] = started;
        let nodes = [nation.await.unwrap(), province.await.unwrap(), city.await.unwrap()];
        let desk = async |tier: usize| Desk::open(&nodes[tier].data(), TIERS[tier].0).await;
        let desks = [desk(0).await, desk(1).await, desk(2).await];
        let wires = [Wire::new().await, Wire::new().await];
        let ladder = Ladder { nodes: nodes.map(Some), wires, is_cut: [false; 2], desks };
        ladder.lead();
        for below in [1, 2] {
            ladder.join(below).await;
        }
        ladder
    }

    pub fn node(&self, tier: usize) -> &Node {
        self.nodes[tier].as_ref().expect("nodes are always started again")
    }

    /// `kill -9`, and a start on the files that are left.
    pub async fn kill(&mut self, tier: usize) {
        let node = self.nodes[tier].take().expect("nodes are always started again");
        self.nodes[tier] = Some(spawn_blocking(move || Node::start_in(node.kill())).await.unwrap());
        self.lead();
    }

    /// Cuts the wire above a tier, or mends it.
    pub fn turn_wire(&mut self, below: usize) {
        self.is_cut[below - 1] = !self.is_cut[below - 1];
        self.lead();
    }

    pub fn heal(&mut self) {
        self.is_cut = [false; 2];
        self.lead();
    }

    fn lead(&self) {
        for (above, (wire, is_cut)) in self.wires.iter().zip(self.is_cut).enumerate() {
            wire.lead((!is_cut).then(|| address(self.node(above))));
        }
    }

    async fn join(&self, below: usize) {
        let (id, _, area) = TIERS[below];
        let request = CreateInvitationRequest { node: id.into(), area: area.into(), categories: Vec::new() };
        let above = self.node(below - 1).operator().await;
        let code = above.federation().create_invitation(request).await.unwrap().into_inner().code;
        let request = JoinParentRequest { url: format!("https://{}", self.wires[below - 1].address), code };
        self.node(below).operator().await.federation().join_parent(request).await.unwrap();
    }
}

impl Desk {
    /// Beside the processes of a node on SQLite.
    pub async fn open(data: &Path, id: &str) -> Desk {
        let db = async |noun: &str| {
            let path = data.join(format!("{noun}.sqlite"));
            Database::open(&DatabaseConfig::Sqlite { path }, noun).await.unwrap()
        };
        let keys = Keys::open(data).unwrap();
        let journal = async |db: &Database, name: String| {
            let clock = Clock::system();
            Journal::open(db, &name, keys.journal(&name).unwrap(), Arc::new(move || clock.now_micros())).await.unwrap()
        };
        let emergency = db("emergency").await;
        let own = journal(&emergency, format!("{id}.emergency")).await;
        let inbox = journal(&db("federation").await, format!("{id}.federation.inbox")).await;
        Desk { db: emergency, own, inbox, followed: 0 }
    }

    /// Says something to other nodes, in one commit.
    pub async fn say(&self, to: &str, words: &[(bool, String)]) {
        let entry = |(is_urgent, word): &(bool, String)| {
            let envelope = Envelope { kind: KIND.into(), to: vec![to.into()], urgent: *is_urgent, ..Envelope::default() };
            Entry::new(&envelope, word.clone())
        };
        let entries: Vec<Entry> = words.iter().map(entry).collect();
        let tx = self.db.begin().await.unwrap();
        self.own.append(&tx, &entries).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// What has come since.
    pub async fn hear(&mut self) -> Vec<Heard> {
        let mut heard = Vec::new();
        for commit in self.inbox.read(self.followed, 4 << 20).await.unwrap() {
            self.followed = commit.first_seq + u64::from(commit.entries) - 1;
            for entry in open_commit(&self.inbox.name().into(), &commit).unwrap().entries {
                let received = Received::decode(entry.body.unwrap()).unwrap();
                let envelope = Envelope::decode(received.envelope).unwrap();
                if envelope.kind == KIND {
                    let word = String::from_utf8(received.body.to_vec()).unwrap();
                    heard.push(Heard { from: received.from, is_urgent: envelope.urgent, word });
                }
            }
        }
        heard
    }
}
