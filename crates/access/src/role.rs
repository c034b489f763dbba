//! The roles of the contracts, word for word: `tracemesh.access.v1.Role`.
//!
//! A role says what kind of caller somebody is. What the caller may see within a call is its [`Scope`](crate::Scope).

use std::fmt;
use std::str::FromStr;

/// One kind of caller. Its word is the name of the proto's enum value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Nobody signed in.
    Public,
    /// A provider with its token: submits, and sees its own records.
    Provider,
    /// Reads everything within its areas and categories.
    Regulator,
    /// Runs the node: providers, links, checks. Never users or audit settings.
    SystemAdministrator,
    /// Appoints users and their roles.
    SecurityAdministrator,
    /// Reads the audit trail.
    AuditAdministrator,
    /// Another service of the same node.
    Service,
    /// The node above, over a link.
    Parent,
    /// A node below, over a link.
    Child,
    /// Drafts orders. Draft, review and signature of one order are of three different people.
    Drafter,
    /// Reviews orders.
    Reviewer,
    /// Signs orders: with the signature they go out.
    Signer,
    /// Acknowledges orders for this tier, and on behalf of establishments that were reached by phone.
    Acknowledger,
}

impl Role {
    /// Every role, in the order of the proto.
    pub const ALL: [Role; 13] = [
        Role::Public,
        Role::Provider,
        Role::Regulator,
        Role::SystemAdministrator,
        Role::SecurityAdministrator,
        Role::AuditAdministrator,
        Role::Service,
        Role::Parent,
        Role::Child,
        Role::Drafter,
        Role::Reviewer,
        Role::Signer,
        Role::Acknowledger,
    ];

    /// The three separated administrators: one person holds at most one of these.
    pub const ADMINISTRATORS: [Role; 3] = [Role::SystemAdministrator, Role::SecurityAdministrator, Role::AuditAdministrator];

    /// The word of the proto.
    pub const fn as_str(self) -> &'static str {
        match self {
            Role::Public => "PUBLIC",
            Role::Provider => "PROVIDER",
            Role::Regulator => "REGULATOR",
            Role::SystemAdministrator => "SYSTEM_ADMINISTRATOR",
            Role::SecurityAdministrator => "SECURITY_ADMINISTRATOR",
            Role::AuditAdministrator => "AUDIT_ADMINISTRATOR",
            Role::Service => "SERVICE",
            Role::Parent => "PARENT",
            Role::Child => "CHILD",
            Role::Drafter => "DRAFTER",
            Role::Reviewer => "REVIEWER",
            Role::Signer => "SIGNER",
            Role::Acknowledger => "ACKNOWLEDGER",
        }
    }

    /// Whether it is one of the three separated administrators.
    pub fn is_administrator(self) -> bool {
        Role::ADMINISTRATORS.contains(&self)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A word that names no role.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no role is called {0:?}")]
pub struct UnknownRole(pub String);

impl FromStr for Role {
    type Err = UnknownRole;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        Role::ALL.into_iter().find(|role| role.as_str() == word).ok_or_else(|| UnknownRole(word.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_names_its_role_and_nothing_else_does() {
        for role in Role::ALL {
            assert_eq!(role.as_str().parse(), Ok(role));
        }
        assert_eq!("public".parse::<Role>(), Err(UnknownRole("public".into())));
        assert!("ROLE_UNSPECIFIED".parse::<Role>().is_err());
    }
}
