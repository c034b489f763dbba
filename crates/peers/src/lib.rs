#![doc = include_str!("../README.md")]

mod caller;
mod clients;
pub mod local;
mod peers;
mod remote;
mod trust;

pub use caller::Caller;
pub use clients::Clients;
pub use peers::Peers;
pub use remote::{Identity, Remote, RemoteError};
pub use trust::Trust;
