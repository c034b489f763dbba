//! Recall scopes: a chain of beef with every number worked out by hand, and small ones for each rule.

#[path = "scope/random.rs"]
mod random;

use std::collections::HashMap;

use tracemesh_lineage::{
    Chain, Direction, Granularity, Hop, Limits, Measured, Neighbours, Packing, Parties, Reading, RecordRef, Role, Scope, Stage, Walk, scope,
};

use Role::{Container, Content, Input, Observed, Output};

/// A record by hand.
#[derive(Clone)]
pub struct Deed {
    pub time: i64,
    pub stage: Stage,
    pub packing: Packing,
    pub node: &'static str,
    pub responsible: &'static str,
    pub source: &'static str,
    pub destination: &'static str,
    /// Role, unit, quantity and measure, as `"600 kg"`.
    pub units: Vec<(Role, u64, &'static str)>,
}

impl Deed {
    pub fn new(time: i64, stage: Stage, responsible: &'static str, units: &[(Role, u64, &'static str)]) -> Deed {
        Deed { time, stage, packing: Packing::None, node: "jinan", responsible, source: "", destination: "", units: units.to_vec() }
    }

    pub fn to(self, destination: &'static str) -> Deed {
        Deed { destination, ..self }
    }

    fn from(self, source: &'static str) -> Deed {
        Deed { source, ..self }
    }

    fn at(self, node: &'static str) -> Deed {
        Deed { node, ..self }
    }

    fn packing(self, packing: Packing) -> Deed {
        Deed { packing, ..self }
    }

    pub fn hops(&self) -> impl Iterator<Item = Hop> {
        self.units.iter().map(|(role, unit, quantity)| {
            let across = |other: &&(Role, u64, &str)| Some(other.0) == role.across();
            let (quantity, measure) = quantity.split_once(' ').unwrap_or_default();
            Hop {
                node: self.node.into(),
                unit: *unit,
                event_time: self.time,
                role: *role,
                packing: self.packing,
                stage: self.stage,
                // Single things have numbers from a hundred on.
                granularity: if *unit < 100 { Granularity::Batch } else { Granularity::Item },
                record: self.time,
                retracts: 0,
                area: format!("area of {}", self.node),
                category: "FOOD".into(),
                holder: if self.destination.is_empty() { self.responsible } else { self.destination }.into(),
                quantity: quantity.into(),
                measure: measure.into(),
                neighbours: Neighbours::Listed(self.units.iter().filter(across).map(|other| other.1).collect()),
            }
        })
    }
}

/// Reads jin as half a kilogram; knows the parties, or does not.
#[derive(Default)]
pub struct Told(HashMap<RecordRef, (&'static str, &'static str)>);

impl Told {
    pub fn of(deeds: &[Deed]) -> Told {
        let record = |deed: &Deed| RecordRef { node: deed.node.into(), record: deed.time };
        Told(deeds.iter().map(|deed| (record(deed), (deed.responsible, deed.source))).collect())
    }
}

impl Reading for Told {
    fn measured<'a>(&'a self, hop: &'a Hop) -> Option<Measured<'a>> {
        let (whole, fraction) = hop.quantity.split_once('.').unwrap_or((&hop.quantity, "0"));
        let billionths =
            whole.parse::<i128>().ok()? * 1_000_000_000 + fraction.parse::<i128>().ok()? * 10_i128.pow(9 - fraction.len() as u32);
        match hop.measure.as_str() {
            "jin" => Some(Measured { billionths: billionths / 2, measure: "kg" }),
            measure => Some(Measured { billionths, measure }),
        }
    }

    fn parties(&self, record: &RecordRef) -> Parties<'_> {
        let (responsible, source) = self.0.get(record).copied().unwrap_or_default();
        Parties { responsible, source }
    }
}

fn downstream(deeds: &[Deed], start: u64) -> Chain {
    walked(deeds, &[start], Direction::Down)
}

