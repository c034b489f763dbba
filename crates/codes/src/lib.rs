#![doc = include_str!("../README.md")]

mod calendar;
mod check_digit;
mod classify;
mod code;
mod exact;
mod fault;
mod gs1;
mod key;
mod national;
mod parse;
mod resolvable;
mod scheme;
mod spelling;

pub mod region;
pub mod registration;
pub mod resident_id;
pub mod uscc;

pub use classify::{READ_FROM, classify, identify};
pub use code::{Code, Granularity, Identified};
pub use fault::{CodeFault, RULES};
pub use key::{UnitKey, unit_key};
pub use parse::parse;
pub use scheme::{Scheme, UnknownScheme};
