//! What others wrote and we build on: from the public registry, under licences that a public authority can accept, once each.

use std::collections::{BTreeMap, BTreeSet};

use cargo_metadata::{Metadata, Package};
use spdx::{Expression, ParseMode};

use crate::architecture::metadata;

/// Licences that ask for no more than to be named.
const ACCEPTED: [&str; 9] =
    ["0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CDLA-Permissive-2.0", "ISC", "MIT", "Unicode-3.0", "Zlib"];

/// What we use ourselves and somebody below us in another version still.
const TWICE: [(&str, &str); 3] = [
    ("base64", "sqlx, tonic and prost-reflect are a version behind"),
    ("rand", "OpenTelemetry's SDK is a version behind"),
    ("sha2", "sqlx is a version behind"),
];

/// What would do over again what another crate of the tree does.
const UNWANTED: [(&str, &str); 3] = [
    ("aws-lc-sys", "ring is the one cryptographic provider, and needs no second C library"),
    ("reqwest", "hyper and tonic are the HTTP clients"),
    ("native-tls", "rustls is the one TLS"),
];

fn names(metadata: &Metadata) -> BTreeMap<&str, Vec<&Package>> {
    let mut names: BTreeMap<&str, Vec<&Package>> = BTreeMap::new();
    for package in &metadata.packages {
        names.entry(package.name.as_str()).or_default().push(package);
    }
    names
}

#[test]
fn what_we_name_ourselves_is_there_once() {
    let metadata = metadata();
    let ours: BTreeSet<&str> =
        metadata.workspace_packages().iter().flat_map(|package| package.dependencies.iter().map(|it| it.name.as_str())).collect();
    let twice: Vec<&str> =
        names(&metadata).into_iter().filter(|(name, of)| of.len() > 1 && ours.contains(name)).map(|(name, _)| name).collect();
    assert_eq!(twice, TWICE.map(|(name, _)| name), "each with its reason, and none that has become one again");
}

#[test]
fn nothing_unwanted_has_come_in() {
    let metadata = metadata();
    let names = names(&metadata);
    let found: Vec<_> = UNWANTED.into_iter().filter(|(name, _)| names.contains_key(name)).collect();
    assert_eq!(found, []);
}

#[test]
fn everything_else_comes_from_the_public_registry() {
    let metadata = metadata();
    let ours: BTreeSet<_> = metadata.workspace_members.iter().collect();
    let others = metadata.packages.iter().filter(|package| !ours.contains(&package.id));
    let elsewhere: Vec<&str> =
        others.filter(|it| !it.source.as_ref().is_some_and(|source| source.is_crates_io())).map(|it| it.name.as_str()).collect();
    assert_eq!(elsewhere, [""; 0]);
}

#[test]
fn every_licence_is_one_that_we_accept() {
    let metadata = metadata();
    let refused: Vec<String> =
        metadata.packages.iter().filter(|package| !accepted(package)).map(|it| format!("{}: {:?}", it.name, it.license)).collect();
    assert_eq!(refused, [""; 0]);
}

fn accepted(package: &Package) -> bool {
    let Some(licence) = &package.license else { return false };
    let expression = Expression::parse_mode(licence, ParseMode::LAX).expect("a licence is an SPDX expression");
    expression.evaluate(|asked| asked.license.id().is_some_and(|id| ACCEPTED.contains(&id.name)))
}
