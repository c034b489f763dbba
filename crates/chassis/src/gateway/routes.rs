//! Which RPC an HTTP request means: the `google.api.http` annotations of all RPCs as one table.

use std::sync::LazyLock;

use http::Method;
use prost_reflect::{DynamicMessage, MethodDescriptor, Value};
use tracemesh_proto::POOL;

use super::template::Template;

const HTTP: &str = "google.api.http";

/// One RPC's place in HTTP.
#[derive(Debug)]
pub(crate) struct Route {
    /// How it is asked.
    pub(crate) method: Method,
    /// Where.
    pub(crate) template: Template,
    /// What the body holds.
    pub(crate) body: Body,
    /// What is called.
    pub(crate) rpc: MethodDescriptor,
    /// The noun of its service: `registry` of `tracemesh.registry.v1.RegistryService`.
    pub(crate) noun: String,
}

/// What the body of a request holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Body {
    /// Nothing: all fields stand in the path and the query.
    Nothing,
    /// Every field that does not stand in the path.
    Whole,
}

/// Fields and their values, as a path spells them.
pub(crate) type InPath = Vec<(&'static str, String)>;

/// What is known of a method and path.
pub(crate) enum Found {
    /// The RPC that is meant, and the fields that its path names.
    Route(&'static Route, InPath),
    /// The path is known under other methods.
    OtherMethods(Vec<Method>),
    /// No such path.
    Nothing,
}

/// All RPCs that have a place in HTTP, the exactest paths first. A test reads every annotation, so that none is left out silently.
pub(crate) static ROUTES: LazyLock<Vec<Route>> = LazyLock::new(|| {
    let mut routes: Vec<Route> = annotated().filter_map(|(rpc, rule)| Route::read(rpc, &rule).ok()).collect();
    routes.sort_by_key(|route| std::cmp::Reverse(route.template.exactness()));
    routes
});

/// Finds the RPC that a request means.
pub(crate) fn find(method: &Method, path: &str) -> Found {
    let mut others = Vec::new();
    for route in ROUTES.iter() {
        match route.template.matches(path) {
            Some(values) if route.method == *method => return Found::Route(route, values),
            Some(_) => others.push(route.method.clone()),
            None => {}
        }
    }
    if others.is_empty() { Found::Nothing } else { Found::OtherMethods(others) }
}

impl Route {
    /// Whether the fields that the path does not name stand in the body.
    pub(crate) fn has_body(&self) -> bool {
        self.body == Body::Whole
    }

    fn read(rpc: MethodDescriptor, rule: &DynamicMessage) -> Result<Route, String> {
        let (method, template) = verb_and_path(rule).ok_or("the annotation names no method")?;
        let body = match text(rule, "body").as_str() {
            "" => Body::Nothing,
            "*" => Body::Whole,
            other => return Err(format!("a body of {other:?} is not read")),
        };
        let template = Template::parse(&template)?;
        if rpc.is_client_streaming() {
            return Err("a stream of requests has no place in HTTP".into());
        }
        if let Some(unknown) = template.fields().find(|field| rpc.input().get_field_by_name(field).is_none()) {
            return Err(format!("the request has no field {unknown}"));
        }
        Ok(Route { noun: noun(&rpc), method, template, body, rpc })
    }
}

fn noun(rpc: &MethodDescriptor) -> String {
    rpc.full_name().split('.').nth(1).unwrap_or_default().to_owned()
}

fn annotated() -> impl Iterator<Item = (MethodDescriptor, DynamicMessage)> {
    let extension = POOL.get_extension_by_name(HTTP).expect("the contracts import google/api/annotations.proto");
    let rpcs = POOL.services().flat_map(|service| service.methods().collect::<Vec<_>>());
    rpcs.filter_map(move |rpc| {
        let options = rpc.options();
        let rule = options.has_extension(&extension).then(|| options.get_extension(&extension).into_owned())?;
        Some((rpc, rule.as_message()?.clone()))
    })
}

fn verb_and_path(rule: &DynamicMessage) -> Option<(Method, String)> {
    [("get", Method::GET), ("put", Method::PUT), ("post", Method::POST), ("delete", Method::DELETE), ("patch", Method::PATCH)]
        .into_iter()
        .map(|(field, method)| (method, text(rule, field)))
        .find(|(_, path)| !path.is_empty())
}

fn text(rule: &DynamicMessage, field: &str) -> String {
    rule.get_field_by_name(field).as_deref().and_then(Value::as_str).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(method: Method, path: &str) -> String {
        match find(&method, path) {
            Found::Route(route, values) => format!("{} {values:?}", route.rpc.name()),
            Found::OtherMethods(methods) => format!("{methods:?}"),
            Found::Nothing => "nothing".into(),
        }
    }

    #[test]
    fn every_annotation_is_one_that_the_gateway_reads() {
        let mut read = 0;
        for (rpc, rule) in annotated() {
            let more = rule.get_field_by_name("additional_bindings");
            assert!(more.is_none_or(|more| more.as_list().is_none_or(<[Value]>::is_empty)), "{} has more than one", rpc.full_name());
            read += usize::from(Route::read(rpc.clone(), &rule).map_err(|fault| panic!("{}: {fault}", rpc.full_name())).is_ok());
        }
        assert_eq!(read, ROUTES.len());
        assert!(read >= 25, "only {read} RPCs have a place in HTTP");
    }

    #[test]
    fn no_two_rpcs_share_a_place() {
        let mut places: Vec<String> = ROUTES.iter().map(|route| format!("{} {}", route.method, route.template.plain())).collect();
        places.sort();
        let all = places.len();
        places.dedup();
        assert_eq!(places.len(), all);
    }

    #[test]
    fn every_route_belongs_to_a_noun() {
        for route in ROUTES.iter() {
            assert!(route.rpc.full_name().starts_with(&format!("tracemesh.{}.v1.", route.noun)), "{}", route.rpc.full_name());
        }
    }

    #[test]
    fn a_request_finds_its_rpc_by_method_and_path() {
        assert_eq!(found(Method::GET, "/api/v1/receipts/xm.ingestion/1/42"), r#"GetReceipt [("id", "xm.ingestion/1/42")]"#);
        assert_eq!(found(Method::POST, "/api/v1/deadletters/xm.ingestion/1/42:redrive"), r#"Redrive [("id", "xm.ingestion/1/42")]"#);
        assert_eq!(found(Method::GET, "/api/v1/intake:watch"), "WatchIntake []");
        assert_eq!(found(Method::POST, "/api/v1/providers/acme:setState"), r#"SetProviderState [("id", "acme")]"#);
        assert_eq!(
            found(Method::GET, "/api/v1/journals/xm.registry/inclusion/7"),
            r#"ProveInclusion [("journal", "xm.registry"), ("seq", "7")]"#
        );
    }

    #[test]
    fn a_known_path_under_another_method_says_which() {
        assert_eq!(found(Method::DELETE, "/api/v1/areas"), "[GET, POST]");
        assert_eq!(found(Method::GET, "/api/v1/area"), "nothing");
    }
}
