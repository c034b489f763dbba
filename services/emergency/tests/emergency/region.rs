//! A province with two cities, and a courier who carries between them what links would.

use std::collections::BTreeMap;
use std::sync::Mutex;

use prost::Message;
use tracemesh_chassis::Clock;
use tracemesh_proto::federation::v1::Received;
use tracemesh_proto::ingestion::v1::Holding;
use tracemesh_testkit::Place;

use crate::node::{NOW, Node};

pub struct Region {
    pub clock: Clock,
    pub province: Node,
    pub cities: Vec<Node>,
    /// How many entries of each journal were carried.
    carried: Mutex<BTreeMap<String, usize>>,
    _places: Vec<Place>,
}

impl Region {
    pub async fn start(place: Place) -> Region {
        let clock = Clock::manual(NOW);
        let mut places = vec![place];
        let province = Node::start(&places[0], "shandong", "370000", &clock).await;
        let mut cities = Vec::new();
        for (id, area) in [("yantai", "370600"), ("qingdao", "370200")] {
            let place = Place::sqlite().await;
            cities.push(Node::start(&place, id, area, &clock).await);
            places.push(place);
            let enrolled = province.clerk.enrol(id).await;
            province.has_followed(enrolled).await;
        }
        let known = vec![
            holding("yantai", "uscc:/91370600000000019G", "批发市场", "12.5"),
            holding("yantai", "门口小店", "门口小店", "7.5"),
            holding("qingdao", "uscc:/92640100MA00000A9P", "超市", "10"),
        ];
        province.clerk.knows(&[3, 1, 2], known);
        Region { clock, province, cities, carried: Mutex::default(), _places: places }
    }

    pub fn yantai(&self) -> &Node {
        &self.cities[0]
    }

    pub fn qingdao(&self) -> &Node {
        &self.cities[1]
    }

    /// Carries everything that was written for others since the last time, and waits until it was taken in.
    pub async fn carry(&self) {
        for city in &self.cities {
            self.carry_from(&self.province, city, "children").await;
        }
        for city in &self.cities {
            self.carry_from(city, &self.province, "parent").await;
        }
    }

    async fn carry_from(&self, from: &Node, to: &Node, whom: &str) {
        let entries = from.entries().await;
        let way = format!("{}>{}", from.id, to.id);
        let done = self.carried.lock().unwrap().insert(way, entries.len()).unwrap_or_default();
        for entry in entries.iter().skip(done).filter(|entry| entry.envelope.to.iter().any(|to| to == whom)) {
            assert!(entry.envelope.urgent, "{} overtakes bulk", entry.envelope.kind);
            let received = Received {
                from: from.id.clone(),
                from_above: whom == "children",
                journal: format!("{}.emergency", from.id),
                epoch: 1,
                seq: entry.seq,
                envelope: entry.envelope_bytes.clone(),
                body: entry.body.clone().unwrap(),
            };
            to.take(&received).await;
        }
    }

    pub async fn stop(self) {
        for node in self.cities.into_iter().chain([self.province]) {
            node.stop().await;
        }
    }
}

impl Node {
    /// Receives something and waits until the follower has passed it.
    pub async fn take(&self, received: &Received) {
        let place = self.clerk.receive(received).await;
        self.has_followed(place).await;
    }
}

pub fn holding(node: &str, subject: &str, name: &str, held: &str) -> Holding {
    Holding {
        subject: subject.into(),
        name: name.into(),
        node: node.into(),
        units: 1,
        unit_of_measure: "kg".into(),
        held: held.into(),
        ..Holding::default()
    }
}

/// An entry of the node above, as it would come.
pub fn from_above(from: &str, kind: &str, body: &impl Message) -> Received {
    let envelope = tracemesh_proto::journal::v1::Envelope { kind: kind.into(), ..Default::default() };
    Received {
        from: from.into(),
        from_above: true,
        envelope: envelope.encode_to_vec().into(),
        body: body.encode_to_vec().into(),
        ..Received::default()
    }
}
