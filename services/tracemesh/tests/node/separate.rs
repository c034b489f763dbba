//! `serve`: the services of a node as processes of their own give the same answers, lose nothing when one of them dies, and are open to nobody
//! whom they are not for.

use std::collections::BTreeSet;
use std::fs::{read_to_string, write};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tonic::Code;
use tracemesh_chassis::Clock;
use tracemesh_chassis::tls::NodeTls;
use tracemesh_peers::local::Target;
use tracemesh_peers::{Identity, Remote, Trust};
use tracemesh_proto::ingestion::v1::GetIntakeRequest;
use tracemesh_proto::registry::v1::GetNodeRequest;
use tracemesh_store::DatabaseConfig;
use tracemesh_testkit::{Place, on_both};

use crate::kill::hold;
use crate::process::eventually;
use crate::records::{corrected, harvest, juice};
use crate::senders::Sender;
use crate::services::{Files, SERVICES, Services};
use crate::session::{play_in, run};

const QUICK: &str = "[analytics]\nannounce_interval_ms = 300\n";

fn counted(services: &Services) -> u64 {
    let figures = services.json("tracemesh aggregates");
    figures["total"]["records"].as_u64().unwrap_or_default()
}

async fn until_counted(services: &Services, records: u64) {
    eventually("all is counted", async || (counted(services) == records).then_some(())).await;
    let recount = services.json("tracemesh recount");
    assert_eq!((&recount["equal"], &recount["records"]), (&json!(true), &json!(records)));
}

on_both!(separate_services_are_one_node);

