//! Emergency over gRPC: decode, call, encode. Who may call what is declared in the proto and enforced before a handler runs.

use tonic::{Request, Response, Status};
use tracemesh_proto::emergency::v1 as wire;
use tracemesh_proto::emergency::v1::emergency_service_server::EmergencyService;

use crate::app::Emergency;

#[tonic::async_trait]
impl EmergencyService for Emergency {
    async fn open_incident(&self, _: Request<wire::OpenIncidentRequest>) -> Result<Response<wire::OpenIncidentResponse>, Status> {
        Err(Status::unimplemented("OpenIncident"))
    }

    async fn get_incident(&self, _: Request<wire::GetIncidentRequest>) -> Result<Response<wire::GetIncidentResponse>, Status> {
        Err(Status::unimplemented("GetIncident"))
    }

    async fn list_incidents(&self, _: Request<wire::ListIncidentsRequest>) -> Result<Response<wire::ListIncidentsResponse>, Status> {
        Err(Status::unimplemented("ListIncidents"))
    }

    async fn confirm_grade(&self, _: Request<wire::ConfirmGradeRequest>) -> Result<Response<wire::ConfirmGradeResponse>, Status> {
        Err(Status::unimplemented("ConfirmGrade"))
    }

    async fn add_facts(&self, _: Request<wire::AddFactsRequest>) -> Result<Response<wire::AddFactsResponse>, Status> {
        Err(Status::unimplemented("AddFacts"))
    }

    async fn file_report(&self, _: Request<wire::FileReportRequest>) -> Result<Response<wire::FileReportResponse>, Status> {
        Err(Status::unimplemented("FileReport"))
    }

    async fn close_incident(&self, _: Request<wire::CloseIncidentRequest>) -> Result<Response<wire::CloseIncidentResponse>, Status> {
        Err(Status::unimplemented("CloseIncident"))
    }

    async fn draft_order(&self, _: Request<wire::DraftOrderRequest>) -> Result<Response<wire::DraftOrderResponse>, Status> {
        Err(Status::unimplemented("DraftOrder"))
    }

    async fn review_order(&self, _: Request<wire::ReviewOrderRequest>) -> Result<Response<wire::ReviewOrderResponse>, Status> {
        Err(Status::unimplemented("ReviewOrder"))
    }

    async fn sign_order(&self, _: Request<wire::SignOrderRequest>) -> Result<Response<wire::SignOrderResponse>, Status> {
        Err(Status::unimplemented("SignOrder"))
    }

    async fn cancel_order(&self, _: Request<wire::CancelOrderRequest>) -> Result<Response<wire::CancelOrderResponse>, Status> {
        Err(Status::unimplemented("CancelOrder"))
    }

    async fn get_order(&self, _: Request<wire::GetOrderRequest>) -> Result<Response<wire::GetOrderResponse>, Status> {
        Err(Status::unimplemented("GetOrder"))
    }

    async fn list_orders(&self, _: Request<wire::ListOrdersRequest>) -> Result<Response<wire::ListOrdersResponse>, Status> {
        Err(Status::unimplemented("ListOrders"))
    }

    type WatchOrderStream = std::pin::Pin<Box<dyn futures::Stream<Item = Result<wire::WatchOrderResponse, Status>> + Send>>;

    async fn watch_order(&self, _: Request<wire::WatchOrderRequest>) -> Result<Response<Self::WatchOrderStream>, Status> {
        Err(Status::unimplemented("WatchOrder"))
    }

    async fn acknowledge(&self, _: Request<wire::AcknowledgeRequest>) -> Result<Response<wire::AcknowledgeResponse>, Status> {
        Err(Status::unimplemented("Acknowledge"))
    }

    async fn report_recovery(&self, _: Request<wire::ReportRecoveryRequest>) -> Result<Response<wire::ReportRecoveryResponse>, Status> {
        Err(Status::unimplemented("ReportRecovery"))
    }

    async fn close_order(&self, _: Request<wire::CloseOrderRequest>) -> Result<Response<wire::CloseOrderResponse>, Status> {
        Err(Status::unimplemented("CloseOrder"))
    }

    async fn list_recalls(&self, _: Request<wire::ListRecallsRequest>) -> Result<Response<wire::ListRecallsResponse>, Status> {
        Err(Status::unimplemented("ListRecalls"))
    }

    async fn get_recall_state(&self, _: Request<wire::GetRecallStateRequest>) -> Result<Response<wire::GetRecallStateResponse>, Status> {
        Err(Status::unimplemented("GetRecallState"))
    }
}
