//! What the check must know besides the record: when it came, from whom, and what this node knows and takes.

use tracemesh_codes::{Code, region};

use crate::category::Category;
use crate::class::Class;

/// The circumstances in which a record was received.
#[derive(Clone, Copy)]
pub struct Received<'a> {
    /// The node's clock when the submission was taken, in microseconds since 1970 in UTC.
    pub now_micros: i64,
    /// How much the node takes.
    pub limits: &'a Limits,
    /// What a record means that does not say so itself.
    pub defaults: &'a Defaults,
    /// What the provider may submit, and what the node knows.
    pub scope: &'a dyn Scope,
}

/// How much of everything one record may hold. Bytes are of UTF-8.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a whole submission.
    pub record_bytes: usize,
    /// Units of one record.
    pub units: usize,
    /// Pieces of evidence of one record.
    pub evidence: usize,
    /// Bytes of the record's id.
    pub record_id_bytes: usize,
    /// Bytes of any other text.
    pub text_bytes: usize,
    /// Bytes of the extension, written as JSON.
    pub extension_bytes: usize,
    /// Microseconds after the event from which on a record is late.
    pub late_after_micros: i64,
}

impl Default for Limits {
    /// The numbers of the contract; a day until a record is late, which jurisdictions set for themselves.
    fn default() -> Self {
        Self {
            record_bytes: 4 << 20,
            units: 5_000,
            evidence: 100,
            record_id_bytes: 256,
            text_bytes: 2_048,
            extension_bytes: 256 << 10,
            late_after_micros: 86_400_000_000,
        }
    }
}

/// What the provider's registration says for records that say nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Defaults {
    /// The area.
    pub area: Option<String>,
    /// The category.
    pub category: Option<Category>,
    /// The responsible subject.
    pub responsible: Option<Code>,
    /// Who counts as issuer of a code that needs one when nobody is named: the provider, with its node, such as `370200/acme`. Two
    /// providers' lot numbers must never meet.
    pub issuer: String,
}

/// What the provider may submit, and what the node knows. Ingestion answers from its copy of the registry; [`Everything`] is the scope of
/// a node's own provider.
pub trait Scope: Send + Sync {
    /// The area that a region code stands for, `None` where this node knows no such region.
    fn area_of(&self, region: &str) -> Option<String>;
    /// Whether the node answers for this area.
    fn answers_for(&self, area: &str) -> bool;
    /// Whether the provider may submit records for this area.
    fn takes_area(&self, area: &str) -> bool;
    /// Whether the provider may submit records of this category.
    fn takes_category(&self, category: &Category) -> bool;
    /// Whether the provider may submit records of this class.
    fn takes_class(&self, class: Class) -> bool;
    /// Whether this subject is registered.
    fn is_registered(&self, subject: &Code) -> bool;
}

/// The scope that refuses nothing: every region that GB/T 2260 ever had, every category and class, and no subject is a stranger.
#[derive(Clone, Copy, Debug, Default)]
pub struct Everything;

impl Scope for Everything {
    /// Townships and villages (9 and 12 digits) stand for their county, where the table of GB/T 2260 ends.
    fn area_of(&self, region: &str) -> Option<String> {
        let digits = matches!(region.len(), 6 | 9 | 12) && region.bytes().all(|byte| byte.is_ascii_digit());
        let county = region.get(..6).filter(|_| digits)?;
        region::ever(county).then(|| county.to_owned())
    }

    fn answers_for(&self, _area: &str) -> bool {
        true
    }

    fn takes_area(&self, _area: &str) -> bool {
        true
    }

    fn takes_category(&self, _category: &Category) -> bool {
        true
    }

    fn takes_class(&self, _class: Class) -> bool {
        true
    }

    fn is_registered(&self, _subject: &Code) -> bool {
        true
    }
}
