//! G3, G4 and G6 on real nodes: a parent and two children as processes on SQLite files, whose link is cut, and which are killed in the middle of
//! what they do. After the last fault the parent's figures are the child's at a checkpoint that can be named, and both equal a recount.
//!
//! The gate plays the same two schedules every time; `TRACEMESH_LINK_SEEDS=20` is an evening's run of new ones. Every schedule prints its seed, and
//! `TRACEMESH_LINK_SEED` plays it again. Thousands of schedules a second, without files and processes, are the business of the simulation in `services/federation`.

#[path = "link/figures.rs"]
mod figures;
#[path = "link/ladder.rs"]
pub mod ladder;
#[path = "link/orders.rs"]
mod orders;
#[path = "link/region.rs"]
mod region;
#[path = "link/schedule.rs"]
mod schedule;
#[path = "link/wire.rs"]
mod wire;

use std::path::{Path, PathBuf};

use rand::RngExt;
use serde_json::json;

use self::region::{Region, link_of};
use crate::kill::setting;
use crate::process::{Node, data, eventually};
use crate::records::harvest;
use crate::session::play;

/// Faults in one schedule.
const FAULTS: usize = 8;

#[tokio::test(flavor = "multi_thread")]
async fn after_every_schedule_of_faults_the_parent_holds_what_its_children_hold() {
    let seeds = match (setting("TRACEMESH_LINK_SEED"), setting("TRACEMESH_LINK_SEEDS")) {
        (Some(seed), _) => vec![seed],
        (None, Some(many)) => (0..many).map(|_| rand::rng().random_range(0..1_000_000)).collect(),
        (None, None) => vec![38155, 38157],
    };
    for seed in seeds {
        println!("TRACEMESH_LINK_SEED={seed}");
        let mut region = Region::start().await;
        for fault in schedule::draw(seed, FAULTS) {
            println!("  {fault:?}");
            region.suffer(fault).await;
        }
        region.heal().await;
        region.hold().await;
        // And over links that stand again, without a connection that asks for everything.
        region.take_more(&[0, 1]).await;
        region.hold().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_child_on_an_older_copy_of_its_files_takes_nothing_until_it_is_approved_and_its_sibling_goes_on() {
    let mut region = Region::start().await;
    region.take_more(&[0, 1]).await;
    region.hold().await;
    let copy = tempfile::tempdir().unwrap();
    let to = copy.path().to_owned();
    let copied = move |node: Node| {
        let folder = node.stop();
        copy_databases(&data(folder.path()), &to);
        folder
    };
    region.children[0].start_again(copied).await;
    let known = region.children[0].ledger().clone();
    region.take_more(&[0, 1]).await;
    // A month of which nothing will be left.
    let mut september = harvest("september", "lot-september");
    september["event_time"] = json!("2025-09-01T08:00:00+08:00");
    std::fs::write(region.children[0].node().folder.path().join("september.json"), september.to_string()).unwrap();
    play(region.children[0].node(), "$ tracemesh send september.json\n1 accepted, [..]");
    assert!(region.agreed(0).await.iter().any(|row| row.day == "2025-09-01"));

    let from = copy.path().to_owned();
    let set_back = move |node: Node| {
        let folder = node.stop();
        copy_databases(&from, &data(folder.path()));
        folder
    };
    region.children[0].start_again(set_back).await;
    *region.children[0].ledger() = known;
    let quarantined = async || Some(link_of(region.parent(), "xiamen").await).filter(|link| link.state == "quarantined");
    let why = eventually("the older copy is noticed", quarantined).await.detail;
    assert!(why.starts_with("xiamen."), "{why}");
    let told = async || Some(link_of(region.children[0].node(), "fujian").await).filter(|link| link.state == "quarantined");
    assert_eq!(eventually("the child is told", told).await.detail, why);
    play(region.parent(), "$ tracemesh aggregates\n[..]  total\n! missing: xiamen");

    // No number is given out twice, not even after a restart; nobody else notices.
    region.children[0].start_again(Node::kill).await;
    play(region.children[0].node(), "$ tracemesh send september.json\n! [..]takes nothing[..]\n? 3");
    region.take_more(&[1]).await;
    region.hold_child(1).await;

    play(region.parent(), "$ tracemesh link resync xiamen --why restored-from-monday --json\n{[..]\"node\":\"xiamen\"[..]}");
    // What was lost is gone above, too, before anything new comes.
    region.hold().await;
    region.take_more(&[0, 1]).await;
    region.hold().await;
    let id = region.children[0].ledger().receipts().last().expect("it has receipts").1.id.clone();
    assert!(id.starts_with("xiamen.ingestion/2/"), "{id}");
}

/// The databases of a node that has stopped, in the place of those that are there.
fn copy_databases(from: &Path, to: &Path) {
    let databases = |folder: &Path| -> Vec<PathBuf> {
        let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
        files.filter(|file| file.to_string_lossy().contains(".sqlite")).collect()
    };
    databases(to).into_iter().for_each(|file| std::fs::remove_file(file).unwrap());
    for file in databases(from) {
        std::fs::copy(&file, to.join(file.file_name().unwrap())).unwrap();
    }
}
