//! A trace record in protobuf, read as a draft; the model's check judges it, as it judges those of every other format.
//!
//! In proto3 an absent number is 0, so a revision of 0 is an absent one here, and an unknown enum value arrives as its number. Fields that
//! this version does not know vanish in decoding: the submission's original bytes keep them.

use prost::{Message, UnknownEnumValue};
use prost_types::value::Kind as ValueKind;
use serde_json::{Map, Number, Value};
use tracemesh_model::{
    Draft, DraftAct, DraftCode, DraftCorrection, DraftEvidence, DraftParties, DraftParty, DraftPlace, DraftProduct, DraftQuantity,
    DraftUnit, Violation, reasons,
};

use crate::record::v1::{
    Act, Code, Correction, Evidence, Parties, Party, Place, Product, Quantity, TraceRecord, Unit, evidence, trace_record, unit,
};

/// Reads one record.
///
/// # Errors
/// Bytes that are no `tracemesh.record.v1.TraceRecord`. Everything else that is wrong is for the check to find.
pub fn read_record(bytes: &[u8]) -> Result<Draft, Vec<Violation>> {
    if bytes.is_empty() {
        return Err(vec![Violation::new(reasons::EMPTY, "", "")]);
    }
    match TraceRecord::decode(bytes) {
        Ok(record) => Ok(Draft { bytes: bytes.len(), ..draft(record) }),
        Err(error) => Err(vec![Violation::new(reasons::NOT_PROTOBUF, "", &error.to_string())]),
    }
}

fn draft(record: TraceRecord) -> Draft {
    Draft {
        record_id: record.record_id,
        revision: (record.revision != 0).then_some(record.revision.into()),
        class: name(record.class, trace_record::Class::as_str_name),
        category: record.category,
        event_time: record.event_time,
        place: record.place.map(place).unwrap_or_default(),
        parties: record.parties.map(parties).unwrap_or_default(),
        units: record.units.into_iter().map(unit).collect(),
        product: record.product.map(product).unwrap_or_default(),
        act: record.act.map(act).unwrap_or_default(),
        evidence: record.evidence.into_iter().map(piece).collect(),
        corrects: record.corrects.map(|Correction { reason, void }| DraftCorrection { reason, void }),
        extension: record.extension.map(extension).unwrap_or_default(),
        ..Draft::default()
    }
}

