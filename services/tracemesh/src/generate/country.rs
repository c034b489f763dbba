//! The country's shape: which platforms and areas there are, and what hangs below what.

use super::atlas::{self, JIANGSU_NODE, NATION, NATION_NODE, SHANDONG_NODE};

/// How much of the country a world holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Shape {
    /// Qingdao alone: every chain stays inside one node.
    City,
    /// Shandong with three of its cities: chains cross the borders of cities.
    Province,
    /// The nation, two provinces, three cities (one of them under the nation): chains cross the borders of provinces too.
    Country,
}

/// One platform of the hierarchy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    pub id: &'static str,
    /// NATION PROVINCE CITY
    pub tier: &'static str,
    pub area: &'static str,
    /// The node that this one is linked to.
    pub parent: Option<&'static str>,
    pub name_zh: &'static str,
    pub name_en: &'static str,
}

/// An entry of the jurisdiction tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Area {
    pub id: &'static str,
    /// Empty for the nation.
    pub parent: &'static str,
    /// nation province city county
    pub kind: &'static str,
    pub name_zh: &'static str,
    pub name_en: &'static str,
}

/// A city, its counties, and the words that its people name things with.
pub struct City {
    pub node: Node,
    pub province: &'static Area,
    /// 鲁Q
    pub plate: &'static str,
    /// The dialling code.
    pub dialling: &'static str,
    pub counties: &'static [Area],
    pub words: &'static [&'static str],
}

impl Shape {
    pub fn cities(self) -> &'static [&'static City] {
        match self {
            Shape::City => &atlas::CITY,
            Shape::Province => &atlas::PROVINCE,
            Shape::Country => &atlas::COUNTRY,
        }
    }

    /// Parents before children.
    pub fn nodes(self) -> Vec<Node> {
        let above: &[Node] = match self {
            Shape::City => &[],
            Shape::Province => &[SHANDONG_NODE],
            Shape::Country => &[NATION_NODE, SHANDONG_NODE, JIANGSU_NODE],
        };
        let mut nodes: Vec<Node> = above.iter().cloned().chain(self.cities().iter().map(|city| city.node.clone())).collect();
        orphan_the_topmost(&mut nodes);
        nodes
    }

    /// The whole tree from the nation to the counties, parents before children.
    pub fn areas(self) -> Vec<Area> {
        let mut areas = vec![NATION];
        for city in self.cities() {
            if !areas.contains(city.province) {
                areas.push(city.province.clone());
            }
            areas.push(city.area());
            areas.extend_from_slice(city.counties);
        }
        areas
    }
}

impl City {
    fn area(&self) -> Area {
        let Node { area, name_zh, name_en, .. } = self.node;
        Area { id: area, parent: self.province.id, kind: "city", name_zh, name_en }
    }
}

/// A parent outside the shape does not exist in it.
fn orphan_the_topmost(nodes: &mut [Node]) {
    let known: Vec<&str> = nodes.iter().map(|node| node.id).collect();
    for node in nodes {
        node.parent = node.parent.filter(|parent| known.contains(parent));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHAPES: [Shape; 3] = [Shape::City, Shape::Province, Shape::Country];

    #[test]
    fn parents_stand_before_their_children() {
        for shape in SHAPES {
            let (nodes, areas) = (shape.nodes(), shape.areas());
            for (at, node) in nodes.iter().enumerate() {
                assert!(node.parent.is_none_or(|parent| nodes[..at].iter().any(|n| n.id == parent)), "{shape:?} {}", node.id);
            }
            for (at, area) in areas.iter().enumerate() {
                assert!(at == 0 || areas[..at].iter().any(|a| a.id == area.parent), "{shape:?} {}", area.id);
            }
        }
    }

    #[test]
    fn the_city_with_planning_status_is_linked_to_the_nation() {
        let nodes = Shape::Country.nodes();
        let parents: Vec<_> = nodes.iter().map(|node| (node.id, node.parent)).collect();
        assert_eq!(nodes.len(), 6);
        assert!(parents.contains(&("qingdao", Some("nation"))) && parents.contains(&("nanjing", Some("jiangsu"))));
    }
}
