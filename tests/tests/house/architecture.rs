//! The arrows of the house, read from cargo's own graph: they go down only, services never depend on services, and the pure floor stays pure.

use std::collections::{BTreeMap, BTreeSet};

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, PackageId};

/// The floors, lowest first. A crate may depend on crates of its own floor and below, except that services stand apart from each other.
const FLOORS: [&[&str]; 4] = [
    &["access", "calendar", "catalogue", "codes", "lineage", "model", "rules"],
    &["proto"],
    &["chassis", "journal", "keeper", "peers", "store"],
    &["analytics", "emergency", "federation", "ingestion", "portal", "quality", "registry"],
];

/// Crates that may depend on anything of ours: the binary, and what tests stand on.
const ABOVE: [&str; 3] = ["tracemesh", "testkit", "tests"];

/// What must not be reached from the pure floor.
const IMPURE: [&str; 8] = ["tokio", "async-std", "mio", "hyper", "tonic", "sqlx", "reqwest", "socket2"];

pub fn metadata() -> Metadata {
    MetadataCommand::new().other_options(["--locked".to_owned()]).exec().expect("cargo describes the workspace")
}

/// `tracemesh-model` → `model`.
fn noun(name: &str) -> &str {
    name.strip_prefix("tracemesh-").unwrap_or(name)
}

/// Our crates, each with those of ours that it is built on.
fn arrows(metadata: &Metadata) -> BTreeMap<String, BTreeSet<String>> {
    let ours: BTreeSet<&str> = metadata.workspace_packages().iter().map(|package| noun(&package.name)).collect();
    let of = |package: &cargo_metadata::Package| {
        let normal = package.dependencies.iter().filter(|dependency| dependency.kind == DependencyKind::Normal);
        normal.map(|dependency| noun(&dependency.name).to_owned()).filter(|name| ours.contains(name.as_str())).collect()
    };
    metadata.workspace_packages().iter().map(|package| (noun(&package.name).to_owned(), of(package))).collect()
}

fn floor(noun: &str) -> Option<usize> {
    FLOORS.iter().position(|floor| floor.contains(&noun))
}

#[test]
fn every_crate_has_a_floor() {
    let homeless: Vec<String> =
        arrows(&metadata()).into_keys().filter(|noun| floor(noun).is_none() && !ABOVE.contains(&noun.as_str())).collect();
    assert_eq!(homeless, Vec::<String>::new());
}

#[test]
fn arrows_go_down() {
    let services = FLOORS.len() - 1;
    let mut wrong = Vec::new();
    for (from, targets) in arrows(&metadata()) {
        let Some(own) = floor(&from) else { continue };
        for to in targets {
            let allowed = floor(&to).is_some_and(|other| other < own || (other == own && own < services));
            if !allowed {
                wrong.push(format!("{from} -> {to}"));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn the_pure_floor_does_no_io() {
    let metadata = metadata();
    let resolved = metadata.resolve.as_ref().expect("cargo resolves the graph");
    let graph: BTreeMap<&PackageId, Vec<&PackageId>> = resolved
        .nodes
        .iter()
        .map(|node| {
            let normal = node.deps.iter().filter(|dep| dep.dep_kinds.iter().any(|kind| kind.kind == DependencyKind::Normal));
            (&node.id, normal.map(|dep| &dep.pkg).collect())
        })
        .collect();
    let mut wrong = Vec::new();
    for package in metadata.workspace_packages().iter().filter(|package| FLOORS[0].contains(&noun(&package.name))) {
        for reached in reach(&graph, &package.id) {
            let name = metadata[reached].name.as_str();
            if IMPURE.contains(&name) {
                wrong.push(format!("{} reaches {name}", package.name));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

fn reach<'a>(graph: &BTreeMap<&'a PackageId, Vec<&'a PackageId>>, from: &'a PackageId) -> BTreeSet<&'a PackageId> {
    let (mut reached, mut open) = (BTreeSet::new(), vec![from]);
    while let Some(at) = open.pop() {
        if reached.insert(at) {
            open.extend(graph.get(at).into_iter().flatten().copied());
        }
    }
    reached
}

#[test]
fn every_crate_says_what_it_is() {
    let silent: Vec<String> = metadata()
        .workspace_packages()
        .iter()
        .filter(|package| {
            let folder = package.manifest_path.parent().expect("a manifest lies in a folder");
            let readme = std::fs::read_to_string(folder.join("README.md")).unwrap_or_default();
            readme.lines().count() < 5 || package.description.is_none()
        })
        .map(|package| package.name.to_string())
        .collect();
    assert_eq!(silent, Vec::<String>::new());
}

#[test]
fn every_direct_dependency_has_one_version() {
    let metadata = metadata();
    let direct: BTreeSet<String> =
        metadata.workspace_packages().iter().flat_map(|package| &package.dependencies).map(|dependency| dependency.name.clone()).collect();
    let mut versions: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for package in &metadata.packages {
        if direct.contains(package.name.as_str()) {
            versions.entry(package.name.as_str()).or_default().insert(package.version.to_string());
        }
    }
    // Below our own sha2 0.11, rand 0.10 and the like, sqlx and others still bring the generation before: these are the known ones.
    const KNOWN_TWICE: [&str; 5] = ["sha2", "rand", "thiserror", "base64", "hex"];
    let twice: Vec<String> = versions
        .into_iter()
        .filter(|(name, versions)| versions.len() > 1 && !KNOWN_TWICE.contains(name))
        .map(|(name, versions)| format!("{name}: {}", versions.into_iter().collect::<Vec<_>>().join(", ")))
        .collect();
    assert_eq!(twice, Vec::<String>::new());
}
