//! What bare strings are taken for, as a table. A line reads: text → readings with their confidence, best first; what a record takes is
//! the first one, marked `!` when it is below the bar and the record keeps opaque text instead; doubts of that reading in brackets.

use tracemesh_codes::{CodeFault, Identified, READ_FROM, classify, identify};

fn line(text: &str) -> String {
    let candidates = classify(text);
    let readings: Vec<String> = candidates[..candidates.len() - 1].iter().map(reading).collect();
    let taken = identify(text);
    format!("{text} → {} | {}{}", readings.join(", "), taken, doubts(&taken.doubts))
}

fn reading(candidate: &Identified) -> String {
    let bar = if candidate.confidence < READ_FROM { "!" } else { "" };
    format!("{}{bar} {}", candidate.code.scheme, candidate.confidence)
}

fn doubts(doubts: &[CodeFault]) -> String {
    if doubts.is_empty() { String::new() } else { format!(" [{}]", doubts.iter().map(|doubt| doubt.rule).collect::<Vec<_>>().join(" ")) }
}

fn table(texts: &[&str]) -> String {
    texts.iter().map(|text| line(text)).collect::<Vec<_>>().join("\n")
}

#[test]
fn twenty_digits() {
    insta::assert_snapshot!(table(&[
        "37060000400010000003",
        "37120000000000000001",
        "83857930000879766660",
        "8 3857 9300 0087 9766 660",
        "81000000000000000001",
        "99999900000000000001",
    ]), @r"
    37060000400010000003 → mofcom20 90 | mofcom20:/37060000400010000003
    37120000000000000001 → mofcom20 90 | mofcom20:/37120000000000000001
    83857930000879766660 → drug20 80 | drug20:/83857930000879766660
    8 3857 9300 0087 9766 660 → drug20 80 | drug20:/83857930000879766660
    81000000000000000001 → mofcom20 90, drug20 80 | mofcom20:/81000000000000000001
    99999900000000000001 →  | opaque:/99999900000000000001 [mofcom20.region]
    ");
}

#[test]
fn gs1_numbers() {
    insta::assert_snapshot!(table(&[
        "6924561884074",
        "06903244679763",
        "036000291452",
        "96385074",
        "6924561884075",
        "0000000000000",
        "106141412345678908",
        "(01)06903244679763(10)L1",
        "(01)06903244679764",
        "/01/06903244679763/10/L1",
    ]), @r"
    6924561884074 → gtin 90, gln! 30 | gtin:/06924561884074
    06903244679763 → gtin 90 | gtin:/06903244679763
    036000291452 → gtin 60 | gtin:/00036000291452
    96385074 → gtin! 45 | opaque:/96385074
    6924561884075 →  | opaque:/6924561884075 [gtin.check]
    0000000000000 →  | opaque:/0000000000000 [gs1.zero]
    106141412345678908 → sscc 70 | sscc:/106141412345678908
    (01)06903244679763(10)L1 → gtin 99 | gtin:/06903244679763#L1
    (01)06903244679764 →  | opaque:/(01)06903244679764 [gtin.check]
    /01/06903244679763/10/L1 → gtin 99 | gtin:/06903244679763#L1
    ");
}

#[test]
fn subjects_and_people() {
    insta::assert_snapshot!(table(&[
        "91350100M000100Y43",
        "91350100M000100Y4A",
        "93350200MA0000A198",
        "11010519491231002X",
        "110000013303000",
        "SC10637060000011",
    ]), @r"
    91350100M000100Y43 → uscc 98 | uscc:/91350100M000100Y43
    91350100M000100Y4A →  | opaque:/91350100M000100Y4A [uscc.check]
    93350200MA0000A198 → uscc 78 | uscc:/93350200MA0000A198 [uscc.xiamen]
    11010519491231002X →  | opaque:/110105********002X [opaque.personal]
    110000013303000 →  | opaque:/110000013303000
    SC10637060000011 → sc 90 | sc:/SC10637060000011
    ");
}

#[test]
fn farm_inputs_equipment_and_organic_products() {
    insta::assert_snapshot!(table(&[
        "202403151234512345678901",
        "202413151234512345678901",
        "11234561001000000000000000000001",
        "12324000000000001",
        "31101234520120001",
    ]), @r"
    202403151234512345678901 → vet24 85 | vet24:/202403151234512345678901
    202413151234512345678901 →  | opaque:/202413151234512345678901
    11234561001000000000000000000001 → pesticide32 85 | pesticide32:/11234561001000000000000000000001
    12324000000000001 → organic! 40 | opaque:/12324000000000001
    31101234520120001 → organic! 40, equipment! 35 | opaque:/31101234520120001
    ");
}

#[test]
fn addresses_and_identifiers() {
    insta::assert_snapshot!(table(&[
        "https://a.example/t/1",
        "https://a.example/01/06903244679764",
        "urn:epc:id:sscc:0614141.12345678",
        "urn:gdst:example.org:party:1",
        "20.500.12345/abc",
        "1.2.156.3001",
        "gtin:/06903244679763#L1",
        "gtin:/06903244679764",
        "LOT:123",
        "批次１２",
        "2024/11/25-3",
    ]), @r"
    https://a.example/t/1 → url 95 | url:/https://a.example/t/1
    https://a.example/01/06903244679764 → url 75 | url:/https://a.example/01/06903244679764 [gtin.check]
    urn:epc:id:sscc:0614141.12345678 → uri 75 | uri:/urn:epc:id:sscc:0614141.12345678 [epc.form]
    urn:gdst:example.org:party:1 → uri 95 | uri:/urn:gdst:example.org:party:1
    20.500.12345/abc → handle 75 | handle:/20.500.12345/abc
    1.2.156.3001 → oid 85 | oid:/1.2.156.3001
    gtin:/06903244679763#L1 → gtin 100 | gtin:/06903244679763#L1
    gtin:/06903244679764 →  | opaque:/gtin:/06903244679764 [gtin.check]
    LOT:123 → uri! 10 | opaque:/LOT:123
    批次１２ →  | opaque:/批次12 [spelling.normalised]
    2024/11/25-3 →  | opaque:/2024/11/25-3
    ");
}