async fn separate_services_are_one_node(place: Place) {
    let services = match place.config("any") {
        DatabaseConfig::Sqlite { .. } => Services::start(QUICK),
        DatabaseConfig::Postgres { url, .. } => Services::start_with(Files::Apart, &format!("{QUICK}[database]\nurl = {url:?}\n")),
    };
    let folder = services.folder.path();
    let harvested = harvest("1", "lot-1");
    write(folder.join("good.json"), format!("{harvested}\n{}\n{}", juice("2", "lot-1", "juice-2"), corrected(&harvested))).unwrap();
    write(folder.join("more.json"), harvest("3", "lot-3").to_string()).unwrap();
    play_in(
        folder,
        "
$ tracemesh send good.json
3 accepted, 0 duplicate, 0 rejected in [..] s
$ tracemesh trace opaque:91370600000000019G/juice-2
opaque juice-2
2025-10-01T08:00:00+08:00  PRODUCE         local         370602  苹果  苹果园
2025-10-02T08:00:00+08:00  PROCESS         local         370602  苹果汁  苹果园
完整 complete
",
    );
    assert_eq!(services.json("tracemesh receipt local.ingestion/1/3")["verdict"], "ACCEPTED");
    let token = services.json("tracemesh provider add acme --name Acme")["token"].as_str().unwrap().to_owned();
    let post = format!("POST /api/v1/records HTTP/1.1\r\ncontent-type: application/json\r\nauthorization: Bearer {token}");
    let record = harvest("1", "lot-4").to_string();
    let posted = eventually("the provider is known at the door", async || match services.http("ingestion", &post, &record) {
        (200, receipts) => Some(receipts),
        _ => None,
    });
    assert!(posted.await.contains("ACCEPTED"));
    let streamed = format!("tracemesh send more.json --node {} --token {token}", services.grpc("ingestion"));
    assert_eq!(run(folder, &streamed, true).status.code(), Some(0));
    let at_the_gateway = run(folder, &format!("tracemesh send more.json --json --token {token}"), true);
    assert!(String::from_utf8_lossy(&at_the_gateway.stdout).contains("\"duplicate\":1"), "{at_the_gateway:?}");
    for service in ["registry", "portal", "ingestion"] {
        let (status, node) = services.http(service, "GET /api/v1/node HTTP/1.1", "");
        assert!(status == 200 && node.contains("local"), "{service}: {node}");
    }
    until_counted(&services, 4).await;
    let verified = services.json("tracemesh audit verify");
    let of: BTreeSet<&str> = verified["journals"].as_array().unwrap().iter().map(|it| it["service"].as_str().unwrap()).collect();
    assert_eq!(
        (&verified["ok"], of),
        (&json!(true), BTreeSet::from(["analytics", "emergency", "federation", "ingestion", "quality", "registry"]))
    );
    let (status, page) = services.http("portal", "GET /t/opaque:91370600000000019G%2Fjuice-2 HTTP/1.1", "");
    assert!(status == 200 && page.contains("苹果汁"), "{page}");
    services.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_killed_nothing_is_lost_and_intake_goes_on() {
    let mut services = Services::start(QUICK);
    let folder = services.folder.path().to_owned();
    let one_more = |number: u32| {
        write(folder.join("one.json"), harvest(&number.to_string(), &format!("lot-{number}")).to_string()).unwrap();
        play_in(&folder, "$ tracemesh send one.json\n1 accepted, 0 duplicate, 0 rejected in [..] s");
    };
    one_more(1);
    services.kill("registry");
    one_more(2);
    let registry = |services: &Services| services.readiness("ingestion")["dependencies"]["peers.registry"]["state"].clone();
    assert_eq!(registry(&services), "degraded");
    let away = run(&folder, "tracemesh provider list", true);
    assert_eq!(away.status.code(), Some(3), "{away:?}");
    services.kill("analytics");
    one_more(3);
    assert_eq!(run(&folder, "tracemesh aggregates", true).status.code(), Some(3));
    for back in ["analytics", "registry"] {
        services.restart(back);
    }
    until_counted(&services, 3).await;
    assert_eq!(registry(&services), "ok");
    services.kill("ingestion");
    services.kill("federation");
    let federation = services.restart("federation");
    services.restart("ingestion");
    assert_eq!(federation["grpc"], services.grpc("federation"), "it is where it was");
    one_more(4);
    until_counted(&services, 4).await;
    let listed = run(&folder, "tracemesh provider list", true);
    assert!(String::from_utf8_lossy(&listed.stdout).contains("local"), "{listed:?}");
    assert_eq!(services.json("tracemesh audit verify")["ok"], true);
    services.stop();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn under_load_each_may_be_killed() {
    let mut services = Services::start(QUICK);
    let token = services.json("tracemesh provider add streaming")["token"].as_str().unwrap().to_owned();
    let (data, over) = (services.data(), Arc::new(AtomicBool::new(false)));
    let streaming = Sender { provider: "streaming", token, data: data.clone() }.stream(over.clone());
    let killing = async {
        taken(&data, 100).await;
        for (noun, goes_on) in [("registry", true), ("analytics", true), ("portal", true), ("ingestion", false), ("federation", false)] {
            services.kill(noun);
            if goes_on {
                taken(&data, 100).await;
            }
            services.restart(noun);
            taken(&data, 100).await;
        }
        over.store(true, Ordering::Relaxed);
    };
    let (streamed, ()) = tokio::join!(streaming, killing);
    hold(&Target::local(&data).connect().await.unwrap(), &streamed).await;
    let records: BTreeSet<String> = streamed.accepted().into_keys().map(|(record_id, _)| record_id).collect();
    until_counted(&services, records.len() as u64).await;
    assert_eq!(services.json("tracemesh audit verify")["ok"], true);
    services.stop();
}

/// A person's session opens every process, and none of them two seconds after the account was suspended.
#[tokio::test(flavor = "multi_thread")]
async fn a_suspended_account_opens_no_process() {
    let mut services = Services::start(QUICK);
    let open =
        |link: &Value| services.json(&format!("tracemesh session open {}", link.as_str().unwrap()))["session"].as_str().unwrap().to_owned();
    let first = open(&services.json("tracemesh sign-in")["sign_in"]);
    let appointed = format!("tracemesh account appoint li --role REGULATOR --area 370600 --category FOOD --token {first}");
    let li = open(&services.json(&appointed)["sign_in"]);
    let folder = services.folder.path().to_owned();
    let asks = |command: &str| run(&folder, &format!("{command} --token {li}"), true).status.code();
    let at_the_door = format!("tracemesh receipts --node {}", services.grpc("ingestion"));
    let commands = ["tracemesh receipts", "tracemesh provider list", "tracemesh aggregates", at_the_door.as_str()];
    assert_eq!(commands.map(asks), [Some(0); 4]);
    let head = format!("GET /api/v1/receipts HTTP/1.1\r\nauthorization: Bearer {li}");
    let doors = |services: &Services| SERVICES.map(|service| services.http(service, &head, "").0);
    assert_eq!(doors(&services), [200; SERVICES.len()]);

    services.json(&format!("tracemesh account suspend li --why left --token {first}"));
    let suspended = Instant::now();
    eventually("no process lets it in", async || (doors(&services) == [401; SERVICES.len()]).then_some(())).await;
    assert!(suspended.elapsed() < Duration::from_secs(2), "{:?}", suspended.elapsed());
    assert_eq!(commands.map(asks), [Some(2); 4]);
    services.kill("registry");
    let head = format!("GET /api/v1/receipts HTTP/1.1\r\nauthorization: Bearer {first}");
    let portal = async || (services.http("portal", &head, "").0 == 503).then_some(());
    eventually("who cannot be asked about is let in nowhere", portal).await;
    services.restart("registry");
    services.stop();
}

/// Waits until ingestion has taken some more, whoever is away.
async fn taken(data: &Path, more: u64) {
    let submissions = async || {
        let clients = Target::local(data).connect().await.ok()?;
        let asked = clients.ingestion().get_intake(GetIntakeRequest {}).await.ok()?;
        Some(asked.into_inner().submissions)
    };
    let before = eventually("the node answers", submissions).await;
    eventually("more is taken", async || submissions().await.filter(|now| *now >= before + more)).await;
}

/// What a caller without a token is told by a service's listener.
async fn answer(services: &Services, noun: &str, identity: Option<&Identity>) -> Code {
    let trust = Trust::Ca(read_to_string(services.data().join("identity/ca.pem")).unwrap());
    match Remote::connect(&services.grpc(noun), &trust, identity).await {
        Ok(remote) => remote.clients().registry().get_node(GetNodeRequest {}).await.map_or_else(|status| status.code(), |_| Code::Ok),
        Err(_) => Code::Unavailable,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn inner_listeners_are_for_the_node_itself() {
    let services = Services::start("");
    let elsewhere = tempfile::tempdir().unwrap();
    let stranger = NodeTls::open(elsewhere.path(), "local", &[], Clock::system().now()).unwrap();
    let stranger = Identity { certificate_pem: stranger.certificate_pem().into(), key_pem: stranger.key_pem().into() };
    let read = |file: &str| read_to_string(services.data().join("identity").join(file)).unwrap();
    let own = Identity { certificate_pem: read("node.pem"), key_pem: read("node.key") };
    for inner in ["registry", "analytics", "portal"] {
        assert_eq!(answer(&services, inner, None).await, Code::Unavailable, "{inner} without a certificate");
        assert_eq!(answer(&services, inner, Some(&stranger)).await, Code::Unavailable, "{inner} with another CA's certificate");
        assert_eq!(answer(&services, inner, Some(&own)).await, Code::Unauthenticated, "{inner}: a certificate without a token is nobody");
    }
    for door in ["ingestion", "federation"] {
        assert_eq!(answer(&services, door, None).await, Code::Ok, "{door} tells the public what the registry does");
        assert_eq!(answer(&services, door, Some(&stranger)).await, Code::Unavailable, "{door} with another CA's certificate");
    }
    let operators = format!("tracemesh provider list --node {}", services.grpc("ingestion"));
    assert_eq!(run(services.folder.path(), &operators, true).status.code(), Some(2), "the operator's token opens the gateway alone");
    services.stop();
}
