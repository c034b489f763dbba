//! `TraceService`: the chain around a code, and the raw hops that walks elsewhere are fed with.

use tonic::{Request, Response, Status};
use tracemesh_chassis::error::{Error, Violation};
use tracemesh_lineage::Direction;
use tracemesh_proto::ingestion::v1 as wire;
use tracemesh_proto::ingestion::v1::trace_service_server::TraceService;

use super::caller;
use crate::app::Ingestion;
use crate::app::trace::Question;

#[tonic::async_trait]
impl TraceService for Ingestion {
    type GetScopeStream = std::pin::Pin<Box<dyn futures::Stream<Item = Result<wire::GetScopeResponse, Status>> + Send>>;

    async fn get_scope(&self, _: Request<wire::GetScopeRequest>) -> Result<Response<Self::GetScopeStream>, Status> {
        Err(Status::unimplemented("GetScope"))
    }

    async fn trace(&self, request: Request<wire::TraceRequest>) -> Result<Response<wire::TraceResponse>, Status> {
        let reader = caller(&request);
        let wire::TraceRequest { code, direction, depth, local } = request.into_inner();
        let question = Question { code, direction: way(&direction)?, depth: (depth > 0).then_some(depth), local };
        Ok(Response::new(self.trace_chain(&question, &reader).await?))
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
