//! Quality over gRPC: decode, call, encode. Who may call what is declared in the proto and enforced before a handler runs.

pub mod findings;
pub mod mismatches;
mod rules;
mod scorecard;

use tonic::{Request, Response, Status};
use tracemesh_access::Principal;
use tracemesh_proto::quality::v1 as wire;
use tracemesh_proto::quality::v1::quality_service_server::QualityService;
use tracemesh_proto::time::{micros, timestamp};

use crate::app::Quality;
use crate::domain::question::{Question, View};
use crate::error::QualityError;

#[tonic::async_trait]
impl QualityService for Quality {
    async fn list_findings(&self, request: Request<wire::ListFindingsRequest>) -> Result<Response<wire::ListFindingsResponse>, Status> {
        let caller = caller(&request);
        let listed = self.list(&caller, &findings::wanted(request.into_inner())).await?;
        Ok(Response::new(findings::listed(self, &listed)))
    }

    async fn get_finding(&self, request: Request<wire::GetFindingRequest>) -> Result<Response<wire::GetFindingResponse>, Status> {
        let caller = caller(&request);
        let told = self.get(&caller, &request.into_inner().id).await?;
        Ok(Response::new(wire::GetFindingResponse { finding: Some(findings::document(self, &told, self.clock.now_micros())) }))
    }

    async fn explain_finding(
        &self,
        request: Request<wire::ExplainFindingRequest>,
    ) -> Result<Response<wire::ExplainFindingResponse>, Status> {
        let caller = caller(&request);
        let wire::ExplainFindingRequest { id, text } = request.into_inner();
        let told = self.explain(&caller, &id, &text).await?;
        Ok(Response::new(wire::ExplainFindingResponse { finding: Some(findings::document(self, &told, self.clock.now_micros())) }))
    }

    async fn decide_finding(&self, request: Request<wire::DecideFindingRequest>) -> Result<Response<wire::DecideFindingResponse>, Status> {
        let caller = caller(&request);
        let wire::DecideFindingRequest { id, decision, why } = request.into_inner();
        let told = self.decide(&caller, &id, &decision, &why).await?;
        Ok(Response::new(wire::DecideFindingResponse { finding: Some(findings::document(self, &told, self.clock.now_micros())) }))
    }

    async fn get_scorecard(&self, request: Request<wire::GetScorecardRequest>) -> Result<Response<wire::GetScorecardResponse>, Status> {
        let may = View::of(&caller(&request));
        let wire::GetScorecardRequest { from, to, by, area, category } = request.into_inner();
        let question = Question::read(&from, &to, &by, vec![View::asked(&area, &category), may]).map_err(QualityError::Question)?;
        let answer = self.scorecard(&question).await?;
        Ok(Response::new(scorecard::answer(&question, &answer)))
    }

    async fn list_rules(&self, _: Request<wire::ListRulesRequest>) -> Result<Response<wire::ListRulesResponse>, Status> {
        let (version, rules) = self.rules().await?;
        Ok(Response::new(wire::ListRulesResponse { version, rules }))
    }

    async fn publish_rules(&self, request: Request<wire::PublishRulesRequest>) -> Result<Response<wire::PublishRulesResponse>, Status> {
        let caller = caller(&request);
        let wire::PublishRulesRequest { valid_from, rules, why } = request.into_inner();
        let valid_from = valid_from.as_ref().map(|at| micros(Some(at)));
        let (version, from) = Quality::publish_rules(self, &caller, valid_from, rules, &why).await?;
        Ok(Response::new(wire::PublishRulesResponse { version, valid_from: Some(timestamp(from)) }))
    }

    async fn dry_run_rules(&self, request: Request<wire::DryRunRulesRequest>) -> Result<Response<wire::DryRunRulesResponse>, Status> {
        let wire::DryRunRulesRequest { rules, from, to } = request.into_inner();
        let (first, last) = rules::days(&from, &to)?;
        Ok(Response::new(rules::tried(self.dry_run(rules, first, last).await?)))
    }

    async fn report_mismatch(
        &self,
        request: Request<wire::ReportMismatchRequest>,
    ) -> Result<Response<wire::ReportMismatchResponse>, Status> {
        let caller = caller(&request);
        let wire::ReportMismatchRequest { code, text } = request.into_inner();
        Ok(Response::new(wire::ReportMismatchResponse { number: self.report(&caller, &code, &text).await? }))
    }

    async fn get_mismatch(&self, request: Request<wire::GetMismatchRequest>) -> Result<Response<wire::GetMismatchResponse>, Status> {
        let mismatch = self.mismatch(&request.into_inner().number).await?;
        Ok(Response::new(wire::GetMismatchResponse { mismatch: Some(mismatches::document(&mismatch)) }))
    }

    async fn answer_mismatch(
        &self,
        request: Request<wire::AnswerMismatchRequest>,
    ) -> Result<Response<wire::AnswerMismatchResponse>, Status> {
        let caller = caller(&request);
        let wire::AnswerMismatchRequest { number, answer_zh, answer_en } = request.into_inner();
        let mismatch = self.answer(&caller, &number, &answer_zh, &answer_en).await?;
        Ok(Response::new(wire::AnswerMismatchResponse { mismatch: Some(mismatches::document(&mismatch)) }))
    }

    async fn list_mismatches(
        &self,
        request: Request<wire::ListMismatchesRequest>,
    ) -> Result<Response<wire::ListMismatchesResponse>, Status> {
        let wire::ListMismatchesRequest { state, page_size, page_token } = request.into_inner();
        let reports = self.mismatches(&state, page_size, &page_token).await?;
        Ok(Response::new(mismatches::listed(&reports)))
    }
}

/// Who calls; the layer before the handlers has put it there.
fn caller<T>(request: &Request<T>) -> Principal {
    request.extensions().get::<Principal>().cloned().unwrap_or_else(Principal::public)
}
