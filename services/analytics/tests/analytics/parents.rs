//! What a parent makes of its children's months.

use prost::Message;
use serde_json::json;
use tonic_types::StatusExt;
use tracemesh_proto::analytics::v1::{ListMonthsRequest, MonthFigures, MonthVersion};
use tracemesh_testkit::{Place, on_both};

use crate::expected::*;
use crate::ledger::LEDGER;
use crate::node::{Node, ask, rows, total};

on_both!(
    a_parent_shows_what_its_child_counted,
    an_origin_counts_once_whoever_brings_it,
    a_middle_tier_hands_on_the_bytes_that_it_was_given,
    what_is_not_sound_is_refused_with_every_reason,
);

const MONTHS: [&str; 3] = ["2025-12", "2026-01", "2026-02"];

/// A child that has counted the ledger, and a parent without records of its own.
async fn family(place: &Place) -> (Node, Node, Place) {
    let above = match place.config("any") {
        tracemesh_store::DatabaseConfig::Postgres { .. } => Place::postgres().await,
        tracemesh_store::DatabaseConfig::Sqlite { .. } => Place::sqlite().await,
    };
    let mut child = Node::start(place).await;
    child.submit(LEDGER, 25).await;
    let parent = Node::start_with(&above, "shandong", json!({})).await;
    (child, parent, above)
}

async fn hand_over(child: &Node, parent: &Node) {
    for month in MONTHS {
        assert!(parent.store("yantai", &child.pull("yantai", month).await).await.unwrap(), "{month}");
    }
}

async fn a_parent_shows_what_its_child_counted(place: Place) {
    let (child, mut parent, _above) = family(&place).await;
    hand_over(&child, &parent).await;
    let january = |by, area| ask("2026-01-01", "2026-01-31", by, area, "");
    for question in [january("area category", ""), january("", "370602"), ask("2026-01-02", "2026-01-02", "category", "", "")] {
        let (above, below) = (parent.aggregates(question.clone()).await, child.aggregates(question).await);
        assert_eq!((rows(&above), total(&above)), (rows(&below), total(&below)));
    }
    let subtree = parent.aggregates(january("", "370600")).await;
    assert_eq!(total(&subtree), JANUARY_OF_YANTAI.replace("7 subjects", "? subjects"), "nobody counted the subjects of two areas of four");
    let by_origin = parent.aggregates(ask("", "", "origin month", "", "")).await;
    assert_eq!(rows(&by_origin), BY_MONTH.map(|row| format!("yantai {row}")));
    let known = by_origin.origins[0].as_of.clone().unwrap();
    assert_eq!((known.journal.as_str(), known.seq, known.epoch), ("yantai.ingestion", 60, 1));

    // The parent's own records stand beside them; a subject of both counts twice, and the answer says so.
    parent.submit("ACCEPTED acme p01 1 370602 FOOD RETAIL 2026-01-02T08:00:00+08:00 +1h S1 OUTPUT=1,kg", 1).await;
    let day = parent.aggregates(ask("2026-01-02", "2026-01-02", "origin", "", "")).await;
    assert_eq!(
        total(&day),
        SECOND_OF_JANUARY.replace("8 records", "9 records").replace("5 subjects", "6 subjects").replace("320 kg", "321 kg")
    );
    assert!(day.total.as_ref().unwrap().subjects_summed);
    assert!(day.rows.iter().all(|row| !row.figures.as_ref().unwrap().subjects_summed));
    let by_provider = parent.aggregates(ask("2026-01-02", "2026-01-02", "provider", "", "")).await;
    let expected = ["acme: 5 records, 1 late, ? subjects, 321 kg, 4 ", "bolt: 4 records, 0 late, 3 subjects, 0 kg, 36 box, 7 tablet"];
    assert_eq!(rows(&by_provider), expected, "a child says no subjects by provider, but those of bolt are all that DRUG has");
    child.stop().await;
    parent.stop().await;
}

