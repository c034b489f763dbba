//! How far somebody sees: subtrees of areas, or categories.
//!
//! A scope is words, and a word says nothing about where it stands in a tree: areas are a dated tree of their own, and `350200` lies below
//! `350000` only because the registry says so. Therefore the tree comes in as a closure, and there is no comparison of prefixes here.

use std::collections::BTreeSet;

/// The word that means "all of them".
pub const EVERYTHING: &str = "*";

/// A set of areas or categories.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// All of them, also those that nobody has heard of yet.
    Everything,
    /// These; for areas, with all that lies below them. An empty set is nothing.
    Only(BTreeSet<String>),
}

impl Scope {
    /// Nothing at all.
    pub const NOTHING: Scope = Scope::Only(BTreeSet::new());

    /// From the words of a contract: `*` anywhere among them is everything, no words are nothing.
    pub fn from_words<W: Into<String>>(words: impl IntoIterator<Item = W>) -> Scope {
        let words: BTreeSet<String> = words.into_iter().map(Into::into).collect();
        if words.contains(EVERYTHING) { Scope::Everything } else { Scope::Only(words) }
    }

    /// The words of a contract, sorted.
    pub fn words(&self) -> Vec<String> {
        match self {
            Scope::Everything => vec![EVERYTHING.to_owned()],
            Scope::Only(words) => words.iter().cloned().collect(),
        }
    }

    /// Whether this very word is within the scope.
    pub fn names(&self, word: &str) -> bool {
        match self {
            Scope::Everything => true,
            Scope::Only(words) => words.contains(word),
        }
    }

    /// Whether the area, or one that it lies in, is within the scope. `lies_in(area, root)` says whether an area lies in the subtree of
    /// another one; an area that the tree does not know is seen only by whoever sees everything or names it.
    pub fn covers_area(&self, area: &str, lies_in: impl Fn(&str, &str) -> bool) -> bool {
        match self {
            Scope::Everything => true,
            Scope::Only(roots) => roots.iter().any(|root| root == area || lies_in(area, root)),
        }
    }

    /// Whether two scopes of areas have anything in common: one names what lies in the other.
    pub fn shares_area(&self, other: &Scope, lies_in: impl Fn(&str, &str) -> bool) -> bool {
        match (self, other) {
            (Scope::Everything, any) | (any, Scope::Everything) => *any != Scope::NOTHING,
            (Scope::Only(own), Scope::Only(others)) => {
                own.iter().any(|root| other.covers_area(root, &lies_in)) || others.iter().any(|root| self.covers_area(root, &lies_in))
            }
        }
    }

    /// Whether two scopes of categories have anything in common.
    pub fn shares_word(&self, other: &Scope) -> bool {
        self.shares_area(other, |_, _| false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lies_in(area: &str, root: &str) -> bool {
        let above: &[&str] = match area {
            "350211" => &["350200", "350000", "100000"],
            "350200" => &["350000", "100000"],
            "corps-3" => &["corps", "100000"],
            _ => &[],
        };
        above.contains(&root)
    }

    #[test]
    fn a_scope_covers_the_subtree_of_what_it_names() {
        let xiamen = Scope::from_words(["350200"]);
        assert!(xiamen.covers_area("350200", lies_in));
        assert!(xiamen.covers_area("350211", lies_in));
        assert!(!xiamen.covers_area("350000", lies_in));
    }

    #[test]
    fn digits_alone_put_no_area_below_another() {
        let xinjiang = Scope::from_words(["650000"]);
        assert!(!xinjiang.covers_area("659001", lies_in));
        assert!(Scope::from_words(["corps"]).covers_area("corps-3", lies_in));
    }

    #[test]
    fn a_star_is_everything_and_no_word_is_nothing() {
        assert_eq!(Scope::from_words(["350200", "*"]), Scope::Everything);
        assert_eq!(Scope::Everything.words(), ["*"]);
        assert!(Scope::Everything.covers_area("never heard of", lies_in));
        assert_eq!(Scope::from_words::<String>([]), Scope::NOTHING);
        assert!(!Scope::NOTHING.covers_area("350211", lies_in));
    }

    #[test]
    fn scopes_meet_where_one_lies_in_the_other() {
        let [city, district, corps] = ["350200", "350211", "corps"].map(|root| Scope::from_words([root]));
        for (one, other, meet) in [(&city, &district, true), (&city, &corps, false), (&city, &Scope::Everything, true)] {
            assert_eq!([one.shares_area(other, lies_in), other.shares_area(one, lies_in)], [meet; 2], "{one:?} {other:?}");
        }
        assert!(!Scope::Everything.shares_area(&Scope::NOTHING, lies_in));
        assert!(city.shares_word(&city) && !city.shares_word(&district), "words have no tree");
    }

    #[test]
    fn words_survive_the_way_there_and_back() {
        let scope = Scope::from_words(["b", "a", "b"]);
        assert_eq!(scope.words(), ["a", "b"]);
        assert_eq!(Scope::from_words(scope.words()), scope);
    }
}
