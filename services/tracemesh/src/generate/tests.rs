//! What must hold of the whole country, whatever its seed.

mod answers;
mod balance;
mod codes;
mod flagship;
mod formats;
mod shares;

use super::chain::{self, Told};
use super::country::Shape;
use super::record::{Lot, Role};
use super::world::World;

/// 2026-11-25 10:00 in China.
const NOW: i64 = 1_795_572_000_000_000;

fn world(seed: u64, shape: Shape) -> World {
    World::new(seed, shape, NOW)
}

/// The first so many chains.
fn chains(world: &World, many: u64) -> impl Iterator<Item = Vec<Told<'_>>> {
    (0..many).map(|number| chain::tell(world, number, None))
}

fn lots<'t>(told: &'t Told<'_>, wanted: &[Role]) -> Vec<&'t Lot> {
    told.record.units.iter().filter(|unit| wanted.contains(&unit.role)).map(|unit| &unit.lot).collect()
}
