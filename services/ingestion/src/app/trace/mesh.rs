//! Asking the rest of the mesh, and keeping what it said. The node's gateway asks the parent and every child; who did not answer is named.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use tracemesh_lineage::{Hop, RecordRef, Silent};
use tracemesh_peers::Peers;
use tracemesh_proto::federation::v1::{AskMeshRequest, AskMeshResponse};
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

    pub fn count_own(&mut self, node: &str, _hops: &[Hop]) {
        self.answered.entry(node.to_owned()).or_insert(0);
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
        });
        let silent = self.silent.iter().map(|silent| Segment { node: silent.node.to_string(), ..Segment::default() });
        answered.chain(silent).filter(|segment| segment.records > 0 || !segment.answered).collect()
    }

    fn take(&mut self, answer: AskMeshResponse, took_ms: u32) -> Vec<Hop> {
        let silent = answer.silent.into_iter().map(|silent| Silent { node: silent.node.into(), why: silent.why });
        self.silent.extend(silent);
        let mut hops = Vec::new();
        for NodeHops { node, hops: own, records, .. } in answer.nodes {
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
