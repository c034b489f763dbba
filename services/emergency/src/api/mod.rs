//! Emergency over gRPC: decode, call, encode. Who may call what is declared in the proto and enforced before a handler runs.

use std::pin::Pin;

use futures::{Stream, StreamExt};
use tonic::{Request, Response, Status};
use tracemesh_access::Principal;
use tracemesh_chassis::error::{Error, Violation};
use tracemesh_proto::emergency::v1 as wire;
use tracemesh_proto::emergency::v1::emergency_service_server::EmergencyService;
use tracemesh_proto::time::micros;
use tracemesh_store::page;

use crate::app::{Before, Cause, Emergency, Opening};

const PAGE_USUAL: u32 = 100;
const PAGE_MOST: u32 = 1_000;
const UNITS_MOST: usize = 1_000;

#[tonic::async_trait]
impl EmergencyService for Emergency {
    async fn open_incident(&self, request: Request<wire::OpenIncidentRequest>) -> Result<Response<wire::OpenIncidentResponse>, Status> {
        let actor = caller(&request);
        let asked = request.into_inner();
        let opening = Opening {
            title: asked.title,
            category: asked.category,
            area: if asked.area.is_empty() { self.node.area.clone() } else { asked.area },
            codes: asked.codes,
            risk_known_at: micros(asked.risk_known_at.as_ref()),
            facts: asked.facts.unwrap_or_default(),
            drill: asked.drill,
            by_kind: "person",
            source: String::new(),
        };
        let incident = Emergency::open_incident(self, Cause::by(&actor), opening).await?;
        Ok(Response::new(wire::OpenIncidentResponse { incident: Some(incident) }))
    }

    async fn get_incident(&self, request: Request<wire::GetIncidentRequest>) -> Result<Response<wire::GetIncidentResponse>, Status> {
        let reader = caller(&request);
        let incident = self.incident(&reader, &request.into_inner().id).await?;
        Ok(Response::new(wire::GetIncidentResponse { incident: Some(incident) }))
    }

    async fn list_incidents(&self, request: Request<wire::ListIncidentsRequest>) -> Result<Response<wire::ListIncidentsResponse>, Status> {
        let reader = caller(&request);
        let asked = request.into_inner();
        let state = state(&asked.state)?;
        let limit = page::size(asked.page_size, PAGE_USUAL, PAGE_MOST);
        let (incidents, next) = self.incidents(&reader, state, &before(&asked.page_token)?, limit).await?;
        Ok(Response::new(wire::ListIncidentsResponse { incidents, next_page_token: token(next) }))
    }

    async fn confirm_grade(&self, request: Request<wire::ConfirmGradeRequest>) -> Result<Response<wire::ConfirmGradeResponse>, Status> {
        let actor = caller(&request);
        let wire::ConfirmGradeRequest { id, grade, why } = request.into_inner();
        let incident = Emergency::confirm_grade(self, Cause { actor: &actor, why: &why }, &id, &grade).await?;
        Ok(Response::new(wire::ConfirmGradeResponse { incident: Some(incident) }))
    }

    async fn add_facts(&self, request: Request<wire::AddFactsRequest>) -> Result<Response<wire::AddFactsResponse>, Status> {
        let actor = caller(&request);
        let wire::AddFactsRequest { id, facts, why } = request.into_inner();
        let incident = Emergency::add_facts(self, Cause { actor: &actor, why: &why }, &id, facts.unwrap_or_default()).await?;
        Ok(Response::new(wire::AddFactsResponse { incident: Some(incident) }))
    }

    async fn file_report(&self, request: Request<wire::FileReportRequest>) -> Result<Response<wire::FileReportResponse>, Status> {
        let actor = caller(&request);
        let wire::FileReportRequest { id, kind, text } = request.into_inner();
        let incident = Emergency::file_report(self, Cause::by(&actor), &id, &kind, &text).await?;
        Ok(Response::new(wire::FileReportResponse { incident: Some(incident) }))
    }

    async fn close_incident(&self, request: Request<wire::CloseIncidentRequest>) -> Result<Response<wire::CloseIncidentResponse>, Status> {
        let actor = caller(&request);
        let wire::CloseIncidentRequest { id, why } = request.into_inner();
        let incident = Emergency::close_incident(self, Cause { actor: &actor, why: &why }, &id).await?;
        Ok(Response::new(wire::CloseIncidentResponse { incident: Some(incident) }))
    }

    async fn draft_order(&self, request: Request<wire::DraftOrderRequest>) -> Result<Response<wire::DraftOrderResponse>, Status> {
        let actor = caller(&request);
        let order = Emergency::draft_order(self, Cause::by(&actor), request.into_inner()).await?;
        Ok(Response::new(wire::DraftOrderResponse { order: Some(order) }))
    }

    async fn review_order(&self, request: Request<wire::ReviewOrderRequest>) -> Result<Response<wire::ReviewOrderResponse>, Status> {
        let actor = caller(&request);
        let wire::ReviewOrderRequest { id, refuse, why } = request.into_inner();
        let order = Emergency::review_order(self, Cause { actor: &actor, why: &why }, &id, refuse).await?;
        Ok(Response::new(wire::ReviewOrderResponse { order: Some(order) }))
    }

    async fn sign_order(&self, request: Request<wire::SignOrderRequest>) -> Result<Response<wire::SignOrderResponse>, Status> {
        let actor = caller(&request);
        let wire::SignOrderRequest { id, number, release } = request.into_inner();
        let order = Emergency::sign_order(self, Cause::by(&actor), &id, &number, release).await?;
        Ok(Response::new(wire::SignOrderResponse { order: Some(order) }))
    }

