//! Incidents: the list, one of them, and what is done with it.

use axum::extract::Path;
use axum::response::Response;
use tracemesh_proto::emergency::v1::{GetIncidentRequest, Incident, ListIncidentsRequest, ListOrdersRequest};

use crate::error::Trouble;
use crate::pages::desk::Desk;
use crate::pages::posted::Posted;
use crate::sources::Answer;
use crate::views::emergency::{incident as one, incident_href, incidents as many};
use crate::views::form::{Entries, Refused};
use crate::views::sheet::Sheet;

/// Rows of a page.
pub const PAGE_SIZE: u32 = 50;

/// `GET /console/incidents?state=…`
pub async fn list(desk: Desk) -> Response {
    let request = ListIncidentsRequest { state: many::state(&desk.query).into(), page_size: PAGE_SIZE, page_token: desk.query.get("page") };
    let answer = desk.sources().incidents(&desk.asker, request).await;
    desk.draw(many::list(&answer, &desk.query, &desk.reader())).await
}

/// `GET /console/incidents/new`
pub async fn opening(desk: Desk) -> Response {
    if !desk.reader().is_any(many::OPENERS) {
        return desk.trouble(&Trouble::Refused(Default::default())).await;
    }
    desk.draw(many::opening(&desk.query, None, &desk.reader())).await
}

/// `POST /console/incidents`
pub async fn open(desk: Desk, Posted(entries): Posted) -> Response {
    match desk.sources().open_incident(&desk.asker, many::opened(&entries)).await {
        Ok(answer) => desk.lead_to(&incident_href(&answer.incident.unwrap_or_default().id)),
        Err(trouble) => {
            let refused = Refused { form: "open", entries: &entries, trouble: &trouble };
            desk.draw_refused(&trouble, many::opening(&entries, Some(refused), &desk.reader())).await
        }
    }
}

/// `GET /console/incidents/{id}`
pub async fn show(desk: Desk, Path(id): Path<String>) -> Response {
    match sheet(&desk, &id, None).await {
        Ok(sheet) => desk.draw(sheet).await,
        Err(trouble) => desk.trouble(&trouble).await,
    }
}

/// `POST /console/incidents/{id}/{act}`
pub async fn act(desk: Desk, Path((id, act)): Path<(String, String)>, Posted(entries): Posted) -> Response {
    let Err(trouble) = done(&desk, &id, &act, &entries).await else {
        return desk.lead_to(&incident_href(&id));
    };
    match sheet(&desk, &id, Some(Refused { form: &act, entries: &entries, trouble: &trouble })).await {
        Ok(sheet) => desk.draw_refused(&trouble, sheet).await,
        Err(_) => desk.trouble(&trouble).await,
    }
}

async fn done(desk: &Desk, id: &str, act: &str, entries: &Entries) -> Answer<()> {
    let (sources, asker) = (desk.sources(), &desk.asker);
    match act {
        "grade" => sources.confirm_grade(asker, one::graded(id, entries)).await.map(drop),
        "facts" => sources.add_facts(asker, one::known_now(id, entries)).await.map(drop),
        "report" => sources.file_report(asker, one::reported(id, entries)).await.map(drop),
        "close" => sources.close_incident(asker, one::closed(id, entries)).await.map(drop),
        _ => Err(Trouble::NotFound),
    }
}

async fn sheet(desk: &Desk, id: &str, refused: Option<Refused<'_>>) -> Answer<Sheet> {
    let orders = ListOrdersRequest { incident: id.to_owned(), state: "all".into(), page_size: PAGE_SIZE, ..ListOrdersRequest::default() };
    let (incident, orders) = futures::join!(incident(desk, id), desk.sources().orders(&desk.asker, orders));
    Ok(one::page(&incident?, &orders, refused, &desk.reader()))
}

/// One incident.
pub async fn incident(desk: &Desk, id: &str) -> Answer<Incident> {
    let answer = desk.sources().incident(&desk.asker, GetIncidentRequest { id: id.to_owned() }).await?;
    answer.incident.ok_or(Trouble::NotFound)
}
