//! What one city's node receives: its own providers' records with the mistakes of real life, and what the node must answer to each.
//!
//! Faults are counted where they are made, so that whoever plays a stream knows the figures that the node has to reach. The order of one
//! provider's submissions matters: a repetition, a correction and a conflict come after what they are about.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use super::chain::{self, Told};
use super::dice::Dice;
use super::flagship;
use super::formats::json;
use super::record::{Class, Correction, Record};
use super::spoil::{self, Fault};
use super::world::{CHAINS, World};

/// Of a thousand records: so many are sent twice, corrected, voided, or followed by a spoiled copy.
const REPEATED: u64 = 20;
const CORRECTED: u64 = 10;
const VOIDED: u64 = 3;
const SPOILED: u64 = 10;
/// A second submission follows the first within so many others.
const AFTERTHOUGHT: u64 = 200;

/// What a node must answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Expected {
    Accepted,
    Duplicate,
    Rejected,
}

/// The JSON of one submission.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submission {
    pub provider: Arc<str>,
    /// The batch or code of what it is about, by which a provider keys its messages: what belongs together stays in order.
    pub key: String,
    pub body: Vec<u8>,
    pub expected: Expected,
}

/// The figures of a stream so far; `submissions` is the sum of the other three.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Counts {
    pub submissions: u64,
    pub accepted: u64,
    pub duplicate: u64,
    pub rejected: u64,
}

/// The submissions of one city, without end as far as a demonstration is concerned.
pub struct Stream {
    world: Arc<World>,
    city: usize,
    dice: Dice,
    /// The next chain to tell.
    chain: u64,
    fresh: VecDeque<Submission>,
    /// How many fresh submissions have been handed out, and how many were told.
    sent: u64,
    told: u64,
    /// Second submissions, by the count of fresh ones that must have gone before, and a number of their own.
    later: BTreeMap<(u64, u64), Submission>,
}

impl World {
    /// The stream of a city's node; `None` for a node that takes no submissions of its own.
    pub fn stream_for(self: &Arc<Self>, node: &str) -> Option<Stream> {
        let city = self.city_of(node)?;
        let dice = Dice::new(self.seed(), [u64::MAX - 1, city as u64]);
        let (world, chain) = (Arc::clone(self), flagship::NUMBER);
        Some(Stream { world, city, dice, chain, fresh: VecDeque::new(), sent: 0, told: 0, later: BTreeMap::new() })
    }
}

impl Stream {
    fn next_due(&mut self) -> Option<Submission> {
        let due = self.later.first_entry()?;
        (due.key().0 <= self.sent).then(|| due.remove())
    }

    fn next_fresh(&mut self) -> Option<Submission> {
        while self.fresh.is_empty() && self.chain < CHAINS {
            let world = Arc::clone(&self.world);
            chain::tell(&world, self.chain, Some(self.city)).iter().for_each(|told| self.take(told));
            self.chain += 1;
        }
        self.sent += u64::from(!self.fresh.is_empty());
        self.fresh.pop_front()
    }

    /// Queues a record, and whatever its provider will do to it later.
    fn take(&mut self, told: &Told<'_>) {
        let provider: Arc<str> = told.provider.id.as_str().into();
        let key = told.record.key();
        let body = json::bytes(&told.record);
        if self.chain != flagship::NUMBER
            && let Some((body, expected)) = second_thought(&told.record, &body, &mut self.dice)
        {
            let due = self.told + 1 + self.dice.below(AFTERTHOUGHT);
            self.later.insert((due, self.told), Submission { provider: Arc::clone(&provider), key: key.clone(), body, expected });
        }
        self.fresh.push_back(Submission { provider, key, body, expected: Expected::Accepted });
        self.told += 1;
    }
}

impl Iterator for Stream {
    type Item = Submission;

    fn next(&mut self) -> Option<Submission> {
        self.next_due().or_else(|| self.next_fresh()).or_else(|| self.later.pop_first().map(|(_, last)| last))
    }
}

impl Counts {
    pub fn add(&mut self, expected: Expected) {
        self.submissions += 1;
        match expected {
            Expected::Accepted => self.accepted += 1,
            Expected::Duplicate => self.duplicate += 1,
            Expected::Rejected => self.rejected += 1,
        }
    }
}

impl std::ops::AddAssign for Counts {
    fn add_assign(&mut self, more: Counts) {
        self.submissions += more.submissions;
        self.accepted += more.accepted;
        self.duplicate += more.duplicate;
        self.rejected += more.rejected;
    }
}

/// What follows a record, if anything: at most one thing, so that no two of them can get in each other's way.
fn second_thought(record: &Record<'_>, body: &[u8], dice: &mut Dice) -> Option<(Vec<u8>, Expected)> {
    let rest = 1_000 - REPEATED - CORRECTED - VOIDED - SPOILED;
    match dice.weighted(&[REPEATED, CORRECTED, VOIDED, SPOILED, rest]) {
        0 => Some((body.to_vec(), Expected::Duplicate)),
        1 => Some((corrected(record, "经手人更正", false), Expected::Accepted)),
        2 if record.class == Class::Retail => Some((corrected(record, "顾客退单", true), Expected::Accepted)),
        3 => Some((spoil::spoil(record, Fault::draw(dice)), Expected::Rejected)),
        _ => None,
    }
}

fn corrected(record: &Record<'_>, reason: &'static str, void: bool) -> Vec<u8> {
    let mut next = Record { revision: 2, corrects: Some(Correction { reason, void }), ..record.clone() };
    if let Some(act) = &mut next.act {
        act.mode = "现金";
    }
    json::bytes(&next)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::country::Shape;

    const NOW: i64 = 1_795_572_000_000_000;

    fn streamed(node: &str, many: usize) -> Vec<Submission> {
        Arc::new(World::new(3, Shape::Country, NOW)).stream_for(node).expect("a city's node").take(many).collect()
    }

    #[test]
    fn counts_add_up_and_mistakes_are_as_frequent_as_promised() {
        let mut counts = Counts::default();
        streamed("nanjing", 50_000).iter().for_each(|submission| counts.add(submission.expected));
        assert_eq!(counts.submissions, counts.accepted + counts.duplicate + counts.rejected);
        assert!((800..1_200).contains(&counts.duplicate) && (400..600).contains(&counts.rejected), "{counts:?}");
    }

    #[test]
    fn every_kind_of_mistake_occurs_and_no_other() {
        let submissions = streamed("qingdao", 50_000);
        let texts = || submissions.iter().map(|submission| String::from_utf8_lossy(&submission.body));
        for sign in ["\"void\":true", "\"void\":false", "SELL", "990101", "RARE_EARTH", "\"-3\"", "6924561884075"] {
            assert!(texts().any(|text| text.contains(sign)), "{sign} does not occur");
        }
    }

    #[test]
    fn a_node_receives_its_own_providers_only() {
        assert!(streamed("qingdao", 5_000).iter().all(|submission| submission.provider.starts_with("qingdao-")));
        assert!(Arc::new(World::new(3, Shape::Country, NOW)).stream_for("shandong").is_none());
    }

    #[test]
    fn a_stream_repeats_itself_exactly() {
        assert_eq!(streamed("linyi", 3_000), streamed("linyi", 3_000));
    }
}
