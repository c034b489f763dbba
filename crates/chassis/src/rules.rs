//! The access table: which roles may call which RPC, read once from the descriptors of the contracts.
//!
//! An RPC declares its rule where it is declared itself, as the option `tracemesh.access.v1.rule`. There is no second list to keep in step,
//! and no default: an RPC without a rule has an empty one, which allows nobody, and a test here fails for it.

use std::collections::HashMap;
use std::sync::LazyLock;

use prost_reflect::{DynamicMessage, MethodDescriptor, Value};
use tracemesh_access::Role;
use tracemesh_proto::POOL;

const RULE: &str = "tracemesh.access.v1.rule";

static RULES: LazyLock<HashMap<String, Vec<Role>>> = LazyLock::new(|| {
    let methods = POOL.services().flat_map(|service| service.methods().collect::<Vec<_>>());
    methods.map(|method| (path(&method), allowed(&method))).collect()
});

/// The roles of which a caller of this path needs one; the path is that of the HTTP/2 request, `/tracemesh.x.v1.Service/Method`. None where
/// the contracts know no such RPC.
pub fn rule_for(path: &str) -> Option<&'static [Role]> {
    RULES.get(path).map(Vec::as_slice)
}

/// The path under which an RPC is called.
pub fn path(method: &MethodDescriptor) -> String {
    format!("/{}/{}", method.parent_service().full_name(), method.name())
}

/// The noun of the service in the path of a call: `registry` in `/tracemesh.registry.v1.RegistryService/GetNode`.
pub fn noun(path: &str) -> &str {
    path.split('.').nth(1).unwrap_or_default()
}

fn allowed(method: &MethodDescriptor) -> Vec<Role> {
    let options = method.options();
    let Some(extension) = POOL.get_extension_by_name(RULE) else { return Vec::new() };
    match options.get_extension(&extension).as_ref() {
        Value::Message(rule) => roles(rule),
        _ => Vec::new(),
    }
}

fn roles(rule: &DynamicMessage) -> Vec<Role> {
    let Some(field) = rule.get_field_by_name("allow") else { return Vec::new() };
    let numbers = field.as_list().unwrap_or_default();
    numbers.iter().filter_map(Value::as_enum_number).filter_map(role).collect()
}

/// The role of a number of the contract, by its word.
fn role(number: i32) -> Option<Role> {
    let word = tracemesh_proto::access::v1::Role::try_from(number).ok()?;
    word.as_str_name().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rpc_declares_who_may_call_it() {
        assert!(RULES.len() >= 40, "only {} RPCs were found", RULES.len());
        for (path, allow) in RULES.iter() {
            assert!(!allow.is_empty(), "{path} has no rule: give it the option ({RULE})");
        }
    }

    #[test]
    fn every_role_of_the_contract_has_its_role_here() {
        let words = POOL.get_enum_by_name("tracemesh.access.v1.Role").expect("the contract has roles");
        for word in words.values().filter(|word| word.number() != 0) {
            assert!(role(word.number()).is_some_and(|role| role.as_str() == word.name()), "{}", word.name());
        }
        assert_eq!(words.values().len() - 1, Role::ALL.len());
    }

    #[test]
    fn a_rule_is_found_by_the_path_of_the_call() {
        assert_eq!(rule_for("/tracemesh.registry.v1.RegistryService/AddArea"), Some([Role::SystemAdministrator].as_slice()));
        assert_eq!(rule_for("/tracemesh.registry.v1.RegistryService/AddAreas"), None);
        assert_eq!(rule_for("/grpc.health.v1.Health/Check"), None);
    }
}
