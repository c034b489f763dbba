//! Incidents, orders and recalls.

use futures::{FutureExt, StreamExt};
use tracemesh_access::Principal;
use tracemesh_proto::emergency::v1::{
    AcknowledgeRequest, AcknowledgeResponse, AddFactsRequest, AddFactsResponse, CancelOrderRequest, CancelOrderResponse,
    CloseIncidentRequest, CloseIncidentResponse, CloseOrderRequest, CloseOrderResponse, ConfirmGradeRequest, ConfirmGradeResponse,
    DraftOrderRequest, DraftOrderResponse, FileReportRequest, FileReportResponse, GetIncidentRequest, GetIncidentResponse, GetOrderRequest,
    GetOrderResponse, GetRecallStateRequest, GetRecallStateResponse, ListIncidentsRequest, ListIncidentsResponse, ListOrdersRequest,
    ListOrdersResponse, ListRecallsRequest, ListRecallsResponse, OpenIncidentRequest, OpenIncidentResponse, ReportRecoveryRequest,
    ReportRecoveryResponse, ReviewOrderRequest, ReviewOrderResponse, SignOrderRequest, SignOrderResponse, WatchOrderRequest,
};

use crate::error::Trouble;
use crate::sources::Reply;
use crate::sources::emergency::{Boards, EmergencySources};
use crate::sources::peers::{FromPeers, SHORT};

impl EmergencySources for FromPeers {
    fn incidents<'a>(&'a self, asker: &'a Principal, request: ListIncidentsRequest) -> Reply<'a, ListIncidentsResponse> {
        async move { Ok(self.on_behalf(asker).emergency().list_incidents(request).await?.into_inner()) }.boxed()
    }

    fn incident<'a>(&'a self, asker: &'a Principal, request: GetIncidentRequest) -> Reply<'a, GetIncidentResponse> {
        async move { Ok(self.on_behalf(asker).emergency().get_incident(request).await?.into_inner()) }.boxed()
    }

    fn open_incident<'a>(&'a self, asker: &'a Principal, request: OpenIncidentRequest) -> Reply<'a, OpenIncidentResponse> {
        async move { Ok(self.on_behalf(asker).emergency().open_incident(request).await?.into_inner()) }.boxed()
    }

    fn confirm_grade<'a>(&'a self, asker: &'a Principal, request: ConfirmGradeRequest) -> Reply<'a, ConfirmGradeResponse> {
        async move { Ok(self.on_behalf(asker).emergency().confirm_grade(request).await?.into_inner()) }.boxed()
    }

    fn add_facts<'a>(&'a self, asker: &'a Principal, request: AddFactsRequest) -> Reply<'a, AddFactsResponse> {
        async move { Ok(self.on_behalf(asker).emergency().add_facts(request).await?.into_inner()) }.boxed()
    }

    fn file_report<'a>(&'a self, asker: &'a Principal, request: FileReportRequest) -> Reply<'a, FileReportResponse> {
        async move { Ok(self.on_behalf(asker).emergency().file_report(request).await?.into_inner()) }.boxed()
    }

    fn close_incident<'a>(&'a self, asker: &'a Principal, request: CloseIncidentRequest) -> Reply<'a, CloseIncidentResponse> {
        async move { Ok(self.on_behalf(asker).emergency().close_incident(request).await?.into_inner()) }.boxed()
    }

    fn orders<'a>(&'a self, asker: &'a Principal, request: ListOrdersRequest) -> Reply<'a, ListOrdersResponse> {
        async move { Ok(self.on_behalf(asker).emergency().list_orders(request).await?.into_inner()) }.boxed()
    }

    fn order<'a>(&'a self, asker: &'a Principal, request: GetOrderRequest) -> Reply<'a, GetOrderResponse> {
        async move { Ok(self.on_behalf(asker).emergency().get_order(request).await?.into_inner()) }.boxed()
    }

    fn draft_order<'a>(&'a self, asker: &'a Principal, request: DraftOrderRequest) -> Reply<'a, DraftOrderResponse> {
        async move { Ok(self.on_behalf(asker).emergency().draft_order(request).await?.into_inner()) }.boxed()
    }

    fn review_order<'a>(&'a self, asker: &'a Principal, request: ReviewOrderRequest) -> Reply<'a, ReviewOrderResponse> {
        async move { Ok(self.on_behalf(asker).emergency().review_order(request).await?.into_inner()) }.boxed()
    }

    fn sign_order<'a>(&'a self, asker: &'a Principal, request: SignOrderRequest) -> Reply<'a, SignOrderResponse> {
        async move { Ok(self.on_behalf(asker).emergency().sign_order(request).await?.into_inner()) }.boxed()
    }

    fn cancel_order<'a>(&'a self, asker: &'a Principal, request: CancelOrderRequest) -> Reply<'a, CancelOrderResponse> {
        async move { Ok(self.on_behalf(asker).emergency().cancel_order(request).await?.into_inner()) }.boxed()
    }

    fn acknowledge<'a>(&'a self, asker: &'a Principal, request: AcknowledgeRequest) -> Reply<'a, AcknowledgeResponse> {
        async move { Ok(self.on_behalf(asker).emergency().acknowledge(request).await?.into_inner()) }.boxed()
    }

    fn report_recovery<'a>(&'a self, asker: &'a Principal, request: ReportRecoveryRequest) -> Reply<'a, ReportRecoveryResponse> {
        async move { Ok(self.on_behalf(asker).emergency().report_recovery(request).await?.into_inner()) }.boxed()
    }

    fn close_order<'a>(&'a self, asker: &'a Principal, request: CloseOrderRequest) -> Reply<'a, CloseOrderResponse> {
        async move { Ok(self.on_behalf(asker).emergency().close_order(request).await?.into_inner()) }.boxed()
    }

    fn watch_order<'a>(&'a self, asker: &'a Principal, request: WatchOrderRequest) -> Reply<'a, Boards> {
        async {
            let mut client = self.on_behalf(asker).emergency();
            let opened = tokio::time::timeout(SHORT, client.watch_order(request)).await;
            let boards = opened.map_err(|_| Trouble::NoAnswer("the stream of boards did not open".into()))??.into_inner();
            Ok(boards.map(|board| board.map_err(Trouble::from)).boxed())
        }
        .boxed()
    }

    fn recalls(&self, request: ListRecallsRequest) -> Reply<'_, ListRecallsResponse> {
        async move { Ok(self.as_public().emergency().list_recalls(request).await?.into_inner()) }.boxed()
    }

    fn recall_state(&self, request: GetRecallStateRequest) -> Reply<'_, GetRecallStateResponse> {
        async move { Ok(self.as_public().emergency().get_recall_state(request).await?.into_inner()) }.boxed()
    }
}
