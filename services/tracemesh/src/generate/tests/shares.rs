//! How much of everything there is, and when.

use super::*;
use crate::generate::calendar;
use crate::generate::subjects::Trade;

#[test]
fn four_of_five_records_are_supermarket_sale_lines() {
    for shape in [Shape::City, Shape::Country] {
        let world = world(31, shape);
        let told: Vec<Told<'_>> = chains(&world, 400).flatten().collect();
        let shops: Vec<&str> = world.subjects().filter(|s| s.trade == Trade::Supermarket).map(|s| s.name.as_str()).collect();
        let is_line = |told: &&Told<'_>| shops.contains(&told.record.parties.responsible.name) && told.record.units.len() == 2;
        let percent = told.iter().filter(is_line).count() * 100 / told.len();
        assert!((75..=85).contains(&percent), "{shape:?}: {percent} %");
    }
}

#[test]
fn every_city_and_every_line_has_its_part() {
    let world = world(32, Shape::Country);
    let told: Vec<Told<'_>> = chains(&world, 400).flatten().collect();
    for provider in world.providers() {
        let part = told.iter().filter(|told| told.provider.id == provider.id).count() * 1_000 / told.len();
        assert!(part >= 5, "{} has {part} of a thousand records", provider.id);
    }
    for category in ["FARM_PRODUCE", "FOOD", "DRUG"] {
        assert!(told.iter().any(|told| told.record.category == category), "nothing of {category}");
    }
}

#[test]
fn nothing_lies_in_the_future_or_long_ago() {
    let world = world(33, Shape::Country);
    let (now, ten_days_ago) = (calendar::spell(NOW / 1_000_000), calendar::spell(NOW / 1_000_000 - 11 * calendar::DAY));
    for told in chains(&world, 400).flatten() {
        assert!((&ten_days_ago..=&now).contains(&&told.record.event_time), "{} at {}", told.record.record_id, told.record.event_time);
    }
}

#[test]
fn a_city_is_told_what_the_country_says_of_it() {
    let world = world(34, Shape::Country);
    let line = |told: &Told<'_>| crate::generate::formats::json::bytes(&told.record);
    for (at, node) in ["linyi", "qingdao", "nanjing"].into_iter().enumerate() {
        for number in 0..100 {
            let all: Vec<_> = chain::tell(&world, number, None).iter().filter(|told| told.provider.node == node).map(line).collect();
            let own: Vec<_> = chain::tell(&world, number, Some(at)).iter().map(line).collect();
            assert_eq!(all, own, "chain {number} at {node}");
        }
    }
}

#[test]
fn another_seed_is_another_country() {
    let (one, other) = (world(1, Shape::City), world(2, Shape::City));
    assert!(one.subjects().zip(other.subjects()).all(|(one, other)| one.uscc != other.uscc));
    assert_ne!(one.flagship().records[0].record_id, other.flagship().records[0].record_id);
}