    async fn cancel_order(&self, request: Request<wire::CancelOrderRequest>) -> Result<Response<wire::CancelOrderResponse>, Status> {
        let actor = caller(&request);
        let wire::CancelOrderRequest { id, why } = request.into_inner();
        let order = Emergency::cancel_order(self, Cause { actor: &actor, why: &why }, &id).await?;
        Ok(Response::new(wire::CancelOrderResponse { order: Some(order) }))
    }

    async fn get_order(&self, request: Request<wire::GetOrderRequest>) -> Result<Response<wire::GetOrderResponse>, Status> {
        let reader = caller(&request);
        let (board, closure) = self.order(&reader, &request.into_inner().id).await?;
        Ok(Response::new(wire::GetOrderResponse { board: Some(board), closure }))
    }

    async fn list_orders(&self, request: Request<wire::ListOrdersRequest>) -> Result<Response<wire::ListOrdersResponse>, Status> {
        let reader = caller(&request);
        let asked = request.into_inner();
        let state = state(&asked.state)?;
        let limit = page::size(asked.page_size, PAGE_USUAL, PAGE_MOST);
        let (orders, next) = self.orders(&reader, state, &asked.incident, &before(&asked.page_token)?, limit).await?;
        Ok(Response::new(wire::ListOrdersResponse { orders, next_page_token: token(next) }))
    }

    type WatchOrderStream = Pin<Box<dyn Stream<Item = Result<wire::WatchOrderResponse, Status>> + Send>>;

    async fn watch_order(&self, request: Request<wire::WatchOrderRequest>) -> Result<Response<Self::WatchOrderStream>, Status> {
        let reader = caller(&request);
        let boards = Emergency::watch_order(self, &reader, &request.into_inner().id).await?;
        let shown = boards.map(|board| Ok(wire::WatchOrderResponse { board: Some(board?) }));
        Ok(Response::new(Box::pin(shown)))
    }

    async fn acknowledge(&self, request: Request<wire::AcknowledgeRequest>) -> Result<Response<wire::AcknowledgeResponse>, Status> {
        let actor = caller(&request);
        let board = Emergency::acknowledge(self, Cause::by(&actor), request.into_inner()).await?;
        Ok(Response::new(wire::AcknowledgeResponse { board: Some(board) }))
    }

    async fn report_recovery(
        &self,
        request: Request<wire::ReportRecoveryRequest>,
    ) -> Result<Response<wire::ReportRecoveryResponse>, Status> {
        let actor = caller(&request);
        let board = Emergency::report_recovery(self, Cause::by(&actor), request.into_inner()).await?;
        Ok(Response::new(wire::ReportRecoveryResponse { board: Some(board) }))
    }

    async fn close_order(&self, request: Request<wire::CloseOrderRequest>) -> Result<Response<wire::CloseOrderResponse>, Status> {
        let actor = caller(&request);
        let wire::CloseOrderRequest { id, why } = request.into_inner();
        let closure = Emergency::close_order(self, Cause { actor: &actor, why: &why }, &id).await?;
        Ok(Response::new(wire::CloseOrderResponse { closure: Some(closure) }))
    }

    async fn list_recalls(&self, request: Request<wire::ListRecallsRequest>) -> Result<Response<wire::ListRecallsResponse>, Status> {
        let asked = request.into_inner();
        let limit = page::size(asked.page_size, PAGE_USUAL, PAGE_MOST);
        let (recalls, next) = self.recalls(&before(&asked.page_token)?, limit).await?;
        Ok(Response::new(wire::ListRecallsResponse { recalls, next_page_token: token(next) }))
    }

    async fn get_recall_state(
        &self,
        request: Request<wire::GetRecallStateRequest>,
    ) -> Result<Response<wire::GetRecallStateResponse>, Status> {
        let units = request.into_inner().units;
        if units.len() > UNITS_MOST {
            let fault = Violation::new("units", "error.request.value_invalid").with("value", units.len().to_string());
            return Err(Error::invalid(vec![fault.with("expected", format!("{UNITS_MOST} at most"))]).into());
        }
        Ok(Response::new(wire::GetRecallStateResponse { recalls: self.recall_state(&units).await? }))
    }
}

/// Who calls; the layer before the handlers has put it there.
fn caller<T>(request: &Request<T>) -> Principal {
    request.extensions().get::<Principal>().cloned().unwrap_or_else(Principal::public)
}

/// The state that a list is held to; none for `all`.
fn state(asked: &str) -> Result<&str, Error> {
    match asked {
        "" | "open" => Ok("open"),
        "closed" => Ok(asked),
        "all" => Ok(""),
        other => {
            let fault = Violation::new("state", "error.request.value_not_allowed").with("value", other);
            Err(Error::invalid(vec![fault.with("allowed", "open, closed, all")]))
        }
    }
}

fn before(page_token: &str) -> Result<Before, Error> {
    let invalid = || Error::invalid(vec![Violation::new("page_token", "error.request.page_token").with("value", page_token)]);
    let Some([at, id]) = page::position::<2>(page_token).map_err(|_| invalid())? else { return Ok(Before::default()) };
    Ok(Before { at: at.parse().map_err(|_| invalid())?, id })
}

/// The token after a full page; none after a short one.
fn token(next: Option<Before>) -> String {
    next.map_or_else(String::new, |next| page::token([&next.at.to_string(), &next.id]))
}
