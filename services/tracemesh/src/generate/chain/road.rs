//! From the maker's packing hall to the wholesaler: one pallet, one truck.

use crate::generate::identifiers;
use crate::generate::record::{Class, Evidence, Granularity, Lot, Quantity, Record, Role};
use crate::generate::subjects::Picked;

use super::scene::Scene;

/// Goods that are ready for the road.
pub struct Consignment<'w> {
    pub contents: Vec<(Lot, Option<Quantity>)>,
    pub sender: Picked<'w>,
    /// When they became what they are.
    pub made: i64,
    /// What the authority or the maker says of them.
    pub certificate: Evidence,
}

/// Packs, drives, and unpacks at the wholesaler's place, which may be another's hall.
pub fn send<'w>(scene: &mut Scene<'w>, consignment: &Consignment<'w>, wholesaler: Picked<'w>, place: Picked<'w>) {
    let (sender, goods) = (consignment.sender, scene.plan.goods);
    // three digits of the world keep the pallets of two worlds apart
    let serial = scene.world.digits() % 1_000 * 1_000_000 + scene.number;
    let pallet = Lot::new("sscc", identifiers::sscc(1, &sender.gs1, serial), Granularity::Item);

    let at = scene.before_dawn(11);
    let record = scene.trunk(Class::Pack, sender, at);
    stack(record, &pallet, consignment).product(goods, consignment.made);
    let record = scene.transport(sender.city, 9);
    record.unit(Role::Observed, &pallet, None).named(goods.name).from(sender).to(wholesaler);
    let at = scene.before_dawn(1);
    let record = scene.trunk(Class::Unpack, wholesaler, at);
    stack(record, &pallet, consignment).product(goods, consignment.made);
    record.at(place).from(sender).evidence(&consignment.certificate);
}

fn stack<'r, 'w>(record: &'r mut Record<'w>, pallet: &Lot, consignment: &Consignment<'w>) -> &'r mut Record<'w> {
    record.unit(Role::Container, pallet, None);
    for (lot, quantity) in &consignment.contents {
        record.unit(Role::Content, lot, quantity.clone());
    }
    record
}
