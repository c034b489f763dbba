//! `finding`: what does not go together in the data, to whom it was said, and until when.

use tracemesh_proto::json;
use tracemesh_proto::quality::v1 as wire;
use tracemesh_proto::time::micros;

use super::connect;
use crate::cli::{Asking, Finding};
use crate::output::{self, DONE};

pub async fn run(asking: &Asking, finding: Finding) -> anyhow::Result<u8> {
    let mut quality = connect(asking).await?.quality();
    let told = match finding {
        Finding::List { state, kind, provider, area, subject } => {
            let mut request = wire::ListFindingsRequest { state, ..Default::default() };
            (request.kind, request.provider) = (kind.unwrap_or_default(), provider.unwrap_or_default());
            (request.area, request.subject) = (area.unwrap_or_default(), subject.unwrap_or_default());
            loop {
                let page = quality.list_findings(request.clone()).await?.into_inner();
                page.findings.iter().try_for_each(|finding| tell(asking, finding))?;
                if page.next_page_token.is_empty() {
                    return Ok(DONE);
                }
                request.page_token = page.next_page_token;
            }
        }
        Finding::Show { id } => quality.get_finding(wire::GetFindingRequest { id }).await?.into_inner().finding,
        Finding::Explain { id, text } => quality.explain_finding(wire::ExplainFindingRequest { id, text }).await?.into_inner().finding,
        Finding::Decide { id, decision, why } => {
            quality.decide_finding(wire::DecideFindingRequest { id, decision, why }).await?.into_inner().finding
        }
    };
    let told = told.unwrap_or_default();
    tell(asking, &told)?;
    if !asking.json {
        in_full(&told);
    }
    Ok(DONE)
}

fn tell(asking: &Asking, finding: &wire::Finding) -> anyhow::Result<()> {
    if asking.json {
        return output::json(&json::value("tracemesh.quality.v1.Finding", finding));
    }
    let wire::Finding { id, state, provider, subject, message_zh, message_en, .. } = finding;
    let due = finding.due_at.as_ref().map_or_else(String::new, |due| format!(", due {}", instant(micros(Some(due)))));
    let overdue = if finding.overdue { " OVERDUE" } else { "" };
    println!("{id}  {state}{due}{overdue}  {provider}  {subject}\n    {message_zh}\n    {message_en}");
    Ok(())
}

fn in_full(finding: &wire::Finding) {
    println!("    {}\n    {}", finding.remedy_zh, finding.remedy_en);
    for wire::Evidence { record, field, value, against } in &finding.evidence {
        println!("    {record}  {field}  {value}  {against}");
    }
    for wire::FindingStep { state, by, at, text } in &finding.steps {
        println!("    {}  {state}  {by}  {text}", instant(micros(at.as_ref())));
    }
}

/// A moment in unix microseconds.
pub(super) fn instant(at: i64) -> String {
    jiff::Timestamp::from_microsecond(at).map_or_else(|_| String::new(), |at| at.to_string())
}
