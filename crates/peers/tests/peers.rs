//! The typed clients against a real process: inside it, from another machine, and through a tunnel.

#[path = "peers/inside.rs"]
mod inside;
#[path = "peers/local.rs"]
mod local;
#[path = "peers/remote.rs"]
mod remote;
/// The toy that the chassis is tested with.
#[path = "../../chassis/tests/chassis/toy.rs"]
mod toy;
