//! Chains connect, and nothing comes out of nothing.

use std::collections::HashMap;

use super::*;
use crate::generate::record::{Class, Unit};

const MADE: &[Role] = &[Role::Output];
const HANDLED: &[Role] = &[Role::Input, Role::Observed, Role::Content];

/// Grams, or pieces.
fn amount(unit: &Unit) -> u64 {
    let Some(quantity) = &unit.quantity else { return 0 };
    let value: f64 = quantity.value.parse().expect("a plain decimal");
    let thousandths = (value * 1_000.0).round() as u64;
    match quantity.unit {
        "kg" => thousandths,
        "jin" => thousandths / 2,
        _ => thousandths / 1_000,
    }
}

#[test]
fn what_comes_in_was_an_output_or_a_package_earlier() {
    let world = world(5, Shape::Country);
    for told in chains(&world, 300) {
        let mut known: HashMap<Lot, String> = HashMap::new();
        for told in &told {
            let id = &told.record.record_id;
            if told.record.class == Class::Pack {
                lots(told, &[Role::Container]).into_iter().for_each(|lot| _ = known.insert(lot.clone(), told.record.event_time.clone()));
            }
            for lot in lots(told, HANDLED).into_iter().chain(lots(told, &[Role::Container])) {
                let since = known.get(lot).unwrap_or_else(|| panic!("{id} handles {}, which nobody made", lot.value));
                assert!(*since <= told.record.event_time, "{id} handles {} before it was made", lot.value);
            }
            lots(told, MADE).into_iter().for_each(|lot| _ = known.insert(lot.clone(), told.record.event_time.clone()));
        }
    }
}

#[test]
fn no_more_goes_out_than_there_was() {
    let world = world(6, Shape::Province);
    for told in chains(&world, 300) {
        let (mut made, mut used): (HashMap<&Lot, u64>, HashMap<&Lot, u64>) = Default::default();
        for unit in told.iter().flat_map(|told| &told.record.units) {
            match unit.role {
                Role::Output => *made.entry(&unit.lot).or_default() += amount(unit),
                Role::Input => *used.entry(&unit.lot).or_default() += amount(unit),
                Role::Content | Role::Observed => assert!(amount(unit) <= made.get(&unit.lot).copied().unwrap_or(0)),
                Role::Container => {}
            }
        }
        assert!(used.iter().all(|(lot, used)| used <= &made[lot]), "{}", told[0].record.record_id);
    }
}

#[test]
fn a_sale_hands_over_what_it_takes() {
    let world = world(7, Shape::City);
    let sums = |told: &Told<'_>, role| told.record.units.iter().filter(|unit| unit.role == role).map(amount).sum::<u64>();
    for told in chains(&world, 100).flatten().filter(|told| matches!(told.record.class, Class::Retail | Class::Wholesale)) {
        assert_eq!(sums(&told, Role::Input), sums(&told, Role::Output), "{}", told.record.record_id);
    }
}
