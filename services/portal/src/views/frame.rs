//! What stands around every page: whose platform it is, the switches for language and type size, and for the console the menu and who is
//! signed in.

use tracemesh_access::Principal;
use tracemesh_proto::registry::v1::Node;

use crate::language::Language;
use crate::text::{Text, word};
use crate::views::said::Said;

/// The frame of one page.
#[derive(Debug)]
pub struct Frame {
    pub language: Language,
    /// The large-type mode.
    pub large: bool,
    pub platform: Platform,
    /// This page in the other language.
    pub switch_language: String,
    /// This page in the other type size.
    pub switch_type: String,
}

impl Frame {
    /// The words of the page's language.
    pub fn t(&self) -> &'static Text {
        self.language.text()
    }
}

/// Whose platform it is. A node that has not told its name yet is called what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Platform {
    pub name: String,
    pub tier: Option<&'static str>,
}

/// The node's own name and tier, in the reader's language.
pub fn platform(node: Option<&Node>, language: Language) -> Platform {
    let text = language.text();
    let name = node.map_or("", |node| language.pick(&node.name_zh, &node.name_en));
    Platform {
        name: if name.is_empty() { text.site.platform.to_owned() } else { name.to_owned() },
        tier: node.and_then(|node| word(text.words.tiers, &node.tier)),
    }
}

/// Who is signed in, as the console's head shows it.
#[derive(Debug)]
pub struct Who {
    pub name: Said,
    pub roles: String,
}

/// The name without the kind of principal in front, and the roles in words.
pub fn who(principal: &Principal, language: Language) -> Who {
    let text = language.text();
    let bare = principal.name().split_once(':').map_or(principal.name(), |(_, name)| name);
    let roles: Vec<_> = principal.roles().iter().filter_map(|role| word(text.words.roles, role.as_str())).collect();
    Who { name: Said::new(bare).unwrap_or_else(Said::nobody), roles: roles.join(text.time.comma) }
}

/// `path?query` with one parameter set anew: how a switch leads back to the same page.
pub fn with_parameter(path_and_query: &str, name: &str, value: &str) -> String {
    let (path, query) = path_and_query.split_once('?').unwrap_or((path_and_query, ""));
    let kept = query.split('&').filter(|pair| !pair.is_empty() && pair.split('=').next() != Some(name));
    let pairs: Vec<_> = kept.map(str::to_owned).chain([format!("{name}={value}")]).collect();
    format!("{path}?{}", pairs.join("&"))
}

#[cfg(test)]
mod tests {
    use tracemesh_access::{Role, Scope};

    use super::*;

    #[test]
    fn a_switch_keeps_the_rest_of_the_address() {
        assert_eq!(with_parameter("/t/1?lang=en&x=%2F", "lang", "zh-CN"), "/t/1?x=%2F&lang=zh-CN");
        assert_eq!(with_parameter("/", "type", "large"), "/?type=large");
    }

    #[test]
    fn a_nameless_node_is_still_a_platform() {
        assert_eq!(platform(None, Language::Chinese), Platform { name: "追溯管理平台".into(), tier: None });
        let node = Node { name_zh: "烟台市追溯管理平台".into(), tier: "CITY".into(), ..Node::default() };
        assert_eq!(platform(Some(&node), Language::English), Platform { name: "烟台市追溯管理平台".into(), tier: Some("City") });
    }

    #[test]
    fn people_are_named_without_their_kind() {
        let principal = Principal::user("wang-ji", [Role::Regulator], Scope::Everything, Scope::Everything).expect("a legal principal");
        let who = who(&principal, Language::Chinese);
        assert_eq!((who.name.as_str(), who.roles.as_str()), ("wang-ji", "监管人员"));
    }
}
