//! What providers get wrong: copies of good records that a node must refuse, one rule broken in each.
//!
//! Keyed-in data breaks in few ways, and these are they. A spoiled copy has a record id of its own (but for the conflict, which is one because
//! it has not), so that the good record it was made from still counts.

use serde_json::{Value, json};

use super::dice::Dice;
use super::formats::json;
use super::record::Record;

/// The rule that a submission breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// An explicitly named scheme whose check digit is wrong.
    CheckDigit,
    NoEventTime,
    NoOffset,
    /// Cut off in the middle.
    BrokenJson,
    UnknownClass,
    UnknownRegion,
    RevisionZero,
    NegativeQuantity,
    NoUnits,
    DuplicateKey,
    /// Another city's county: outside the provider's scope.
    ForeignArea,
    /// A category outside the provider's scope.
    ForeignCategory,
    /// The same record id and revision with other bytes.
    Conflict,
}

impl Fault {
    pub const ALL: [Fault; 13] = [
        Fault::CheckDigit,
        Fault::NoEventTime,
        Fault::NoOffset,
        Fault::BrokenJson,
        Fault::UnknownClass,
        Fault::UnknownRegion,
        Fault::RevisionZero,
        Fault::NegativeQuantity,
        Fault::NoUnits,
        Fault::DuplicateKey,
        Fault::ForeignArea,
        Fault::ForeignCategory,
        Fault::Conflict,
    ];

    pub fn draw(dice: &mut Dice) -> Fault {
        *dice.pick(&Fault::ALL)
    }
}

/// The JSON of a copy that breaks one rule.
pub fn spoil(record: &Record<'_>, fault: Fault) -> Vec<u8> {
    let mut copy = record.clone();
    if fault != Fault::Conflict {
        copy.record_id.push('x');
    }
    let bytes = json::bytes(&copy);
    match fault {
        Fault::BrokenJson => bytes[..bytes.len() * 2 / 3].to_vec(),
        Fault::DuplicateKey => [br#"{"class":"RETAIL","#, &bytes[1..]].concat(),
        _ => misspell(json!(copy), fault).to_string().into_bytes(),
    }
}

fn misspell(mut record: Value, fault: Fault) -> Value {
    match fault {
        Fault::CheckDigit => record["units"][0]["code"] = json!({"scheme": "gtin", "value": "6924561884075"}),
        Fault::NoEventTime => record["event_time"] = Value::Null,
        Fault::NoOffset => record["event_time"] = record["event_time"].as_str().map(|time| &time[..19]).into(),
        Fault::UnknownClass => record["class"] = json!("SELL"),
        Fault::UnknownRegion => record["place"]["region"] = json!("990101"),
        Fault::RevisionZero => record["revision"] = json!(0),
        Fault::NegativeQuantity => record["units"][0]["quantity"] = json!({"value": "-3", "unit": "kg"}),
        Fault::NoUnits => record["units"] = json!([]),
        Fault::ForeignArea => record["place"]["region"] = json!("440305"),
        Fault::ForeignCategory => record["category"] = json!("RARE_EARTH"),
        Fault::Conflict => record["place"]["location"] = json!("3号收银台"),
        Fault::BrokenJson | Fault::DuplicateKey => {}
    }
    record
}
