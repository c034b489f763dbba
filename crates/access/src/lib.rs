#![doc = include_str!("../README.md")]

mod decide;
mod principal;
mod role;
mod scope;
pub mod token;

pub use decide::{Denied, Whose, decide};
pub use principal::{LOCAL_PROVIDER, MAX_NAME_BYTES, MAX_SCOPE_BYTES, Neighbour, Principal, PrincipalFault};
pub use role::{Role, UnknownRole};
pub use scope::{EVERYTHING, Scope};
