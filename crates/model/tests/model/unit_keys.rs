//! Unit keys: equal on every node for every spelling of one unit, and different where issuers are.

use serde_json::{Value, json};
use tracemesh_model::{Granularity, Unit};

use crate::{read_value, sound};

const FARM: &str = "91370600000000019G";
const SHOP: &str = "91310000MA0000015F";

/// The unit of a record with this responsible subject and this source.
fn unit(unit: Value, responsible: &str, source: &str) -> Unit {
    let mut record = sound();
    record["units"] = json!([unit]);
    record["parties"] = json!({"responsible": {"code": responsible}, "source": {"code": source}});
    read_value(&record).expect("accepted").record.units.remove(0)
}

fn lot(role: &str, code: Value) -> Value {
    json!({"role": role, "code": code})
}

#[test]
fn what_one_gave_out_is_what_the_next_took_in() {
    let opaque = json!({"scheme": "opaque", "value": "L1"});
    let out = unit(lot("OUTPUT", opaque.clone()), FARM, "");
    for taken in [
        lot("INPUT", opaque.clone()),
        lot("OBSERVED", opaque.clone()),
        lot("INPUT", json!({"scheme": "opaque", "issuer": FARM, "value": "L1"})),
    ] {
        assert_eq!(unit(taken, SHOP, FARM).key, out.key);
    }
    for own in ["OUTPUT", "CONTAINER", "CONTENT"] {
        assert_ne!(unit(lot(own, opaque.clone()), SHOP, FARM).key, out.key, "{own}");
    }
    assert_eq!(unit(lot("INPUT", opaque), FARM, "").key, out.key, "without a source the number is one's own");
}

#[test]
fn a_global_code_ignores_who_names_it() {
    let trace = json!({"scheme": "mofcom20", "value": "37060000400010000003"});
    assert_eq!(unit(lot("OUTPUT", trace.clone()), FARM, "").key, unit(lot("INPUT", trace), SHOP, FARM).key);
}

#[test]
fn a_product_with_a_batch_is_a_batch_however_it_is_spelled() {
    let apart = json!({"role": "OUTPUT", "code": {"scheme": "gtin", "value": "6924561884074"}, "batch": "B7"});
    let link = lot("OUTPUT", json!("https://id.example.org/01/06924561884074/10/B7"));
    let apart = unit(apart, FARM, "");
    assert_eq!((apart.granularity, apart.batch.as_str()), (Granularity::Batch, "B7"));
    assert_eq!(apart.key, unit(link, FARM, "").key);
}

#[test]
fn a_product_alone_is_a_class_and_claims_do_not_change_it() {
    for claimed in ["ITEM", "BATCH", "CLASS", ""] {
        let alone = json!({"role": "OUTPUT", "code": {"scheme": "gtin", "value": "6924561884074"}, "granularity": claimed});
        assert_eq!(unit(alone, FARM, "").granularity, Granularity::Class, "{claimed}");
    }
    let opaque = json!({"role": "OUTPUT", "code": {"scheme": "opaque", "value": "pork"}, "granularity": "CLASS"});
    assert_eq!(unit(opaque, FARM, "").granularity, Granularity::Class, "a provider may say that its own code names a class");
}
