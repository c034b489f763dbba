//! A provider's trace goes on to whatever its record brings about, by whichever door it came: through the processes of a city and over the link to
//! what its province keeps of the city's figures.

use std::collections::BTreeSet;

use futures::stream;
use opentelemetry_proto::tonic::trace::v1::Span;
use tonic::Request;
use tracemesh_peers::{Remote, Trust};
use tracemesh_proto::ingestion::v1::SubmitRequest;
use tracemesh_testkit::kafka::{Broker, Message};

use crate::collector::Collector;
use crate::process::eventually;
use crate::records::harvest;
use crate::separate_links::{configuration, enrol, json, node};
use crate::services::Services;

const POSTED: &str = "0af7651916cd43dd8448eb211c80319c";
const STREAMED: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const PRODUCED: &str = "9a3d7a5e0c4b4f0e8d2b6c1f5e7a9b3d";
const PROVIDERS_SPAN: &str = "b7ad6b7169203331";

/// What each record brings about, with the process that does it.
const BROUGHT_ABOUT: [(&str, &str); 10] = [
    ("yantai.ingestion", "ingestion.commit"),
    ("yantai.analytics", "analytics.follow.ingestion"),
    ("yantai.analytics", "analytics.announce"),
    ("yantai.federation", "federation.follow.analytics"),
    ("sd", "federation.follow.uplink"),
    ("sd", "federation.pull"),
    ("yantai.federation", "tracemesh.analytics.v1.AnalyticsService/PullAggregates"),
    ("yantai.analytics", "tracemesh.analytics.v1.AnalyticsService/PullAggregates"),
    ("sd", "federation.keep"),
    ("sd", "tracemesh.analytics.v1.AnalyticsService/StoreAggregates"),
];

fn traceparent(trace: &str) -> String {
    format!("00-{trace}-{PROVIDERS_SPAN}-01")
}

fn hex(id: &[u8]) -> String {
    id.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The spans of a trace hang together, begin at the provider's, and are at least these.
fn hold(collector: &Collector, trace: &str, door: (&str, &str)) {
    let spans: Vec<(String, Span)> =
        collector.look(|kept| kept.spans.iter().filter(|(_, span)| hex(&span.trace_id) == trace).cloned().collect());
    let names: BTreeSet<(&str, &str)> = spans.iter().map(|(from, span)| (from.as_str(), span.name.as_str())).collect();
    let missing: Vec<_> = BROUGHT_ABOUT.iter().chain([&door]).filter(|expected| !names.contains(*expected)).collect();
    assert!(missing.is_empty(), "{trace} has no {missing:?}, but {names:#?}");
    let known: BTreeSet<String> = spans.iter().map(|(_, span)| hex(&span.span_id)).chain([PROVIDERS_SPAN.to_owned()]).collect();
    let orphans: Vec<_> = spans.iter().filter(|(_, span)| !known.contains(&hex(&span.parent_span_id))).collect();
    assert!(orphans.is_empty(), "{orphans:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_providers_trace_reaches_what_the_parent_keeps() {
    let ((collector, endpoint), broker) = (Collector::serve(), Broker::start().await);
    let telemetry = format!("[telemetry]\notlp_endpoint = {endpoint:?}\n");
    let kafka = format!("[kafka]\nbrokers = [{:?}]\ntopic_prefix = \"one-trace.\"\n", broker.servers());
    let province = node(&(configuration("sd", "PROVINCE", "370000") + &telemetry));
    let city = Services::start(&(configuration("yantai", "CITY", "370600") + &telemetry + &kafka));
    enrol(province.folder.path(), province.endpoints["grpc"].as_str().unwrap(), city.folder.path(), "yantai", "370600");
    let token = city.json("tracemesh provider add acme")["token"].as_str().unwrap().to_owned();
    let records_above = async |records: u64| {
        let counted = || json(province.folder.path(), "tracemesh aggregates")["total"]["records"].as_u64();
        eventually("the province has the figures", async || (counted() == Some(records)).then_some(())).await;
    };

    let head = format!("POST /api/v1/records HTTP/1.1\r\ncontent-type: application/json\r\nauthorization: Bearer {token}");
    let first = harvest("0", "lot-0").to_string();
    eventually("the provider is known", async || (city.http("ingestion", &head, &first).0 == 200).then_some(())).await;
    // A link that has just come up compares months by itself, on nobody's behalf.
    records_above(1).await;

    let head = format!("{head}\r\ntraceparent: {}", traceparent(POSTED));
    assert_eq!(city.http("ingestion", &head, &harvest("1", "lot-1").to_string()).0, 200);
    records_above(2).await;

    let trust = Trust::Ca(std::fs::read_to_string(city.data().join("identity/ca.pem")).unwrap());
    let remote = Remote::connect(&city.grpc("ingestion"), &trust, None).await.unwrap();
    let message = SubmitRequest { body: harvest("2", "lot-2").to_string().into(), ..SubmitRequest::default() };
    let mut request = Request::new(stream::iter([message]));
    request.metadata_mut().insert("traceparent", traceparent(STREAMED).parse().unwrap());
    let mut answers = remote.clients_with_token(&token).ingestion().submit(request).await.unwrap().into_inner();
    assert!(answers.message().await.unwrap().is_some());
    drop((answers, remote));
    records_above(3).await;

    let message = Message::new("lot-3", harvest("3", "lot-3").to_string()).header("traceparent", &traceparent(PRODUCED));
    broker.send("one-trace.trace.in.acme", &[message]).await;
    records_above(4).await;

    city.stop();
    province.stop();
    hold(&collector, POSTED, ("yantai.ingestion", "/api/v1/records"));
    hold(&collector, STREAMED, ("yantai.ingestion", "tracemesh.ingestion.v1.IngestionService/Submit"));
    hold(&collector, PRODUCED, ("yantai.ingestion", "ingestion.commit"));
    for process in ["sd", "yantai.registry", "yantai.ingestion", "yantai.analytics", "yantai.federation"] {
        assert!(collector.look(|kept| kept.metrics.contains(process)), "{process} sends no metrics");
    }
}
