//! The demonstration as `make demo` and `make demo-kafka` run it, and whether its checks have teeth: harm done to the files of three cities makes
//! the right checks fail and name the right city.

use std::path::Path;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection};
use tokio::sync::Mutex;
use tracemesh::country::{self, Check, Harm, Member, Options, Summary};
use tracemesh_testkit::kafka::Broker;

/// Six processes are enough for one machine.
static ONE_COUNTRY: Mutex<()> = Mutex::const_new(());

async fn demonstrate(kafka: Vec<String>, harm: Option<Harm>) -> Summary {
    let _turn = ONE_COUNTRY.lock().await;
    let folder = tempfile::tempdir().expect("a folder");
    let options = Options {
        program: env!("CARGO_BIN_EXE_tracemesh").into(),
        seconds: 6,
        port: 0,
        seed: 7,
        data: folder.path().to_owned(),
        kafka,
        before_checks: harm,
    };
    country::run(options).await.expect("the country runs")
}

/// Changes databases of cities, whose processes are stopped: city, file, statement.
fn harm(changes: &'static [(&str, &str, &str)]) -> Option<Harm> {
    Some(Box::new(move |members: &[Member]| {
        for (city, file, statement) in changes {
            let city = members.iter().find(|member| member.id == *city).expect("the city is there");
            let file = city.data.join(file);
            tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(run(&file, statement)))?;
        }
        Ok(())
    }))
}

async fn run(file: &Path, statement: &'static str) -> anyhow::Result<()> {
    let mut db = SqliteConnectOptions::new().filename(file).connect().await?;
    let done = sqlx::query(statement).execute(&mut db).await?;
    assert!(done.rows_affected() > 0, "the harm was not done: {statement}");
    db.close().await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_country_whose_providers_know_only_kafka_passes_every_check() {
    let summary = demonstrate(vec![Broker::start().await.servers().to_owned()], None).await;
    assert!(summary.ok, "{summary:#?}");
    let names: Vec<&str> = summary.checks.iter().map(|check| check.name).collect();
    let contract = [
        "submissions_answered",
        "aggregates_equal_recount",
        "parents_equal_children",
        "trace_crosses_borders",
        "journals_verified",
        "absent_child_caught_up",
        "recall_acknowledged_everywhere",
        "planted_findings_found",
    ];
    assert_eq!(names, contract);
    assert!(summary.nodes.iter().filter(|node| node.tier == "CITY").all(|node| node.submissions > 100), "{summary:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn harm_done_to_three_cities_is_found_and_named() {
    let summary = demonstrate(
        Vec::new(),
        harm(&[
            ("linyi", "analytics.sqlite", "UPDATE cell SET records = records + 1 WHERE day = (SELECT max(day) FROM cell)"),
            ("qingdao", "ingestion.sqlite", "DELETE FROM hop WHERE record = (SELECT min(record) FROM hop)"),
            ("nanjing", "ingestion.sqlite", "DELETE FROM journal_order WHERE first_seq = (SELECT max(first_seq) FROM journal_order)"),
        ]),
    )
    .await;
    let check = |name: &str| -> &Check { summary.checks.iter().find(|check| check.name == name).expect("it was checked") };
    let answered = check("submissions_answered");
    assert_eq!(answered.expected, answered.actual, "what the streams answered stands: {summary:#?}");
    assert!(answered.detail.contains("nanjing: "), "an entry was cut: {summary:#?}");
    assert!(check("aggregates_equal_recount").detail.contains("linyi: "), "a count was changed: {summary:#?}");
    assert!(check("journals_verified").detail.contains("qingdao: "), "a hop was deleted: {summary:#?}");
}
