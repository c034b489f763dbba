//! Quality over gRPC: decode, call, encode. Who may call what is declared in the proto and enforced before a handler runs.

use tonic::{Request, Response, Status};
use tracemesh_proto::quality::v1 as wire;
use tracemesh_proto::quality::v1::quality_service_server::QualityService;

use crate::app::Quality;

#[tonic::async_trait]
impl QualityService for Quality {
    async fn list_findings(&self, _: Request<wire::ListFindingsRequest>) -> Result<Response<wire::ListFindingsResponse>, Status> {
        Err(Status::unimplemented("ListFindings"))
    }

    async fn get_finding(&self, _: Request<wire::GetFindingRequest>) -> Result<Response<wire::GetFindingResponse>, Status> {
        Err(Status::unimplemented("GetFinding"))
    }

    async fn explain_finding(&self, _: Request<wire::ExplainFindingRequest>) -> Result<Response<wire::ExplainFindingResponse>, Status> {
        Err(Status::unimplemented("ExplainFinding"))
    }

    async fn decide_finding(&self, _: Request<wire::DecideFindingRequest>) -> Result<Response<wire::DecideFindingResponse>, Status> {
        Err(Status::unimplemented("DecideFinding"))
    }

    async fn get_scorecard(&self, _: Request<wire::GetScorecardRequest>) -> Result<Response<wire::GetScorecardResponse>, Status> {
        Err(Status::unimplemented("GetScorecard"))
    }

    async fn list_rules(&self, _: Request<wire::ListRulesRequest>) -> Result<Response<wire::ListRulesResponse>, Status> {
        Err(Status::unimplemented("ListRules"))
    }

    async fn publish_rules(&self, _: Request<wire::PublishRulesRequest>) -> Result<Response<wire::PublishRulesResponse>, Status> {
        Err(Status::unimplemented("PublishRules"))
    }

    async fn dry_run_rules(&self, _: Request<wire::DryRunRulesRequest>) -> Result<Response<wire::DryRunRulesResponse>, Status> {
        Err(Status::unimplemented("DryRunRules"))
    }

    async fn report_mismatch(&self, _: Request<wire::ReportMismatchRequest>) -> Result<Response<wire::ReportMismatchResponse>, Status> {
        Err(Status::unimplemented("ReportMismatch"))
    }

    async fn get_mismatch(&self, _: Request<wire::GetMismatchRequest>) -> Result<Response<wire::GetMismatchResponse>, Status> {
        Err(Status::unimplemented("GetMismatch"))
    }

    async fn answer_mismatch(&self, _: Request<wire::AnswerMismatchRequest>) -> Result<Response<wire::AnswerMismatchResponse>, Status> {
        Err(Status::unimplemented("AnswerMismatch"))
    }

    async fn list_mismatches(&self, _: Request<wire::ListMismatchesRequest>) -> Result<Response<wire::ListMismatchesResponse>, Status> {
        Err(Status::unimplemented("ListMismatches"))
    }
}
