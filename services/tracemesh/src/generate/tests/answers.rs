//! What a stream expects, against the rules by which nodes really judge: the model's own reader and check, and six lines about repetition.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use tracemesh_model::{self as model, Category, Checked, Defaults, Draft, Everything, Limits, Received, Violation};

use tracemesh_rules::{Reception, default_set};

use super::*;
use crate::generate::country::Area;
use crate::generate::formats::{self, Format};
use crate::generate::providers::Provider;
use crate::generate::spoil::{Fault, spoil};
use crate::generate::stream::{Expected, Submission};

/// A provider's registration, on a node that knows the country's areas and everybody in it.
struct Registered<'w> {
    provider: &'w Provider,
    areas: Vec<Area>,
}

impl model::Scope for Registered<'_> {
    fn area_of(&self, region: &str) -> Option<String> {
        Everything.area_of(region)
    }
    fn answers_for(&self, area: &str) -> bool {
        self.takes_area(area)
    }
    fn takes_area(&self, area: &str) -> bool {
        self.areas.iter().any(|known| known.id == area && self.provider.areas.contains(&known.parent))
    }
    fn takes_category(&self, category: &Category) -> bool {
        self.provider.categories.contains(&category.as_str())
    }
    fn takes_class(&self, _class: model::Class) -> bool {
        true
    }
    fn is_registered(&self, _subject: &model::Code) -> bool {
        true
    }
}

fn check(draft: Draft, world: &World, provider: &str) -> Result<Checked, Vec<Violation>> {
    let provider = world.providers().iter().find(|known| known.id == provider).expect("a provider of the world");
    let (limits, defaults) = (Limits::default(), Defaults { area: Some(provider.default_area.to_owned()), ..Defaults::default() });
    let scope = Registered { provider, areas: world.areas() };
    model::check(draft, &Received { now_micros: NOW, limits: &limits, defaults: &defaults, scope: &scope })
}

/// A node's memory of what it accepted.
#[derive(Default)]
struct Judge<'s>(HashMap<(&'s str, String, u32), &'s [u8]>);

impl<'s> Judge<'s> {
    fn answer(&mut self, submission: &'s Submission, world: &World) -> Expected {
        let checked = model::json::read(&submission.body).and_then(|draft| check(draft, world, &submission.provider));
        let Ok(Checked { record, .. }) = checked else { return Expected::Rejected };
        let key = |revision| (&*submission.provider, record.record_id.clone(), revision);
        match self.0.get(&key(record.revision)) {
            Some(first) if *first == submission.body => return Expected::Duplicate,
            Some(_) => return Expected::Rejected,
            None if record.revision > 1 && !self.0.contains_key(&key(1)) => return Expected::Rejected,
            None => self.0.insert(key(record.revision), &submission.body),
        };
        Expected::Accepted
    }
}

#[test]
fn a_node_answers_as_the_stream_expects() {
    let world = Arc::new(world(3, Shape::Country));
    for node in ["linyi", "qingdao", "nanjing"] {
        let submissions: Vec<Submission> = world.stream_for(node).expect("a city's node").take(10_000).collect();
        let mut judge = Judge::default();
        for submission in &submissions {
            assert_eq!(judge.answer(submission, &world), submission.expected, "{}", String::from_utf8_lossy(&submission.body));
        }
    }
}

/// A conflict is left out: it takes a memory to see one.
#[test]
fn each_mistake_breaks_the_rule_that_it_is_named_for() {
    let world = world(5, Shape::City);
    let rules = [
        (Fault::CheckDigit, "code.gtin.check"),
        (Fault::NoEventTime, "record.event_time.missing"),
        (Fault::NoOffset, "record.event_time.offset"),
        (Fault::BrokenJson, "record.syntax"),
        (Fault::UnknownClass, "record.class.unknown"),
        (Fault::UnknownRegion, "record.place.region.unknown"),
        (Fault::RevisionZero, "record.revision.low"),
        (Fault::NegativeQuantity, "record.units.quantity.negative"),
        (Fault::NoUnits, "record.units.missing"),
        (Fault::DuplicateKey, "record.duplicate_key"),
        (Fault::ForeignArea, "record.place.area.scope"),
        (Fault::ForeignCategory, "record.category.scope"),
    ];
    assert_eq!(rules.len() + 1, Fault::ALL.len());
    for told in chains(&world, 20).flatten() {
        for (fault, rule) in rules {
            let read = model::json::read(&spoil(&told.record, fault)).and_then(|draft| check(draft, &world, &told.provider.id));
            let codes: Vec<_> = read.expect_err("refused").into_iter().map(|violation| violation.code).collect();
            assert_eq!(codes, [rule], "{fault:?} of {}", told.record.record_id);
        }
    }
}

/// Goods that left their farm two days ago are late by the node's default; an honest country gives no other cause for a remark.
#[test]
fn honest_records_are_accepted_without_a_remark() {
    let world = world(4, Shape::Province);
    for told in chains(&world, 60).flatten() {
        let draft = model::json::read(&formats::json::bytes(&told.record)).expect("JSON");
        let checked = check(draft, &world, &told.provider.id).expect("accepted");
        let remarks: HashSet<&str> =
            checked.findings.iter().map(|finding| &*finding.code).filter(|code| !code.ends_with(".late")).collect();
        assert_eq!(remarks, HashSet::new(), "{} {:?}", told.record.record_id, checked.findings);
        let reception = Reception { received_at: NOW, provider: &told.provider.id, lies_in: &|_| false };
        let rules = default_set();
        let broken = rules.evaluate(&checked.record, reception);
        assert_eq!(broken, [], "{}", told.record.record_id);
    }
}

#[test]
fn honest_events_are_accepted_and_name_the_same_units_throughout() {
    let world = world(4, Shape::Province);
    let mut document = Vec::new();
    formats::write(Format::Epcis, world.records().take(2_000), NOW / 1_000_000, &mut document).expect("memory takes everything");
    let mut made = HashSet::new();
    let pieces = model::epcis::split(&document);
    assert_eq!(pieces.len(), 2_000);
    for (piece, told) in pieces.into_iter().zip(world.records()) {
        let draft = model::epcis::read_event(&document[piece.span]).expect("an event");
        let record = check(draft, &world, &told.provider.id).expect("accepted").record;
        for unit in &record.units {
            match unit.role {
                model::Role::Output | model::Role::Container => _ = made.insert(unit.key),
                _ => assert!(made.contains(&unit.key), "{} handles {}, which nobody made", record.record_id, unit.code),
            }
        }
    }
}
