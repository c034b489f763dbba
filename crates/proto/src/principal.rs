//! Principals between the contract and `access`, which alone may make one.

use tracemesh_access::{Principal, PrincipalFault, Role, Scope};

use crate::access::v1 as wire;

impl From<&Principal> for wire::Principal {
    fn from(principal: &Principal) -> Self {
        let role = |role: &Role| wire::Role::from_str_name(role.as_str()).unwrap_or(wire::Role::Unspecified).into();
        Self {
            name: principal.name().into(),
            roles: principal.roles().iter().map(role).collect(),
            areas: principal.areas().words(),
            categories: principal.categories().words(),
            acting_for: principal.acting_for().unwrap_or_default().into(),
        }
    }
}

/// Roles of a later version are left out; whoever has none left is refused.
impl TryFrom<wire::Principal> for Principal {
    type Error = Vec<PrincipalFault>;

    fn try_from(wire: wire::Principal) -> Result<Self, Self::Error> {
        let roles: Vec<Role> = wire.roles().filter_map(|role| role.as_str_name().parse().ok()).collect();
        let acting_for = Some(wire.acting_for).filter(|name| !name.is_empty());
        Self::new(wire.name, roles, Scope::from_words(wire.areas), Scope::from_words(wire.categories), acting_for)
    }
}
