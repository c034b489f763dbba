//! To whom an entry is addressed, read from its envelope: `parent`, `children`, or the id of one child.

use std::collections::BTreeSet;

/// Whom a node's entries can be addressed to.
#[derive(Clone, Debug, Default)]
pub struct Neighbours {
    pub has_parent: bool,
    pub children: BTreeSet<String>,
}

/// Where one entry goes: once to each, however often it is named.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Destinations<'a> {
    pub up: bool,
    pub down: BTreeSet<&'a str>,
    /// Addresses that are nobody's.
    pub nobody: BTreeSet<&'a str>,
}

pub const PARENT: &str = "parent";
const CHILDREN: &str = "children";

impl Neighbours {
    /// Without a parent nobody is told what is for it: that is how the topmost node is.
    pub fn destinations<'a>(&'a self, to: &'a [String]) -> Destinations<'a> {
        let mut destinations = Destinations::default();
        for address in to {
            match address.as_str() {
                PARENT => destinations.up = self.has_parent,
                CHILDREN => destinations.down.extend(self.children.iter().map(String::as_str)),
                child if self.children.contains(child) => drop(destinations.down.insert(child)),
                stranger => drop(destinations.nobody.insert(stranger)),
            }
        }
        destinations
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words<const N: usize>(words: [&str; N]) -> Vec<String> {
        words.map(str::to_owned).to_vec()
    }

    #[test]
    fn an_entry_goes_once_to_each_whom_it_names() {
        let neighbours = Neighbours { has_parent: true, children: words(["fz", "xm"]).into_iter().collect() };
        let cases = [
            (words(["parent"]), true, vec![]),
            (words(["children"]), false, vec!["fz", "xm"]),
            (words(["xm", "xm", "children", "parent"]), true, vec!["fz", "xm"]),
            (words(["xm"]), false, vec!["xm"]),
            (words([]), false, vec![]),
        ];
        for (to, up, down) in cases {
            let expected = Destinations { up, down: down.into_iter().collect(), nobody: BTreeSet::new() };
            assert_eq!(neighbours.destinations(&to), expected, "{to:?}");
        }
    }

    #[test]
    fn a_stranger_is_told_apart_and_a_parent_that_is_none_is_not_missed() {
        let alone = Neighbours::default();
        let to = words(["parent", "children", "xm"]);
        assert_eq!(alone.destinations(&to), Destinations { nobody: ["xm"].into(), ..Destinations::default() });
    }
}
