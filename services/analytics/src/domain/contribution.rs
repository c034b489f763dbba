//! What one record adds to the figures: the definition of every number that this service answers.
//!
//! | figure | definition |
//! |---|---|
//! | records | accepted, live, not replaced, not void |
//! | late | received more than `late_after` after the event |
//! | measures | of the first role among OUTPUT, OBSERVED, CONTENT, INPUT of which any unit has a quantity: what came out is the same goods as what went in, and counts once. Mass in kilograms, any other measure in its own name |
//! | subject | the responsible subject, where it has a code |

use std::collections::BTreeMap;

use tracemesh_codes::unit_key;
use tracemesh_model::{Amount, Role, TraceRecord};
use tracemesh_proto::accepted::{Unreadable, reread};
use tracemesh_proto::journal::v1::Envelope;
use tracemesh_proto::journal::v1::envelope::{Mode, Verdict};
use tracemesh_proto::time::micros;

use super::cell::{Cell, Counts};

/// The kind of a submission's entry in ingestion's journal.
const RECORD: &str = "record";

/// Whose quantities are counted, in this order.
const WEIGHED: [Role; 4] = [Role::Output, Role::Observed, Role::Content, Role::Input];

/// Characters of a measure's name that tell it from others: it is a key of a table, and a provider may write anything.
const MEASURE_CHARS: usize = 64;

/// What an operator may set about the definitions. Other rules make other figures, so that a change of them counts everything again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rules {
    /// How long after its event a record may come without being late.
    pub late_after_micros: i64,
}

/// What a record adds, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contribution {
    pub cell: Cell,
    pub counts: Counts,
    /// The key of the responsible subject.
    pub subject: Option<i64>,
}

impl Rules {
    /// Whether an entry has to do with figures at all: an accepted record, for real and of now. A void one has, by what it replaces.
    pub fn is_counted(envelope: &Envelope) -> bool {
        envelope.kind == RECORD && envelope.verdict() == Verdict::Accepted && envelope.mode() == Mode::Live
    }

    /// What an entry of a node's ingestion adds; `None` for whatever is not counted.
    ///
    /// # Errors
    /// An accepted record whose body cannot be read any more: nobody can say what it once added.
    pub fn contribution(&self, node: &str, envelope: &Envelope, body: Option<&[u8]>) -> Result<Option<Contribution>, Unreadable> {
        if !Self::is_counted(envelope) {
            return Ok(None);
        }
        let record = reread(node, envelope, body)?;
        Ok(self.of_record(&record, &envelope.provider, micros(envelope.received_at.as_ref())))
    }

    fn of_record(&self, record: &TraceRecord, provider: &str, received_at: i64) -> Option<Contribution> {
        if record.corrects.as_ref().is_some_and(|correction| correction.void) {
            return None;
        }
        let is_late = received_at > record.event_time.micros().saturating_add(self.late_after_micros);
        Some(Contribution {
            cell: Cell {
                day: record.event_time.day(),
                area: record.area.clone(),
                category: record.category.to_string(),
                class: record.class.as_str().to_owned(),
                provider: provider.to_owned(),
            },
            counts: Counts { records: 1, late: is_late.into(), measures: measures(record) },
            subject: record.responsible().map(|code| unit_key(code, "").as_i64()),
        })
    }
}

fn measures(record: &TraceRecord) -> BTreeMap<String, Amount> {
    let quantities = |role: &Role| {
        let of_role = record.units.iter().filter(|unit| unit.role == *role);
        of_role.filter_map(|unit| unit.quantity.as_ref()).collect::<Vec<_>>()
    };
    let counted = WEIGHED.iter().map(quantities).find(|found| !found.is_empty()).unwrap_or_default();
    let mut counts = Counts::default();
    for (amount, unit) in counted.iter().map(|quantity| quantity.summable()) {
        let name: String = unit.chars().take(MEASURE_CHARS).collect();
        counts.add_measure(&name, amount);
    }
    counts.measures
}

#[cfg(test)]
mod tests {
    use tracemesh_proto::journal::v1::Labels;
    use tracemesh_proto::time::timestamp;

    use super::*;

    const RULES: Rules = Rules { late_after_micros: 86_400_000_000 };
    /// 2026-01-02T00:00:00Z
    const RECEIVED: i64 = 1_767_312_000_000_000;

    fn envelope() -> Envelope {
        Envelope {
            kind: "record".into(),
            provider: "acme".into(),
            received_at: Some(timestamp(RECEIVED)),
            verdict: Verdict::Accepted.into(),
            mode: Mode::Live.into(),
            labels: Some(Labels { area: "370602".into(), category: "FOOD".into(), sensitivity: 2 }),
            ..Envelope::default()
        }
    }

