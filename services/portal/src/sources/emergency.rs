//! Incidents, orders and recalls.

use futures::stream::BoxStream;
use tracemesh_access::Principal;
use tracemesh_proto::emergency::v1::{
    AcknowledgeRequest, AcknowledgeResponse, AddFactsRequest, AddFactsResponse, CancelOrderRequest, CancelOrderResponse,
    CloseIncidentRequest, CloseIncidentResponse, CloseOrderRequest, CloseOrderResponse, ConfirmGradeRequest, ConfirmGradeResponse,
    DraftOrderRequest, DraftOrderResponse, FileReportRequest, FileReportResponse, GetIncidentRequest, GetIncidentResponse, GetOrderRequest,
    GetOrderResponse, GetRecallStateRequest, GetRecallStateResponse, ListIncidentsRequest, ListIncidentsResponse, ListOrdersRequest,
    ListOrdersResponse, ListRecallsRequest, ListRecallsResponse, OpenIncidentRequest, OpenIncidentResponse, ReportRecoveryRequest,
    ReportRecoveryResponse, ReviewOrderRequest, ReviewOrderResponse, SignOrderRequest, SignOrderResponse, WatchOrderRequest,
    WatchOrderResponse,
};

use crate::sources::{Answer, Reply};

/// Boards: the one of now, then each that differs, until the reader leaves.
pub type Boards = BoxStream<'static, Answer<WatchOrderResponse>>;

/// Incidents, orders and recalls. Asked on behalf of the one who looks.
pub trait EmergencySources: Send + Sync + 'static {
    /// Incidents, newest first.
    fn incidents<'a>(&'a self, asker: &'a Principal, request: ListIncidentsRequest) -> Reply<'a, ListIncidentsResponse>;
    /// One incident.
    fn incident<'a>(&'a self, asker: &'a Principal, request: GetIncidentRequest) -> Reply<'a, GetIncidentResponse>;
    /// Opens one.
    fn open_incident<'a>(&'a self, asker: &'a Principal, request: OpenIncidentRequest) -> Reply<'a, OpenIncidentResponse>;
    /// Confirms its grade.
    fn confirm_grade<'a>(&'a self, asker: &'a Principal, request: ConfirmGradeRequest) -> Reply<'a, ConfirmGradeResponse>;
    /// Adds what has become known.
    fn add_facts<'a>(&'a self, asker: &'a Principal, request: AddFactsRequest) -> Reply<'a, AddFactsResponse>;
    /// Reports it upwards.
    fn file_report<'a>(&'a self, asker: &'a Principal, request: FileReportRequest) -> Reply<'a, FileReportResponse>;
    /// Closes it.
    fn close_incident<'a>(&'a self, asker: &'a Principal, request: CloseIncidentRequest) -> Reply<'a, CloseIncidentResponse>;
    /// Orders, newest first.
    fn orders<'a>(&'a self, asker: &'a Principal, request: ListOrdersRequest) -> Reply<'a, ListOrdersResponse>;
    /// One order with its board.
    fn order<'a>(&'a self, asker: &'a Principal, request: GetOrderRequest) -> Reply<'a, GetOrderResponse>;
    /// Drafts one.
    fn draft_order<'a>(&'a self, asker: &'a Principal, request: DraftOrderRequest) -> Reply<'a, DraftOrderResponse>;
    /// Reviews it.
    fn review_order<'a>(&'a self, asker: &'a Principal, request: ReviewOrderRequest) -> Reply<'a, ReviewOrderResponse>;
    /// Signs it.
    fn sign_order<'a>(&'a self, asker: &'a Principal, request: SignOrderRequest) -> Reply<'a, SignOrderResponse>;
    /// Cancels it.
    fn cancel_order<'a>(&'a self, asker: &'a Principal, request: CancelOrderRequest) -> Reply<'a, CancelOrderResponse>;
    /// Acknowledges it.
    fn acknowledge<'a>(&'a self, asker: &'a Principal, request: AcknowledgeRequest) -> Reply<'a, AcknowledgeResponse>;
    /// Reports what was recovered.
    fn report_recovery<'a>(&'a self, asker: &'a Principal, request: ReportRecoveryRequest) -> Reply<'a, ReportRecoveryResponse>;
    /// Ends it.
    fn close_order<'a>(&'a self, asker: &'a Principal, request: CloseOrderRequest) -> Reply<'a, CloseOrderResponse>;
    /// The board whenever it changes.
    fn watch_order<'a>(&'a self, asker: &'a Principal, request: WatchOrderRequest) -> Reply<'a, Boards>;
    /// What is under recall, as the public may see it.
    fn recalls(&self, request: ListRecallsRequest) -> Reply<'_, ListRecallsResponse>;
    /// Which recalls affect some units.
    fn recall_state(&self, request: GetRecallStateRequest) -> Reply<'_, GetRecallStateResponse>;
}
