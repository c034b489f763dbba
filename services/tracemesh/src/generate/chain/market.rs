//! The last mile: the wholesaler sells to shops, stalls and kitchens, and they to everybody.
//!
//! The chain is the join of the field's own records: what a buyer takes in under `tran_id` he sells under a `sale_tran_id` of each line. Both
//! are MOFCOM codes here, of the wholesaler and of the buyer.

use crate::generate::calendar::HOUR;
use crate::generate::dice::Dice;
use crate::generate::goods::Measure;
use crate::generate::record::{Class, Granularity, Lot, Quantity, Role};
use crate::generate::subjects::{Picked, Trade};

use super::Step;
use super::plan::Outlet;
use super::road::{self, Consignment};
use super::scene::Scene;

const LEAST_GRAMS: u64 = 200;
const MOST_GRAMS: u64 = 1_400;
const MOST_PIECES: u64 = 2;
const PAID: [&str; 4] = ["扫码支付", "扫码支付", "会员卡", "现金"];

/// Brings goods from their origin to the market and sells them to every outlet of the plan.
pub fn trade<'w>(scene: &mut Scene<'w>, origin: fn(&mut Scene<'w>, u64) -> Consignment<'w>) {
    let leftover = scene.dice.between(2, 10) * if scene.plan.line.measure().is_mass() { 1_000 } else { 1 };
    let consignment = origin(scene, scene.plan.demand() + leftover);
    let (wholesaler, hall) = (scene.pick(scene.plan.route.market, Trade::Wholesaler), scene.pick(scene.plan.route.market, Trade::Market));
    road::send(scene, &consignment, wholesaler, hall);
    for index in 0..scene.plan.outlets.len() {
        let bought = deliver(scene, index, wholesaler, &consignment);
        take_in(scene, index, wholesaler, &bought);
        sell(scene, index, &bought);
    }
}

/// The wholesale before dawn, under a code of its own for each buyer.
fn deliver<'w>(scene: &mut Scene<'w>, index: usize, wholesaler: Picked<'w>, consignment: &Consignment<'w>) -> Lot {
    let Outlet { buyer, amount, measure, fen, .. } = scene.plan.outlets[index];
    let bought = Lot::batch_of(wholesaler, index as u64);
    let hall = scene.pick(wholesaler.city, Trade::Market);
    let at = scene.plan.times.dawn + scene.dice.below(2 * HOUR as u64) as i64;
    let (voucher, bulk, goods) = (format!("PF{:06}{index}", scene.number), scene.plan.line.measure(), scene.plan.goods);
    let record = scene.tell(Step::Delivery { outlet: index, nth: 0 }, Class::Wholesale, wholesaler, at);
    record.unit(Role::Input, &consignment.contents[0].0, Quantity::of(bulk, amount));
    record.unit(Role::Output, &bought, Quantity::of(measure, amount));
    record.at(hall).from(consignment.sender).to(buyer).product(goods, consignment.made);
    record.sold(voucher, "批发", measure, amount, fen * 3 / 8 * 2).evidence(&consignment.certificate);
    bought
}

/// A supermarket books the goods in, a canteen uses them up; a stall just sells.
fn take_in<'w>(scene: &mut Scene<'w>, index: usize, wholesaler: Picked<'w>, bought: &Lot) {
    let Outlet { buyer, amount, measure, .. } = scene.plan.outlets[index];
    let (class, role) = match buyer.trade {
        Trade::Supermarket => (Class::Store, Role::Observed),
        Trade::Canteen => (Class::GroupPurchase, Role::Input),
        _ => return,
    };
    let at = scene.plan.times.dawn + 2 * HOUR + scene.dice.below(HOUR as u64) as i64;
    let name = scene.plan.goods.name;
    let record = scene.tell(Step::Delivery { outlet: index, nth: 1 }, class, buyer, at);
    record.unit(role, bought, Quantity::of(measure, amount)).from(wholesaler).named(name);
}

/// A buyer's sale lines, in the order of the day. They have dice of their own, so that leaving them out changes nothing else.
fn sell(scene: &mut Scene<'_>, index: usize, bought: &Lot) {
    let Outlet { buyer, lines, amount, measure, fen } = scene.plan.outlets[index];
    if !scene.wants(&buyer) {
        return;
    }
    let mut dice = Dice::new(scene.world.seed(), [scene.number, 1 + index as u64]);
    let mut left = amount;
    for (line, at) in (0..lines).zip(moments(scene, lines, &mut dice)) {
        let sold = portion(measure, left, lines - line - 1, &mut dice);
        left -= sold;
        let ticket = Lot::new("mofcom20", buyer.trace_code(line), Granularity::Item);
        let (voucher, name) = (format!("LS{:06}{index}{line:02}", scene.number), scene.plan.goods.name);
        let record = scene.tell(Step::Sale { outlet: index, line }, Class::Retail, buyer, at);
        record.unit(Role::Input, bought, Quantity::of(measure, sold)).unit(Role::Output, &ticket, Quantity::of(measure, sold));
        record.named(name).sold(voucher, PAID[dice.below(4) as usize], measure, sold, fen);
    }
}

/// So many moments of sale, in their order.
pub fn moments(scene: &Scene<'_>, lines: u64, dice: &mut Dice) -> Vec<i64> {
    let mut moments: Vec<i64> = (0..lines).map(|_| scene.plan.times.sale(dice)).collect();
    moments.sort_unstable();
    moments
}

/// What one line takes, so that the lines after it can still have their least.
fn portion(measure: Measure, left: u64, lines_after: u64, dice: &mut Dice) -> u64 {
    let (least, most) = if measure.is_mass() { (LEAST_GRAMS, MOST_GRAMS) } else { (1, MOST_PIECES) };
    dice.between(least, most.min(left - least * lines_after))
}
