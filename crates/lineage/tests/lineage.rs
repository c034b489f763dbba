//! The walk against the prose: hand-made chains, random graphs and random meshes beside a naive reference that shares only the hop type.

#[path = "lineage/cases.rs"]
mod cases;
#[path = "lineage/feeding.rs"]
mod feeding;
#[path = "lineage/graphs.rs"]
mod graphs;
#[path = "lineage/mesh.rs"]
mod mesh;
#[path = "lineage/outbreak.rs"]
mod outbreak;
#[path = "lineage/reference.rs"]
mod reference;
#[path = "lineage/scale.rs"]
mod scale;
#[path = "lineage/scope.rs"]
mod scope;
#[path = "lineage/world.rs"]
mod world;
