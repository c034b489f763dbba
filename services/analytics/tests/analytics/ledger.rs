//! Sixty submissions of two providers, as ingestion would have journaled them, with everything that makes counting hard.
//!
//! A line is `VERDICT PROVIDER ID REVISION AREA CATEGORY CLASS EVENT_TIME RECEIVED SUBJECT UNITS…`, where RECEIVED is how long after the event,
//! SUBJECT `-` is none, and a unit is `ROLE=VALUE,MEASURE`. `VOID` at the end voids; `SANDBOX` and `HISTORICAL` are the modes of accepted ones.

use std::collections::HashMap;

use tracemesh_journal::{Entry, Envelope};
use tracemesh_proto::journal::v1::Labels;
use tracemesh_proto::journal::v1::envelope::{Mode, Verdict};
use tracemesh_proto::time::timestamp;

pub const LEDGER: &str = "
    # The turn of the year: 1 January begins at 16:00 UTC. 斤 is half a kilogram. A day later is not late, more is.
    ACCEPTED acme a01 1 370602 FOOD RETAIL 2025-12-31T15:59:59Z +1h S1 OUTPUT=1,kg
    ACCEPTED acme a02 1 370602 FOOD RETAIL 2025-12-31T16:00:00Z +1h S1 OUTPUT=2,kg
    ACCEPTED acme a03 1 370602 FOOD RETAIL 2025-12-31T23:59:59.999999+08:00 +1h S2 OUTPUT=500,g
    ACCEPTED acme a04 1 370602 FOOD RETAIL 2026-01-01T00:00:00+08:00 +24h S2 OUTPUT=3,斤
    ACCEPTED acme a05 1 370602 FOOD RETAIL 2026-01-01T07:59:59+08:00 +24h+1us S3 OUTPUT=0.5,kg
    # What does not count.
    DUPLICATE acme a01 1 370602 FOOD RETAIL 2025-12-31T15:59:59Z +2h S1 OUTPUT=1,kg
    REJECTED acme a06 1 370602 FOOD RETAIL 2026-01-01T08:00:00+08:00 +1h S1 OUTPUT=1000,kg
    SANDBOX acme a07 1 370602 FOOD RETAIL 2026-01-01T08:00:00+08:00 +1h S1 OUTPUT=100,kg
    HISTORICAL acme a08 1 370602 FOOD RETAIL 2025-12-31T08:00:00+08:00 +1h S1 OUTPUT=100,kg
    ACCEPTED acme a09 1 370602 FOOD RETAIL 2026-01-01T08:00:00+08:00 +1h S1 OUTPUT=100,kg VOID
    # One role is weighed, and measures are not mixed.
    ACCEPTED bolt b01 1 370602 FOOD RETAIL 2026-01-01T10:00:00+08:00 +1h S1 OUTPUT=3,head OUTPUT=250.5,kg
    ACCEPTED bolt b02 1 370602 FOOD RETAIL 2026-01-01T11:00:00+08:00 +1h S4 OUTPUT=2,头
    ACCEPTED bolt b03 1 370602 FOOD RETAIL 2026-01-01T12:00:00+08:00 +1h - OBSERVED=12,箱 INPUT=99,kg
    ACCEPTED bolt b04 1 370602 FOOD RETAIL 2026-01-01T12:30:00+08:00 +1h S4 INPUT=0.000001,g
    # Corrections: of the weight, voided, moved to another day, to another area, and back into force.
    ACCEPTED acme c01 1 370611 FOOD WHOLESALE 2026-01-02T08:00:00+08:00 +1h S1 OUTPUT=100,kg
    ACCEPTED acme c02 1 370611 FOOD WHOLESALE 2026-01-02T08:00:00+08:00 +30h S2 OUTPUT=200,kg
    ACCEPTED acme c03 1 370611 FOOD WHOLESALE 2026-01-02T08:00:00+08:00 +1h S2 OUTPUT=300,kg
    ACCEPTED acme c01 2 370611 FOOD WHOLESALE 2026-01-02T08:00:00+08:00 +2h S1 OUTPUT=110,kg
    ACCEPTED acme c02 2 370611 FOOD WHOLESALE 2026-01-02T08:00:00+08:00 +30h S2 OUTPUT=200,kg VOID
    ACCEPTED acme c03 2 370611 FOOD WHOLESALE 2026-01-03T08:00:00+08:00 +1h S3 OUTPUT=320,kg
    ACCEPTED acme c03 3 370602 FOOD WHOLESALE 2026-01-03T08:00:00+08:00 +1h S3 OUTPUT=330,kg
    ACCEPTED acme c02 3 370611 FOOD WHOLESALE 2026-01-02T08:00:00+08:00 +31h S2 OUTPUT=210,kg
    # Another province, another category, nothing that is weighed.
    ACCEPTED bolt d01 1 350203 DRUG RETAIL 2026-01-02T09:00:00+08:00 +1h S5 OUTPUT=10,盒
    ACCEPTED bolt d02 1 350203 DRUG RETAIL 2026-01-02T09:00:00+08:00 +1h S5 OUTPUT=5,盒
    ACCEPTED bolt d03 1 350203 DRUG RETAIL 2026-01-02T09:00:00+08:00 +1h S6 OUTPUT=7,片
    ACCEPTED bolt d04 1 350203 DRUG RETAIL 2026-01-02T09:00:00+08:00 +1h S6 CONTAINER=1,箱 CONTENT=20,盒
    ACCEPTED bolt d02 2 350203 DRUG RETAIL 2026-01-02T09:00:00+08:00 +1h S7 OUTPUT=6,盒
    DUPLICATE bolt d02 1 350203 DRUG RETAIL 2026-01-02T09:00:00+08:00 +3h S5 OUTPUT=5,盒
    # The turn of a month, and a correction that leaves a day without a record.
    ACCEPTED acme e01 1 370602 FARM_PRODUCE PRODUCE 2026-01-31T23:00:00+08:00 +1h S8 OUTPUT=1,t
    ACCEPTED acme e02 1 370602 FARM_PRODUCE PRODUCE 2026-01-31T16:30:00Z +1h S8 OUTPUT=2.5,t
    ACCEPTED acme e03 1 370602 FARM_PRODUCE PRODUCE 2026-01-31T10:00:00+08:00 +1h S9 OUTPUT=1,lb
    ACCEPTED acme e04 1 370602 FARM_PRODUCE PRODUCE 2026-01-31T11:00:00+08:00 +1h S9 OUTPUT INPUT=5,kg
    ACCEPTED acme e02 2 370602 FARM_PRODUCE PRODUCE 2026-01-31T12:00:00+08:00 +1h S8 OUTPUT=2.5,t
    ACCEPTED acme e05 1 370602 FARM_PRODUCE PRODUCE 2026-02-01T09:00:00+08:00 +1h S8 OUTPUT=7,kg
    # A stated nothing, and what nobody named.
    ACCEPTED acme g01 1 350203 FOOD RETAIL 2026-01-02T09:00:00+08:00 +1h S1 OUTPUT=0,kg
    ACCEPTED acme g02 1 UNKNOWN UNKNOWN TRANSPORT 2026-01-02T09:00:00+08:00 +1h - OBSERVED=4,
    # A stall's day: tenths that a float would not add up to a whole.
    ACCEPTED bolt f01 1 370611 FOOD RETAIL 2026-01-03T08:00:00+08:00 +25h S1 OUTPUT=0.1,kg
    ACCEPTED bolt f02 1 370611 FOOD RETAIL 2026-01-03T08:00:00+08:00 +25h S2 OUTPUT=0.1,kg
    ACCEPTED bolt f03 1 370611 FOOD RETAIL 2026-01-03T08:00:00+08:00 +25h S3 OUTPUT=0.1,kg
    ACCEPTED bolt f04 1 370611 FOOD RETAIL 2026-01-03T08:00:00+08:00 +25h S4 OUTPUT=0.1,kg
    ACCEPTED bolt f05 1 370611 FOOD RETAIL 2026-01-03T08:00:00+08:00 +25h S5 OUTPUT=0.1,kg
    ACCEPTED bolt f06 1 370611 FOOD RETAIL 2026-01-03T08:00:00+08:00 +1h S1 OUTPUT=0.1,kg
    ACCEPTED bolt f07 1 370611 FOOD RETAIL 2026-01-03T08:00:00+08:00 +1h S2 OUTPUT=0.1,kg
    ACCEPTED bolt f08 1 370611 FOOD RETAIL 2026-01-03T08:00:00+08:00 +1h S3 OUTPUT=0.1,kg
    ACCEPTED bolt f09 1 370611 FOOD RETAIL 2026-01-03T08:00:00+08:00 +1h S4 OUTPUT=0.1,kg
    ACCEPTED bolt f10 1 370611 FOOD RETAIL 2026-01-03T08:00:00+08:00 +1h S5 OUTPUT=0.1,kg
    ACCEPTED bolt f11 1 370611 FOOD RETAIL 2026-01-03T08:00:00+08:00 +1h S1 OUTPUT=0.1,kg
    ACCEPTED bolt f12 1 370611 FOOD RETAIL 2026-01-03T08:00:00+08:00 +1h S2 OUTPUT=0.1,kg
    ACCEPTED bolt f13 1 370611 FOOD RETAIL 2026-01-03T08:00:00+08:00 +1h S3 OUTPUT=0.1,kg
    ACCEPTED bolt f14 1 370611 FOOD RETAIL 2026-01-03T08:00:00+08:00 +1h S4 OUTPUT=0.1,kg
    ACCEPTED bolt f15 1 370611 FOOD RETAIL 2026-01-03T08:00:00+08:00 +1h S5 OUTPUT=0.1,kg
    ACCEPTED bolt f16 1 370611 FOOD RETAIL 2026-01-03T08:00:00+08:00 +1h S1 OUTPUT=0.1,kg
    ACCEPTED bolt f17 1 370611 FOOD RETAIL 2026-01-03T08:00:00+08:00 +1h S2 OUTPUT=0.1,kg
    ACCEPTED bolt f18 1 370611 FOOD RETAIL 2026-01-03T08:00:00+08:00 +1h S3 OUTPUT=0.1,kg
    ACCEPTED bolt f19 1 370611 FOOD RETAIL 2026-01-03T08:00:00+08:00 +1h S4 OUTPUT=0.1,kg
    ACCEPTED bolt f20 1 370611 FOOD RETAIL 2026-01-03T08:00:00+08:00 +1h S5 OUTPUT=0.1,kg
    ACCEPTED bolt f20 2 370611 FOOD RETAIL 2026-01-03T08:00:00+08:00 +1h S5 OUTPUT=0.1,kg VOID
    REJECTED bolt f21 1 370611 FOOD RETAIL 2026-01-03T08:00:00+08:00 +1h S1 OUTPUT=0.1,kg
    DUPLICATE bolt f07 1 370611 FOOD RETAIL 2026-01-03T08:00:00+08:00 +2h S2 OUTPUT=0.1,kg
    ACCEPTED bolt f19 2 370611 FOOD RETAIL 2026-01-03T08:00:00+08:00 +1h S4 OUTPUT=0.3,kg
