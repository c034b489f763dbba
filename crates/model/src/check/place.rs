//! Where it happened, and the area that the record counts for.

use super::checking::Checking;
use crate::draft::DraftPlace;
use crate::path::Path;
use crate::reasons;
use crate::record::{Place, TraceRecord};

pub(super) fn place(draft: DraftPlace, checking: &mut Checking<'_>) -> (Place, String) {
    let field = &Path::Root.key("place");
    let nowhere = draft == DraftPlace::default();
    let place = Place {
        region: checking.text(&field.key("region"), draft.region),
        subject: checking.code(&field.key("subject"), draft.subject),
        location: checking.text(&field.key("location"), draft.location),
    };
    if let Some(subject) = &place.subject
        && !checking.at.scope.is_registered(subject)
    {
        checking.warn(reasons::SUBJECT_UNREGISTERED, &field.key("subject"), &subject.to_string());
    }
    let area = match place.region.as_str() {
        "" => default_area(nowhere, checking),
        region => area_of(region, checking),
    };
    (place, area)
}

/// The area of a region that the record names: known, within the provider's scope, and ours or at least noted.
fn area_of(region: &str, checking: &mut Checking<'_>) -> String {
    let place = &Path::Root.key("place");
    let field = &place.key("region");
    let Some(area) = checking.at.scope.area_of(region) else {
        checking.refuse(reasons::REGION_UNKNOWN, field, region);
        return TraceRecord::UNKNOWN_AREA.to_owned();
    };
    if !checking.at.scope.takes_area(&area) {
        checking.refuse(reasons::AREA_SCOPE, field, region);
    }
    if !checking.at.scope.answers_for(&area) {
        checking.warn(reasons::AREA_OUTSIDE, field, region);
    }
    area
}

/// The registration's area, else none. One finding says it: that there is no place at all, or that the place has no region.
fn default_area(nowhere: bool, checking: &mut Checking<'_>) -> String {
    let place = &Path::Root.key("place");
    let default = checking.at.defaults.area.as_deref();
    let area = default.unwrap_or(TraceRecord::UNKNOWN_AREA);
    match (nowhere, default) {
        (true, _) => checking.warn(reasons::PLACE_ABSENT, place, area),
        (false, Some(_)) => checking.warn(reasons::AREA_DEFAULTED, &place.key("region"), area),
        (false, None) => checking.warn(reasons::AREA_ABSENT, &place.key("region"), area),
    }
    area.to_owned()
}
