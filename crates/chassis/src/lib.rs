#![doc = include_str!("../README.md")]

pub mod auth;
pub mod clock;
pub mod config;
pub mod error;
pub mod gateway;
pub mod keys;
pub mod openapi;
mod private_file;
pub mod probe;
pub mod process;
pub mod rules;
pub mod runtime;
pub mod server;
pub mod service;
pub mod tasks;
pub mod telemetry;
pub mod tls;

pub use clock::Clock;
pub use config::NodeConfig;
pub use private_file::FileError;
pub use probe::{Health, Probe};
pub use process::Process;
pub use runtime::Runtime;
pub use service::Service;
pub use tasks::{Backoff, OnFailure, Shutdown, TaskError, Tasks};
pub use telemetry::Telemetry;
