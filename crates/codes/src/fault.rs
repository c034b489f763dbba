//! What is wrong, or doubtful, with a code. One type serves both: a *fault* stops an explicitly named scheme, a *doubt* stands beside a
//! code that was taken all the same. Which of the two it is, is said by where it stands, never by its rule: a check digit that fails is
//! a fault where somebody named the scheme, and a doubt where a bare string only looked like one.

use std::fmt;

/// One broken rule of one code. The detail never quotes the code, which may be a person's number.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct CodeFault {
    /// One of [`RULES`], such as `uscc.check`; the key of the text that people read.
    pub rule: &'static str,
    /// What was expected and what was found, in English, for a log or a developer.
    pub detail: String,
    /// Where, counted in characters from 0, when the rule is about one place.
    pub position: Option<usize>,
}

impl fmt::Display for CodeFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.rule, self.detail)
    }
}

impl CodeFault {
    pub(crate) fn new(rule: &'static str, detail: impl Into<String>) -> Self {
        debug_assert!(RULES.contains(&rule), "{rule} is missing in RULES");
        Self { rule, detail: detail.into(), position: None }
    }

    pub(crate) fn at(rule: &'static str, position: usize, detail: impl Into<String>) -> Self {
        Self { position: Some(position), ..Self::new(rule, detail) }
    }
}

/// Every rule that a fault or a doubt can name: the texts of the catalogue are held against this list.
pub const RULES: &[&str] = &[
    // any code
    "scheme.unknown",
    "scheme.other",
    "issuer.text",
    "value.empty",
    "value.text",
    "batch.text",
    "batch.conflict",
    "spelling.normalised",
    // subjects
    "uscc.length",
    "uscc.alphabet",
    "uscc.region",
    "uscc.organisation",
    "uscc.check",
    "uscc.xiamen",
    // codes of one ministry
    "mofcom20.digits",
    "mofcom20.region",
    "drug20.digits",
    "vet24.digits",
    "vet24.date",
    "pesticide32.digits",
    "seed.form",
    "equipment.form",
    "sc.form",
    "organic.digits",
    // resolvable identifiers
    "ecode.form",
    "handle.form",
    "oid.form",
    "oid.arc",
    "uri.form",
    "url.form",
    // GS1
    "gtin.digits",
    "gtin.check",
    "gtin.serial",
    "sscc.digits",
    "sscc.check",
    "gln.digits",
    "gln.check",
    "gln.extension",
    "gs1.zero",
    "gs1.batch",
    "gs1.link",
    "epc.form",
    // everything else
    "opaque.personal",
];
