//! What a provider may submit, and what its registration says for it.

use serde_json::json;
use tracemesh_model::{Category, Checked, Class, Code, Defaults, Limits, Received, Scheme, Scope, Violation, check, json as json_reader};

use crate::{NOW_MICROS, lines, with};

/// A node for 370600 that knows its neighbour, and a provider of food at wholesale.
struct Narrow;

impl Scope for Narrow {
    fn area_of(&self, region: &str) -> Option<String> {
        ["370600", "370700", "yantai-zone"].contains(&region).then(|| region.to_owned())
    }
    fn answers_for(&self, area: &str) -> bool {
        area != "370700"
    }
    fn takes_area(&self, area: &str) -> bool {
        area != "yantai-zone"
    }
    fn takes_category(&self, category: &Category) -> bool {
        category.as_str() == Category::FOOD
    }
    fn takes_class(&self, class: Class) -> bool {
        class == Class::Store
    }
    fn is_registered(&self, subject: &Code) -> bool {
        subject.value != "91370600000000019G"
    }
}

fn checked(record: &serde_json::Value, defaults: &Defaults) -> Result<Checked, Vec<Violation>> {
    let at = Received { now_micros: NOW_MICROS, limits: &Limits::default(), defaults, scope: &Narrow };
    json_reader::read(record.to_string().as_bytes()).and_then(|draft| check(draft, &at))
}

fn refusals(record: &serde_json::Value) -> Vec<String> {
    lines(&checked(record, &Defaults::default()).unwrap_err())
}

#[test]
fn outside_the_providers_scope_is_rejected() {
    assert_eq!(refusals(&with("", "class", json!("RETAIL"))), ["record.class.scope at class: RETAIL"]);
    assert_eq!(refusals(&with("", "category", json!("DRUG"))), ["record.category.scope at category: DRUG"]);
    assert_eq!(refusals(&with("/place", "region", json!("yantai-zone"))), ["record.place.area.scope at place.region: yantai-zone"]);
    assert_eq!(refusals(&with("/place", "region", json!("350200"))), ["record.place.region.unknown at place.region: 350200"]);
}

#[test]
fn outside_the_nodes_area_and_unregistered_is_told() {
    let findings = checked(&with("/place", "region", json!("370700")), &Defaults::default()).unwrap().findings;
    assert_eq!(
        lines(&findings),
        [
            "record.place.area.outside at place.region: 370700",
            "record.subject.unregistered at parties.responsible.code: uscc:/91370600000000019G"
        ]
    );
}

#[test]
fn the_registration_speaks_where_the_record_does_not() {
    let responsible = Code { scheme: Scheme::Uscc, issuer: String::new(), value: "91310000MA0000015F".to_owned() };
    let defaults = Defaults {
        area: Some("370600".to_owned()),
        category: Category::named("WINE"),
        responsible: Some(responsible),
        issuer: "n/p".to_owned(),
    };
    let mut record = with("/units/0", "code", json!({"scheme": "opaque", "value": "L1"}));
    for field in ["category", "place", "parties"] {
        record.as_object_mut().unwrap().remove(field);
    }
    let Checked { record, findings } = checked(&record, &defaults).unwrap();
    assert_eq!((record.area.as_str(), record.category.as_str()), ("370600", "WINE"));
    assert_eq!(record.units[0].code.to_string(), "opaque:91310000MA0000015F/L1");
    assert_eq!(
        lines(&findings),
        [
            "record.category.defaulted at category: WINE",
            "record.place.absent at place: 370600",
            "record.parties.responsible.defaulted at parties.responsible: uscc:/91310000MA0000015F"
        ]
    );
}
