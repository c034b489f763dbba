//! The head of a record: its id, revision, class, category and time.

use super::checking::Checking;
use crate::category::Category;
use crate::class::Class;
use crate::event_time::EventTime;
use crate::path::Path;
use crate::reasons;

pub(super) fn record_id(id: String, checking: &mut Checking<'_>) -> String {
    let field = Path::Root.key("record_id");
    if id.trim().is_empty() {
        checking.missing(reasons::RECORD_ID_MISSING, &field);
    }
    if id.len() > checking.at.limits.record_id_bytes {
        checking.refuse(reasons::RECORD_ID_TOO_LONG, &field, &id);
    }
    if id.chars().any(char::is_control) {
        checking.refuse(reasons::RECORD_ID_CONTROL, &field, &id);
    }
    id
}

/// Absent means 1: a provider who never corrects need not know the field.
pub(super) fn revision(revision: Option<i64>, checking: &mut Checking<'_>) -> u32 {
    let field = Path::Root.key("revision");
    let number = revision.unwrap_or(1);
    if number < 1 {
        checking.refuse(reasons::REVISION_LOW, &field, &number.to_string());
        return 1;
    }
    u32::try_from(number).unwrap_or_else(|_| {
        checking.refuse(reasons::REVISION_HIGH, &field, &number.to_string());
        1
    })
}

pub(super) fn class(name: &str, checking: &mut Checking<'_>) -> Option<Class> {
    let field = Path::Root.key("class");
    let class = Class::named(name);
    match class {
        None if name.is_empty() => checking.missing(reasons::CLASS_MISSING, &field),
        None => checking.refuse(reasons::CLASS_UNKNOWN, &field, name),
        Some(class) if !checking.at.scope.takes_class(class) => checking.refuse(reasons::CLASS_SCOPE, &field, name),
        Some(_) => {}
    }
    class
}

/// The record's own category is held to the provider's scope; the registration's is within it, and an unknown one is nobody's claim.
pub(super) fn category(name: &str, checking: &mut Checking<'_>) -> Category {
    let field = Path::Root.key("category");
    if name.is_empty() {
        return default_category(&field, checking);
    }
    let Some(category) = Category::named(name) else {
        checking.refuse(reasons::CATEGORY_MALFORMED, &field, name);
        return Category::unknown();
    };
    if !checking.at.scope.takes_category(&category) {
        checking.refuse(reasons::CATEGORY_SCOPE, &field, name);
    }
    category
}

fn default_category(field: &Path<'_>, checking: &mut Checking<'_>) -> Category {
    if let Some(category) = &checking.at.defaults.category {
        checking.warn(reasons::CATEGORY_DEFAULTED, field, category.as_str());
        return category.clone();
    }
    checking.warn(reasons::CATEGORY_ABSENT, field, Category::UNKNOWN);
    Category::unknown()
}

pub(super) fn event_time(text: &str, checking: &mut Checking<'_>) -> Option<EventTime> {
    let field = Path::Root.key("event_time");
    match EventTime::parse(text, checking.at.now_micros) {
        Ok(time) => {
            let waited_micros = checking.at.now_micros.saturating_sub(time.micros());
            if waited_micros > checking.at.limits.late_after_micros {
                checking.warn(reasons::EVENT_TIME_LATE, &field, text);
            }
            Some(time)
        }
        Err(reason) if text.is_empty() => {
            checking.missing(reason, &field);
            None
        }
        Err(reason) => {
            checking.refuse(reason, &field, text);
            None
        }
    }
}