async fn an_origin_counts_once_whoever_brings_it(place: Place) {
    let (mut child, parent, _above) = family(&place).await;
    let before = child.pull("yantai", "2026-01").await;
    child.submit("ACCEPTED acme z01 1 370602 FOOD RETAIL 2026-01-02T08:00:00+08:00 +1h S1 OUTPUT=1,kg", 1).await;
    let after = child.pull("yantai", "2026-01").await;
    assert!(parent.store("yantai", &after).await.unwrap());
    assert!(!parent.store("yantai", &after).await.unwrap(), "the same again");
    assert!(!parent.store("weifang", &before).await.unwrap(), "an older copy over another child");
    let answer = parent.aggregates(ask("2026-01-01", "2026-01-31", "origin", "", "")).await;
    assert_eq!(rows(&answer)[0].split(',').next(), Some("yantai: 40 records"));
    child.stop().await;
    parent.stop().await;
}

async fn a_middle_tier_hands_on_the_bytes_that_it_was_given(place: Place) {
    let (child, parent, _above) = family(&place).await;
    let mut document = child.pull("yantai", "2026-01").await.to_vec();
    // A field that a later version knows: number 99, a varint.
    document.extend([0x98, 0x06, 0x2a]);
    assert!(parent.store("yantai", &document).await.unwrap());
    assert_eq!(parent.pull("yantai", "2026-01").await, document);

    let mut entries = parent.entries().await;
    let mut said = entries.next().await;
    // The parent also says that it has nothing itself.
    while !MonthVersion::decode(said.body.clone().unwrap()).unwrap().origin.contains("yantai") {
        said = entries.next().await;
    }
    assert_eq!(said.envelope.kind, "figures.changed");
    let listed =
        parent.as_service().analytics().list_months(ListMonthsRequest { origin: "yantai".into() }).await.unwrap().into_inner().months;
    let version = MonthFigures::decode(document.as_slice()).unwrap().version.unwrap();
    assert_eq!((listed, said.body.unwrap().to_vec()), (vec![version.clone()], version.encode_to_vec()));
    child.stop().await;
    parent.stop().await;
}

async fn what_is_not_sound_is_refused_with_every_reason(place: Place) {
    let (child, parent, _above) = family(&place).await;
    let sound = MonthFigures::decode(child.pull("yantai", "2026-01").await).unwrap();
    let refused = async |change: fn(&mut MonthFigures)| {
        let mut figures = sound.clone();
        change(&mut figures);
        let status = parent.store("yantai", &figures.encode_to_vec()).await.unwrap_err();
        assert_eq!(status.code(), tonic::Code::InvalidArgument);
        status
    };
    let mismatch = refused(|figures| figures.rows[0].records += 1).await;
    assert!(mismatch.message().contains("do not match the hash"), "{}", mismatch.message());
    refused(|figures| figures.version.as_mut().unwrap().origin = "shandong".into()).await;
    refused(|figures| figures.version.as_mut().unwrap().origin = "Not An Id".into()).await;
    refused(|figures| figures.as_of.as_mut().unwrap().journal = "jinan.ingestion".into()).await;
    let many = refused(|figures| {
        figures.rows[0].day = "2026-02-01".into();
        figures.rows[1].weight_kg = "-1".into();
    });
    let violations = many.await.get_details_bad_request().unwrap().field_violations;
    assert_eq!(violations.iter().map(|violation| violation.field.as_str()).collect::<Vec<_>>(), ["figures.rows.0.day", "figures.rows.1"]);
    assert_eq!(parent.store("Not An Id", &sound.encode_to_vec()).await.unwrap_err().code(), tonic::Code::InvalidArgument);
    assert_eq!(parent.store("yantai", b"\xff").await.unwrap_err().code(), tonic::Code::InvalidArgument);
    assert!(parent.aggregates(ask("", "", "", "", "")).await.origins.is_empty(), "nothing of it was kept");
    child.stop().await;
    parent.stop().await;
}
