//! Who is asking.
//!
//! A principal is made in one place, [`Principal::new`], which refuses what must not exist: two administrator roles in one hand, a name that
//! no kind of caller has, a scope too long to travel in a header. Whoever holds a `Principal` need not check it again.

use std::collections::BTreeSet;
use std::fmt;

use crate::{Role, Scope};

/// Longest name, in bytes.
pub const MAX_NAME_BYTES: usize = 128;
/// Most bytes that the words of both scopes may come to: with them a token stays below what HTTP/2 takes as a header.
pub const MAX_SCOPE_BYTES: usize = 6 * 1024;
/// The provider that the operator submits for where it names no other.
pub const LOCAL_PROVIDER: &str = "local";

const KINDS: [&str; 4] = ["provider", "user", "service", "node"];

/// Who is asking, in which roles, and how far it sees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Principal {
    name: String,
    roles: BTreeSet<Role>,
    areas: Scope,
    categories: Scope,
    acting_for: Option<String>,
}

/// Which side of a link another node is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Neighbour {
    /// The node above.
    Parent,
    /// A node below.
    Child,
}

/// Why a principal must not exist.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PrincipalFault {
    /// The name is none of `public`, `operator`, `provider:ID`, `user:NAME`, `service:NOUN`, `node:ID`, or longer than [`MAX_NAME_BYTES`].
    #[error("no caller is called {0:?}")]
    Name(String),
    /// A caller without a role could call nothing, and would be refused everywhere without a hint why.
    #[error("{0} has no role")]
    NoRole(String),
    /// The three administrator roles exclude each other.
    #[error("{name} holds {} of the three administrator roles, which exclude each other: {}", roles.len(), words(roles))]
    Administrators {
        /// Who holds them.
        name: String,
        /// Those that it holds.
        roles: Vec<Role>,
    },
    /// Only an administrator of the system acts for a provider.
    #[error("{name} may not act for {for_whom:?}")]
    ActingFor {
        /// Who would act.
        name: String,
        /// For whom.
        for_whom: String,
    },
    /// The scopes are longer than [`MAX_SCOPE_BYTES`], or a word holds a quotation mark or control character.
    #[error("the scope of {0} is too long or holds a word that is no id")]
    Scope(String),
}

impl Principal {
    /// Any caller, checked. `name` and `acting_for` are spelled as in the contract.
    ///
    /// # Errors
    /// Everything that is wrong with it, at once.
    pub fn new(
        name: impl Into<String>,
        roles: impl IntoIterator<Item = Role>,
        areas: Scope,
        categories: Scope,
        acting_for: Option<String>,
    ) -> Result<Principal, Vec<PrincipalFault>> {
        let principal = Principal { name: name.into(), roles: roles.into_iter().collect(), areas, categories, acting_for };
        let faults = principal.faults();
        if faults.is_empty() { Ok(principal) } else { Err(faults) }
    }

    /// Nobody signed in. It sees what a call shows to everybody, and nothing by scope.
    pub fn public() -> Principal {
        trusted("public".into(), [Role::Public])
    }

    /// Another service of this node: it sees everything, and what it hands on is decided where it came from.
    pub fn service(noun: &'static str) -> Principal {
        Principal { areas: Scope::Everything, categories: Scope::Everything, ..trusted(format!("service:{noun}"), [Role::Service]) }
    }

    /// Whoever runs the node, at its own machine: administrator of the system, and the provider [`LOCAL_PROVIDER`].
    pub fn operator() -> Principal {
        let roles = [Role::SystemAdministrator, Role::Provider];
        Principal { areas: Scope::Everything, categories: Scope::Everything, ..trusted("operator".into(), roles) }
    }

    /// A provider with its token, within what it is registered for.
    ///
    /// # Errors
    /// As [`Principal::new`].
    pub fn provider(id: &str, areas: Scope, categories: Scope) -> Result<Principal, Vec<PrincipalFault>> {
        Principal::new(format!("provider:{id}"), [Role::Provider], areas, categories, None)
    }

