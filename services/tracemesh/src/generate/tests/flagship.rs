//! The flagship's list against a walk of our own: everything that the ticket came from, found by the codes alone.

use std::collections::BTreeSet;

use super::*;
use crate::generate::flagship::NUMBER;
use crate::generate::record::Class;

/// Upstream: whatever made, held or wrapped a unit leads on to what it was made from and what it travelled in.
fn upstream(told: &[Told<'_>], ticket: &str) -> BTreeSet<String> {
    let mut wanted: Vec<String> = vec![ticket.to_owned()];
    let (mut seen, mut found) = (BTreeSet::new(), BTreeSet::new());
    while let Some(code) = wanted.pop() {
        if !seen.insert(code.clone()) {
            continue;
        }
        for told in told.iter().filter(|told| told.record.units.iter().any(|unit| unit.lot.value == code && unit.role != Role::Input)) {
            found.insert(told.record.record_id.clone());
            let onward: &[Role] = if told.record.class == Class::Pack { &[Role::Container] } else { &[Role::Input] };
            wanted.extend(lots(told, onward).into_iter().map(|lot| lot.value.clone()));
        }
    }
    found
}

#[test]
fn the_list_is_what_a_walk_finds() {
    for shape in [Shape::City, Shape::Province, Shape::Country] {
        let world = world(21, shape);
        let flagship = world.flagship();
        let listed: BTreeSet<String> = flagship.records.iter().map(|milestone| milestone.record_id.clone()).collect();
        assert_eq!(listed, upstream(&chain::tell(&world, NUMBER, None), &flagship.code), "{shape:?}");
    }
}

#[test]
fn it_crosses_two_borders_from_the_farm_to_the_shop() {
    let flagship = world(22, Shape::Country).flagship();
    let mut nodes: Vec<&str> = flagship.records.iter().map(|milestone| milestone.node).collect();
    nodes.dedup();
    let classes: Vec<Class> = flagship.records.iter().map(|milestone| milestone.class).collect();
    assert_eq!(nodes, ["linyi", "qingdao", "nanjing"]);
    assert_eq!((classes.first(), classes.last(), classes.len()), (Some(&Class::Produce), Some(&Class::Retail), 11));
}

/// Every published seed names this country: a change of this code is a change of all of them.
#[test]
fn a_seed_gives_the_same_country_everywhere() {
    let flagship = world(1, Shape::Country).flagship();
    assert_eq!((flagship.scheme, flagship.code.as_str()), ("mofcom20", "32011467123230000000"));
}
