//! Every rule of the list has a text that breaks it: the catalogue writes a message for each, and none of them is written in vain.

use tracemesh_codes::{CodeFault, Identified, RULES, identify};

/// A rule, and an exact form or a bare text that breaks it.
const BROKEN: [(&str, &str); 43] = [
    ("scheme.unknown", "exact upc:/1"),
    ("scheme.other", "exact gln:/(00)106141412345678908"),
    ("issuer.text", "exact opaque:a\u{7}/1"),
    ("value.empty", "exact gtin:/"),
    ("value.text", "bare a\u{7}"),
    ("batch.text", "exact gtin:/6903244679763#a\u{7}"),
    ("batch.conflict", "exact gtin:/(01)06903244679763(10)A#B"),
    ("spelling.normalised", "bare 批次１"),
    ("uscc.length", "exact uscc:/9135"),
    ("uscc.alphabet", "exact uscc:/9135O100M000100Y43"),
    ("uscc.region", "exact uscc:/9135A100M000100Y43"),
    ("uscc.organisation", "exact uscc:/91350100M000100Y53"),
    ("uscc.check", "bare 91350100M000100Y4A"),
    ("uscc.xiamen", "bare 93350200MA0000A198"),
    ("mofcom20.digits", "exact mofcom20:/370600"),
    ("mofcom20.region", "bare 99999900000000000001"),
    ("drug20.digits", "exact drug20:/8"),
    ("vet24.digits", "exact vet24:/20240315"),
    ("vet24.date", "exact vet24:/202413151234512345678901"),
    ("pesticide32.digits", "exact pesticide32:/1"),
    ("seed.form", "exact seed:/种"),
    ("equipment.form", "exact equipment:/3110"),
    ("sc.form", "exact sc:/QS1"),
    ("organic.digits", "exact organic:/1"),
    ("ecode.form", "exact ecode:/A"),
    ("handle.form", "exact handle:/a"),
    ("oid.form", "exact oid:/1"),
    ("oid.arc", "exact oid:/1.2.840.1"),
    ("uri.form", "exact uri:/a"),
    ("url.form", "exact url:/a"),
    ("gtin.digits", "exact gtin:/1"),
    ("gtin.check", "bare 6903244679764"),
    ("gtin.serial", "exact gtin:/6903244679763.批"),
    ("sscc.digits", "exact sscc:/1"),
    ("sscc.check", "exact sscc:/106141412345678909"),
    ("gln.digits", "exact gln:/1"),
    ("gln.check", "exact gln:/0614141123453"),
    ("gln.extension", "exact gln:/0614141123452.批"),
    ("gs1.zero", "bare 0000000000000"),
    ("gs1.link", "bare https://a.example/01/06903244679763/10/%zz"),
    ("epc.form", "bare urn:epc:id:sscc:1.2"),
    ("gs1.batch", "bare (01)06903244679763(10)批"),
    ("opaque.personal", "bare 11010519491231002X"),
];

fn complaints(text: &str) -> Vec<CodeFault> {
    match text.split_once(' ') {
        Some(("exact", exact)) => exact.parse::<Identified>().map_or_else(|faults| faults, |identified| identified.doubts),
        Some((_, bare)) => identify(bare).doubts,
        None => Vec::new(),
    }
}

#[test]
fn every_rule_can_be_broken() {
    assert!(RULES.iter().all(|rule| BROKEN.iter().any(|(broken, _)| broken == rule)), "a rule without an example");
    for (rule, text) in BROKEN {
        assert!(complaints(text).iter().any(|complaint| complaint.rule == rule), "{rule}: {:?}", complaints(text));
    }
}
