//! `incident`: open, look, grade, report, close.

use tracemesh_proto::emergency::v1 as wire;
use tracemesh_proto::json;
use tracemesh_proto::time::micros;

use super::connect;
use crate::cli::{Asking, Incident, OpenIncident};
use crate::output::{self, DONE};

pub async fn run(asking: &Asking, incident: Incident) -> anyhow::Result<u8> {
    let mut emergency = connect(asking).await?.emergency();
    let changed = match incident {
        Incident::List { all } => return list(asking, all).await,
        Incident::Open(open) => emergency.open_incident(opening(open)).await?.into_inner().incident,
        Incident::Show { id } => emergency.get_incident(wire::GetIncidentRequest { id }).await?.into_inner().incident,
        Incident::Grade { id, grade, why } => {
            emergency.confirm_grade(wire::ConfirmGradeRequest { id, grade, why }).await?.into_inner().incident
        }
        Incident::Report { id, kind, text } => {
            emergency.file_report(wire::FileReportRequest { id, kind, text }).await?.into_inner().incident
        }
        Incident::Close { id, why } => emergency.close_incident(wire::CloseIncidentRequest { id, why }).await?.into_inner().incident,
    };
    tell(asking, &changed.unwrap_or_default())
}

fn opening(open: OpenIncident) -> wire::OpenIncidentRequest {
    let OpenIncident { codes, title, category, area, hurt, dead, townships, counties, prefectures, crosses_province, drill } = open;
    let facts = Some(wire::Facts { hurt, dead, townships, counties, prefectures, crosses_province });
    wire::OpenIncidentRequest { title, category, area, codes, risk_known_at: None, facts, drill }
}

async fn list(asking: &Asking, all: bool) -> anyhow::Result<u8> {
    let state = if all { "all" } else { "" }.to_owned();
    let mut request = wire::ListIncidentsRequest { state, ..wire::ListIncidentsRequest::default() };
    let mut emergency = connect(asking).await?.emergency();
    loop {
        let page = emergency.list_incidents(request.clone()).await?.into_inner();
        for incident in &page.incidents {
            tell(asking, incident)?;
        }
        if page.next_page_token.is_empty() {
            return Ok(DONE);
        }
        request.page_token = page.next_page_token;
    }
}

fn tell(asking: &Asking, incident: &wire::Incident) -> anyhow::Result<u8> {
    if asking.json {
        output::json(&json::value("tracemesh.emergency.v1.Incident", incident))?;
        return Ok(DONE);
    }
    let drill = if incident.drill { "  DRILL 演练" } else { "" };
    let grade = if incident.grade.is_empty() { format!("{} proposed", incident.proposed_grade) } else { incident.grade.clone() };
    println!("{}  {}  {}  {}{drill}", incident.id, incident.state, grade, incident.title);
    incident.clocks.iter().for_each(print_clock);
    Ok(DONE)
}

pub fn print_clock(clock: &wire::Clock) {
    let due = jiff::Timestamp::from_microsecond(micros(clock.due_at.as_ref())).unwrap_or_default();
    let state = match (clock.breached, clock.stopped_at.is_some()) {
        (true, _) => "missed",
        (false, true) => "kept",
        (false, false) => "runs",
    };
    println!("  {:18} {state:6} due {due}  {}", clock.kind, clock.rule);
}
