//! The tree of areas: what the registry added or re-hung, over the table of GB/T 2260. Records and figures keep the leaf area, so that a
//! county that is carved out of its city changes none of them, only where they are shown and who may see them.

use std::collections::HashMap;

use tracemesh_codes::region;

/// No real tree is deeper; the bound holds against a cycle in the data.
const DEPTH: usize = 16;

/// Areas and what they hang from; never a prefix of digits.
#[derive(Clone, Debug, Default)]
pub struct AreaTree {
    parents: HashMap<String, String>,
}

impl AreaTree {
    pub fn new(areas: impl IntoIterator<Item = (String, String)>) -> Self {
        Self { parents: areas.into_iter().filter(|(_, parent)| !parent.is_empty()).collect() }
    }

    /// Whether `area` is `root` or lies below it. Unknown areas lie below nothing but the whole.
    pub fn lies_in(&self, area: &str, root: &str) -> bool {
        let above = std::iter::successors(Some(area.to_owned()), |area| self.parent(area));
        root == region::COUNTRY || above.take(DEPTH).any(|at| at == root)
    }

    /// Whether the registry has the area, beside or instead of the table.
    pub fn knows(&self, area: &str) -> bool {
        self.parents.contains_key(area)
    }

    fn parent(&self, area: &str) -> Option<String> {
        self.parents.get(area).cloned().or_else(|| region::parent(area).map(str::to_owned))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(areas: &[(&str, &str)]) -> AreaTree {
        AreaTree::new(areas.iter().map(|(area, parent)| ((*area).to_owned(), (*parent).to_owned())))
    }

    #[test]
    fn the_table_is_a_tree_without_the_registry() {
        let table = tree(&[]);
        assert!(table.lies_in("370602", "370600") && table.lies_in("370602", "370000") && table.lies_in("370602", "CN"));
        assert!(!table.lies_in("370000", "370600") && !table.lies_in("370611", "350000"));
        assert!(table.lies_in("UNKNOWN", "CN") && !table.lies_in("UNKNOWN", "370000"));
    }

    #[test]
    fn the_registry_hangs_areas_elsewhere_and_a_cycle_ends() {
        let tree = tree(&[("zone-7", "370602"), ("659001", "corps"), ("a", "b"), ("b", "a")]);
        assert!(tree.lies_in("zone-7", "370600"));
        assert!(tree.lies_in("659001", "corps") && !tree.lies_in("659001", "650000"));
        assert!(!tree.lies_in("a", "c") && tree.lies_in("a", "CN"));
    }
}