pub fn walked(deeds: &[Deed], starts: &[u64], direction: Direction) -> Chain {
    let hops: Vec<Hop> = deeds.iter().flat_map(Deed::hops).collect();
    let mut walk = Walk::new(starts.iter().copied(), direction, Limits::default());
    loop {
        let wanted = walk.wanted().units;
        if wanted.is_empty() {
            return walk.finish(Vec::new());
        }
        walk.feed(&wanted, hops.iter().filter(|hop| wanted.contains(&hop.unit)).cloned());
    }
}

fn decimal(billionths: i128) -> String {
    let text = format!("{}.{:09}", billionths / 1_000_000_000, billionths % 1_000_000_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// One line a holding: who, where, and every figure that is not nothing.
fn lines(scope: &Scope) -> Vec<String> {
    let line = |it: &tracemesh_lineage::Holding| {
        let figures = [
            ("made", it.figures.made),
            ("received", it.figures.received),
            ("passed on", it.figures.passed_on),
            ("used", it.figures.used),
            ("sold", it.figures.sold),
            ("destroyed", it.figures.destroyed),
            ("held", it.figures.held),
            ("over", it.figures.over),
        ];
        let told = figures.iter().filter(|(_, amount)| *amount != 0).map(|(name, amount)| format!(" {name} {}", decimal(*amount)));
        let partial = if it.partial { " partial" } else { "" };
        format!("{} {} [{}]{}{partial} last {:?}", it.subject, it.node, it.measure, told.collect::<String>(), it.last_of)
    };
    scope.holdings.iter().map(line).collect()
}

fn told(deeds: &[Deed], start: u64) -> Vec<String> {
    let (chain, reading) = (downstream(deeds, start), Told::of(deeds));
    lines(&scope(&chain, &reading))
}

const CATTLE: u64 = 1;
const BEEF: u64 = 2;

/// Ten head of cattle; 2,000 kg of beef; three wholesalers; nine stalls.
pub fn beef() -> Vec<Deed> {
    let sale = |time, from, to, of, what, quantity| {
        Deed::new(time, Stage::Wholesale, from, &[(Input, of, quantity), (Output, what, quantity)]).to(to)
    };
    let retail = |time, stall, units: &[_]| Deed::new(time, Stage::Retail, stall, units).at("yantai");
    vec![
        Deed::new(1, Stage::Produce, "farm", &[(Output, CATTLE, "10 head")]).to("slaughterhouse"),
        Deed::new(2, Stage::Slaughter, "slaughterhouse", &[(Input, CATTLE, "10 head"), (Output, BEEF, "2000 kg")]).from("farm"),
        Deed::new(3, Stage::Inspect, "laboratory", &[(Observed, BEEF, "2000 kg")]),
        sale(4, "slaughterhouse", "W1", BEEF, 11, "600 kg"),
        sale(5, "slaughterhouse", "W2", BEEF, 12, "500 kg"),
        sale(6, "slaughterhouse", "W3", BEEF, 13, "1000 jin"),
        sale(7, "W1", "A1", 11, 21, "200 kg"),
        sale(8, "W1", "A2", 11, 22, "150 kg"),
        sale(9, "W1", "A3", 11, 23, "100 kg"),
        sale(10, "W2", "A4", 12, 24, "200 kg"),
        sale(11, "W2", "A5", 12, 25, "200 kg"),
        sale(12, "W2", "A6", 12, 26, "100 kg"),
        sale(13, "W3", "A7", 13, 27, "100 kg"),
        sale(14, "W3", "A8", 13, 28, "100 kg"),
        sale(15, "W3", "A9", 13, 29, "100 kg"),
        retail(16, "A1", &[(Input, 21, "120.5 kg")]),
        retail(17, "A1", &[(Input, 21, "60 jin")]),
        retail(18, "A2", &[(Input, 22, "150 kg")]),
        retail(19, "A4", &[(Observed, 24, "80 kg")]),
        retail(20, "A5", &[(Input, 25, "50 kg"), (Output, 101, "50 kg")]),
        retail(21, "A6", &[(Input, 26, "110 kg")]),
        Deed::new(22, Stage::Return, "A7", &[(Input, 27, "40 kg"), (Output, 31, "40 kg")]).to("W3"),
        Deed::new(23, Stage::Return, "A8", &[(Observed, 28, "25 kg")]).to("W3"),
        Deed::new(24, Stage::Return, "A2", &[(Observed, 22, "2 kg")]).from("a customer").at("yantai"),
        Deed::new(25, Stage::Destroy, "A9", &[(Input, 29, "100 kg")]).at("yantai"),
        Deed::new(26, Stage::Destroy, "slaughterhouse", &[(Observed, BEEF, "400 kg")]),
    ]
}

#[test]
fn a_chain_of_beef_adds_up() {
    let deeds = beef();
    let (chain, reading) = (downstream(&deeds, CATTLE), Told::of(&deeds));
    let scope = scope(&chain, &reading);
    assert_eq!(
        lines(&scope),
        [
            "A1 jinan [kg] received 200 sold 150.5 held 49.5 last [21]",
            "A2 jinan [kg] received 150 sold 150 last []",
            "A2 yantai [kg] received 2 held 2 last [22]",
            "A3 jinan [kg] received 100 held 100 last [23]",
            "A4 jinan [kg] received 200 sold 80 held 120 last [24]",
            "A5 jinan [kg] received 200 sold 50 held 150 last [25]",
            "A6 jinan [kg] received 100 sold 110 over 10 last [26]",
            "A7 jinan [kg] received 100 passed on 40 held 60 last [27]",
            "A8 jinan [kg] received 100 passed on 25 held 75 last []",
            "A9 jinan [kg] received 100 destroyed 100 last [29]",
            "W1 jinan [kg] received 600 passed on 450 held 150 last [11]",
            "W2 jinan [kg] received 500 passed on 500 last [12]",
            "W3 jinan [kg] received 565 passed on 300 held 265 last [13, 28, 31]",
            "farm jinan [head] made 10 passed on 10 last []",
            "slaughterhouse jinan [head] received 10 used 10 last [1]",
            "slaughterhouse jinan [kg] made 2000 passed on 1600 destroyed 400 last [2]",
        ]
    );
    let totals = scope.totals;
    assert_eq!((totals.units, totals.records, totals.subjects, totals.nodes), (16, 26, 14, 2));
    let (measure, kg) = totals.by_measure[1];
    assert_eq!([kg.made, kg.sold, kg.destroyed, kg.held, kg.over].map(decimal), ["2000", "540.5", "500", "971.5", "10"]);
    assert_eq!((measure, totals.by_measure[0].0), ("kg", "head"));
}

fn sold(time: i64, by: &'static str, unit: u64, quantity: &'static str) -> Deed {
    Deed::new(time, Stage::Retail, by, &[(Observed, unit, quantity)])
}

fn passed(time: i64, from: &'static str, to: &'static str, unit: u64, quantity: &'static str) -> Deed {
    Deed::new(time, Stage::Wholesale, from, &[(Observed, unit, quantity)]).to(to)
}

fn made(time: i64, by: &'static str, unit: u64, quantity: &'static str) -> Deed {
    Deed::new(time, Stage::Produce, by, &[(Output, unit, quantity)])
}

#[test]
fn a_batch_that_keeps_its_code_is_charged_to_who_hands_it_on() {
    let deeds = [made(1, "M", 1, "100 kg"), passed(2, "M", "W", 1, "60 kg"), passed(3, "W", "S", 1, "25 kg"), sold(4, "S", 1, "5 kg")];
    let expected = [
        "M jinan [kg] made 100 passed on 60 held 40 last []",
        "S jinan [kg] received 25 sold 5 held 20 last [1]",
        "W jinan [kg] received 60 passed on 25 held 35 last []",
    ];
    assert_eq!(told(&deeds, 1), expected);
}

#[test]
fn where_no_record_names_the_giver_who_has_had_it_longest_is_charged() {
    let deeds = [made(1, "M", 1, "100 kg"), passed(2, "M", "W", 1, "60 kg"), passed(3, "W", "S", 1, "25 kg")];
    let chain = downstream(&deeds, 1);
    let expected = [
        "M jinan [kg] made 100 passed on 85 held 15 last []",
        "S jinan [kg] received 25 held 25 last [1]",
        "W jinan [kg] received 60 held 60 last []",
    ];
    assert_eq!(lines(&scope(&chain, &Told::default())), expected);
}

#[test]
fn who_hands_on_what_nobody_recorded_had_it() {
    let deeds = [passed(1, "M", "W", 1, "60 kg")];
    assert_eq!(told(&deeds, 1), ["M jinan [kg] received 60 passed on 60 last []", "W jinan [kg] received 60 held 60 last [1]"]);
    let deeds = [sold(1, "S", 1, "5 kg")];
    assert_eq!(told(&deeds, 1), ["S jinan [kg] received 5 sold 5 last [1]"]);
}

#[test]
fn stock_is_booked_up_to_what_a_record_says_and_not_twice() {
    let stored = |time, quantity| Deed::new(time, Stage::Other, "W", &[(Observed, 1, quantity)]).from("M");
    let deeds = [made(1, "M", 1, "100 kg"), passed(2, "M", "W", 1, "60 kg"), stored(3, "60 kg"), stored(4, "70 kg")];
    assert_eq!(told(&deeds, 1), ["M jinan [kg] made 100 passed on 70 held 30 last []", "W jinan [kg] received 70 held 70 last [1]"]);
}

#[test]
fn measures_that_do_not_convert_stand_in_rows_of_their_own() {
    let deeds = [made(1, "M", 1, "10 carton"), sold(2, "M", 1, "3 jin")];
    assert_eq!(told(&deeds, 1), ["M jinan [carton] made 10 held 10 last [1]", "M jinan [kg] sold 1.5 over 1.5 last []"]);
}

#[test]
fn what_states_no_quantity_is_told_and_not_counted() {
    let deeds = [made(1, "M", 1, "10 kg"), passed(2, "M", "W", 1, "")];
    assert_eq!(
        told(&deeds, 1),
        ["M jinan [kg] made 10 held 10 partial last []", "W jinan []  partial last [1]".replace("  ", " ").as_str()]
    );
    let deeds = [made(1, "M", 101, "1 box"), passed(2, "M", "W", 101, ""), sold(3, "W", 101, "")];
    assert_eq!(told(&deeds, 101), ["M jinan [box] made 1 passed on 1 last []", "W jinan [box] received 1 sold 1 last [101]"]);
}

/// Rice in cartons, cartons on a pallet: it goes where the pallet goes, and what was left behind stays.
#[test]
fn what_lies_in_a_container_goes_with_it() {
    let pack = |time, container, what, quantity| {
        Deed::new(time, Stage::Other, "M", &[(Container, container, ""), (Content, what, quantity)]).packing(Packing::Pack)
    };
    let unpack = |time, by, container, what: &[(Role, u64, &'static str)]| {
        Deed::new(time, Stage::Other, by, &[&[(Container, container, "")], what].concat()).packing(Packing::Unpack)
    };
    let deeds = [
        made(1, "M", 1, "100 kg"),
        pack(2, 101, 1, "30 kg"),
        pack(3, 102, 1, "20 kg"),
        pack(4, 200, 101, ""),
        pack(5, 200, 102, ""),
        Deed::new(6, Stage::Transport, "carrier", &[(Observed, 200, "1 pallet")]).from("M").to("W"),
        unpack(7, "W", 200, &[(Content, 101, "")]),
        passed(8, "W", "S", 101, ""),
        unpack(9, "S", 101, &[]),
        sold(10, "S", 1, "4 kg"),
        passed(11, "W", "T", 200, ""),
    ];
    let expected = [
        "M jinan [kg] made 100 passed on 50 held 50 last []",
        "S jinan [kg] received 30 sold 4 held 26 last []",
        "T jinan [kg] received 20 held 20 last [1]",
        "W jinan [kg] received 50 passed on 50 last []",
    ];
    let got: Vec<String> = told(&deeds, 1).into_iter().filter(|line| line.contains("[kg]")).collect();
    assert_eq!(got, expected);
}
