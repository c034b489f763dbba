//! Codes of any field. A scheme that somebody named is held to its rules; a bare string is taken for what it seems to be, with its doubts.

use std::str::FromStr;

use tracemesh_codes::{Code, Identified, Scheme};

use super::checking::Checking;
use crate::draft::DraftCode;
use crate::path::Path;
use crate::reasons;

impl Checking<'_> {
    /// The code, or faults. Its doubts are still in it: what else the record says may add to them.
    pub(super) fn identify(&mut self, field: &Path<'_>, draft: DraftCode) -> Option<Identified> {
        let value = self.text(&field.key("value"), draft.value);
        let issuer = self.text(&field.key("issuer"), draft.issuer);
        if value.is_empty() {
            self.missing(reasons::CODE_VALUE_MISSING, field);
            return None;
        }
        if draft.scheme.is_empty() {
            return Some(issued_by(tracemesh_codes::identify(&value), &issuer));
        }
        let Ok(scheme) = Scheme::from_str(&draft.scheme) else {
            self.refuse(reasons::SCHEME_UNKNOWN, &field.key("scheme"), &draft.scheme);
            return None;
        };
        match tracemesh_codes::parse(scheme, &issuer, &value) {
            Ok(identified) => Some(identified),
            Err(faults) => {
                faults.iter().for_each(|fault| self.refuse(reasons::of_code(fault.rule), &field.key("value"), &value));
                None
            }
        }
    }

    /// Passes the doubts on as findings.
    pub(super) fn doubts(&mut self, field: &Path<'_>, identified: &Identified, spelled: &str) {
        for doubt in &identified.doubts {
            self.warn(reasons::of_code(doubt.rule), field, spelled);
        }
    }

    /// A code that is complete by itself: of a subject or a product.
    pub(super) fn code(&mut self, field: &Path<'_>, draft: Option<DraftCode>) -> Option<Code> {
        let draft = draft?;
        let spelled = draft.value.clone();
        let identified = self.identify(field, draft)?;
        self.doubts(field, &identified, &spelled);
        Some(identified.code)
    }
}

/// A bare string with an issuer beside it: the issuer counts where the string turned out to need one.
fn issued_by(mut identified: Identified, issuer: &str) -> Identified {
    if !identified.code.scheme.is_globally_unique() && identified.code.issuer.is_empty() {
        issuer.trim().clone_into(&mut identified.code.issuer);
    }
    identified
}
