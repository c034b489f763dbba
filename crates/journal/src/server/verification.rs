//! `Verify`: every service's own verifier, or its journals alone, and journals that nobody keeps.

use std::collections::BTreeSet;

use tonic::Status;
use tracemesh_proto::journal::v1::{FirstBad, VerifiedJournal, VerifyResponse};
use tracemesh_store::{Value, sql};

use super::{JournalServer, Verifier, status};
use crate::journal::Journal;
use crate::{JournalError, Verification};

impl JournalServer {
    /// One service, or with an empty name all of this process.
    pub(super) async fn verify_service(&self, service: &str) -> Result<VerifyResponse, Status> {
        let mut response = VerifyResponse { ok: true, ..Default::default() };
        for service in self.services(service) {
            for verification in self.verifications(&service).await? {
                let Verification { journal, entries, root, first_bad } = verification;
                let verified = VerifiedJournal { service: service.clone(), journal, entries, root: hex::encode(root) };
                response.journals.push(verified);
                response.first_bad = response.first_bad.or(first_bad);
            }
            response.first_bad = response.first_bad.or(stranger(&self.journals_of(&service)).await.map_err(status)?);
        }
        response.ok = response.first_bad.is_none();
        Ok(response)
    }

    fn services(&self, service: &str) -> BTreeSet<String> {
        let journals = self.journals_of(service).into_iter().map(|journal| journal.service().to_owned());
        let verifiers = self.read(|kept| kept.verifiers.keys().cloned().collect::<Vec<String>>());
        journals.chain(verifiers.into_iter().filter(|verifier| service.is_empty() || verifier == service)).collect()
    }

    async fn verifications(&self, service: &str) -> Result<Vec<Verification>, Status> {
        let verifier: Option<Verifier> = self.read(|kept| kept.verifiers.get(service).cloned());
        if let Some(verifier) = verifier {
            return verifier().await.map_err(|error| {
                tracing::error!(service, error = &*error as &dyn std::error::Error, "a verification did not come to its end");
                Status::unavailable(format!("the verification of {service} did not come to its end"))
            });
        }
        let mut verifications = Vec::new();
        for journal in self.journals_of(service) {
            verifications.push(journal.verify(&mut ()).await.map_err(status)?);
        }
        Ok(verifications)
    }
}

/// A journal in a service's tables that the service does not keep: its name was altered, and its history is hidden.
async fn stranger(kept: &[Journal]) -> Result<Option<FirstBad>, JournalError> {
    let Some(journal) = kept.first() else { return Ok(None) };
    let text = format!("SELECT id FROM journal WHERE id NOT IN ({}) ORDER BY id LIMIT 1", sql::list(1, kept.len()));
    let values = kept.iter().map(|journal| Value::from(journal.inner.id)).collect();
    let found = sql::row::<i64>(journal.inner.db.read(), &text, values).await?;
    Ok(found.map(|id| FirstBad {
        journal: journal.name().to_owned(),
        seq_from: 0,
        seq_to: 0,
        table: "journal".to_owned(),
        reason: format!("row {id} is a journal that nobody keeps"),
    }))
}
