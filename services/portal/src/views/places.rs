//! The names of areas. A page says "Fujian, Xiamen", never 350200; an area that the registry does not know keeps its id.

use std::collections::HashMap;

use tracemesh_codes::region;
use tracemesh_proto::registry::v1::Area;

use crate::language::Language;
use crate::text::is_chinese;

/// Levels of the table that are no places: the districts of a municipality, and the counties that a province governs itself.
const NAMELESS: [&str; 4] = ["市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"];
/// What a record says that names no area.
const UNSTATED: &str = "UNKNOWN";

/// The areas that the node has registered, by id, over the table of GB/T 2260.
#[derive(Debug, Default)]
pub struct Places {
    areas: HashMap<String, Area>,
}

impl Places {
    /// An area is followed at most this far up, whatever the registry says: nation, province, city, county, township and some to spare.
    const MAX_DEPTH: usize = 12;

    /// From the registry's list.
    pub fn new(areas: Vec<Area>) -> Self {
        Self { areas: areas.into_iter().map(|area| (area.id.clone(), area)).collect() }
    }

    /// The area's own name. The table of regions has Chinese names alone.
    pub fn name(&self, id: &str, language: Language) -> String {
        let registered = self.areas.get(id).map(|area| language.pick(&area.name_zh, &area.name_en));
        registered.filter(|name| !name.is_empty()).or_else(|| region::lookup(id).map(|region| region.name)).unwrap_or(id).to_owned()
    }

    /// What a node is called: by the area that it answers for, else by its id.
    pub fn node_name(&self, node: &str, area: &str, language: Language) -> String {
        if area.is_empty() { node.to_owned() } else { self.name(area, language) }
    }

    /// The area with those around it, without the nation: `福建省厦门市` or `Xiamen, Fujian`. None for no area.
    pub fn full_name(&self, id: &str, language: Language) -> Option<String> {
        if id.is_empty() || id == UNSTATED {
            return None;
        }
        let around = self.upward(id).filter(|area| area != region::COUNTRY);
        let mut names: Vec<_> = around.map(|area| self.name(&area, language)).collect();
        let innermost = names.first().cloned();
        names.retain(|name| !NAMELESS.contains(&name.as_str()) || Some(name) == innermost.as_ref());
        Some(match (names.is_empty(), language) {
            (true, _) => self.name(id, language),
            (false, Language::Chinese) => names.into_iter().rev().collect(),
            // the table of regions has Chinese names alone: they stay in their own order
            (false, Language::English) if names.iter().all(|name| name.chars().all(is_chinese)) => names.into_iter().rev().collect(),
            (false, Language::English) => names.join(", "),
        })
    }

    /// Where `id` belongs when one looks at `base`: the area directly below `base` that holds it.
    pub fn below(&self, base: &str, id: &str) -> Below {
        if id.is_empty() || id == UNSTATED {
            return Below::Unstated;
        }
        let mut inner: Option<String> = None;
        for area in self.upward(id) {
            if area == base {
                return inner.map_or(Below::Itself, Below::In);
            }
            inner = Some(area);
        }
        Below::Outside
    }

    /// An area that may have others inside it.
    pub fn is_divided(&self, id: &str) -> bool {
        (region::ever(id) && id.ends_with("00")) || self.areas.values().any(|area| area.parent == id)
    }

    /// The area and those around it, from the inside outwards.
    fn upward(&self, id: &str) -> impl Iterator<Item = String> {
        std::iter::successors(Some(id.to_owned()), |area| self.parent(area)).take(Self::MAX_DEPTH)
    }

    /// What the registry says, else what the table of regions says of county, prefecture and province.
    fn parent(&self, id: &str) -> Option<String> {
        let registered = self.areas.get(id).map(|area| &area.parent).filter(|parent| !parent.is_empty());
        registered.cloned().or_else(|| region::parent(id).map(str::to_owned))
    }
}

/// Where an area lies, seen from another.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Below {
    /// In this one of its parts.
    In(String),
    /// It is the area itself.
    Itself,
    /// Not in it, or not known to be.
    Outside,
    /// No area was named.
    Unstated,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places() -> Places {
        let area = |id: &str, parent: &str, zh: &str, en: &str, kind: &str| Area {
            id: id.into(),
            parent: parent.into(),
            name_zh: zh.into(),
            name_en: en.into(),
            kind: kind.into(),
            ..Area::default()
        };
        Places::new(vec![
            area("CN", "", "中国", "China", "nation"),
            area("350000", "CN", "福建省", "Fujian", "province"),
            area("350200", "350000", "厦门市", "Xiamen", "city"),
            area("loop", "loop", "环", "", "zone"),
        ])
    }

    #[test]
    fn names_follow_the_order_of_the_language() {
        assert_eq!(places().full_name("350200", Language::Chinese).as_deref(), Some("福建省厦门市"));
        assert_eq!(places().full_name("350200", Language::English).as_deref(), Some("Xiamen, Fujian"));
        assert_eq!(places().full_name("370602", Language::English).as_deref(), Some("山东省烟台市芝罘区"));
        assert_eq!(places().full_name("659999", Language::English).as_deref(), Some("659999"));
        assert_eq!(places().full_name("110101", Language::Chinese).as_deref(), Some("北京市东城区"));
        assert_eq!(places().full_name("UNKNOWN", Language::English), None);
        assert_eq!(places().full_name("350203", Language::Chinese).as_deref(), Some("福建省厦门市思明区"), "the table knows counties");
    }

    #[test]
    fn areas_are_gathered_under_the_one_looked_at() {
        assert_eq!(places().below("CN", "350200"), Below::In("350000".into()));
        assert_eq!(places().below("350200", "350200"), Below::Itself);
        assert_eq!(places().below("350200", "350000"), Below::Outside);
        assert_eq!(places().below("CN", "loop"), Below::Outside, "a loop in the registry ends");
        assert_eq!(Places::default().below("CN", "110101"), Below::In("110000".into()), "municipalities have no prefectures");
        assert_eq!(Places::default().below("CN", ""), Below::Unstated);
    }
}
