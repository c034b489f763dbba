//! A chain: one consignment of goods from its first mile to the sale lines, told as records by those who had it in hand.
//!
//! ```text
//! pork        PRODUCE  INSPECT  SLAUGHTER  TRANSPORT  PROCESS ─┐
//! vegetables  PRODUCE  INSPECT ────────────────────────────────┤
//! liquor      PRODUCE  TRANSPORT  PROCESS ─────────────────────┼─ PACK  TRANSPORT  UNPACK ─ WHOLESALE ┬ STORE  RETAIL …
//! drugs       PRODUCE  PACK  PACK ─────────────────────────────┘                                      ├ RETAIL …
//!                                                                                                     └ GROUP_PURCHASE
//! ```
//!
//! A chain is a pure function of the world and its number. The records of its trunk concern every buyer; those of a delivery and its sale
//! lines concern one.

mod drugs;
mod market;
mod origin;
mod plan;
mod road;
mod scene;

use std::fmt;

use super::goods::Line;
use super::providers::Provider;
use super::record::Record;
use super::world::World;
use scene::Scene;

/// A record, and the provider that submits it.
pub struct Told<'w> {
    pub step: Step,
    pub provider: &'w Provider,
    pub record: Record<'w>,
}

/// Where in its chain a record stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Everything until the goods lie at the wholesaler's.
    Trunk(u64),
    /// From the wholesaler to one buyer.
    Delivery { outlet: usize, nth: u64 },
    /// One line of a buyer's sales.
    Sale { outlet: usize, line: u64 },
}

/// Tells chain `number`, causes before effects. With `city`, only the records of that city's node.
pub fn tell(world: &World, number: u64, city: Option<usize>) -> Vec<Told<'_>> {
    let mut scene = Scene::open(world, number, city);
    match scene.plan.line {
        Line::Pork => market::trade(&mut scene, origin::pork),
        Line::Vegetables => market::trade(&mut scene, origin::vegetables),
        Line::Liquor => market::trade(&mut scene, origin::liquor),
        Line::Drug => drugs::trade(&mut scene),
    }
    scene.close()
}

/// The part of a record's id that is its own in the chain.
impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Step::Trunk(nth) => write!(f, "t{nth}"),
            Step::Delivery { outlet, nth } => write!(f, "d{outlet}{nth}"),
            Step::Sale { outlet, line } => write!(f, "s{outlet}{line:02}"),
        }
    }
}
