//! Accounts: who may sign in, in which roles, and how far that person sees.

use std::collections::BTreeSet;

use tracemesh_access::{Principal, PrincipalFault, Role, Scope};

/// The roles that people hold. The others belong to providers, services and nodes.
pub const ROLES: [Role; 8] = [
    Role::Regulator,
    Role::SystemAdministrator,
    Role::SecurityAdministrator,
    Role::AuditAdministrator,
    Role::Drafter,
    Role::Reviewer,
    Role::Signer,
    Role::Acknowledger,
];

/// The account that the first start makes, so that there is somebody to appoint the others.
pub const FIRST: &str = "administrator";

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Account {
    pub name: String,
    pub display_name: String,
    pub roles: BTreeSet<Role>,
    /// Subtrees of areas.
    pub areas: Scope,
    pub categories: Scope,
    /// `active` or `suspended`.
    pub state: String,
    /// Unix microseconds; the last appointment counts.
    pub appointed_at: i64,
}

impl Account {
    /// Whom a session of the account stands for.
    pub fn principal(&self) -> Result<Principal, Vec<PrincipalFault>> {
        Principal::user(&self.name, self.roles.iter().copied(), self.areas.clone(), self.categories.clone())
    }
}

/// Whether an account may be called so: any script, no spaces, short enough to travel.
pub fn is_account_name(name: &str) -> bool {
    Principal::user(name, [Role::Regulator], Scope::NOTHING, Scope::NOTHING).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_in_any_script_and_without_spaces() {
        for good in ["li", "李小明", "a.b@c", &"a".repeat(123)] {
            assert!(is_account_name(good), "{good}");
        }
        for bad in ["", "li ming", "user:li", "a\"b", "a\nb", &"a".repeat(124)] {
            assert!(!is_account_name(bad), "{bad}");
        }
    }

    #[test]
    fn no_person_is_a_machine_or_the_public() {
        let machines = Role::ALL.into_iter().filter(|role| !ROLES.contains(role)).collect::<Vec<_>>();
        assert_eq!(machines, [Role::Public, Role::Provider, Role::Service, Role::Parent, Role::Child]);
    }
}
