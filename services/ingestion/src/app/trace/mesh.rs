//! Asking the rest of the mesh, and keeping what it said. The node's gateway asks the parent and every child; who did not answer is named.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use prost_types::Timestamp;
use tracemesh_lineage::{Hop, RecordRef, Silent};
use tracemesh_peers::Peers;
use tracemesh_proto::federation::v1::{self as wire, AskMeshRequest, AskMeshResponse};
use tracemesh_proto::ingestion::v1::{NodeHops, RecordLine, Segment};

use super::Lines;
use crate::domain::lineage_hops::from_wire;

/// Stands for the gateway itself, where not even that answered.
const GATEWAY: &str = "*";

/// What came in during a walk besides its hops.
#[derive(Default)]
pub struct Heard {
    lines: Lines,
    asked: HashSet<u64>,
    silent: BTreeSet<Silent>,
    answered: BTreeMap<String, u32>,
    about: BTreeMap<String, About>,
}

/// What is known of a node besides its hops.
#[derive(Default)]
struct About {
    area: String,
    last_seen: Option<Timestamp>,
}

impl Heard {
    pub fn is_new(&self, unit: u64) -> bool {
        !self.asked.contains(&unit)
    }

    pub fn line(&self, record: &RecordRef) -> Option<&RecordLine> {
        self.lines.get(record)
    }

    pub fn keep_line(&mut self, node: &str, line: RecordLine) {
        self.lines.insert(RecordRef { node: node.into(), record: line.record }, line);
    }

    pub fn count_own(&mut self, node: &str, area: &str) {
        self.answered.entry(node.to_owned()).or_insert(0);
        self.about.entry(node.to_owned()).or_default().area = area.to_owned();
    }

    pub fn silent(&self) -> Vec<Silent> {
        self.silent.iter().cloned().collect()
    }

    /// Who contributed what to a chain, and who did not answer.
    pub fn segments(&self, records: &BTreeMap<Arc<str>, usize>) -> Vec<Segment> {
        let answered = self.answered.iter().map(|(node, took_ms)| Segment {
            node: node.clone(),
            records: records.get(node.as_str()).map_or(0, |count| *count as u32),
            answered: true,
            took_ms: *took_ms,
            ..Segment::default()
        });
        let silent = self.silent.iter().map(|silent| Segment { node: silent.node.to_string(), ..Segment::default() });
        let told = answered.chain(silent).filter(|segment| segment.records > 0 || !segment.answered);
        told.map(|segment| self.with_whereabouts(segment)).collect()
    }

    fn with_whereabouts(&self, segment: Segment) -> Segment {
        let Some(about) = self.about.get(&segment.node) else { return segment };
        Segment { area: about.area.clone(), last_seen: about.last_seen, ..segment }
    }

    /// When a silent node was last heard of.
    pub fn last_seen(&self, node: &str) -> Option<Timestamp> {
        self.about.get(node)?.last_seen
    }

    fn take(&mut self, answer: AskMeshResponse, took_ms: u32) -> Vec<Hop> {
        for wire::Silent { node, why, area, last_seen } in answer.silent {
            self.about.insert(node.clone(), About { area, last_seen });
            self.silent.insert(Silent { node: node.into(), why });
        }
        let mut hops = Vec::new();
        for NodeHops { node, hops: own, records, area, .. } in answer.nodes {
            self.about.insert(node.clone(), About { area, last_seen: None });
            self.answered.insert(node.clone(), took_ms);
            records.into_iter().for_each(|line| self.keep_line(&node, line));
            let node: Arc<str> = node.into();
            hops.extend(own.into_iter().filter_map(|hop| from_wire(&node, hop)));
        }
        hops
    }
}

/// The hops of other nodes around some units. A gateway that does not answer is silent, not an error: the chain is then what we know.
pub async fn ask(peers: &Peers, own: &str, units: Vec<u64>, heard: &mut Heard) -> Vec<Hop> {
    heard.asked.extend(units.iter().copied());
    let began = std::time::Instant::now();
    let request = AskMeshRequest { walk: uuid::Uuid::now_v7().to_string(), units, limit: 0 };
    let answer = peers.as_service().federation().ask_mesh(request).await;
    let took_ms = began.elapsed().as_millis() as u32;
    match answer {
        Ok(answer) => heard.take(answer.into_inner(), took_ms).into_iter().filter(|hop| *hop.node != *own).collect(),
        Err(status) => {
            heard.silent.insert(Silent { node: GATEWAY.into(), why: status.message().to_owned() });
            Vec::new()
        }
    }
}
