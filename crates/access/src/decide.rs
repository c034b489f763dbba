//! The decisions: may this caller call, and may it see this?
//!
//! Two questions, asked at two moments. Before a handler runs, the access rule that the contract declares for the RPC is held against the
//! caller's roles ([`decide`]). Within the call, each thing is held against the caller's scope (the `may_see_…` questions), because only the
//! service knows the area, category and provider of what it is about to show.

use crate::principal::{LOCAL_PROVIDER, provider_in};
use crate::{Principal, Role, Scope};

/// Why a caller may not call.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    /// Nobody is signed in, and the call asks for somebody: a token would help.
    #[error("the call needs a caller that is signed in as one of: {}", list(.needs))]
    SignIn {
        /// The roles of which one is needed.
        needs: Vec<Role>,
    },
    /// Somebody is signed in and has none of the roles: another token would be needed.
    #[error("{name} has none of the roles that the call needs: {}", list(.needs))]
    Role {
        /// Who asked.
        name: String,
        /// The roles of which one is needed.
        needs: Vec<Role>,
    },
    /// The call allows nobody. A contract without a rule is closed, not open.
    #[error("the call allows nobody")]
    Nobody,
}

/// Whether the caller has one of the roles that the rule allows. What the public may do, everybody may.
///
/// # Errors
/// [`Denied`] says whether signing in would help.
pub fn decide(principal: &Principal, allow: &[Role]) -> Result<(), Denied> {
    if allow.is_empty() {
        return Err(Denied::Nobody);
    }
    if allow.contains(&Role::Public) || allow.iter().any(|role| principal.has(*role)) {
        return Ok(());
    }
    let needs = allow.to_vec();
    if *principal.roles().iter().collect::<Vec<_>>() == [&Role::Public] {
        Err(Denied::SignIn { needs })
    } else {
        Err(Denied::Role { name: principal.name().to_owned(), needs })
    }
}

/// Whose records a caller may ask for, area and category apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose<'a> {
    /// Those of every provider.
    Everyones,
    /// Those of this provider.
    Own(&'a str),
    /// None: what is shown to everybody is decided by the call itself.
    Nobodys,
}

/// Who reads what others submitted.
const READERS: [Role; 6] = [Role::Regulator, Role::SystemAdministrator, Role::AuditAdministrator, Role::Service, Role::Parent, Role::Child];

impl Principal {
    /// Whether the caller sees what is of this area and category; see [`Scope::covers_area`] for `lies_in`.
    pub fn may_see(&self, area: &str, category: &str, lies_in: impl Fn(&str, &str) -> bool) -> bool {
        self.areas().covers_area(area, lies_in) && self.categories().names(category)
    }

    /// Whether the caller sees something of what is spread over these areas and categories: a provider, or a subject that trades in many.
    pub fn may_see_part_of(&self, areas: &Scope, categories: &Scope, lies_in: impl Fn(&str, &str) -> bool) -> bool {
        self.areas().shares_area(areas, lies_in) && self.categories().shares_word(categories)
    }

    /// Whether the caller sees what this provider submitted, area and category apart.
    pub fn may_see_provider(&self, provider: &str) -> bool {
        match self.whose_records() {
            Whose::Everyones => true,
            Whose::Own(own) => own == provider,
            Whose::Nobodys => false,
        }
    }

    /// Whose records the caller may ask for: what a query is narrowed by. The scope of a mere provider says what it may submit, not what it
    /// may see.
    pub fn whose_records(&self) -> Whose<'_> {
        if READERS.iter().any(|role| self.has(*role)) {
            Whose::Everyones
        } else if let (true, Some(own)) = (self.has(Role::Provider), self.submits_as()) {
            Whose::Own(own)
        } else {
            Whose::Nobodys
        }
    }

    /// The id of the provider that the caller's submissions belong to: the one it acts for, its own, or the operator's.
    pub fn submits_as(&self) -> Option<&str> {
        match self.acting_for().map_or_else(|| self.provider_id(), provider_in) {
            Some(id) => Some(id),
            None if self.has(Role::Provider) => Some(LOCAL_PROVIDER),
            None => None,
        }
    }
}

