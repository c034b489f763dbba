use super::*;

fn sources() -> Sources {
    Sources::with_environment(Default::default())
}

fn with_file(text: &str) -> (tempfile::TempDir, Sources) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("node.toml");
    std::fs::write(&path, text).unwrap();
    (folder, sources().file(path))
}

fn variable(name: &str, value: &str) -> Sources {
    Sources::with_environment([(name.to_owned(), value.to_owned())].into())
}

fn fault(loaded: Result<NodeConfig, ConfigError>) -> String {
    loaded.unwrap_err().to_string()
}

#[test]
fn without_anything_a_node_is_the_nation_on_loopback_and_sqlite() {
    let config = sources().load().unwrap();
    assert_eq!((config.node.id.as_str(), config.node.tier, config.node.area.as_str()), ("local", Tier::Nation, "CN"));
    assert_eq!(config.listen.grpc.to_string(), "127.0.0.1:7400");
    assert_eq!(config.listen.http.to_string(), "127.0.0.1:7480");
    assert_eq!(config.listen.ops.to_string(), "127.0.0.1:7490");
    assert_eq!(config.database(), DatabaseChoice::Sqlite { dir: "tracemesh-data".into() });
    assert!(config.kafka().is_none());
}

#[test]
fn flags_win_over_the_environment_and_the_environment_over_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("node.toml");
    std::fs::write(&file, "[node]\nid = \"fj\"\narea = \"350000\"\ntier = \"PROVINCE\"\n[listen]\nhttp = \"127.0.0.1:1\"\n").unwrap();
    let variables = [("TRACEMESH__LISTEN__HTTP", "127.0.0.1:2"), ("TRACEMESH__NODE__AREA", "010000"), ("HOME", "/root")];
    let environment = variables.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
    let config = Sources::with_environment(environment).file(file).flag("listen.http", "127.0.0.1:3").load().unwrap();
    assert_eq!(config.listen.http.port(), 3);
    assert_eq!(config.node.area, "010000", "a code keeps its zeros");
    assert_eq!((config.node.id.as_str(), config.node.tier), ("fj", Tier::Province));
}

#[test]
fn a_list_in_the_environment_is_written_with_commas() {
    let config = variable("TRACEMESH__KAFKA__BROKERS", "a:9092, b:9092").load().unwrap();
    assert_eq!(config.kafka().unwrap().brokers, ["a:9092", "b:9092"]);
}

#[test]
fn every_unknown_key_is_told_with_its_place_and_the_nearest_key() {
    let (folder, all) = with_file("otlp_endpoint = \"http://c:4317\"\n[listn]\nhttp = \"127.0.0.1:1\"\n[limits]\ncall_timeout = 3\n");
    let path = folder.path().join("node.toml").display().to_string();
    insta::assert_snapshot!(fault(all.load()).replace(&path, "node.toml"), @r#"
    node.toml: there is no key `limits.call_timeout`; the nearest is `limits.call_timeout_s`
    node.toml: there is no key `listn.http`; the nearest is `listen.http`
    node.toml: there is no key `otlp_endpoint`; the nearest is `telemetry.otlp_endpoint`
    "#);
    insta::assert_snapshot!(fault(variable("TRACEMESH__NODE__TEIR", "CITY").load()), @r#"environment variable TRACEMESH__NODE__TEIR: there is no key `node.teir`; the nearest is `node.tier`"#);
}

#[test]
fn a_value_of_a_wrong_type_names_its_key() {
    insta::assert_snapshot!(fault(variable("TRACEMESH__LIMITS__CONNECTIONS", "many").load()), @r#"invalid type: string "many", expected an integer for key `limits.connections` in the environment"#);
    insta::assert_snapshot!(fault(variable("TRACEMESH__LISTEN__HTTP", "localhost").load()), @"invalid socket address syntax for key `listen.http`");
    insta::assert_snapshot!(fault(variable("TRACEMESH__NODE__TIER", "VILLAGE").load()), @r#""VILLAGE" is no tier: NATION, PROVINCE, CITY or COUNTY for key `node.tier`"#);
}

#[test]
fn plain_http_is_refused_beyond_loopback_unless_a_proxy_or_a_certificate_ends_tls() {
    let beyond = "[listen]\nhttp = \"0.0.0.0:7480\"\n";
    let (_folder, all) = with_file(beyond);
    insta::assert_snapshot!(fault(all.load()), @r#"`listen.http` 0.0.0.0:7480 is reachable from elsewhere and would be plain: set `listen.http_certificate` and `listen.http_key`, or `listen.behind_proxy` = true where a proxy ends TLS"#);
    let (_folder, all) = with_file(&format!("{beyond}behind_proxy = true\n"));
    assert!(all.load().is_ok());
    let (_folder, all) = with_file(&format!("{beyond}http_certificate = \"a.pem\"\nhttp_key = \"a.key\"\n"));
    assert!(all.load().is_ok());
}

#[test]
fn values_that_do_not_go_together_are_told_at_once() {
    let (_folder, all) = with_file(
        "[node]\nid = \"Ministry\"\narea = \"\"\n[database]\nurl = \"mysql://x\"\n[peers]\nregistry = \"http://r\"\nregistri = \"https://r\"\n[limits]\nconnections = 0\n[telemetry]\nlog = \"a=b=c\"\n",
    );
    insta::assert_snapshot!(fault(all.load()), @r#"
    `node.id` "Ministry" is not of the form [a-z0-9][a-z0-9-]{1,38}
    `node.area` is empty: a region code, or CN for the whole country
    `database.url` is neither empty (SQLite) nor a postgres:// URL
    `peers.registry` "http://r" is not an https:// URL: gRPC is always TLS
    `peers.registri` is no service: there are registry, ingestion, quality, emergency, analytics, federation, portal
    `limits.connections` is 0: nothing could ever be served
    `telemetry.log` "a=b=c" is no log filter: such as info, or warn,tracemesh_ingestion=debug
    "#);
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Intake {
    batch_ms: u64,
    formats: Vec<String>,
}

impl Default for Intake {
    fn default() -> Intake {
        Intake { batch_ms: 5, formats: vec!["json".into()] }
    }
}

#[test]
fn a_service_reads_its_own_section_and_nobody_else_needs_to_know_its_keys() {
    let config = variable("TRACEMESH__INGESTION__BATCH_MS", "7").load().unwrap();
    assert_eq!(config.ingestion.read::<Intake>("ingestion").unwrap(), Intake { batch_ms: 7, ..Intake::default() });
    let config = variable("TRACEMESH__INGESTION__BATCH", "7").load().unwrap();
    let error = config.ingestion.read::<Intake>("ingestion").unwrap_err();
    assert_eq!(error.to_string(), "section [ingestion]: there is no key `batch`; the nearest is `batch_ms`");
}

#[test]
fn a_file_that_is_no_toml_names_itself_and_the_line() {
    let (folder, all) = with_file("[node\n");
    let text = fault(all.load());
    assert!(text.contains(&folder.path().join("node.toml").display().to_string()) && text.contains("line 1"), "{text}");
    let absent = sources().file("/nowhere/node.toml");
    assert!(fault(absent.load()).starts_with("/nowhere/node.toml: "));
}