    /// A person who signed in.
    ///
    /// # Errors
    /// As [`Principal::new`].
    pub fn user(
        name: &str,
        roles: impl IntoIterator<Item = Role>,
        areas: Scope,
        categories: Scope,
    ) -> Result<Principal, Vec<PrincipalFault>> {
        Principal::new(format!("user:{name}"), roles, areas, categories, None)
    }

    /// Another node, within the scope of the link's row: never of its certificate.
    ///
    /// # Errors
    /// As [`Principal::new`].
    pub fn node(id: &str, side: Neighbour, areas: Scope, categories: Scope) -> Result<Principal, Vec<PrincipalFault>> {
        let role = match side {
            Neighbour::Parent => Role::Parent,
            Neighbour::Child => Role::Child,
        };
        Principal::new(format!("node:{id}"), [role], areas, categories, None)
    }

    /// The same caller, acting for a provider.
    ///
    /// # Errors
    /// Where it may not, or the id is none.
    pub fn on_behalf_of(self, provider: &str) -> Result<Principal, Vec<PrincipalFault>> {
        let acting_for = Some(format!("provider:{provider}"));
        Principal::new(self.name, self.roles, self.areas, self.categories, acting_for)
    }

    /// `provider:ID`, `user:NAME`, `operator`, `service:NOUN`, `node:ID`, or `public`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its id, where it is a provider.
    pub fn provider_id(&self) -> Option<&str> {
        provider_in(&self.name)
    }

    /// Its id, where it is another node.
    pub fn node_id(&self) -> Option<&str> {
        self.name.strip_prefix("node:")
    }

    /// The name of its account, where it is a person.
    pub fn user_name(&self) -> Option<&str> {
        self.name.strip_prefix("user:")
    }

    /// Its roles, at least one.
    pub fn roles(&self) -> &BTreeSet<Role> {
        &self.roles
    }

    /// Whether it has the role.
    pub fn has(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }

    /// Subtrees of areas that it sees.
    pub fn areas(&self) -> &Scope {
        &self.areas
    }

    /// Categories that it sees.
    pub fn categories(&self) -> &Scope {
        &self.categories
    }

    /// On whose behalf, as `provider:ID`, where that is not itself.
    pub fn acting_for(&self) -> Option<&str> {
        self.acting_for.as_deref()
    }

    fn faults(&self) -> Vec<PrincipalFault> {
        let mut faults = Vec::new();
        if !is_name(&self.name) {
            faults.push(PrincipalFault::Name(self.name.clone()));
        }
        if self.roles.is_empty() {
            faults.push(PrincipalFault::NoRole(self.name.clone()));
        }
        let administrators: Vec<Role> = self.roles.iter().copied().filter(|role| role.is_administrator()).collect();
        if administrators.len() > 1 {
            faults.push(PrincipalFault::Administrators { name: self.name.clone(), roles: administrators });
        }
        if let Some(for_whom) = &self.acting_for
            && !(self.has(Role::SystemAdministrator) && provider_in(for_whom).is_some() && is_name(for_whom))
        {
            faults.push(PrincipalFault::ActingFor { name: self.name.clone(), for_whom: for_whom.clone() });
        }
        if !can_travel(&self.areas, &self.categories) {
            faults.push(PrincipalFault::Scope(self.name.clone()));
        }
        faults
    }
}

/// As the audit trail names it: `operator for provider:acme`.
impl fmt::Display for Principal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.acting_for {
            Some(for_whom) => write!(f, "{} for {for_whom}", self.name),
            None => f.write_str(&self.name),
        }
    }
}

/// The id in `provider:ID`.
pub(crate) fn provider_in(name: &str) -> Option<&str> {
    name.strip_prefix("provider:")
}

/// What this crate itself puts together, and a test checks.
fn trusted<const N: usize>(name: String, roles: [Role; N]) -> Principal {
    Principal { name, roles: roles.into(), areas: Scope::NOTHING, categories: Scope::NOTHING, acting_for: None }
}