fn list(roles: &[Role]) -> String {
    roles.iter().map(|role| role.as_str()).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn acme() -> Principal {
        Principal::provider("acme", Scope::from_words(["350000"]), Scope::from_words(["FOOD"])).unwrap()
    }

    #[test]
    fn one_of_the_roles_is_enough() {
        assert_eq!(decide(&acme(), &[Role::Regulator, Role::Provider]), Ok(()));
        assert_eq!(decide(&Principal::service("quality"), &[Role::Service]), Ok(()));
    }

    #[test]
    fn what_the_public_may_do_everybody_may() {
        for principal in [Principal::public(), acme(), Principal::operator(), Principal::service("portal")] {
            assert_eq!(decide(&principal, &[Role::Public]), Ok(()), "{principal}");
        }
    }

    #[test]
    fn a_refusal_says_whether_signing_in_would_help() {
        let denied = decide(&Principal::public(), &[Role::Regulator]).unwrap_err();
        assert_eq!(denied.to_string(), "the call needs a caller that is signed in as one of: REGULATOR");
        let denied = decide(&acme(), &[Role::Regulator, Role::Service]).unwrap_err();
        assert_eq!(denied.to_string(), "provider:acme has none of the roles that the call needs: REGULATOR, SERVICE");
    }

    #[test]
    fn a_call_without_a_rule_is_closed_to_everybody() {
        assert_eq!(decide(&Principal::service("registry"), &[]), Err(Denied::Nobody));
    }

    #[test]
    fn a_provider_sees_its_own_records_alone() {
        assert!(acme().may_see_provider("acme"));
        assert!(!acme().may_see_provider("other"));
        assert_eq!(acme().whose_records(), Whose::Own("acme"));
    }

    #[test]
    fn neither_the_public_nor_who_appoints_users_sees_records() {
        let security = Principal::user("li", [Role::SecurityAdministrator], Scope::Everything, Scope::Everything).unwrap();
        for principal in [Principal::public(), security] {
            assert!(!principal.may_see_provider("acme"), "{principal}");
            assert_eq!(principal.whose_records(), Whose::Nobodys, "{principal}");
        }
    }

    #[test]
    fn whoever_is_more_than_a_provider_sees_what_others_submitted() {
        let regulator = Principal::user("li", [Role::Regulator], Scope::Everything, Scope::Everything).unwrap();
        for principal in [regulator, Principal::operator(), Principal::operator().on_behalf_of("acme").unwrap()] {
            assert!(principal.may_see_provider("other"), "{principal}");
            assert_eq!(principal.whose_records(), Whose::Everyones, "{principal}");
        }
    }

    #[test]
    fn submissions_belong_to_whom_the_caller_acts_for() {
        assert_eq!(acme().submits_as(), Some("acme"));
        assert_eq!(Principal::operator().submits_as(), Some("local"));
        assert_eq!(Principal::operator().on_behalf_of("acme").unwrap().submits_as(), Some("acme"));
        assert_eq!(Principal::service("quality").submits_as(), None);
    }

    #[test]
    fn areas_and_categories_come_from_the_scope() {
        let lies_in = |area: &str, root: &str| area == "350211" && ["350200", "350000"].contains(&root);
        assert!(acme().may_see("350211", "FOOD", lies_in));
        assert!(!acme().may_see("440300", "FOOD", lies_in));
        assert!(!acme().may_see("350211", "DRUG", lies_in));
        let [city, all, drugs] = ["350200", "*", "DRUG"].map(|word| Scope::from_words([word]));
        assert!(acme().may_see_part_of(&all, &all, lies_in));
        assert!(!acme().may_see_part_of(&city, &all, lies_in), "the tree says nothing of the city itself");
        assert!(!acme().may_see_part_of(&all, &drugs, lies_in));
    }
}
