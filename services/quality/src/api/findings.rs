//! Findings as messages, with what they say to people in both languages.

use tracemesh_proto::quality::v1 as wire;
use tracemesh_proto::time::timestamp;

use crate::app::{Listed, Quality, Wanted};
use crate::domain::detect;
use crate::domain::finding::{Evidence, Step, Told};
use crate::domain::place::Place;

pub fn wanted(request: wire::ListFindingsRequest) -> Wanted {
    let wire::ListFindingsRequest { state, kind, provider, area, subject, page_size, page_token } = request;
    Wanted { state, kind, provider, area, subject, page_size, page_token }
}

pub fn listed(quality: &Quality, listed: &Listed) -> wire::ListFindingsResponse {
    let now = quality.clock.now_micros();
    let count =
        |(kind, open, overdue): &(String, i64, i64)| wire::KindCount { kind: kind.clone(), open: *open as u64, overdue: *overdue as u64 };
    wire::ListFindingsResponse {
        findings: listed.findings.iter().map(|told| document(quality, told, now)).collect(),
        next_page_token: listed.next_page_token.clone(),
        counts: listed.counts.iter().map(count).collect(),
    }
}

/// A finding as it is at a moment.
pub fn document(quality: &Quality, told: &Told, now: i64) -> wire::Finding {
    let Told { finding, steps, evidence } = told;
    let detector = detect::named(&finding.kind);
    let records = finding.records.to_string();
    let first = evidence.first();
    let text = |of: fn(&Evidence) -> &String| first.map_or("", |evidence| of(evidence));
    let blanks = [("records", records.as_str()), ("value", text(|of| &of.value)), ("against", text(|of| &of.against))];
    let message = tracemesh_catalogue::lookup(&format!("finding.{}", finding.kind)).map(|message| message.render(&blanks));
    let (message_zh, message_en) = message.as_ref().map(|m| (m.message_zh.clone(), m.message_en.clone())).unwrap_or_default();
    let (remedy_zh, remedy_en) = message.map(|m| (m.remedy_zh, m.remedy_en)).unwrap_or_default();
    wire::Finding {
        id: finding.id(&quality.node.id),
        kind: finding.kind.clone(),
        dimension: detector.map_or_else(String::new, |detector| detector.dimension.as_str().to_owned()),
        severity: detector.map_or_else(String::new, |detector| detector.severity.to_owned()),
        state: finding.state.to_string(),
        provider: finding.provider.clone(),
        subject: finding.subject_shown.clone(),
        area: finding.area.clone(),
        category: finding.category.clone(),
        found_at: Some(timestamp(finding.found_at)),
        due_at: finding.is_open().then(|| timestamp(finding.due_at)),
        overdue: finding.is_overdue(now),
        presumed: finding.is_presumed,
        rule_version: String::new(),
        evidence: evidence.iter().map(|of| proof(&quality.followed, of)).collect(),
        records: u32::try_from(finding.records).unwrap_or(u32::MAX),
        message_zh,
        message_en,
        remedy_zh,
        remedy_en,
        steps: steps.iter().map(step).collect(),
        about_node: String::new(),
    }
}

fn proof(journal: &str, of: &Evidence) -> wire::Evidence {
    let Evidence { record, field, value, against } = of.clone();
    wire::Evidence { record: Place::of_number(record).receipt(journal), field, value, against }
}

fn step(Step { state, by, at, text }: &Step) -> wire::FindingStep {
    wire::FindingStep { state: state.to_string(), by: by.clone(), at: Some(timestamp(*at)), text: text.clone() }
}
