//! EPCIS events as records: the mapping of the contract, on made-up events.

use insta::{assert_debug_snapshot, assert_snapshot};
use serde_json::{Value, json};
use tracemesh_model::{Checked, Violation, epcis};

use crate::{checked, lines};

fn read(event: &Value) -> Result<Checked, Vec<Violation>> {
    epcis::read_event(event.to_string().as_bytes()).and_then(checked)
}

/// An event of this type with these members.
fn event(kind: &str, members: Value) -> Value {
    let mut event =
        json!({"type": kind, "eventID": "urn:uuid:1", "eventTime": "2026-11-24T12:00:00.0000000Z", "eventTimeZoneOffset": "+08:00"});
    event.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    event
}

/// Class, packing, and the units as `ROLE code#batch GRANULARITY quantity`.
fn told(event: &Value) -> String {
    let record = read(event).expect("accepted").record;
    let mut lines = vec![format!("{} {}", record.class.as_str(), record.packing.as_str())];
    for unit in &record.units {
        let quantity = unit.quantity.as_ref().map(|it| format!(" {} {}", it.value, it.unit)).unwrap_or_default();
        lines.push(format!("  {} {}#{} {:?}{quantity}", unit.role.as_str(), unit.code, unit.batch, unit.granularity));
    }
    lines.join("\n")
}

