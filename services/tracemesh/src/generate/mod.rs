//! A small country that trades, so that the software can be tried on something like life.
//!
//! Farms, slaughterhouses, distilleries, drug makers, markets, stalls, supermarkets, canteens and pharmacies of real areas hand goods on from
//! the first mile to the sale line, over the borders of cities and provinces. Four of five records are supermarket sale lines, as in the
//! field; most of them fall into the evening. Every code passes its check, every amount was there before it was sold, and every input was an
//! output earlier.
//!
//! A [`World`] is its seed. It tells honest [`World::records`] (the command `generate`), and for a demonstration the [`Stream`] of each city's
//! providers with the repetitions, corrections and mistakes of real life, each with the answer that the node owes it. One chain, the
//! [`Flagship`], is known beforehand record by record.
//!
//! Absent: fraud and failed inspections (what detectors look for is planted by whoever tests them), imports, returns and waste.

mod atlas;
mod calendar;
mod chain;
mod command;
mod country;
mod dice;
mod flagship;
mod formats;
mod goods;
mod identifiers;
mod names;
mod providers;
mod record;
mod spoil;
mod stream;
mod subjects;
mod world;

#[cfg(test)]
mod tests;

pub use command::{Options, run};
pub use country::{Node, Shape};
pub use formats::json;
pub use record::Lot;
pub use stream::{Counts, Expected, Submission};
pub use world::World;
