//! Submissions as lines, as ingestion would have journaled them.
//!
//! A line is `ID CLASS EVENT_TIME SUBJECT UNITS… WORDS…`. A time `5T08:00` is of January 2026 in China. A unit is `ROLE:CODE[:GRANULARITY][=VALUE,MEASURE]`
//! with a role IN, OUT, SEEN, BOX or CONTENT, and BATCH where no granularity is named. Words: `r=2` revision, `void`, `rejected`, `sandbox`, `historical`,
//! `late=30h`, `by=PROVIDER`, `area=`, `category=`, `name=`, `price=`, `from=SUBJECT`, `cert=NUMBER`, `until=DATE`, `failed`.

use std::collections::HashMap;

use serde_json::{Value, json};
use tracemesh_journal::{Entry, Envelope};
use tracemesh_proto::journal::v1::Labels;
use tracemesh_proto::journal::v1::envelope::{Mode, Verdict};
use tracemesh_proto::time::timestamp;

const ROLES: [(&str, &str); 5] = [("IN", "INPUT"), ("OUT", "OUTPUT"), ("SEEN", "OBSERVED"), ("BOX", "CONTAINER"), ("CONTENT", "CONTENT")];

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
            let line = Line::read(line);
            let identity = format!("{}/{}", line.get("by").unwrap_or("acme"), line.id);
            if commits.last().is_none_or(|last| last.len() == size) || seen.contains(&identity) {
                commits.push(Vec::new());
                seen.clear();
            }
            let entry = self.entry(&line, &identity);
            commits.last_mut().unwrap().push(entry);
            seen.push(identity);
        }
        commits
    }

    fn entry(&mut self, line: &Line<'_>, identity: &str) -> Entry {
        self.next_seq += 1;
        let late: i64 = line.get("late").map_or(1, |text| text.trim_end_matches('h').parse().unwrap());
        let mut envelope = Envelope {
            kind: "record".into(),
            provider: line.get("by").unwrap_or("acme").into(),
            record_id: line.id.into(),
            revision: line.revision(),
            received_at: Some(timestamp(line.micros() + late * 3_600_000_000)),
            labels: Some(Labels {
                area: line.get("area").unwrap_or("370602").into(),
                category: line.get("category").unwrap_or("FARM_PRODUCE").into(),
                sensitivity: 2,
            }),
            content_type: "application/json".into(),
            verdict: Verdict::Accepted.into(),
            mode: Mode::Live.into(),
            ..Envelope::default()
        };
        if line.has("rejected") {
            envelope.verdict = Verdict::Rejected.into();
        } else if line.has("sandbox") {
            envelope.mode = Mode::Sandbox.into();
        } else if line.has("historical") {
            envelope.mode = Mode::Historical.into();
        } else if let Some((seq, revision)) = self.standing.insert(identity.to_owned(), (self.next_seq, envelope.revision)) {
            (envelope.replaces, envelope.replaced_seq, envelope.replaced_epoch) = (revision, seq, 1);
        }
        Entry::new(&envelope, serde_json::to_vec(&line.body()).unwrap())
    }
}

struct Line<'a> {
    id: &'a str,
    class: &'a str,
    time: &'a str,
    subject: &'a str,
    words: Vec<&'a str>,
}

impl<'a> Line<'a> {
    fn read(line: &'a str) -> Self {
        let mut words = line.split_whitespace();
        let [id, class, time, subject] = [words.next(), words.next(), words.next(), words.next()].map(|word| word.expect(line));
        Line { id, class, time, subject, words: words.collect() }
    }

    fn get(&self, key: &str) -> Option<&'a str> {
        self.words.iter().find_map(|word| word.strip_prefix(key)?.strip_prefix('='))
    }

    fn has(&self, word: &str) -> bool {
        self.words.contains(&word)
    }

    fn revision(&self) -> u32 {
        self.get("r").map_or(1, |revision| revision.parse().unwrap())
    }

    fn event_time(&self) -> String {
        let (day, time) = self.time.split_once('T').unwrap();
        let seconds = if time.len() == 5 { ":00" } else { "" };
        format!("2026-01-{day:0>2}T{time}{seconds}+08:00")
    }

    fn micros(&self) -> i64 {
        self.event_time().parse::<jiff::Timestamp>().unwrap().as_microsecond()
    }

    fn body(&self) -> Value {
        let mut body = json!({
            "record_id": self.id, "revision": self.revision(), "class": self.class, "event_time": self.event_time(),
            "units": self.words.iter().filter_map(|word| unit(word)).collect::<Vec<_>>(),
            "corrects": {"reason": "r", "void": self.has("void")},
        });
        if self.subject != "-" {
            body["parties"]["responsible"] = party(self.subject);
        }
        if let Some(source) = self.get("from") {
            body["parties"]["source"] = party(source);
        }
        if let Some(name) = self.get("name") {
            body["product"] = json!({"name": name});
        }
        if let Some(price) = self.get("price") {
            body["act"] = json!({"unit_price": price});
        }
        if let Some(number) = self.get("cert") {
            let result = if self.has("failed") { "FAIL" } else { "PASS" };
            body["evidence"] = json!([{"kind": "QUARANTINE_CERTIFICATE", "number": number, "issuer": "i", "result": result}]);
            if let Some(until) = self.get("until") {
                body["evidence"][0]["valid_until"] = json!(until);
            }
        }
        body
    }
}

/// `uscc:CODE`, or a number that the market gave.
fn party(subject: &str) -> Value {
    if let Some(code) = subject.strip_prefix("uscc:") {
        return json!({"code": {"scheme": "uscc", "value": code}});
    }
    json!({"code": {"scheme": "opaque", "issuer": "market", "value": subject}})
}

fn unit(word: &str) -> Option<Value> {
    let (name, quantity) = word.split_once('=').map_or((word, None), |(name, quantity)| (name, Some(quantity)));
    let mut parts = name.split(':');
    let (_, role) = ROLES.into_iter().find(|(short, _)| Some(*short) == parts.clone().next())?;
    parts.next();
    let code = parts.next()?;
    let mut unit = json!({
        "role": role, "granularity": parts.next().unwrap_or("BATCH"), "code": {"scheme": "opaque", "issuer": "market", "value": code},
    });
    if let Some((value, measure)) = quantity.and_then(|quantity| quantity.split_once(',')) {
        unit["quantity"] = json!({"value": value, "unit": measure});
    }
    Some(unit)
}
