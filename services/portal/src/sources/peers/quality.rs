//! Findings, scorecards, rules and mismatch reports.

use futures::FutureExt;
use tracemesh_access::Principal;
use tracemesh_proto::quality::v1::{
    AnswerMismatchRequest, AnswerMismatchResponse, DecideFindingRequest, DecideFindingResponse, DryRunRulesRequest, DryRunRulesResponse,
    ExplainFindingRequest, ExplainFindingResponse, GetFindingRequest, GetFindingResponse, GetMismatchRequest, GetMismatchResponse,
    GetScorecardRequest, GetScorecardResponse, ListFindingsRequest, ListFindingsResponse, ListMismatchesRequest, ListMismatchesResponse,
    ListRulesRequest, ListRulesResponse, ReportMismatchRequest, ReportMismatchResponse,
};

use crate::sources::Reply;
use crate::sources::peers::{FromPeers, LONG};
use crate::sources::quality::QualitySources;

impl QualitySources for FromPeers {
    fn findings<'a>(&'a self, asker: &'a Principal, request: ListFindingsRequest) -> Reply<'a, ListFindingsResponse> {
        async move { Ok(self.on_behalf(asker).quality().list_findings(request).await?.into_inner()) }.boxed()
    }

    fn finding<'a>(&'a self, asker: &'a Principal, request: GetFindingRequest) -> Reply<'a, GetFindingResponse> {
        async move { Ok(self.on_behalf(asker).quality().get_finding(request).await?.into_inner()) }.boxed()
    }

    fn explain_finding<'a>(&'a self, asker: &'a Principal, request: ExplainFindingRequest) -> Reply<'a, ExplainFindingResponse> {
        async move { Ok(self.on_behalf(asker).quality().explain_finding(request).await?.into_inner()) }.boxed()
    }

    fn decide_finding<'a>(&'a self, asker: &'a Principal, request: DecideFindingRequest) -> Reply<'a, DecideFindingResponse> {
        async move { Ok(self.on_behalf(asker).quality().decide_finding(request).await?.into_inner()) }.boxed()
    }

    fn scorecard<'a>(&'a self, asker: &'a Principal, request: GetScorecardRequest) -> Reply<'a, GetScorecardResponse> {
        async move { Ok(self.on_behalf(asker).quality().get_scorecard(request).await?.into_inner()) }.boxed()
    }

    fn rules<'a>(&'a self, asker: &'a Principal, request: ListRulesRequest) -> Reply<'a, ListRulesResponse> {
        async move { Ok(self.on_behalf(asker).quality().list_rules(request).await?.into_inner()) }.boxed()
    }

    fn dry_run<'a>(&'a self, asker: &'a Principal, request: DryRunRulesRequest) -> Reply<'a, DryRunRulesResponse> {
        async move { Ok(self.on_behalf(asker).within(LONG).quality().dry_run_rules(request).await?.into_inner()) }.boxed()
    }

    fn mismatches<'a>(&'a self, asker: &'a Principal, request: ListMismatchesRequest) -> Reply<'a, ListMismatchesResponse> {
        async move { Ok(self.on_behalf(asker).quality().list_mismatches(request).await?.into_inner()) }.boxed()
    }

    fn answer_mismatch<'a>(&'a self, asker: &'a Principal, request: AnswerMismatchRequest) -> Reply<'a, AnswerMismatchResponse> {
        async move { Ok(self.on_behalf(asker).quality().answer_mismatch(request).await?.into_inner()) }.boxed()
    }

    fn report_mismatch(&self, request: ReportMismatchRequest) -> Reply<'_, ReportMismatchResponse> {
        async move { Ok(self.as_public().quality().report_mismatch(request).await?.into_inner()) }.boxed()
    }

    fn mismatch(&self, request: GetMismatchRequest) -> Reply<'_, GetMismatchResponse> {
        async move { Ok(self.as_public().quality().get_mismatch(request).await?.into_inner()) }.boxed()
    }
}
