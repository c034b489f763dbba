#![doc = include_str!("../README.md")]

mod place;
mod postgres;

pub use place::Place;
pub use postgres::database as postgres_url;
