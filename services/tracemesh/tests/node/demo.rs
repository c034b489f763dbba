//! The demonstration as `make demo` runs it, and whether its checks have teeth: each harm done to a city's files makes the right check fail.

use std::path::Path;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection};
use tokio::sync::Mutex;
use tracemesh::country::{self, Harm, Member, Options, Summary};

/// The city whose files are harmed.
const CITY: &str = "linyi";

/// Six processes are enough for one machine.
static ONE_COUNTRY: Mutex<()> = Mutex::const_new(());

async fn demonstrate(harm: Option<Harm>) -> Summary {
    let _turn = ONE_COUNTRY.lock().await;
    let folder = tempfile::tempdir().expect("a folder");
    let options = Options {
        program: env!("CARGO_BIN_EXE_tracemesh").into(),
        seconds: 6,
        port: 0,
        seed: 7,
        data: folder.path().to_owned(),
        before_checks: harm,
    };
    country::run(options).await.expect("the country runs")
}

/// Changes a database of the city, whose process is stopped.
fn harm(file: &'static str, statement: &'static str) -> Option<Harm> {
    Some(Box::new(move |members: &[Member]| {
        let city = members.iter().find(|member| member.id == CITY).expect("the city is there");
        let file = city.data.join(file);
        tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(run(&file, statement)))
    }))
}

async fn run(file: &Path, statement: &'static str) -> anyhow::Result<()> {
    let mut db = SqliteConnectOptions::new().filename(file).connect().await?;
    let done = sqlx::query(statement).execute(&mut db).await?;
    assert!(done.rows_affected() > 0, "the harm was not done: {statement}");
    db.close().await?;
    Ok(())
}

fn failed(summary: &Summary) -> Vec<&'static str> {
    summary.checks.iter().filter(|check| !check.ok).map(|check| check.name).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unharmed_country_passes_every_check() {
    let summary = demonstrate(None).await;
    assert!(summary.ok, "{summary:#?}");
    let names: Vec<&str> = summary.checks.iter().map(|check| check.name).collect();
    let contract = [
        "submissions_answered",
        "aggregates_equal_recount",
        "parents_equal_children",
        "trace_crosses_borders",
        "journals_verified",
        "absent_child_caught_up",
    ];
    assert_eq!(names, contract);
    assert!(summary.nodes.iter().filter(|node| node.tier == "CITY").all(|node| node.submissions > 100), "{summary:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_count_is_found_by_the_recount() {
    let change = "UPDATE cell SET records = records + 1 WHERE day = (SELECT max(day) FROM cell)";
    let summary = demonstrate(harm("analytics.sqlite", change)).await;
    assert!(failed(&summary).contains(&"aggregates_equal_recount"), "{summary:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_hop_is_found() {
    let delete = "DELETE FROM hop WHERE record = (SELECT min(record) FROM hop)";
    let summary = demonstrate(harm("ingestion.sqlite", delete)).await;
    let failed = failed(&summary);
    assert!(failed.contains(&"journals_verified") || failed.contains(&"trace_crosses_borders"), "{summary:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cut_entry_is_found() {
    let cut = "DELETE FROM journal_order WHERE first_seq = (SELECT max(first_seq) FROM journal_order)";
    let summary = demonstrate(harm("ingestion.sqlite", cut)).await;
    let failed = failed(&summary);
    assert!(failed.contains(&"submissions_answered") || failed.contains(&"journals_verified"), "{summary:#?}");
}