    fn record(event_time: &str, units: &str, more: &str) -> String {
        format!(r#"{{"record_id": "A", "revision": 2, "class": "RETAIL", "event_time": "{event_time}", "units": [{units}]{more}}}"#)
    }

    fn unit(role: &str, quantity: &str) -> String {
        format!(
            r#"{{"role": "{role}", "code": {{"scheme": "opaque", "issuer": "i", "value": "{role}"}}{}}}"#,
            match quantity {
                "" => String::new(),
                text => {
                    let (value, unit) = text.split_once(' ').unwrap();
                    format!(r#", "quantity": {{"value": "{value}", "unit": "{unit}"}}"#)
                }
            }
        )
    }

    fn of(body: &str) -> Option<Contribution> {
        RULES.contribution("yantai", &envelope(), Some(body.as_bytes())).unwrap()
    }

    fn weighed(units: &[&str]) -> Vec<String> {
        let units: Vec<String> =
            units.iter().map(|text| text.split_once(' ').unwrap()).map(|(role, quantity)| unit(role, quantity)).collect();
        let counts = of(&record("2026-01-01T12:00:00+08:00", &units.join(","), "")).unwrap().counts;
        counts.measures.iter().map(|(unit, amount)| format!("{amount} {unit}")).collect()
    }

    #[test]
    fn days_are_those_of_china() {
        let day = |event_time| of(&record(event_time, &unit("OUTPUT", ""), "")).unwrap().cell.day.to_string();
        assert_eq!(day("2025-12-31T15:59:59Z"), "2025-12-31");
        assert_eq!(day("2025-12-31T16:00:00Z"), "2026-01-01");
        assert_eq!(day("2025-12-31T23:59:59+08:00"), "2025-12-31");
    }

    #[test]
    fn late_is_more_than_a_day_and_not_a_day() {
        let late = |event_time| of(&record(event_time, &unit("OUTPUT", ""), "")).unwrap().counts.late;
        assert_eq!(late("2026-01-01T00:00:00Z"), 0);
        assert_eq!(late("2025-12-31T23:59:59.999999Z"), 1);
        assert_eq!(late("2026-01-02T08:00:00Z"), 0, "an event of tomorrow is early");
    }

    #[test]
    fn one_role_is_weighed_and_measures_never_mix() {
        assert_eq!(weighed(&["INPUT 10 kg", "OUTPUT 8 kg", "OUTPUT 500 g", "OBSERVED 99 kg"]), ["8.5 kg"]);
        assert_eq!(weighed(&["INPUT 10 kg", "OBSERVED 2 斤", "CONTENT 3 kg"]), ["1 kg"]);
        assert_eq!(weighed(&["CONTAINER 1 box", "CONTENT 12 瓶", "INPUT 3 kg"]), ["12 bottle"]);
        assert_eq!(weighed(&["INPUT 3 head", "INPUT 250.5 kg", "INPUT 1 头"]), ["4 head", "250.5 kg"]);
        assert_eq!(weighed(&["CONTAINER 1 box"]), [""; 0], "a container is no goods");
        assert_eq!(weighed(&["OUTPUT 0 kg", "INPUT 7 kg"]), [""; 0], "a stated nothing is a quantity");
    }

    #[test]
    fn a_measure_of_any_length_has_a_name_that_a_table_takes() {
        let unit = format!("OUTPUT 1 {}", "鱼".repeat(600));
        assert_eq!(weighed(&[&unit]), [format!("1 {}", "鱼".repeat(64))]);
    }

    #[test]
    fn the_cell_is_what_the_envelope_and_the_record_say() {
        let parties = r#", "parties": {"responsible": {"code": {"scheme": "uscc", "value": "91370600000000019G"}}}"#;
        let contribution = of(&record("2026-01-01T12:00:00+08:00", &unit("OUTPUT", ""), parties)).unwrap();
        let Cell { area, category, class, provider, .. } = &contribution.cell;
        assert_eq!([area, category, class, provider], ["370602", "FOOD", "RETAIL", "acme"]);
        let subject: tracemesh_codes::Identified = "uscc:/91370600000000019G".parse().unwrap();
        assert_eq!(contribution.subject, Some(subject.key().as_i64()));
        assert_eq!(of(&record("2026-01-01T12:00:00+08:00", &unit("OUTPUT", ""), "")).unwrap().subject, None);
    }

    #[test]
    fn only_what_is_in_force_counts() {
        let body = record("2026-01-01T12:00:00+08:00", &unit("OUTPUT", ""), r#", "corrects": {"reason": "twice", "void": true}"#);
        assert_eq!(of(&body), None);
        let body = record("2026-01-01T12:00:00+08:00", &unit("OUTPUT", ""), "");
        let other = |envelope: Envelope| RULES.contribution("yantai", &envelope, Some(body.as_bytes()));
        assert_eq!(other(Envelope { verdict: Verdict::Rejected.into(), ..envelope() }), Ok(None));
        assert_eq!(other(Envelope { verdict: Verdict::Duplicate.into(), ..envelope() }), Ok(None));
        assert_eq!(other(Envelope { mode: Mode::Sandbox.into(), ..envelope() }), Ok(None));
        assert_eq!(other(Envelope { mode: Mode::Historical.into(), ..envelope() }), Ok(None));
        assert_eq!(other(Envelope { kind: "provider.added".into(), ..envelope() }), Ok(None));
        assert_eq!(RULES.contribution("yantai", &envelope(), None), Err(Unreadable::Erased));
    }
}
