//! Areas and categories: what is wrong with those that somebody is given, and what a reader sees by those that he has.

use tracemesh_access::{EVERYTHING, MAX_SCOPE_BYTES, Principal, Role, Scope};
use tracemesh_chassis::error::Violation;
use tracemesh_model::{AreaTree, Category};
use tracemesh_proto::registry::v1::Provider;
use tracemesh_store::{ConnectionTrait, DbErr};

use super::Registry;
use super::areas::is_area;
use crate::domain::subject::Subject;
use crate::error::RegistryError;

/// What a caller sees of the registry.
pub struct Sight<'a> {
    reader: &'a Principal,
    tree: AreaTree,
}

impl Registry {
    pub async fn sight<'a>(&self, reader: &'a Principal) -> Result<Sight<'a>, RegistryError> {
        let areas = if *reader.areas() == Scope::Everything { Vec::new() } else { self.areas().await? };
        Ok(Sight { reader, tree: AreaTree::new(areas.into_iter().map(|area| (area.id, area.parent))) })
    }
}

impl Sight<'_> {
    /// A provider is seen by whoever sees something of what it may submit.
    pub fn sees_provider(&self, provider: &Provider) -> bool {
        let [areas, categories] = [&provider.areas, &provider.categories].map(|words| Scope::from_words(words.iter().cloned()));
        self.reader.may_see_part_of(&areas, &categories, |area, root| self.tree.lies_in(area, root))
    }

    /// A subject is seen where it is at home; one without categories may trade in any. A provider sees those that it has registered itself, and of
    /// the others not even that they are there.
    pub fn sees_subject(&self, subject: &Subject) -> bool {
        if self.reader.provider_id().is_some() {
            return subject.registered_by == self.reader.name();
        }
        let categories = match subject.categories.as_slice() {
            [] => Scope::Everything,
            some => Scope::from_words(some.iter().cloned()),
        };
        let is_at_home = self.reader.areas().covers_area(&subject.area, |area, root| self.tree.lies_in(area, root));
        is_at_home && self.reader.categories().shares_word(&categories)
    }
}

/// Areas, and categories, that are looked at one by one. What fits into a principal is less.
const MOST: usize = 1_000;

/// What is wrong with the areas and categories that somebody is given in a request. Nobody is given everything by leaving them out: `*` says so.
pub async fn scope_faults(db: &impl ConnectionTrait, of: &str, areas: &[String], categories: &[String]) -> Result<Vec<Violation>, DbErr> {
    let [areas_field, categories_field] = ["areas", "categories"].map(|words| format!("{of}.{words}"));
    let mut faults = Vec::new();
    for (field, words) in [(&areas_field, areas), (&categories_field, categories)] {
        if words.is_empty() {
            faults.push(Violation::new(field, "error.request.value_missing"));
        }
        if words.len() > MOST {
            return Ok(vec![Violation::new(field, "error.request.too_many").with("limit", MOST.to_string())]);
        }
    }
    for area in areas.iter().filter(|area| *area != EVERYTHING) {
        if area.is_empty() || !is_area(db, area).await? {
            faults.push(Violation::new(&areas_field, "error.area.unknown").with("id", area));
        }
    }
    for category in categories.iter().filter(|category| *category != EVERYTHING && Category::named(category).is_none()) {
        let fault = Violation::new(&categories_field, "error.request.value_invalid").with("value", category);
        faults.push(fault.with("expected", CATEGORY));
    }
    if faults.is_empty() && !can_travel(areas, categories) {
        faults.push(Violation::new(&areas_field, "error.request.value_too_long").with("limit", MAX_SCOPE_BYTES.to_string()));
    }
    Ok(faults)
}

/// What a category is made of.
pub const CATEGORY: &str = "letters, digits, _ - or ., 64 bytes at most";

/// A scope that no principal can carry would be given and never let anybody in.
fn can_travel(areas: &[String], categories: &[String]) -> bool {
    let scope = |words: &[String]| Scope::from_words(words.iter().cloned());
    Principal::user("anybody", [Role::Regulator], scope(areas), scope(categories)).is_ok()
}