#[test]
fn the_five_types_of_event() {
    let lot = json!([{"epcClass": "urn:epc:class:lgtin:6901234.056789.B7", "quantity": 1.25E3, "uom": "KGM"}]);
    let counted = json!([{"epcClass": "urn:example:lot:9", "quantity": 12}]);
    let events = [
        event(
            "ObjectEvent",
            json!({"action": "ADD", "bizStep": "commissioning", "epcList": ["urn:epc:id:sgtin:6901234.056789.A1"], "quantityList": lot}),
        ),
        event("ObjectEvent", json!({"action": "OBSERVE", "bizStep": "https://ref.gs1.org/cbv/BizStep-shipping", "quantityList": counted})),
        event("ObjectEvent", json!({"action": "DELETE", "bizStep": "urn:epcglobal:cbv:bizstep:retail_selling", "quantityList": lot})),
        event(
            "TransactionEvent",
            json!({"action": "ADD", "parentID": "urn:epc:id:sscc:6901234.0000000001", "epcList": ["urn:example:item:1"]}),
        ),
        event(
            "AggregationEvent",
            json!({"action": "ADD", "bizStep": "loading", "parentID": "urn:epc:id:sscc:6901234.0000000001", "childEPCs": ["urn:example:item:1"]}),
        ),
        event("AggregationEvent", json!({"action": "DELETE", "parentID": "urn:epc:id:sscc:6901234.0000000001", "childEPCs": []})),
        event("AssociationEvent", json!({"action": "OBSERVE", "parentID": "urn:example:crate:1", "childQuantityList": counted})),
        event(
            "TransformationEvent",
            json!({"inputQuantityList": lot, "outputEPCList": ["urn:example:can:1"], "transformationID": "urn:example:batch:5"}),
        ),
    ];
    assert_snapshot!(events.iter().map(told).collect::<Vec<_>>().join("\n"), @r"
    PRODUCE UNCHANGED
      OUTPUT gtin:/06901234567892.A1# Item
      OUTPUT gtin:/06901234567892#B7 Batch 1250 kg
    TRANSPORT UNCHANGED
      OBSERVED uri:/urn:example:lot:9# Batch 12 piece
    RETAIL UNCHANGED
      INPUT gtin:/06901234567892#B7 Batch 1250 kg
    WHOLESALE UNCHANGED
      OBSERVED sscc:/069012340000000016# Item
      OBSERVED uri:/urn:example:item:1# Item
    TRANSPORT PACK
      CONTAINER sscc:/069012340000000016# Item
      CONTENT uri:/urn:example:item:1# Item
    UNPACK UNPACK
      CONTAINER sscc:/069012340000000016# Item
    STORE UNCHANGED
      CONTAINER uri:/urn:example:crate:1# Item
      CONTENT uri:/urn:example:lot:9# Batch 12 piece
    PROCESS UNCHANGED
      INPUT gtin:/06901234567892#B7 Batch 1250 kg
      OUTPUT uri:/urn:example:can:1# Item
      OUTPUT uri:/urn:example:batch:5# Batch
      INPUT uri:/urn:example:batch:5# Batch
    ");
}

#[test]
fn where_who_and_what_goods() {
    let told = event(
        "ObjectEvent",
        json!({
            "action": "OBSERVE", "bizStep": "receiving", "disposition": "in_progress", "epcList": ["urn:example:lot:9"],
            "readPoint": {"id": "geo:36.0,120.3"}, "bizLocation": {"id": "urn:epc:id:sgln:6901234.00001.0"},
            "bizTransactionList": [{"type": "po", "bizTransaction": "urn:epcglobal:cbv:bt:6901234000016:PO7"}],
            "sourceList": [{"type": "location", "source": "urn:epc:id:sgln:6901234.00002.0"}, {"type": "urn:epcglobal:cbv:sdt:possessing_party", "source": "urn:example:carrier"}],
            "destinationList": [{"type": "owning_party", "destination": "https://example.org/shop"}],
            "ilmd": {"cbvmda:productionDate": "2026-11-20T03:00:00+00:00", "cbvmda:itemExpirationDate": "2027-01-01", "cbvmda:descriptionShort": "Fish", "gdst:x": 1},
            "certificationInfo": "https://example.org/cert"
        }),
    );
    let record = read(&told).unwrap().record;
    assert_eq!(record.place.location, "geo:36.0,120.3");
    assert_eq!(record.act.voucher, "urn:epcglobal:cbv:bt:6901234000016:PO7");
    let party = |party: Option<tracemesh_model::Party>| party.unwrap().code.unwrap().to_string();
    assert_eq!(party(record.parties.source), "uri:/urn:example:carrier");
    assert_eq!(party(record.parties.destination), "url:/https://example.org/shop");
    assert_eq!((record.product.name.as_str(), record.product.best_before.unwrap().to_string().as_str()), ("Fish", "2027-01-01"));
    let kept: Vec<_> = record.extension.keys().collect();
    assert_debug_snapshot!(kept, @r#"
    [
        "bizLocation",
        "bizStep",
        "bizTransactionList",
        "certificationInfo",
        "destinationList",
        "disposition",
        "eventTimeZoneOffset",
        "ilmd",
        "sourceList",
    ]
    "#);
}

#[test]
fn a_lot_in_the_master_data_belongs_to_a_product_without_one() {
    let made = |class: &str| {
        let list = json!([{"epcClass": class, "quantity": 5, "uom": "KGM"}]);
        let event = event("ObjectEvent", json!({"action": "ADD", "quantityList": list, "ilmd": {"cbvmda:lotNumber": "B7"}}));
        read(&event).unwrap().record.units.remove(0)
    };
    assert_eq!(made("urn:epc:idpat:sgtin:6901234.056789.*").key, made("urn:epc:class:lgtin:6901234.056789.B7").key);
    assert_eq!(
        made("urn:example:lot:9").batch,
        "",
        "a lot that names itself keeps its key when a later event repeats it without master data"
    );
}

#[test]
fn an_error_declaration_is_the_next_revision_and_voids() {
    let declared = json!({"declarationTime": "2026-11-24T13:00:00Z", "reason": "urn:epcglobal:cbv:er:did_not_occur", "correctiveEventIDs": ["urn:uuid:2"]});
    let record = read(&event("ObjectEvent", json!({"action": "OBSERVE", "epcList": ["urn:example:1"], "errorDeclaration": declared})))
        .unwrap()
        .record;
    let corrects = record.corrects.unwrap();
    assert_eq!((record.record_id.as_str(), record.revision), ("urn:uuid:1", 2));
    assert_eq!((corrects.reason.as_str(), corrects.void), ("did_not_occur", true));
    assert_eq!(record.extension["errorDeclaration"]["correctiveEventIDs"], json!(["urn:uuid:2"]));
}

#[test]
fn findings_are_about_what_events_never_say() {
    let checked =
        read(&event("ObjectEvent", json!({"action": "OBSERVE", "epcList": ["urn:epc:id:sscc:08600031303.0003"], "gdst:x": {}}))).unwrap();
    assert_eq!(checked.record.units[0].code.to_string(), "uri:/urn:epc:id:sscc:08600031303.0003");
    assert_debug_snapshot!(lines(&checked.findings), @r#"
    [
        "record.category.absent at category: UNKNOWN",
        "record.place.absent at place: UNKNOWN",
        "record.parties.responsible.absent at parties.responsible: UNKNOWN",
        "code.epc.form at units[0].code: urn:epc:id:sscc:08600031303.0003",
    ]
    "#);
}

#[test]
fn what_is_wrong_with_an_event_is_said_at_once() {
    let wrong = |event: &Value| lines(&read(event).unwrap_err()).join("\n");
    let mut nameless = event(
        "ObjectEvent",
        json!({"epcList": [7], "quantityList": [{"quantity": -1, "epcClass": "urn:x:1"}, {"quantity": []}], "eventTime": "2026-11-24"}),
    );
    nameless.as_object_mut().unwrap().remove("eventID");
    assert_snapshot!(wrong(&nameless), @r"
    record.epcis.action.missing at action
    record.epcis.event_id.missing at record_id
    record.mistyped at epcList[0]: 7
    record.mistyped at quantityList[1].quantity: […]
    record.event_time.malformed at event_time: 2026-11-24
    record.units.quantity.negative at units[0].quantity.value: -1
    record.units.code.missing at units[1].code
    ");
    assert_snapshot!(wrong(&event("QuantityEvent", json!({}))), @r"record.epcis.type.unknown at type: QuantityEvent");
    assert_snapshot!(wrong(&event("AggregationEvent", json!({"action": "REMOVE", "parentID": "urn:x:1"}))), @r"record.epcis.action.unknown at action: REMOVE");
    assert_snapshot!(wrong(&event("TransformationEvent", json!({}))), @r"record.units.missing at units");
}