/// An enum's name; empty for the unspecified one, the number of one that we do not know.
fn name<E>(number: i32, as_str_name: fn(&E) -> &'static str) -> String
where
    E: TryFrom<i32, Error = UnknownEnumValue>,
{
    match E::try_from(number) {
        _ if number == 0 => String::new(),
        Ok(value) => as_str_name(&value).to_owned(),
        Err(UnknownEnumValue(number)) => number.to_string(),
    }
}

/// A code that says nothing is an absent one.
fn code(code: Option<Code>) -> Option<DraftCode> {
    let Code { scheme, issuer, value } = code?;
    Some(DraftCode { scheme, issuer, value }).filter(|code| *code != DraftCode::default())
}

fn place(place: Place) -> DraftPlace {
    DraftPlace { region: place.region, subject: code(place.subject), location: place.location }
}

fn parties(parties: Parties) -> DraftParties {
    DraftParties {
        responsible: parties.responsible.map(party),
        source: parties.source.map(party),
        destination: parties.destination.map(party),
    }
}

fn party(party: Party) -> DraftParty {
    DraftParty {
        code: code(party.code),
        name: party.name,
        address: party.address,
        contact: party.contact,
        phone: party.phone,
        licence: party.licence,
    }
}

fn unit(unit: Unit) -> DraftUnit {
    DraftUnit {
        role: name(unit.role, unit::Role::as_str_name),
        code: code(unit.code),
        granularity: name(unit.granularity, unit::Granularity::as_str_name),
        batch: unit.batch,
        quantity: unit.quantity.map(|Quantity { value, unit }| DraftQuantity { value, unit }),
    }
}

fn product(product: Product) -> DraftProduct {
    DraftProduct {
        code: code(product.code),
        name: product.name,
        spec: product.spec,
        class_code: product.class_code,
        produced_on: product.produced_on,
        best_before: product.best_before,
    }
}

fn act(act: Act) -> DraftAct {
    DraftAct { voucher: act.voucher, unit_price: act.unit_price, amount: act.amount, mode: act.mode, vehicle: act.vehicle }
}

fn piece(piece: Evidence) -> DraftEvidence {
    DraftEvidence {
        kind: name(piece.kind, evidence::Kind::as_str_name),
        number: piece.number,
        issuer: piece.issuer,
        issued_on: piece.issued_on,
        valid_until: piece.valid_until,
        result: name(piece.result, evidence::Result::as_str_name),
        uri: piece.uri,
    }
}

fn extension(fields: prost_types::Struct) -> Map<String, Value> {
    fields.fields.into_iter().map(|(key, value)| (key, json(value))).collect()
}

/// Integers come back as integers, so that a record in JSON and the same in protobuf are equal.
fn json(value: prost_types::Value) -> Value {
    match value.kind {
        None | Some(ValueKind::NullValue(_)) => Value::Null,
        Some(ValueKind::BoolValue(flag)) => flag.into(),
        Some(ValueKind::StringValue(text)) => text.into(),
        Some(ValueKind::NumberValue(number)) if number.fract() == 0.0 && number.abs() < 9e15 => (number as i64).into(),
        Some(ValueKind::NumberValue(number)) => Number::from_f64(number).map_or_else(|| number.to_string().into(), Value::Number),
        Some(ValueKind::ListValue(list)) => list.values.into_iter().map(json).collect(),
        Some(ValueKind::StructValue(fields)) => extension(fields).into(),
    }
}

#[cfg(test)]
mod tests {
    use prost_reflect::{DynamicMessage, SerializeOptions};
    use tracemesh_model::json as json_reader;

    use super::*;

    const FULL: &str = r#"{
        "record_id": "A-1", "revision": 2, "class": "WHOLESALE", "category": "FOOD", "event_time": "2026-11-24T08:00:00+08:00",
        "place": {"region": "370600", "subject": {"scheme": "uscc", "value": "91370600000000019G"}, "location": "hall 3"},
        "parties": {"responsible": {"code": {"scheme": "uscc", "value": "91370600000000019G"}, "name": "n", "phone": "p"}, "source": {"name": "s"}},
        "units": [{"role": "OUTPUT", "code": {"scheme": "opaque", "issuer": "i", "value": "L1"}, "granularity": "BATCH", "batch": "b",
            "quantity": {"value": "12.5", "unit": "kg"}}],
        "product": {"name": "apple", "produced_on": "2026-11-01"}, "act": {"voucher": "v", "unit_price": "1.2"},
        "evidence": [{"kind": "LICENCE", "number": "7", "result": "PASS"}], "corrects": {"reason": "weight"},
        "extension": {"a": [1, 2.5, null, {"b": true}], "c": "d"}
    }"#;

    fn encoded(json: &str) -> Vec<u8> {
        let descriptor = crate::POOL.get_message_by_name("tracemesh.record.v1.TraceRecord").unwrap();
        let message = DynamicMessage::deserialize(descriptor, &mut serde_json::Deserializer::from_str(json)).unwrap();
        message.encode_to_vec()
    }

    #[test]
    fn json_and_protobuf_say_the_same() {
        let bytes = encoded(FULL);
        let from_json = json_reader::read(FULL.as_bytes()).unwrap();
        assert_eq!(read_record(&bytes).unwrap(), Draft { bytes: bytes.len(), ..from_json });
    }

    /// What the library writes as canonical JSON, camel case and all, reads back as the same record.
    #[test]
    fn canonical_json_reads_back() {
        let descriptor = crate::POOL.get_message_by_name("tracemesh.record.v1.TraceRecord").unwrap();
        let message = DynamicMessage::decode(descriptor, &*encoded(FULL)).unwrap();
        let mut canonical = serde_json::Serializer::new(Vec::new());
        message.serialize_with_options(&mut canonical, &SerializeOptions::new()).unwrap();
        let canonical = canonical.into_inner();
        let draft = json_reader::read(&canonical).unwrap();
        assert_eq!(Draft { bytes: 0, ..draft }, Draft { bytes: 0, ..json_reader::read(FULL.as_bytes()).unwrap() });
    }

    #[test]
    fn unknown_enum_values_arrive_as_numbers_and_absent_ones_as_nothing() {
        let record = TraceRecord { class: 99, units: vec![Unit::default()], ..TraceRecord::default() };
        let draft = read_record(&record.encode_to_vec()).unwrap();
        assert_eq!((draft.class.as_str(), draft.units[0].role.as_str(), draft.revision), ("99", "", None));
    }

    #[test]
    fn what_is_no_record_says_so() {
        let code = |bytes: &[u8]| read_record(bytes).unwrap_err()[0].code.clone();
        assert_eq!(
            [code(b""), code(b"{\"record_id\":1}"), code(b"\x0a\xff")],
            ["record.empty", "record.not_protobuf", "record.not_protobuf"]
        );
    }
}
