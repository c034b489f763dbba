//! Laboratories whose failed inspections count without a person looking at them, from when to when.

use jiff::civil::Date;
use tracemesh_chassis::error::Violation;
use tracemesh_codes::{CodeFault, Scheme};
use tracemesh_proto::registry::v1::{Laboratory, LaboratoryChanged};

use super::scope::scope_faults;
use super::{Cause, Registry, code_fault};
use crate::error::RegistryError;
use crate::store;

impl Registry {
    /// A laboratory that is there already is authorised anew, for what the request says: its last day is set in this way too.
    pub async fn authorise(&self, cause: &Cause<'_>, mut laboratory: Laboratory) -> Result<Laboratory, RegistryError> {
        let tx = self.db.begin().await?;
        let code = tracemesh_codes::parse(Scheme::Uscc, "", &laboratory.code);
        let told = |faults: &Vec<CodeFault>| faults.iter().map(|fault| code_fault("laboratory.code", &laboratory.code, fault)).collect();
        let mut faults: Vec<Violation> = code.as_ref().err().map(told).unwrap_or_default();
        if laboratory.name.trim().is_empty() {
            faults.push(Violation::new("laboratory.name", "error.request.value_missing"));
        }
        faults.extend(scope_faults(&tx, "laboratory", &laboratory.areas, &laboratory.categories).await?);
        faults.extend(date_faults(&laboratory));
        let (Ok(code), true) = (code, faults.is_empty()) else {
            return Err(RegistryError::Invalid(faults));
        };
        laboratory.code = code.code.value;
        store::laboratories::put(&tx, &laboratory).await?;
        self.commit(tx, "laboratory.authorised", cause, &LaboratoryChanged { laboratory: Some(laboratory.clone()) }).await?;
        Ok(laboratory)
    }

    pub async fn laboratories(&self) -> Result<Vec<Laboratory>, RegistryError> {
        Ok(store::laboratories::all(self.db.read()).await?)
    }
}

fn date_faults(laboratory: &Laboratory) -> Vec<Violation> {
    let (first, last) = (&laboratory.valid_from, &laboratory.valid_to);
    let mut faults = Vec::new();
    for (field, text) in [("laboratory.valid_from", first), ("laboratory.valid_to", last)] {
        if !text.is_empty() && !is_day(text) {
            faults.push(Violation::new(field, "error.request.date_invalid").with("value", text));
        }
    }
    // Days that are spelled like this stand in the order of time.
    if faults.is_empty() && !last.is_empty() && last < first {
        let fault = Violation::new("laboratory.valid_to", "error.request.value_invalid").with("value", last);
        faults.push(fault.with("expected", format!("{first} or later")));
    }
    faults
}

/// A day of the calendar in this one spelling.
fn is_day(text: &str) -> bool {
    text.parse::<Date>().is_ok_and(|day| day.to_string() == text)
}
