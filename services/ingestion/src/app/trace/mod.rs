//! The chain around a code: this node's hops first, then, in rounds, whatever the rest of the mesh has to add.
//!
//! Remote nodes are hop sources and nothing more. Each answers with the raw hops around the units that it is asked for; only the asker prunes,
//! over the union, so that an answer put together from many nodes equals a walk on one node that holds everything. Round trips grow with
//! border crossings, not with hops. The walk itself, its windows and its verdict are `tracemesh_lineage`'s.

mod answer;
mod cache;
mod candidates;
mod hops;
mod lines;
mod mesh;
mod outbreak;
mod scope;

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use tracemesh_access::Principal;
use tracemesh_codes::Identified;
use tracemesh_lineage::{Chain, Direction, Hop, Limits, Member, RecordRef, Walk};
use tracemesh_proto::ingestion::v1::{RecordLine, TraceResponse};

use super::Ingestion;
use crate::domain::dates::Dates;
use crate::error::IngestionError;

pub use cache::PublicAnswers;
pub use candidates::Tried;
use mesh::{Heard, Round};
pub use outbreak::{Assumed, Case, Mixing, Place, Suspicion, Where, subject};
pub use scope::{RecallScope, measured};

/// A trace that takes longer is answered as far as it came, and its verdict says so.
const MOST_TIME: Duration = Duration::from_secs(30);
/// Rounds of questions to the mesh; each one more means a border crossed once more.
const MOST_ROUNDS: usize = 32;

pub struct Question {
    pub code: String,
    pub direction: Direction,
    pub depth: Option<u32>,
    pub local: bool,
}

/// What a walk found: the chain, with the lines of its records and who answered.
pub(super) struct Found {
    chain: Chain,
    heard: Heard,
}

impl Found {
    /// Nobody knows anything, and everybody says so. Where somebody was silent that cannot be said: such an answer has no records, and names who
    /// was.
    fn is_nothing(&self) -> bool {
        self.chain.records.is_empty() && self.heard.silent().is_empty()
    }
}

/// What is known about the records of a walk: their lines, by node and record.
pub(super) type Lines = BTreeMap<RecordRef, RecordLine>;

impl Ingestion {
    /// The public is answered from what was found within the last minutes; everybody else from the records as they are now.
    pub async fn trace_chain(&self, question: &Question, reader: &Principal) -> Result<TraceResponse, IngestionError> {
        if *reader != Principal::public() || question.local {
            return self.walk_chain(question, reader).await;
        }
        let (asked, now) = (format!("{:?} {:?} {}", question.direction, question.depth, question.code), self.clock.now_micros());
        if let Some(answer) = self.public_answers.get(&asked, now) {
            return Ok(answer);
        }
        let answer = self.walk_chain(question, reader).await?;
        if !answer.records.is_empty() {
            self.public_answers.keep(asked, answer.clone(), now);
        }
        Ok(answer)
    }

    async fn walk_chain(&self, question: &Question, reader: &Principal) -> Result<TraceResponse, IngestionError> {
        let tried = self.candidates(&question.code, question.local).await?;
        let limits = Limits { depth: question.depth, ..Limits::default() };
        let walk = Walk::new(tried.starts(), question.direction, limits);
        let found = self.follow(walk, question.local, Dates::Moment).await?;
        if found.is_nothing() {
            return Err(IngestionError::NoTrace(question.code.clone()));
        }
        Ok(answer::compose(tried, found, &answer::Sight { node: &self.node, reader, directory: &self.directory }))
    }

    /// Walks to the ends, here and over the mesh, and reads the records of the chain. Times that `dates` does not tell apart are equal.
    async fn follow(&self, mut walk: Walk, local: bool, dates: Dates) -> Result<Found, IngestionError> {
        let began = Instant::now();
        let mut heard = Heard::default();
        for round in 0.. {
            self.feed_own(&mut walk, &mut heard, dates).await?;
            if local {
                break;
            }
            if round == MOST_ROUNDS || began.elapsed() > MOST_TIME {
                heard.give_up(unasked(&walk, &heard).len());
                break;
            }
            if !self.ask_mesh(&mut walk, &mut heard, dates).await {
                break;
            }
        }
        let chain = walk.finish(heard.silent());
        let own: Vec<i64> = chain.records.iter().filter(|r| *r.record.node == *self.node).map(|r| r.record.record).collect();
        for line in self.lines(&own).await? {
            heard.keep_line(&self.node, line);
        }
        Ok(Found { chain, heard })
    }

    /// Our own hops and records, until the walk wants no more of them.
    async fn feed_own(&self, walk: &mut Walk, heard: &mut Heard, dates: Dates) -> Result<(), IngestionError> {
        loop {
            let wanted = walk.wanted();
            if wanted.is_empty() {
                return Ok(());
            }
            let hops = self.own_hops(&wanted.units).await?;
            heard.count_own(&self.node, self.directory.area());
            walk.feed(&wanted.units, hops.into_iter().map(|hop| as_known(hop, dates)));
            let mut unanswerable = true;
            for (record, members) in self.members(&wanted.records, heard).await? {
                walk.feed_record(&record, &members);
                unanswerable = false;
            }
            if wanted.units.is_empty() && unanswerable {
                // What is left are records of other nodes that came without their lines.
                return Ok(());
            }
        }
    }

    /// The units of records whose hops do not list them: our own from the journal, others from the lines that came with their hops.
    async fn members(&self, records: &[RecordRef], heard: &Heard) -> Result<Vec<(RecordRef, Vec<Member>)>, IngestionError> {
        let own: Vec<i64> = records.iter().filter(|r| *r.node == *self.node).map(|r| r.record).collect();
        let mut lines = Vec::new();
        for line in self.lines(&own).await? {
            lines.push((RecordRef { node: Arc::from(self.node.as_str()), record: line.record }, line));
        }
        let others = records.iter().filter(|r| *r.node != *self.node);
        lines.extend(others.filter_map(|record| Some((record.clone(), heard.line(record)?.clone()))));
        Ok(lines.into_iter().map(|(record, line)| (record, hops::members_of(&line))).collect())
    }

    /// One round: asks for every unit that was not asked for yet. Whether there may be more to come.
    async fn ask_mesh(&self, walk: &mut Walk, heard: &mut Heard, dates: Dates) -> bool {
        let news = unasked(walk, heard);
        if news.is_empty() {
            return false;
        }
        let Round { hops, unfinished } = mesh::ask(&self.peers, &self.node, &news, heard).await;
        let goes_on = unfinished || !hops.is_empty();
        walk.feed(&[], hops.into_iter().map(|hop| as_known(hop, dates)));
        goes_on
    }
}

fn as_known(hop: Hop, dates: Dates) -> Hop {
    match dates {
        Dates::Moment => hop,
        _ => Hop { event_time: dates.moment(hop.event_time), ..hop },
    }
}

/// What a walk has touched and nobody else was asked about.
fn unasked(walk: &Walk, heard: &Heard) -> Vec<u64> {
    walk.touched().iter().copied().filter(|unit| heard.is_new(*unit)).collect()
}

/// The units that several candidates stand for, each once.
fn distinct(keys: impl Iterator<Item = u64>) -> Vec<u64> {
    let mut seen = HashSet::new();
    keys.filter(|key| seen.insert(*key)).collect()
}

/// The unit key of a candidate.
fn key(candidate: &Identified) -> u64 {
    candidate.key().get()
}
