//! What is wrong with a configuration: keys that nobody knows, and values that do not go together.

use std::fmt;
use std::path::Path;

use serde_json::Value as Known;

use super::NodeConfig;

/// Below this likeness (0 to 1) a suggestion would confuse.
const LIKE_ENOUGH: f64 = 0.5;

/// The services that a node may have.
const NOUNS: [&str; 7] = ["registry", "ingestion", "quality", "emergency", "analytics", "federation", "portal"];

/// A configuration that cannot be used.
#[derive(Debug, thiserror::Error)]
pub struct ConfigError {
    /// What is wrong with it: every unknown key at once, or every value that does not go with another, or the first of a wrong type.
    pub faults: Vec<Fault>,
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// `node.toml`, `environment variable TRACEMESH__LISTEN__HTTP`; empty where the text says it.
    pub place: String,
    /// What, and what to write instead.
    pub what: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let colon = if self.place.is_empty() { "" } else { ": " };
        write!(f, "{}{colon}{}", self.place, self.what)
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<String> = self.faults.iter().map(ToString::to_string).collect();
        f.write_str(&lines.join("\n"))
    }
}

impl ConfigError {
    /// `Ok` where there are no faults.
    pub(super) fn unless_none(faults: Vec<Fault>) -> Result<(), ConfigError> {
        if faults.is_empty() { Ok(()) } else { Err(ConfigError { faults }) }
    }

    pub(super) fn unreadable(path: &Path, why: &config::ConfigError) -> ConfigError {
        ConfigError { faults: vec![Fault { place: path.display().to_string(), what: why.to_string() }] }
    }
}

impl From<config::ConfigError> for ConfigError {
    fn from(why: config::ConfigError) -> ConfigError {
        ConfigError { faults: vec![Fault { place: String::new(), what: why.to_string() }] }
    }
}

/// The fault of a dotted key that the defaults do not have. An empty table among the defaults takes any key: names of peers, a service's section.
pub(super) fn unknown_key(known: &Known, key: &str, place: impl FnOnce() -> String) -> Option<Fault> {
    let mut table = known;
    for part in key.split('.') {
        match table {
            Known::Object(fields) if fields.is_empty() => return None,
            Known::Object(fields) => match fields.get(part) {
                Some(field) => table = field,
                None => return Some(Fault { place: place(), what: format!("there is no key `{key}`{}", suggestion(known, key)) }),
            },
            _ => return Some(Fault { place: place(), what: format!("`{key}` lies inside of a key that is no table") }),
        }
    }
    None
}

/// Whether the default at this key is a list.
pub(super) fn is_list(known: &Known, key: &str) -> bool {
    key.split('.').try_fold(known, |table, part| table.get(part)).is_some_and(Known::is_array)
}

fn suggestion(known: &Known, key: &str) -> String {
    let mut keys = Vec::new();
    collect_keys(known, "", &mut keys);
    let nearest = keys.into_iter().map(|candidate| (likeness(key, &candidate), candidate)).max_by(|a, b| a.0.total_cmp(&b.0));
    match nearest {
        Some((like, candidate)) if like >= LIKE_ENOUGH => format!("; the nearest is `{candidate}`"),
        _ => String::new(),
    }
}

/// A right name in a wrong section is nearer than a similar name in the right one.
fn likeness(key: &str, candidate: &str) -> f64 {
    let bonus = if last(key) == last(candidate) { 1.0 } else { 0.0 };
    strsim::normalized_damerau_levenshtein(key, candidate) + bonus
}

fn last(key: &str) -> &str {
    key.rsplit('.').next().unwrap_or(key)
}

fn collect_keys(table: &Known, prefix: &str, keys: &mut Vec<String>) {
    for (name, value) in table.as_object().into_iter().flatten() {
        let key = format!("{prefix}{name}");
        collect_keys(value, &format!("{key}."), keys);
        keys.push(key);
    }
}

