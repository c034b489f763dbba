//! Follows the registry: keeps our copy of its tree of areas, through which everything is read, and of the establishments whose activity is measured.

use prost::Message;
use tracemesh_codes::Scheme;
use tracemesh_journal::{DecodedCommit, Fork, Handler, HandlerError};
use tracemesh_model::Code;
use tracemesh_proto::registry::v1::{Area, Subject as Registered};
use tracemesh_store::DatabaseTransaction;

use crate::domain::cell::Subject;
use crate::domain::table::Establishment;
use crate::store::registry as copy;

const ESTABLISHMENT: &str = "establishment";
const ACTIVE: &str = "active";

#[derive(Clone)]
pub struct RegistryHandler;

impl Handler for RegistryHandler {
    async fn apply(&mut self, tx: &DatabaseTransaction, commits: &[DecodedCommit]) -> Result<(), HandlerError> {
        for entry in commits.iter().flat_map(|commit| &commit.entries) {
            let Some(body) = &entry.body else { continue };
            match entry.envelope.kind.as_str() {
                "area.added" => {
                    let Area { id, parent, .. } = Area::decode(body.as_ref())?;
                    copy::put_area(tx, &id, &parent).await?;
                }
                "subject.registered" | "subject.state_changed" => put(tx, Registered::decode(body.as_ref())?).await?,
                // Providers, sessions, and whatever a later version learns to say.
                _ => {}
            }
        }
        Ok(())
    }

    async fn on_fork(&mut self, fork: &Fork) -> Result<(), HandlerError> {
        tracing::error!(%fork, "the registry's history forked: scorecards are read through the copy that is known");
        Ok(())
    }
}

async fn put(tx: &DatabaseTransaction, registered: Registered) -> Result<(), HandlerError> {
    let Some(subject) = subject(&registered) else { return Ok(()) };
    if registered.kind == ESTABLISHMENT && registered.state == ACTIVE {
        let of = Establishment { subject, area: registered.area, categories: registered.categories };
        copy::put_establishment(tx, &of).await?;
    } else {
        copy::drop_establishment(tx, subject.key).await?;
    }
    Ok(())
}

/// By the code that records name it by; `None` where nobody can.
fn subject(registered: &Registered) -> Option<Subject> {
    let scheme: Scheme = registered.scheme.parse().ok()?;
    let code: Code = tracemesh_codes::parse(scheme, "", &registered.code).ok()?.code;
    Some(Subject::of(Some(&code)))
}
