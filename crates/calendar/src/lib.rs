#![doc = include_str!("../README.md")]

mod day;
mod notices;
mod term;
mod working;

pub use day::{china_day, china_midnight};
pub use notices::{NOTICES, Notice};
pub use term::{Due, LONGEST_DAYS, Term, due, overdue};
pub use working::{Working, is_working_day};
