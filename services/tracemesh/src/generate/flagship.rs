//! The one chain whose whole story is known beforehand: what a trace from the shop back to the farm must find.

use super::chain::{self, Step, Told};
use super::record::{Class, Lot, Role};
use super::world::World;

/// Pork from a farm in the first city, cut in the second, sold in the last.
#[derive(Debug)]
pub struct Flagship {
    /// What is printed on the ticket: the scheme and value of the code to trace.
    pub scheme: &'static str,
    pub code: String,
    /// The carcasses that came from the slaughterhouse in the first city to the processor in the second.
    pub carcasses: Lot,
    /// Every record upstream of the ticket, from the farm to the sale, and no other.
    pub records: Vec<Milestone>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Milestone {
    pub node: &'static str,
    pub provider: String,
    pub record_id: String,
    pub class: Class,
}

/// The flagship's number; streams tell it first and leave it unspoiled.
pub const NUMBER: u64 = 0;

impl World {
    /// The chain to trace. Its code is that of the first sale line of the first supermarket.
    pub fn flagship(&self) -> Flagship {
        let told = chain::tell(self, NUMBER, None);
        let road: Vec<&Told<'_>> = told.iter().filter(|told| leads_to_the_ticket(told.step)).collect();
        let ticket = road.iter().flat_map(|told| &told.record.units).rfind(|unit| unit.role == Role::Output).map(|unit| unit.lot.clone());
        let Lot { scheme, value: code, .. } = ticket.unwrap_or_else(|| unreachable!("a sale line has an output"));
        let mut cut = road.iter().filter(|told| told.record.class == Class::Process).flat_map(|told| &told.record.units);
        let carcasses = cut.find(|unit| unit.role == Role::Input).map(|unit| unit.lot.clone());
        let carcasses = carcasses.unwrap_or_else(|| unreachable!("cuts are made of carcasses"));
        Flagship { scheme, code, carcasses, records: road.into_iter().map(milestone).collect() }
    }
}

fn leads_to_the_ticket(step: Step) -> bool {
    matches!(step, Step::Trunk(_) | Step::Delivery { outlet: 0, .. } | Step::Sale { outlet: 0, line: 0 })
}

fn milestone(told: &Told<'_>) -> Milestone {
    let (provider, record_id) = (told.provider.id.clone(), told.record.record_id.clone());
    Milestone { node: told.provider.node, provider, record_id, class: told.record.class }
}
