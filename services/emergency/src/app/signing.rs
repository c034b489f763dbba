//! The signature of a person, with which an order goes out.

use std::sync::Arc;

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use prost::Message;
use tracemesh_calendar::china_day;
use tracemesh_proto::emergency::v1::{Order, OrderIssued, Scope};

use super::{Cause, Emergency};
use crate::domain::order::Act;
use crate::error::EmergencyError;
use crate::store;

/// The key that signs the orders of this node. It signs nothing else, so that no other text of the node can pass for one.
#[derive(Clone)]
pub struct OrderKey(pub Arc<SigningKey>);

impl OrderKey {
    /// The order as it goes out.
    pub fn sign(&self, order: &Order) -> OrderIssued {
        let bytes = order.encode_to_vec();
        OrderIssued {
            signature: self.0.sign(&bytes).to_bytes().to_vec().into(),
            public_key: self.0.verifying_key().to_bytes().to_vec().into(),
            order: bytes.into(),
            through: vec![order.issuer.clone()],
        }
    }
}

/// Whether the order's bytes are signed by the key that they came with.
pub fn is_signed(issued: &OrderIssued) -> bool {
    let key = issued.public_key.as_ref().try_into().ok().and_then(|key| VerifyingKey::from_bytes(key).ok());
    let signature = Signature::from_slice(&issued.signature);
    key.zip(signature.ok()).is_some_and(|(key, signature)| key.verify_strict(&issued.order, &signature).is_ok())
}

impl Emergency {
    pub async fn sign_order(&self, cause: Cause<'_>, id: &str, number: &str, release: bool) -> Result<Order, EmergencyError> {
        let scope = self.scope_to_sign(cause, id).await?;
        let tx = self.db.begin().await?;
        let kept = self.own_order(&tx, id).await?;
        let next = match self.try_act(&kept.order, Act::Sign, cause) {
            Ok(next) => next,
            Err(refused) => return Err(self.deny(tx, cause, kept.order, refused).await?),
        };
        let mut order = self.stepped(kept.order.clone(), &next, "issued", cause);
        (order.number, order.released, order.automatic) = (self.number(&tx, number).await?, release, false);
        let (order, entries) = self.issue(&tx, cause, order, &kept.incident, scope).await?;
        self.commit(tx, &entries).await?;
        Ok(order)
    }

    /// The walk takes seconds, so it comes before the transaction, and after a look whether the signature could be given at all.
    async fn scope_to_sign(&self, cause: Cause<'_>, id: &str) -> Result<Scope, EmergencyError> {
        let tx = self.db.begin().await?;
        let order = self.own_order(&tx, id).await?.order;
        if let Err(refused) = self.try_act(&order, Act::Sign, cause) {
            return Err(self.deny(tx, cause, order, refused).await?);
        }
        if order.kind == "RELEASE" {
            self.releasable(&tx, &order.releases).await?;
            return Ok(store::orders::scope(&tx, &order.releases).await?);
        }
        let incident = store::incidents::by_id(&tx, &order.incident).await?;
        let codes = incident.ok_or_else(|| EmergencyError::NoIncident(order.incident))?.incident.codes;
        tx.rollback().await?;
        self.fetch_scope(&codes).await
    }

    /// The number that a person gave, where no other order has it, else the next of the year.
    pub async fn number(&self, tx: &tracemesh_store::DatabaseTransaction, given: &str) -> Result<String, EmergencyError> {
        let year = china_day(self.clock.now_micros()).year();
        if !given.is_empty() {
            let taken = store::orders::is_number_taken(tx, &self.node.id, given).await?;
            return if taken { Err(EmergencyError::NumberTaken(given.into())) } else { Ok(given.into()) };
        }
        loop {
            let next = store::series::next(tx, &format!("number.{year}")).await?;
            let number = self.settings.document_number(&self.node.id, year, next);
            // A person may have given it to an order before the series came to it.
            if !store::orders::is_number_taken(tx, &self.node.id, &number).await? {
                return Ok(number);
            }
        }
    }
}
