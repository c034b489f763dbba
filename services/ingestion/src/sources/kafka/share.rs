//! Who reads what: every process that is alive takes an equal share, and keeps what it has as long as that is no more than its share.

use std::collections::BTreeSet;

use crate::store::leases::Lease;

/// A lease under this name, with the owner behind it, says that a process is there, also where it holds nothing else.
const MEMBER: &str = "member:";

/// What one process does to its leases.
#[derive(Default, PartialEq, Eq, Debug)]
pub struct Shift {
    pub keep: BTreeSet<String>,
    pub release: BTreeSet<String>,
    pub take: BTreeSet<String>,
}

pub fn member(owner: &str) -> String {
    format!("{MEMBER}{owner}")
}

/// `leases` are all that have not run out, also the members'.
pub fn shift(wanted: &BTreeSet<String>, leases: &[Lease], me: &str) -> Shift {
    let members = leases.iter().filter(|lease| lease.source.starts_with(MEMBER) && lease.owner != me).count() + 1;
    let share = wanted.len().div_ceil(members);
    let (mine, others): (Vec<&Lease>, Vec<&Lease>) =
        leases.iter().filter(|lease| !lease.source.starts_with(MEMBER)).partition(|lease| lease.owner == me);
    let mut shift = Shift::default();
    for Lease { source, .. } in mine {
        let stays = wanted.contains(source) && shift.keep.len() < share;
        if stays {
            shift.keep.insert(source.clone())
        } else {
            shift.release.insert(source.clone())
        };
    }
    let taken: BTreeSet<&String> = others.into_iter().map(|lease| &lease.source).collect();
    let free = wanted.iter().filter(|source| !taken.contains(source) && !shift.keep.contains(*source) && !shift.release.contains(*source));
    shift.take = free.take(share - shift.keep.len()).cloned().collect();
    shift
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &str) -> BTreeSet<String> {
        names.split_whitespace().map(str::to_owned).collect()
    }

    /// `owner=source` each.
    fn leases(held: &str) -> Vec<Lease> {
        let lease = |(owner, source): (&str, &str)| Lease { source: source.into(), owner: owner.into() };
        held.split_whitespace().filter_map(|pair| pair.split_once('=')).map(lease).collect()
    }

    #[test]
    fn one_process_takes_everything() {
        let shift = shift(&names("p0 p1 p2"), &leases("a=member:a"), "a");
        assert_eq!(shift, Shift { take: names("p0 p1 p2"), ..Shift::default() });
    }

    #[test]
    fn a_second_process_is_given_its_half() {
        let before = leases("a=member:a b=member:b a=p0 a=p1 a=p2");
        assert_eq!(shift(&names("p0 p1 p2"), &before, "a"), Shift { keep: names("p0 p1"), release: names("p2"), take: names("") });
        assert_eq!(shift(&names("p0 p1 p2"), &before, "b"), Shift::default(), "nothing is free yet");
        let after = leases("a=member:a b=member:b a=p0 a=p1");
        assert_eq!(shift(&names("p0 p1 p2"), &after, "b").take, names("p2"));
    }

    #[test]
    fn what_is_no_longer_wanted_is_let_go_of() {
        let shift = shift(&names("p1"), &leases("a=member:a a=p0 a=p1"), "a");
        assert_eq!(shift, Shift { keep: names("p1"), release: names("p0"), take: names("") });
    }

    #[test]
    fn every_source_is_read_by_somebody_however_they_divide() {
        let wanted = names("p0 p1 p2 p3 p4");
        let mut held = leases("a=member:a b=member:b c=member:c");
        for owner in ["a", "b", "c"] {
            let taken = shift(&wanted, &held, owner).take;
            held.extend(taken.into_iter().map(|source| Lease { source, owner: owner.into() }));
        }
        let read: BTreeSet<String> = held.iter().map(|lease| lease.source.clone()).filter(|source| source.starts_with('p')).collect();
        assert_eq!(read, wanted);
    }
}
