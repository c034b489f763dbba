//! Analytics over gRPC: decode, call, encode. Who may call what is declared in the proto and enforced before a handler runs; how far the caller
//! sees is one of the question's views.

mod figures;

use tonic::{Request, Response, Status};
use tracemesh_access::Principal;
use tracemesh_proto::analytics::v1 as wire;
use tracemesh_proto::analytics::v1::analytics_service_server::AnalyticsService;

use crate::app::Analytics;
use crate::domain::question::{Question, View, days};
use crate::error::AnalyticsError;

#[tonic::async_trait]
impl AnalyticsService for Analytics {
    async fn get_aggregates(&self, request: Request<wire::GetAggregatesRequest>) -> Result<Response<wire::GetAggregatesResponse>, Status> {
        let caller = caller(&request);
        let wire::GetAggregatesRequest { from, to, by, area, category } = request.into_inner();
        let may = View { areas: caller.areas().clone(), categories: caller.categories().clone() };
        let question = Question::read(&from, &to, &by, vec![View::asked(&area, &category), may]).map_err(AnalyticsError::Question)?;
        let answer = self.aggregates(&question).await?;
        Ok(Response::new(figures::answer(&question, answer)))
    }

    async fn recount(&self, request: Request<wire::RecountRequest>) -> Result<Response<wire::RecountResponse>, Status> {
        let wire::RecountRequest { from, to } = request.into_inner();
        let days = days(&from, &to).map_err(AnalyticsError::Question)?;
        Ok(Response::new(figures::recounted(self.recount(days).await?)))
    }

    async fn list_months(&self, request: Request<wire::ListMonthsRequest>) -> Result<Response<wire::ListMonthsResponse>, Status> {
        let months = self.months(&request.into_inner().origin).await?;
        Ok(Response::new(wire::ListMonthsResponse { months }))
    }

    async fn pull_aggregates(
        &self,
        request: Request<wire::PullAggregatesRequest>,
    ) -> Result<Response<wire::PullAggregatesResponse>, Status> {
        let wire::PullAggregatesRequest { origin, month } = request.into_inner();
        let figures = self.pull(&origin, &month).await?;
        Ok(Response::new(wire::PullAggregatesResponse { figures }))
    }

    async fn store_aggregates(
        &self,
        request: Request<wire::StoreAggregatesRequest>,
    ) -> Result<Response<wire::StoreAggregatesResponse>, Status> {
        let wire::StoreAggregatesRequest { child, figures } = request.into_inner();
        let stored = self.store_sheet(&child, &figures).await?;
        Ok(Response::new(wire::StoreAggregatesResponse { stored }))
    }
}

/// Who calls; the layer before the handlers has put it there.
fn caller<T>(request: &Request<T>) -> Principal {
    request.extensions().get::<Principal>().cloned().unwrap_or_else(Principal::public)
}
