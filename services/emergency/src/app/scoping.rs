//! What an order reaches, asked of ingestion, which asks the mesh.

use tonic::Code;
use tracemesh_proto::emergency::v1::Scope;
use tracemesh_proto::ingestion::v1::get_scope_response::Item;
use tracemesh_proto::ingestion::v1::{GetScopeRequest, Holdings, ScopeHead, ScopeUnits};
use tracemesh_proto::time::timestamp;

use super::Emergency;
use crate::domain::scope::freeze;
use crate::error::EmergencyError;

impl Emergency {
    /// Everything that these codes reach, as known now. What it lacks stands in its verdict, and does not hold an order up.
    pub async fn fetch_scope(&self, codes: &[String]) -> Result<Scope, EmergencyError> {
        let asked = self.collect(codes);
        match tokio::time::timeout(self.settings.scope_timeout(), asked).await {
            Ok(Ok(scope)) => Ok(freeze(scope)),
            Ok(Err(status)) if status.code() == Code::NotFound => Err(EmergencyError::NothingKnown),
            Ok(Err(status)) => Err(EmergencyError::Scope(status)),
            Err(_) => Err(EmergencyError::Scope(tonic::Status::deadline_exceeded("the scope takes too long"))),
        }
    }

    async fn collect(&self, codes: &[String]) -> Result<Scope, tonic::Status> {
        let mut scope = Scope { codes: codes.to_vec(), as_known_at: Some(timestamp(self.clock.now_micros())), ..Scope::default() };
        let request = GetScopeRequest { codes: codes.to_vec(), local: false };
        let mut stream = self.peers.as_service().trace().get_scope(request).await?.into_inner();
        while let Some(message) = stream.message().await? {
            match message.item {
                Some(Item::Head(ScopeHead { totals, verdict, .. })) => (scope.totals, scope.verdict) = (totals, verdict),
                // What merely carried something is not affected.
                Some(Item::Units(ScopeUnits { units })) => {
                    scope.units.extend(units.into_iter().filter(|unit| !unit.carrier).map(|unit| unit.key));
                }
                Some(Item::Holdings(Holdings { holdings })) => scope.holdings.extend(holdings),
                None => {}
            }
        }
        Ok(scope)
    }
}
