//! The dated tree of areas: the node's own, and whatever is added below.

use tracemesh_chassis::error::Violation;
use tracemesh_codes::region;
use tracemesh_proto::registry::v1::Area;
use tracemesh_store::{ConnectionTrait, DbErr};

use super::{Cause, Registry, not_allowed};
use crate::error::RegistryError;
use crate::store;

const KINDS: [&str; 7] = ["nation", "province", "city", "county", "township", "zone", "corps"];

impl Registry {
    pub async fn areas(&self) -> Result<Vec<Area>, RegistryError> {
        Ok(store::areas::all(self.db.read()).await?)
    }

    /// An id is immutable text and never reused; the parent must be there.
    pub async fn create_area(&self, cause: &Cause<'_>, area: Area) -> Result<Area, RegistryError> {
        let tx = self.db.begin().await?;
        let mut faults = faults_of(&area);
        if !area.parent.is_empty() && !store::areas::exists(&tx, &area.parent).await? {
            faults.push(Violation::new("area.parent", "error.area.parent_unknown").with("value", &area.parent));
        }
        if !faults.is_empty() {
            return Err(RegistryError::Invalid(faults));
        }
        if !store::areas::insert(&tx, &area).await? {
            return Err(RegistryError::AreaTaken(area.id));
        }
        self.commit(tx, "area.added", cause, &area).await?;
        Ok(area)
    }

    /// At every start: the node's own area is in the tree, so that everything has something to hang from.
    pub async fn ensure_own_area(&self, cause: &Cause<'_>) -> Result<(), RegistryError> {
        let known = region::lookup(&self.node.area);
        let area = Area {
            id: self.node.area.clone(),
            name_zh: known.map_or(self.node.name_zh.as_str(), |region| region.name).into(),
            name_en: self.node.name_en.clone(),
            kind: self.node.tier.as_str().to_ascii_lowercase(),
            ..Area::default()
        };
        let tx = self.db.begin().await?;
        if store::areas::insert(&tx, &area).await? {
            self.commit(tx, "area.added", cause, &area).await?;
        }
        Ok(())
    }
}

/// A region of GB/T 2260, or an area that the node has added.
pub(super) async fn is_area(db: &impl ConnectionTrait, area: &str) -> Result<bool, DbErr> {
    Ok(region::ever(area) || store::areas::exists(db, area).await?)
}

fn faults_of(area: &Area) -> Vec<Violation> {
    let mut faults = Vec::new();
    let fits = |c: char| c.is_ascii_alphanumeric() || c == '-';
    if area.id.is_empty() || area.id.len() > 24 || !area.id.chars().all(fits) {
        faults.push(Violation::new("area.id", "error.area.id_invalid").with("value", &area.id));
    }
    if area.name_zh.is_empty() {
        faults.push(Violation::new("area.name_zh", "error.request.value_missing"));
    }
    if !KINDS.contains(&area.kind.as_str()) {
        faults.push(not_allowed("area.kind", &area.kind, &KINDS));
    }
    faults
}
