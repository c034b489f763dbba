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

    /// Whether the area, or one that it lies in, is within the scope. `ancestors` answers with the areas above one, in any order; none for
    /// an area that the tree does not know, which is then seen only by whoever sees everything or names it.
    pub fn covers_area<A>(&self, area: &str, ancestors: impl FnOnce(&str) -> A) -> bool
    where
        A: IntoIterator,
        A::Item: AsRef<str>,
    {
        self.names(area) || ancestors(area).into_iter().any(|above| self.names(above.as_ref()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ancestors(area: &str) -> Vec<&'static str> {
        match area {
            "350211" => vec!["350200", "350000", "100000"],
            "350200" => vec!["350000", "100000"],
            "corps-3" => vec!["corps", "100000"],
            _ => vec![],
        }
    }

    #[test]
    fn a_scope_covers_the_subtree_of_what_it_names() {
        let xiamen = Scope::from_words(["350200"]);
        assert!(xiamen.covers_area("350200", ancestors));
        assert!(xiamen.covers_area("350211", ancestors));
        assert!(!xiamen.covers_area("350000", ancestors));
    }

    #[test]
    fn digits_alone_put_no_area_below_another() {
        let xinjiang = Scope::from_words(["650000"]);
        assert!(!xinjiang.covers_area("659001", ancestors));
        assert!(Scope::from_words(["corps"]).covers_area("corps-3", ancestors));
    }

    #[test]
    fn a_star_is_everything_and_no_word_is_nothing() {
        assert_eq!(Scope::from_words(["350200", "*"]), Scope::Everything);
        assert_eq!(Scope::Everything.words(), ["*"]);
        assert!(Scope::Everything.covers_area("never heard of", ancestors));
        assert_eq!(Scope::from_words::<String>([]), Scope::NOTHING);
        assert!(!Scope::NOTHING.covers_area("350211", ancestors));
    }

    #[test]
    fn words_survive_the_way_there_and_back() {
        let scope = Scope::from_words(["b", "a", "b"]);
        assert_eq!(scope.words(), ["a", "b"]);
        assert_eq!(Scope::from_words(scope.words()), scope);
    }
}
