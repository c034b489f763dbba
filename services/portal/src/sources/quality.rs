//! Findings, scorecards, rules and mismatch reports.

use tracemesh_access::Principal;
use tracemesh_proto::quality::v1::{
    AnswerMismatchRequest, AnswerMismatchResponse, DecideFindingRequest, DecideFindingResponse, DryRunRulesRequest, DryRunRulesResponse,
    ExplainFindingRequest, ExplainFindingResponse, GetFindingRequest, GetFindingResponse, GetMismatchRequest, GetMismatchResponse,
    GetScorecardRequest, GetScorecardResponse, ListFindingsRequest, ListFindingsResponse, ListMismatchesRequest, ListMismatchesResponse,
    ListRulesRequest, ListRulesResponse, ReportMismatchRequest, ReportMismatchResponse,
};

use crate::sources::Reply;

/// Findings, scorecards, rules and mismatch reports. Asked on behalf of the one who looks.
pub trait QualitySources: Send + Sync + 'static {
    /// The work list.
    fn findings<'a>(&'a self, asker: &'a Principal, request: ListFindingsRequest) -> Reply<'a, ListFindingsResponse>;
    /// One finding.
    fn finding<'a>(&'a self, asker: &'a Principal, request: GetFindingRequest) -> Reply<'a, GetFindingResponse>;
    /// Says why it is as it is.
    fn explain_finding<'a>(&'a self, asker: &'a Principal, request: ExplainFindingRequest) -> Reply<'a, ExplainFindingResponse>;
    /// Decides on it.
    fn decide_finding<'a>(&'a self, asker: &'a Principal, request: DecideFindingRequest) -> Reply<'a, DecideFindingResponse>;
    /// Indicators.
    fn scorecard<'a>(&'a self, asker: &'a Principal, request: GetScorecardRequest) -> Reply<'a, GetScorecardResponse>;
    /// The catalogue of rules.
    fn rules<'a>(&'a self, asker: &'a Principal, request: ListRulesRequest) -> Reply<'a, ListRulesResponse>;
    /// What a draft of rules would have found.
    fn dry_run<'a>(&'a self, asker: &'a Principal, request: DryRunRulesRequest) -> Reply<'a, DryRunRulesResponse>;
    /// What the public reported.
    fn mismatches<'a>(&'a self, asker: &'a Principal, request: ListMismatchesRequest) -> Reply<'a, ListMismatchesResponse>;
    /// Answers a report.
    fn answer_mismatch<'a>(&'a self, asker: &'a Principal, request: AnswerMismatchRequest) -> Reply<'a, AnswerMismatchResponse>;
    /// Somebody holds the thing in hand, and it is not what the page says.
    fn report_mismatch(&self, request: ReportMismatchRequest) -> Reply<'_, ReportMismatchResponse>;
    /// A report by its number.
    fn mismatch(&self, request: GetMismatchRequest) -> Reply<'_, GetMismatchResponse>;
}
