#![doc = include_str!("../README.md")]

mod chain;
mod closure;
mod finish;
mod heading;
mod hop;
mod index;
mod limits;
mod outbreak;
mod pass;
mod scope;
mod verdict;
mod walk;
mod wanted;
mod window;

pub use chain::{Chain, ChainRecord, ChainUnit, Edge, Holder, Side, Stay};
pub use closure::{Closure, Collected};
pub use heading::Direction;
pub use hop::{Granularity, Hop, Member, Neighbours, Packing, RecordRef, Role, Stage};
pub use limits::{Limits, Reached};
pub use outbreak::{Assumptions, Case, CaseSet, Establishments, Mixing, Outbreak, Place, outbreak};
pub use scope::{Figures, Holding, Measured, Parties, Reading, Scope, Totals, scope};
pub use verdict::{Missing, Silent, Verdict};
pub use walk::Walk;
pub use wanted::Wanted;
