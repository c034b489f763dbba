//! Instance and lot master data: what the CBV's names say about the product. They are met with the prefix `cbvmda:`, as URIs, and bare.
//! The object is kept whole in the extension, because GDST and others put certificates into it.

use tracemesh_codes::{Granularity, Scheme, identify};

use crate::draft::{DraftProduct, DraftUnit};
use crate::event_time::calendar_day;
use crate::json::{Fields, Report, Value};
use crate::unit::Role;

/// What could be read.
#[derive(Default)]
pub(super) struct MasterData {
    pub(super) product: DraftProduct,
    pub(super) lot: String,
}

pub(super) fn read(of: &mut Fields<'_, '_>, report: &mut Report) -> MasterData {
    let Some(ilmd) = of.take("ilmd", report) else { return MasterData::default() };
    let data = master_data(&ilmd);
    report.keep(&of.path.key("ilmd"), ilmd);
    data
}

fn master_data(ilmd: &Value<'_>) -> MasterData {
    let first = |names: &[&str]| names.iter().find_map(|name| named(ilmd, name)).unwrap_or_default();
    let product = DraftProduct {
        name: first(&["descriptionShort", "regulatedProductName", "functionalName"]).to_owned(),
        class_code: first(&["gpcCategoryCode"]).to_owned(),
        produced_on: day(first(&["productionDate"])),
        best_before: day(first(&["bestBeforeDate", "itemExpirationDate", "sellByDate"])),
        ..DraftProduct::default()
    };
    MasterData { product, lot: first(&["lotNumber"]).to_owned() }
}

/// The text of a member whose key ends in this name after its prefix.
fn named<'v>(ilmd: &'v Value<'_>, name: &str) -> Option<&'v str> {
    let Value::Object(members) = ilmd else { return None };
    let is_it = |key: &str| key.rsplit([':', '/', '#']).next() == Some(name);
    members.iter().find(|(key, _)| is_it(key))?.1.as_text()
}

/// The day of a date or of a moment, as it is written; what is neither stays in the extension alone.
fn day(written: &str) -> String {
    let day = written.split(['T', ' ']).next().unwrap_or_default();
    calendar_day(day).map(|day| day.to_string()).unwrap_or_default()
}

/// Gives the lot to those units that came into being under a product's code without one. Any other identifier keeps its meaning: later
/// events repeat it without the lot, and must find the same unit.
pub(super) fn with_lot(lot: String, mut units: Vec<DraftUnit>) -> Vec<DraftUnit> {
    let made = units.iter_mut().filter(|unit| !lot.is_empty() && unit.role == Role::Output.as_str());
    for unit in made.filter(|unit| unit.code.as_ref().is_some_and(|code| is_product(&code.value))) {
        unit.batch.clone_from(&lot);
    }
    units
}

fn is_product(identifier: &str) -> bool {
    let identified = identify(identifier);
    identified.code.scheme == Scheme::Gtin && identified.granularity == Some(Granularity::Class) && identified.batch.is_empty()
}
