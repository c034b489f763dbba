#![doc = include_str!("../README.md")]

mod config;
mod database;
mod error;
mod migrate;
pub mod page;
mod postgres;
pub mod sql;
mod sqlite;

pub use config::DatabaseConfig;
pub use database::{Backend, Database};
pub use error::StoreError;
pub use migrate::{Migration, MigrationSet};
pub use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr, TryGetableMany, Value};