";

/// Writes lines as entries, remembering where each identity stands, as ingestion's index does.
#[derive(Default)]
pub struct Clerk {
    /// seq of the entry in force and its revision.
    standing: HashMap<String, (u64, u32)>,
    next_seq: u64,
}

impl Clerk {
    /// Commits of at most `size` entries, in which no identity stands twice: a correction names an entry that is committed.
    pub fn commits(&mut self, lines: &str, size: usize) -> Vec<Vec<Entry>> {
        let mut commits: Vec<Vec<Entry>> = vec![Vec::new()];
        let mut seen: Vec<String> = Vec::new();
        for line in lines.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let words: Vec<&str> = line.split_whitespace().collect();
            let identity = words[1..3].join("/");
            if commits.last().is_none_or(|last| last.len() == size) || seen.contains(&identity) {
                commits.push(Vec::new());
                seen.clear();
            }
            let entry = self.entry(&words, &identity);
            commits.last_mut().unwrap().push(entry);
            seen.push(identity);
        }
        commits
    }

    fn entry(&mut self, words: &[&str], identity: &str) -> Entry {
        let [verdict, provider, id, revision, area, category, class, event_time, received, subject, ..] = words[..] else {
            panic!("{words:?}")
        };
        self.next_seq += 1;
        let mut envelope = Envelope {
            kind: "record".into(),
            provider: provider.into(),
            record_id: id.into(),
            revision: revision.parse().unwrap(),
            received_at: Some(timestamp(micros(event_time) + delay(received))),
            labels: Some(Labels { area: area.into(), category: category.into(), sensitivity: 2 }),
            content_type: "application/json".into(),
            verdict: Verdict::Accepted.into(),
            mode: Mode::Live.into(),
            ..Envelope::default()
        };
        match verdict {
            "DUPLICATE" => envelope.verdict = Verdict::Duplicate.into(),
            "REJECTED" => envelope.verdict = Verdict::Rejected.into(),
            "SANDBOX" => envelope.mode = Mode::Sandbox.into(),
            "HISTORICAL" => envelope.mode = Mode::Historical.into(),
            _ => {
                let before = self.standing.insert(identity.to_owned(), (self.next_seq, envelope.revision));
                if let Some((seq, revision)) = before {
                    (envelope.replaces, envelope.replaced_seq, envelope.replaced_epoch) = (revision, seq, 1);
                }
            }
        }
        let void = words.last() == Some(&"VOID");
        let units: Vec<String> = words[10..].iter().filter(|word| **word != "VOID").map(|word| unit(word)).collect();
        let body = body(id, revision, class, event_time, subject, &units.join(","), void);
        Entry::new(&envelope, if verdict == "DUPLICATE" { Vec::new() } else { body.into_bytes() })
    }
}

