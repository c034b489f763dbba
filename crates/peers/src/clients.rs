//! One typed client per contract, all with the same caller, deadline and limits.

use std::sync::Arc;
use std::time::Duration;

use tracemesh_proto::analytics::v1::analytics_service_client::AnalyticsServiceClient;
use tracemesh_proto::emergency::v1::emergency_service_client::EmergencyServiceClient;
use tracemesh_proto::federation::v1::federation_service_client::FederationServiceClient;
use tracemesh_proto::federation::v1::link_service_client::LinkServiceClient;
use tracemesh_proto::ingestion::v1::ingestion_service_client::IngestionServiceClient;
use tracemesh_proto::ingestion::v1::trace_service_client::TraceServiceClient;
use tracemesh_proto::journal::v1::journal_service_client::JournalServiceClient;
use tracemesh_proto::quality::v1::quality_service_client::QualityServiceClient;
use tracemesh_proto::registry::v1::registry_service_client::RegistryServiceClient;

use crate::caller::Caller;

/// Clients of one node that all call as the same principal. Cheap to clone; a client is made for each use.
#[derive(Clone)]
pub struct Clients {
    message_bytes: usize,
    deadline: Option<Duration>,
    caller: Arc<dyn Fn(&'static str) -> Caller + Send + Sync>,
}

impl Clients {
    pub(crate) fn new(message_bytes: usize, caller: impl Fn(&'static str) -> Caller + Send + Sync + 'static) -> Clients {
        Clients { message_bytes, deadline: None, caller: Arc::new(caller) }
    }

    /// The same clients with another deadline than 30 seconds for each call: a recount reads every record. Streams have none.
    #[must_use]
    pub fn within(mut self, deadline: Duration) -> Clients {
        self.deadline = Some(deadline);
        self
    }

    /// Areas, providers, subjects, sessions.
    pub fn registry(&self) -> RegistryServiceClient<Caller> {
        let client = RegistryServiceClient::new(self.caller("registry"));
        client.max_decoding_message_size(self.message_bytes).max_encoding_message_size(self.message_bytes)
    }

    /// Submissions and receipts.
    pub fn ingestion(&self) -> IngestionServiceClient<Caller> {
        let client = IngestionServiceClient::new(self.caller("ingestion"));
        client.max_decoding_message_size(self.message_bytes).max_encoding_message_size(self.message_bytes)
    }

    /// Chains and hops, which ingestion answers.
    pub fn trace(&self) -> TraceServiceClient<Caller> {
        let client = TraceServiceClient::new(self.caller("ingestion"));
        client.max_decoding_message_size(self.message_bytes).max_encoding_message_size(self.message_bytes)
    }

    /// Figures.
    pub fn analytics(&self) -> AnalyticsServiceClient<Caller> {
        let client = AnalyticsServiceClient::new(self.caller("analytics"));
        client.max_decoding_message_size(self.message_bytes).max_encoding_message_size(self.message_bytes)
    }

    /// Rules, findings, scorecards.
    pub fn quality(&self) -> QualityServiceClient<Caller> {
        let client = QualityServiceClient::new(self.caller("quality"));
        client.max_decoding_message_size(self.message_bytes).max_encoding_message_size(self.message_bytes)
    }

    /// Incidents and orders.
    pub fn emergency(&self) -> EmergencyServiceClient<Caller> {
        let client = EmergencyServiceClient::new(self.caller("emergency"));
        client.max_decoding_message_size(self.message_bytes).max_encoding_message_size(self.message_bytes)
    }

    /// Links, as the node's own people and services see them.
    pub fn federation(&self) -> FederationServiceClient<Caller> {
        let client = FederationServiceClient::new(self.caller("federation"));
        client.max_decoding_message_size(self.message_bytes).max_encoding_message_size(self.message_bytes)
    }

    /// What two gateways say to each other.
    pub fn link(&self) -> LinkServiceClient<Caller> {
        let client = LinkServiceClient::new(self.caller("federation"));
        client.max_decoding_message_size(self.message_bytes).max_encoding_message_size(self.message_bytes)
    }

    /// The journals of the service with this noun.
    pub fn journal(&self, noun: &'static str) -> JournalServiceClient<Caller> {
        let client = JournalServiceClient::new(self.caller(noun));
        client.max_decoding_message_size(self.message_bytes).max_encoding_message_size(self.message_bytes)
    }

    fn caller(&self, noun: &'static str) -> Caller {
        let caller = (self.caller)(noun);
        match self.deadline {
            Some(deadline) => caller.within(deadline),
            None => caller,
        }
    }
}