fn is_name(name: &str) -> bool {
    let known = match name.split_once(':') {
        None => matches!(name, "public" | "operator"),
        Some((kind, id)) => KINDS.contains(&kind) && is_word(id),
    };
    known && name.len() <= MAX_NAME_BYTES
}

/// Custom categories and people's names are in any script; what must stay out is what breaks a header, a log line or a JSON text.
fn is_word(word: &str) -> bool {
    !word.is_empty() && !word.chars().any(|c| c.is_control() || c.is_whitespace() || matches!(c, '"' | '\\' | ':'))
}

fn can_travel(areas: &Scope, categories: &Scope) -> bool {
    let words: Vec<String> = areas.words().into_iter().chain(categories.words()).collect();
    let quotes_and_comma = 3;
    words.iter().all(|word| is_word(word)) && words.iter().map(|word| word.len() + quotes_and_comma).sum::<usize>() <= MAX_SCOPE_BYTES
}

fn words(roles: &[Role]) -> String {
    roles.iter().map(|role| role.as_str()).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_says_what_kind_of_caller_it_is() {
        let everything = || Scope::Everything;
        let provider = Principal::provider("acme", everything(), everything()).unwrap();
        let node = Principal::node("xm", Neighbour::Child, everything(), everything()).unwrap();
        let user = Principal::user("li", [Role::Regulator], everything(), everything()).unwrap();
        let ids =
            |principal: &Principal| [principal.provider_id(), principal.node_id(), principal.user_name()].map(|id| id.map(str::to_owned));
        let [acme, xm, li] = ["acme", "xm", "li"].map(|id| Some(id.to_owned()));
        assert_eq!(ids(&provider), [acme, None, None]);
        assert_eq!(ids(&node), [None, xm, None]);
        assert_eq!(ids(&user), [None, None, li]);
        assert_eq!(ids(&Principal::operator()), [None, None, None]);
    }

    #[test]
    fn what_the_crate_puts_together_itself_is_without_fault() {
        for principal in [Principal::public(), Principal::service("registry"), Principal::operator()] {
            assert_eq!(principal.faults(), [], "{principal}");
        }
    }

    #[test]
    fn the_three_administrators_exclude_each_other() {
        for (i, one) in Role::ADMINISTRATORS.into_iter().enumerate() {
            assert!(Principal::user("li", [one, Role::Regulator], Scope::Everything, Scope::Everything).is_ok());
            for other in &Role::ADMINISTRATORS[i + 1..] {
                let faults = Principal::user("li", [one, *other], Scope::Everything, Scope::Everything).unwrap_err();
                assert_eq!(faults, [PrincipalFault::Administrators { name: "user:li".into(), roles: vec![one, *other] }]);
            }
        }
    }

    #[test]
    fn every_fault_is_named_at_once() {
        let long = Scope::from_words((0..3000).map(|n| format!("{n:06}")));
        let faults = Principal::new("root", [], long, Scope::NOTHING, Some("provider:acme".into())).unwrap_err();
        let texts: Vec<String> = faults.iter().map(ToString::to_string).collect();
        assert_eq!(
            texts,
            [
                "no caller is called \"root\"",
                "root has no role",
                "root may not act for \"provider:acme\"",
                "the scope of root is too long or holds a word that is no id",
            ]
        );
    }

    #[test]
    fn names_of_people_may_be_chinese_and_may_not_break_a_line() {
        assert!(Principal::user("王䶮", [Role::Regulator], Scope::NOTHING, Scope::NOTHING).is_ok());
        for name in ["", "a b", "a\nb", "a:b", "a\"b"] {
            assert!(Principal::user(name, [Role::Regulator], Scope::NOTHING, Scope::NOTHING).is_err(), "{name:?}");
        }
    }

    #[test]
    fn only_the_system_administrator_acts_for_a_provider() {
        let operator = Principal::operator().on_behalf_of("acme").unwrap();
        assert_eq!(operator.to_string(), "operator for provider:acme");
        assert!(Principal::provider("other", Scope::NOTHING, Scope::NOTHING).unwrap().on_behalf_of("acme").is_err());
        assert!(Principal::operator().on_behalf_of("").is_err());
    }
}