fn body(id: &str, revision: &str, class: &str, event_time: &str, subject: &str, units: &str, void: bool) -> String {
    let parties = match subject {
        "-" => String::new(),
        subject => {
            format!(r#""parties": {{"responsible": {{"code": {{"scheme": "opaque", "issuer": "market", "value": "{subject}"}}}}}},"#)
        }
    };
    format!(
        r#"{{"record_id": "{id}", "revision": {revision}, "class": "{class}", "event_time": "{event_time}", {parties}
            "units": [{units}], "corrects": {{"reason": "r", "void": {void}}}}}"#
    )
}

fn unit(word: &str) -> String {
    let (role, quantity) = word.split_once('=').map_or((word, None), |(role, quantity)| (role, quantity.split_once(',')));
    let quantity = quantity.map(|(value, measure)| format!(r#", "quantity": {{"value": "{value}", "unit": "{measure}"}}"#));
    let code = r#"{"scheme": "opaque", "issuer": "market", "value": "L1"}"#;
    format!(r#"{{"role": "{role}", "code": {code}{}}}"#, quantity.unwrap_or_default())
}

fn micros(event_time: &str) -> i64 {
    event_time.parse::<jiff::Timestamp>().unwrap().as_microsecond()
}

fn delay(text: &str) -> i64 {
    let part = |part: &str| {
        let (number, micros) =
            part.strip_suffix("us").map_or_else(|| (part.strip_suffix('h').unwrap(), 3_600_000_000), |number| (number, 1));
        number.parse::<i64>().unwrap() * micros
    };
    text.split('+').filter(|text| !text.is_empty()).map(part).sum()
}
