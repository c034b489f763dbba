//! Asking the rest of the mesh, and keeping what it said. The node's gateway asks the parent and every child; who did not answer is named.
//!
//! A node answers as far as a limit lets it, and names the units that it left out. Those are asked for again, fewer at a time; a unit that does
//! not even fit alone is a gap, and its node counts as silent.

use std::collections::{BTreeMap, BTreeSet, HashSet, VecDeque};
use std::sync::Arc;
use std::time::Instant;

use prost_types::Timestamp;
use tracemesh_lineage::{Hop, RecordRef, Silent};
use tracemesh_peers::Peers;
use tracemesh_proto::federation::v1::{self as wire, AskMeshRequest, AskMeshResponse};
use tracemesh_proto::ingestion::v1::{NodeHops, RecordLine, Segment};

use super::Lines;
use crate::domain::lineage_hops::from_wire;

/// Stands for the gateway itself, where not even that answered.
const GATEWAY: &str = "*";

/// Units in one question; a gateway refuses more.
const UNITS_AT_ONCE: usize = 10_000;
/// Records in one node's answer about several units: with their lines some MiB, and the answers of many nodes come in one message. About a
/// single unit a node says as much as it may.
const RECORDS_AT_ONCE: u32 = 5_000;
/// Questions in one round. What is left then is asked for in the next.
const MOST_QUESTIONS: usize = 64;

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

    pub fn lines(&self) -> impl Iterator<Item = &RecordLine> {
        self.lines.values()
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

    /// A walk ends before it has asked for these.
    pub fn give_up(&mut self, units: usize) {
        if units > 0 {
            self.silent.insert(Silent { node: GATEWAY.into(), why: format!("there was no time to ask for {units} units") });
        }
    }

    /// Of the units of a question those that somebody left out. Who leaves out the only one knows more of it than it may say.
    fn left_out(&mut self, asked: &[u64], answer: &AskMeshResponse) -> BTreeSet<u64> {
        let leaving_out = answer.nodes.iter().filter(|node| !node.left_out.is_empty());
        if asked.len() > 1 {
            let left_out: BTreeSet<u64> = leaving_out.flat_map(|node| &node.left_out).copied().collect();
            return asked.iter().copied().filter(|unit| left_out.contains(unit)).collect();
        }
        let why = "it has more records of one unit than it answers with";
        self.silent.extend(leaving_out.map(|node| Silent { node: node.node.as_str().into(), why: why.into() }));
        BTreeSet::new()
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

/// What one round of questions brought.
pub struct Round {
    pub hops: Vec<Hop>,
    /// There was more to ask for.
    pub unfinished: bool,
}

/// The hops of other nodes around some units. A gateway that does not answer is silent, not an error: the chain is then what we know.
pub async fn ask(peers: &Peers, own: &str, units: &[u64], heard: &mut Heard) -> Round {
    let mut waiting: VecDeque<Vec<u64>> = units.chunks(UNITS_AT_ONCE).map(<[u64]>::to_vec).collect();
    let mut hops = Vec::new();
    for _ in 0..MOST_QUESTIONS {
        let Some(units) = waiting.pop_front() else { break };
        let began = Instant::now();
        let limit = if units.len() > 1 { RECORDS_AT_ONCE } else { 0 };
        let request = AskMeshRequest { walk: uuid::Uuid::now_v7().to_string(), units: units.clone(), limit };
        let answer = match peers.as_service().federation().ask_mesh(request).await {
            Ok(answer) => answer.into_inner(),
            Err(status) => {
                heard.silent.insert(Silent { node: GATEWAY.into(), why: status.message().to_owned() });
                heard.asked.extend(units.into_iter().chain(waiting.into_iter().flatten()));
                return Round { hops, unfinished: false };
            }
        };
        let again = heard.left_out(&units, &answer);
        heard.asked.extend(units.iter().filter(|unit| !again.contains(unit)));
        waiting.extend(fewer(&units, again));
        hops.extend(heard.take(answer, began.elapsed().as_millis() as u32).into_iter().filter(|hop| *hop.node != *own));
    }
    Round { hops, unfinished: !waiting.is_empty() }
}

/// What to ask for again of a question, as one that is smaller or as two.
fn fewer(asked: &[u64], again: BTreeSet<u64>) -> Vec<Vec<u64>> {
    let again: Vec<u64> = again.into_iter().collect();
    let at_once = if again.len() < asked.len() { again.len() } else { again.len().div_ceil(2) };
    again.chunks(at_once.max(1)).map(<[u64]>::to_vec).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_out_is_asked_for_again_in_smaller_questions() {
        let again = |units: &[u64]| fewer(&[1, 2, 3, 4, 5], units.iter().copied().collect());
        assert_eq!(again(&[]), [[0; 0]; 0]);
        assert_eq!(again(&[2, 4]), [[2, 4]]);
        assert_eq!(again(&[1, 2, 3, 4, 5]), [vec![1, 2, 3], vec![4, 5]]);
    }
}
