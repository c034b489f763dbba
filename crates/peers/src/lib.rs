#![doc = include_str!("../README.md")]

mod caller;
mod clients;
pub mod local;
mod peers;
mod remote;
mod sessions;
mod trust;

pub use caller::Caller;
pub use clients::Clients;
pub use peers::Peers;
pub use remote::{Identity, Remote, RemoteError};
pub use sessions::Sessions;
pub use trust::Trust;
