//! The *what* of an event: identifiers and quantities as units of a record.

use tracemesh_codes::{Scheme, parse};

use super::number;
use crate::draft::{DraftCode, DraftQuantity, DraftUnit};
use crate::json::{Fields, Report, Value};
use crate::path::Path;
use crate::reasons;
use crate::unit::Role;

/// What an instance-level class counts by itself: EPCIS says no unit of measure where a quantity counts things.
const COUNTED: &str = "piece";

/// An identifier as a code. The codes crate reads a URI for what it names: an EPC or a Digital Link, else the URI itself, global and without
/// issuer; a malformed EPC is kept as a URI, with a doubt. What is no URI at all is a bare string.
pub(super) fn code(identifier: &str) -> DraftCode {
    let is_uri = parse(Scheme::Uri, "", identifier).is_ok();
    let scheme = if is_uri { Scheme::Uri.as_str().to_owned() } else { String::new() };
    DraftCode { scheme, ..DraftCode::bare(identifier) }
}

/// A unit of which only the identifier is known.
pub(super) fn unit(role: Role, identifier: &str) -> DraftUnit {
    DraftUnit { role: role.as_str().to_owned(), code: Some(code(identifier)), ..DraftUnit::default() }
}

/// One thing: what EPCIS calls instance-level.
pub(super) fn item(role: Role, identifier: &str) -> DraftUnit {
    DraftUnit { granularity: "ITEM".to_owned(), ..unit(role, identifier) }
}

/// The items of a list of identifiers.
pub(super) fn identifiers(of: &mut Fields<'_, '_>, name: &str, role: Role, report: &mut Report) -> Vec<DraftUnit> {
    let one = |value: Value<'_>, path: &Path<'_>, report: &mut Report| match value {
        Value::Text(identifier) => Some(item(role, &identifier)),
        other => {
            report.fault(reasons::MISTYPED, path, &other.shown());
            None
        }
    };
    of.each(name, report, one).into_iter().flatten().collect()
}

/// The units of a list of classes with quantities.
pub(super) fn quantities(of: &mut Fields<'_, '_>, name: &str, role: Role, report: &mut Report) -> Vec<DraftUnit> {
    of.each(name, report, |value, path, report| {
        let mut of = Fields::of(value, path, report);
        let class = of.text("epcClass", report);
        let amount = amount(&mut of, report);
        let measure = of.text("uom", report);
        of.finish(report);
        let measure = if measure.is_empty() { COUNTED.to_owned() } else { measure };
        let quantity = amount.map(|value| DraftQuantity { value, unit: measure });
        DraftUnit { quantity, code: Some(code(&class)).filter(|_| !class.is_empty()), ..unit(role, "") }
    })
}

fn amount(of: &mut Fields<'_, '_>, report: &mut Report) -> Option<String> {
    let field = of.path.key("quantity");
    match of.take("quantity", report)? {
        Value::Number(written) => Some(number::plain(written)),
        Value::Text(text) => Some(text.into_owned()),
        other => {
            report.fault(reasons::MISTYPED, &field, &other.shown());
            None
        }
    }
}
