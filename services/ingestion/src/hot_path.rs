//! The hot path without a door before it, for who measures it: `tracemesh bench`.

use std::sync::Arc;

use tracemesh_lineage as lineage;
use tracemesh_proto::ingestion::v1::receipt::Verdict;
use tracemesh_store::{ConnectionTrait, DbErr};

pub use tracemesh_model::Role;
pub use tracemesh_proto::accepted::Format;

pub use crate::app::commit::Commit;
pub use crate::domain::scope::{Known, ProviderScope};
pub use crate::domain::submission::{Placed, Prepared, Step, Submission, prepare};

/// The verdict of a receipt for what was taken.
pub const ACCEPTED: i32 = Verdict::Accepted as i32;

/// What hops say by themselves, without the records that they are of.
pub struct HopsAlone;

impl lineage::Reading for HopsAlone {
    fn measured<'a>(&'a self, hop: &'a lineage::Hop) -> Option<lineage::Measured<'a>> {
        crate::app::trace::measured(hop)
    }

    fn parties(&self, _: &lineage::RecordRef) -> lineage::Parties<'_> {
        lineage::Parties::default()
    }
}

/// The hops of these units, as a walk takes them.
pub async fn hops_of(db: &impl ConnectionTrait, node: &Arc<str>, units: &[u64]) -> Result<Vec<lineage::Hop>, DbErr> {
    let stored = crate::store::hops::of_units(db, units).await?;
    Ok(stored.into_iter().map(|hop| crate::domain::lineage_hops::own(node, hop)).collect())
}
