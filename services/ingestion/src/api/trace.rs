//! `TraceService`: the chain around a code, and the raw hops that walks elsewhere are fed with.

use tonic::{Request, Response, Status};
use tracemesh_chassis::error::{Error, Violation};
use tracemesh_lineage::Direction;
use tracemesh_proto::ingestion::v1 as wire;
use tracemesh_proto::ingestion::v1::trace_service_server::TraceService;

use super::grpc::Answers;
use super::{caller, outbreak, scope};
use crate::app::Ingestion;
use crate::app::trace::Question;

/// Codes in one question.
const MOST_CODES: usize = 100;

#[tonic::async_trait]
impl TraceService for Ingestion {
    type GetScopeStream = Answers<wire::GetScopeResponse>;

    async fn get_scope(&self, request: Request<wire::GetScopeRequest>) -> Result<Response<Self::GetScopeStream>, Status> {
        let wire::GetScopeRequest { codes, local } = request.into_inner();
        let at_most = Violation::new("codes", "error.request.too_many").with("limit", MOST_CODES.to_string());
        let fault = match codes.len() {
            0 => Some(Violation::new("codes", "error.request.value_missing")),
            1..=MOST_CODES => None,
            _ => Some(at_most),
        };
        if let Some(fault) = fault {
            return Err(Error::invalid(vec![fault]).into());
        }
        let scope = self.recall_scope(&codes, local).await?;
        Ok(Response::new(Box::pin(futures::stream::iter(scope::messages(scope).map(Ok)))))
    }

    async fn trace(&self, request: Request<wire::TraceRequest>) -> Result<Response<wire::TraceResponse>, Status> {
        let reader = caller(&request);
        let wire::TraceRequest { code, direction, depth, local } = request.into_inner();
        let question = Question { code, direction: way(&direction)?, depth: (depth > 0).then_some(depth), local };
        Ok(Response::new(self.trace_chain(&question, &reader).await?))
    }

    async fn outbreak(&self, request: Request<wire::OutbreakRequest>) -> Result<Response<wire::OutbreakResponse>, Status> {
        let suspicion = outbreak::suspicion(request.into_inner()).map_err(Error::invalid)?;
        Ok(Response::new(self.explain(&suspicion).await?))
    }

    async fn collect_hops(&self, request: Request<wire::CollectHopsRequest>) -> Result<Response<wire::CollectHopsResponse>, Status> {
        let wire::CollectHopsRequest { units, limit, hops_only } = request.into_inner();
        let hops = self.collect(units, limit, hops_only).await?;
        Ok(Response::new(wire::CollectHopsResponse { hops: Some(hops) }))
    }
}

fn way(word: &str) -> Result<Direction, Error> {
    match word {
        "up" => Ok(Direction::Up),
        "down" => Ok(Direction::Down),
        "" | "both" => Ok(Direction::Both),
        other => {
            let fault =
                Violation::new("direction", "error.request.value_not_allowed").with("value", other).with("allowed", "up, down, both");
            Err(Error::invalid(vec![fault]))
        }
    }
}
