#![doc = include_str!("../README.md")]

#[cfg(feature = "kafka")]
pub mod kafka;
mod place;
mod postgres;

pub use place::Place;
pub use postgres::database as postgres_url;
