//! The parts of the console, as the menu lists them: each for those whose roles may ask what it shows. What somebody may not ask is not
//! offered; the services decide in any case.

use tracemesh_access::{Principal, Role};

use crate::language::Language;

/// A part of the console.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Part {
    #[default]
    Overview,
    Trace,
    Quality,
    Emergency,
    Accounts,
}

impl Part {
    /// In the order of the menu.
    pub const ALL: [Self; 5] = [Self::Overview, Self::Trace, Self::Quality, Self::Emergency, Self::Accounts];

    /// Its first page.
    pub fn href(self) -> &'static str {
        match self {
            Self::Overview => "/console",
            Self::Trace => "/console/trace",
            Self::Quality => "/console/findings",
            Self::Emergency => "/console/incidents",
            Self::Accounts => "/console/accounts",
        }
    }

    fn name(self, language: Language) -> &'static str {
        let text = language.text();
        match self {
            Self::Overview => text.console.overview,
            Self::Trace => text.trace.title,
            Self::Quality => text.quality.title,
            Self::Emergency => text.emergency.title,
            Self::Accounts => text.accounts.title,
        }
    }

    fn roles(self) -> &'static [Role] {
        match self {
            Self::Overview | Self::Trace => &[Role::Regulator, Role::SystemAdministrator],
            Self::Quality => &[Role::Provider, Role::Regulator, Role::SystemAdministrator],
            Self::Emergency => {
                &[Role::Regulator, Role::Drafter, Role::Reviewer, Role::Signer, Role::Acknowledger, Role::SystemAdministrator]
            }
            Self::Accounts => &[Role::SecurityAdministrator, Role::AuditAdministrator],
        }
    }

    /// Whether somebody has a role that it is for.
    pub fn is_for(self, principal: &Principal) -> bool {
        self.roles().iter().any(|role| principal.has(*role))
    }

    /// Where somebody begins: at the first part that is for them.
    pub fn first_for(principal: &Principal) -> Self {
        Self::ALL.into_iter().find(|part| part.is_for(principal)).unwrap_or_default()
    }
}

/// An entry of the console's menu.
#[derive(Debug, Clone, Copy)]
pub struct MenuEntry {
    pub href: &'static str,
    pub name: &'static str,
    pub current: bool,
}

/// The menu of whoever is signed in, and the way to the public pages.
pub fn menu(current: Part, principal: &Principal, language: Language) -> Vec<MenuEntry> {
    let parts = Part::ALL.into_iter().filter(|part| part.is_for(principal));
    let entry = |part: Part| MenuEntry { href: part.href(), name: part.name(language), current: part == current };
    let public = MenuEntry { href: "/", name: language.text().console.public_page, current: false };
    parts.map(entry).chain([public]).collect()
}

#[cfg(test)]
mod tests {
    use tracemesh_access::Scope;

    use super::*;

    fn parts(roles: &[Role]) -> Vec<&'static str> {
        let principal = Principal::user("a", roles.iter().copied(), Scope::Everything, Scope::Everything).expect("a legal principal");
        menu(Part::Overview, &principal, Language::Chinese).into_iter().map(|entry| entry.name).collect()
    }

    #[test]
    fn everybody_is_offered_what_their_roles_are_for() {
        assert_eq!(parts(&[Role::Regulator]), ["总览", "追溯查询", "数据质量", "应急管理", "公众查询"]);
        assert_eq!(parts(&[Role::Signer]), ["应急管理", "公众查询"]);
        assert_eq!(parts(&[Role::SecurityAdministrator]), ["用户管理", "公众查询"]);
    }
}
