//! The same chains as a GS1 partner would capture them: one EPCIS 2.0 document.
//!
//! | record | event | bizStep |
//! |---|---|---|
//! | PRODUCE | ObjectEvent ADD | commissioning |
//! | PACK, UNPACK | AggregationEvent ADD, DELETE | packing, unpacking |
//! | SLAUGHTER, PROCESS, WHOLESALE, RETAIL of goods that change their code | TransformationEvent | creating_class_instance, shipping, retail_selling |
//! | all others | ObjectEvent OBSERVE, or DELETE of what is used up | transporting, inspecting, storing, … |
//!
//! SSCC and GTIN become EPC URNs; codes of Chinese schemes are URIs under a domain that nobody can own. EPCIS has no place for category, price
//! and parties' addresses: they are left out.

use std::io::{self, Write};

use serde_json::{Value, json};

use crate::generate::calendar;
use crate::generate::chain::Told;
use crate::generate::record::{Class, Code, Granularity, Lot, Quantity, Record, Role, Unit};

pub fn write<'w>(records: impl Iterator<Item = Told<'w>>, now: i64, out: &mut impl Write) -> io::Result<()> {
    let created = calendar::spell(now);
    let context = "https://ref.gs1.org/standards/epcis/epcis-context.jsonld";
    write!(out, r#"{{"@context":["{context}"],"type":"EPCISDocument","schemaVersion":"2.0","creationDate":"{created}","#)?;
    out.write_all(br#""epcisBody":{"eventList":["#)?;
    for (nth, told) in records.enumerate() {
        out.write_all(if nth == 0 { b"\n" } else { b",\n" })?;
        serde_json::to_writer(&mut *out, &event(&told.provider.id, &told.record))?;
    }
    out.write_all(b"\n]}}\n")
}

fn event(provider: &str, record: &Record<'_>) -> Value {
    let mut event = json!({
        "eventID": format!("https://{provider}.example/event/{}", record.record_id),
        "eventTime": record.event_time,
        "eventTimeZoneOffset": "+08:00",
        "bizStep": biz_step(record.class),
        "readPoint": {"id": format!("https://region.example/{}", record.place.region)},
        "bizLocation": {"id": uri(record.place.subject.unwrap_or(record.parties.responsible.code))},
    });
    let what = match record.class {
        Class::Pack => aggregation(record, "ADD"),
        Class::Unpack => aggregation(record, "DELETE"),
        _ if has(record, Role::Input) && has(record, Role::Output) => transformation(record),
        _ => object(record),
    };
    parties(&mut event, record);
    merge(&mut event, what);
    event
}

fn biz_step(class: Class) -> &'static str {
    match class {
        Class::Produce => "commissioning",
        Class::Slaughter | Class::Process => "creating_class_instance",
        Class::Pack => "packing",
        Class::Unpack => "unpacking",
        Class::Store => "storing",
        Class::Transport => "transporting",
        Class::Inspect => "inspecting",
        Class::Wholesale => "shipping",
        Class::Retail => "retail_selling",
        Class::GroupPurchase => "receiving",
    }
}

fn object(record: &Record<'_>) -> Value {
    let action = match () {
        () if has(record, Role::Output) => "ADD",
        () if has(record, Role::Input) => "DELETE",
        () => "OBSERVE",
    };
    let (items, batches) = split(record, |_| true);
    json!({"type": "ObjectEvent", "action": action, "epcList": items, "quantityList": batches})
}

fn transformation(record: &Record<'_>) -> Value {
    let (inputs, input_batches) = split(record, |role| role == Role::Input);
    let (outputs, output_batches) = split(record, |role| role == Role::Output);
    json!({
        "type": "TransformationEvent",
        "inputEPCList": inputs,
        "inputQuantityList": input_batches,
        "outputEPCList": outputs,
        "outputQuantityList": output_batches,
    })
}

fn aggregation(record: &Record<'_>, action: &str) -> Value {
    let (containers, _) = split(record, |role| role == Role::Container);
    let (items, batches) = split(record, |role| role == Role::Content);
    json!({"type": "AggregationEvent", "action": action, "parentID": containers[0], "childEPCs": items, "childQuantityList": batches})
}

fn parties(event: &mut Value, record: &Record<'_>) {
    if let Some(source) = &record.parties.source {
        event["sourceList"] = json!([{"type": "owning_party", "source": uri(source.code)}]);
    }
    if let Some(destination) = &record.parties.destination {
        event["destinationList"] = json!([{"type": "owning_party", "destination": uri(destination.code)}]);
    }
    if let Some(evidence) = record.evidence.first() {
        event["certificationInfo"] = json!(format!("https://certificate.example/{}", evidence.number));
    }
}

/// Empty lists are left out: the standard's schema refuses some of them.
fn merge(event: &mut Value, what: Value) {
    if let (Some(event), Value::Object(what)) = (event.as_object_mut(), what) {
        event.extend(what.into_iter().filter(|(_, value)| value.as_array().is_none_or(|list| !list.is_empty())));
    }
}

fn has(record: &Record<'_>, role: Role) -> bool {
    record.units.iter().any(|unit| unit.role == role)
}

/// Single items by their EPC, batches by class and quantity.
fn split(record: &Record<'_>, wanted: impl Fn(Role) -> bool) -> (Vec<Value>, Vec<Value>) {
    let (items, batches): (Vec<&Unit>, Vec<&Unit>) =
        record.units.iter().filter(|unit| wanted(unit.role)).partition(|unit| unit.lot.granularity == Granularity::Item);
    (items.into_iter().map(|unit| json!(epc(&unit.lot))).collect(), batches.into_iter().map(batch).collect())
}

fn batch(unit: &Unit) -> Value {
    let mut element = json!({"epcClass": epc(&unit.lot)});
    if let Some(Quantity { value, unit }) = &unit.quantity {
        let number: f64 = value.parse().unwrap_or_default();
        match *unit {
            "kg" => merge(&mut element, json!({"quantity": number, "uom": "KGM"})),
            "jin" => merge(&mut element, json!({"quantity": number / 2.0, "uom": "KGM"})),
            _ => element["quantity"] = json!(number),
        }
    }
    element
}

fn epc(lot: &Lot) -> String {
    let value = &lot.value;
    match lot.scheme {
        "sscc" => format!("urn:epc:id:sscc:{}.{}{}", &value[1..8], &value[..1], &value[8..17]),
        "gtin" => format!("urn:epc:class:lgtin:{}.0{}.{}", &value[..7], &value[7..12], lot.batch),
        scheme => uri(Code { scheme, value }),
    }
}

fn uri(code: Code<'_>) -> String {
    format!("https://{}.example/{}", code.scheme, code.value)
}
