//! One unit, one key, on every node and in every spelling. The numbers were computed by another implementation of the definition.

use tracemesh_codes::{Granularity, Identified, Scheme, UnitKey, identify, parse};

fn key(scheme: Scheme, issuer: &str, value: &str, batch: &str) -> u64 {
    parse(scheme, issuer, value).unwrap().with_batch(batch).key().get()
}

#[test]
fn keys_are_what_the_definition_says() {
    assert_eq!(key(Scheme::Gtin, "", "6903244679763", "L1"), 0x3117_11f5_74cc_f3c5);
    assert_eq!(key(Scheme::Opaque, "91370600000000019G", "箱 7", ""), 0x0cd8_de3e_7ddf_92c8);
    assert_eq!(key(Scheme::Mofcom20, "", "37060000400010000003", ""), 0x79a7_5668_a8e9_14e0);
}

#[test]
fn every_spelling_of_a_unit_is_one_code() {
    let lot = [
        "gtin:/80614141123458#998/877",
        "urn:epc:class:lgtin:0614141.812345.998%2F877",
        "urn:epc:id:lgtin:0614141.812345.998%2F877",
        "https://id.gs1.org/01/80614141123458/10/998%2F877",
        "http://Brand.Example/a/01/80614141123458/10/998%2F877?17=261231",
        "(01)80614141123458(10)998/877",
        "（０１）80614141123458(10)998/877",
    ];
    let item = [
        "gtin:/80614141123458.6789",
        "urn:epc:id:sgtin:0614141.812345.6789",
        "https://id.gs1.org/01/80614141123458/21/6789",
        "(01)80614141123458(21)6789",
    ];
    let class = ["80614141123458", "urn:epc:idpat:sgtin:0614141.812345.*", "https://id.gs1.org/01/80614141123458"];
    let package = [
        "106141412345678908",
        "1 0614141 234567890 8",
        "urn:epc:id:sscc:0614141.1234567890",
        "https://a.example/00/106141412345678908",
        "(00)106141412345678908",
    ];
    assert_eq!(one(&lot), Some(Granularity::Batch));
    assert_eq!(one(&item), Some(Granularity::Item));
    assert_eq!(one(&class), Some(Granularity::Class));
    assert_eq!(one(&package), Some(Granularity::Item));
}

/// Asserts that all texts name one unit, also where the record names the scheme, and answers its granularity.
fn one(texts: &[&str]) -> Option<Granularity> {
    let units: Vec<Identified> = texts.iter().map(|text| identify(text)).collect();
    for (unit, text) in units.iter().zip(texts) {
        assert_eq!((&unit.code, &unit.batch, unit.key()), (&units[0].code, &units[0].batch, units[0].key()), "{text}");
        let named = if text.starts_with("gtin:") { text.parse() } else { parse(unit.code.scheme, "", text) };
        assert_eq!(named.map(|named| named.key()), Ok(unit.key()), "{text}");
    }
    units[0].granularity
}

#[test]
fn addresses_and_uris_that_name_a_unit_are_that_unit() {
    let gtin = key(Scheme::Gtin, "", "80614141123458.6789", "");
    assert_eq!(key(Scheme::Uri, "", "urn:epc:id:sgtin:0614141.812345.6789", ""), gtin);
    assert_eq!(key(Scheme::Url, "", "https://a.example/01/80614141123458/21/6789", ""), gtin);
    assert_eq!(key(Scheme::Uri, "", "https://a.example/x", ""), key(Scheme::Url, "", "HTTPS://A.example/x", ""));
    assert_eq!(key(Scheme::Uri, "", "urn:oid:1.2.156.1", ""), key(Scheme::Oid, "", "1.2.156.1", ""));
}

#[test]
fn a_batch_enters_only_where_the_value_leaves_room_for_one() {
    let differs = |scheme, value| key(scheme, "", value, "L1") != key(scheme, "", value, "");
    assert!(differs(Scheme::Gtin, "80614141123458") && differs(Scheme::Opaque, "SKU-1") && differs(Scheme::Uri, "urn:a:b"));
    assert!(!differs(Scheme::Gtin, "80614141123458.6789") && !differs(Scheme::Sscc, "106141412345678908"));
    assert!(!differs(Scheme::Mofcom20, "37060000400010000003") && !differs(Scheme::Drug20, "83857930000879766660"));
}

#[test]
fn an_issuer_enters_only_where_the_scheme_needs_one() {
    let differs = |scheme, value| key(scheme, "A", value, "") != key(scheme, "B", value, "");
    assert!(differs(Scheme::Opaque, "1") && differs(Scheme::Seed, "1"));
    assert!(!differs(Scheme::Gtin, "80614141123458") && !differs(Scheme::Uri, "urn:a:b"));
}

#[test]
fn a_stated_batch_that_contradicts_the_code_is_doubted_and_changes_nothing() {
    let unit = identify("(01)80614141123458(10)L1");
    let contradicted = unit.clone().with_batch("L2");
    assert_eq!((contradicted.key(), contradicted.doubts[0].rule), (unit.key(), "batch.conflict"));
    assert!(unit.clone().with_batch("Ｌ1").with_batch("").doubts.is_empty());
}

#[test]
fn personal_numbers_reach_neither_codes_nor_keys() {
    // The third has one wrong digit, the last would be a logistic unit.
    for text in ["11010519491231002X", "身份证 11010519491231002X", "110105194912310021", "110105194912310118"] {
        let unit = identify(text);
        assert!(!unit.to_string().contains("19491231") && unit.doubts.iter().any(|doubt| doubt.rule == "opaque.personal"), "{text}");
        assert!(unit.code.scheme == Scheme::Opaque && !format!("{:?}", unit.doubts).contains("19491231"));
    }
    let faults = parse(Scheme::Uscc, "", "11010519491231002X").unwrap_err();
    assert!(!format!("{faults:?}").contains("19491231"));
    assert_eq!(parse(Scheme::Opaque, "11010519491231002X", "1").unwrap().code.issuer, "110105********002X");
}

#[test]
fn keys_survive_a_signed_column() {
    let key = identify("80614141123458").key();
    assert_eq!(UnitKey::from_u64(key.as_i64().cast_unsigned()), Some(key));
    assert_eq!(UnitKey::from_u64(1 << 63), None);
    assert_eq!(key.to_string().len(), 16);
}
