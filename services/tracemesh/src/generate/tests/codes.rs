//! Every code of the country stands before the checks of the node itself.

use std::collections::HashSet;

use tracemesh_codes::{Scheme, region};

use super::*;

#[test]
fn every_code_passes_its_check() {
    let world = world(11, Shape::Country);
    for told in chains(&world, 300).flatten() {
        for Lot { scheme, value, .. } in told.record.units.iter().map(|unit| &unit.lot) {
            let scheme: Scheme = scheme.parse().expect("a scheme of the contract");
            assert!(tracemesh_codes::parse(scheme, "", value).is_ok(), "{scheme:?} {value}");
        }
    }
}

#[test]
fn every_subject_has_a_valid_code_of_its_own() {
    for seed in 0..20 {
        let world = world(seed, Shape::Country);
        let mut seen = HashSet::new();
        for subject in world.subjects() {
            assert_eq!(tracemesh_codes::uscc::check(&subject.uscc).err(), None, "{}", subject.uscc);
            assert!(region::lookup(subject.region).is_some(), "{} is no region in force", subject.region);
            assert!(seen.insert(&subject.uscc) & seen.insert(&subject.code) & seen.insert(&subject.gs1), "{}", subject.name);
        }
    }
}

#[test]
fn areas_are_those_of_the_region_table() {
    for area in Shape::Country.areas().iter().chain(&Shape::Province.areas()).filter(|area| area.kind != "nation") {
        let region = region::lookup(area.id).unwrap_or_else(|| panic!("{} is no region in force", area.id));
        assert_eq!(region.name, area.name_zh);
    }
}

#[test]
fn nothing_is_made_twice() {
    let world = world(12, Shape::City);
    let (mut made, mut ids) = (HashSet::new(), HashSet::new());
    for told in chains(&world, 2_000).flatten() {
        assert!(ids.insert((told.provider.id.clone(), told.record.record_id.clone())), "{} is there twice", told.record.record_id);
        for lot in lots(&told, &[Role::Output]) {
            assert!(made.insert(lot.clone()), "{} is made twice", lot.value);
        }
    }
}

/// The subjects that are picked most often reach the end of their running numbers last of all.
#[test]
fn the_last_chain_still_has_codes() {
    for shape in [Shape::City, Shape::Province, Shape::Country] {
        assert!(chain::tell(&world(1, shape), crate::generate::world::CHAINS - 1, None).len() > 30);
    }
}