/// What the types do not say: all of it at once.
pub(super) fn rules(config: &NodeConfig) -> Vec<Fault> {
    let said = [of_node(config), of_database(config), of_listeners(config), of_peers(config), of_limits(config), of_telemetry(config)];
    said.into_iter().flatten().map(|what| Fault { place: String::new(), what }).collect()
}

/// The text of what does not hold.
fn unless(holds: bool, what: impl FnOnce() -> String) -> Option<String> {
    (!holds).then(what)
}

fn of_node(NodeConfig { node, .. }: &NodeConfig) -> Vec<String> {
    let id = unless(is_node_id(&node.id), || format!("`node.id` {:?} is not of the form [a-z0-9][a-z0-9-]{{1,38}}", node.id));
    let area = unless(!node.area.is_empty(), || "`node.area` is empty: a region code, or CN for the whole country".into());
    let categories = unless(!node.categories.is_empty(), || "`node.categories` is empty: name some, or \"*\" for all".into());
    [id, area, categories].into_iter().flatten().collect()
}

fn of_database(NodeConfig { database, .. }: &NodeConfig) -> Vec<String> {
    let postgres = ["postgres://", "postgresql://"].iter().any(|scheme| database.url.starts_with(scheme));
    let url = unless(database.url.is_empty() || postgres, || "`database.url` is neither empty (SQLite) nor a postgres:// URL".into());
    let connections = unless(database.connections > 0, || "`database.connections` is 0: nothing could ever be read".into());
    [url, connections].into_iter().flatten().collect()
}

fn of_listeners(NodeConfig { listen, .. }: &NodeConfig) -> Vec<String> {
    let (certificate, key) = (listen.http_certificate.is_some(), listen.http_key.is_some());
    let pair = unless(certificate == key, || "`listen.http_certificate` and `listen.http_key` go together".into());
    let private = listen.http.ip().is_loopback() || listen.behind_proxy || (certificate && key);
    let plain = unless(private, || {
        format!(
            "`listen.http` {} is reachable from elsewhere and would be plain: set `listen.http_certificate` and `listen.http_key`, or \
             `listen.behind_proxy` = true where a proxy ends TLS",
            listen.http
        )
    });
    [pair, plain].into_iter().flatten().collect()
}

fn of_peers(NodeConfig { peers, .. }: &NodeConfig) -> Vec<String> {
    let stranger =
        |noun: &String| unless(NOUNS.contains(&noun.as_str()), || format!("`peers.{noun}` is no service: there are {}", NOUNS.join(", ")));
    let strangers: Vec<String> = peers.keys().filter_map(stranger).collect();
    let plain = |(noun, url): (&String, &String)| {
        unless(url.starts_with("https://"), || format!("`peers.{noun}` {url:?} is not an https:// URL: gRPC is always TLS"))
    };
    peers.iter().filter_map(plain).chain(strangers).collect()
}

fn of_limits(NodeConfig { limits, .. }: &NodeConfig) -> Vec<String> {
    let sizes = [
        ("connections", limits.connections),
        ("concurrent_calls", limits.concurrent_calls),
        ("message_bytes", limits.message_bytes),
        ("http_body_bytes", limits.http_body_bytes),
    ];
    let zero = |(name, value)| unless(value > 0, || format!("`limits.{name}` is 0: nothing could ever be served"));
    sizes.into_iter().filter_map(zero).collect()
}

fn of_telemetry(NodeConfig { telemetry, .. }: &NodeConfig) -> Vec<String> {
    let filter = unless(telemetry.filter().is_ok(), || {
        format!("`telemetry.log` {:?} is no log filter: such as info, or warn,tracemesh_ingestion=debug", telemetry.log)
    });
    filter.into_iter().collect()
}

/// Whether the text can be a node's id.
pub fn is_node_id(id: &str) -> bool {
    let letter = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    matches!(id.len(), 2..=39) && id.bytes().all(|b| letter(b) || b == b'-') && id.bytes().next().is_some_and(letter)
}
