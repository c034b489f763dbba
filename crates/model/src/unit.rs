//! A traceability unit as one record sees it.

use tracemesh_codes::{Code, Granularity, UnitKey};

use crate::quantity::Quantity;

/// What a unit does in a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// It went in and is no more.
    Input,
    /// It came into being.
    Output,
    /// It was there.
    Observed,
    /// It holds the contents.
    Container,
    /// It is held by the container.
    Content,
}

impl Role {
    /// Every role with its name in the contract.
    pub const ALL: [(Role, &str); 5] = [
        (Role::Input, "INPUT"),
        (Role::Output, "OUTPUT"),
        (Role::Observed, "OBSERVED"),
        (Role::Container, "CONTAINER"),
        (Role::Content, "CONTENT"),
    ];

    /// The role of a name, exactly as the contract writes it.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find_map(|(role, its)| (its == name).then_some(role))
    }

    /// The name in the contract.
    pub fn as_str(self) -> &'static str {
        Self::ALL[self as usize].1
    }

    /// Whether the unit came from somebody else: its code, where it needs an issuer, was given by the source, if one is named.
    pub(crate) fn comes_from_source(self) -> bool {
        matches!(self, Role::Input | Role::Observed)
    }
}

/// One unit of a record, its code in canonical form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// What it does here.
    pub role: Role,
    /// Its code; where the scheme needs an issuer and the record named none, the issuer is the party that the role implies.
    pub code: Code,
    /// The batch, stated or written in the code itself; empty where there is none.
    pub batch: String,
    /// How much it covers. A [`Granularity::Class`] is shown and never walked through.
    pub granularity: Granularity,
    /// The key under which every node indexes it.
    pub key: UnitKey,
    /// How much of it, where the record says so.
    pub quantity: Option<Quantity>,
    /// The code as the provider wrote it.
    pub spelled: String,
}
