//! Two layers of rules in time: those of the node above, and this node's own over them.

use std::collections::BTreeSet;

use tracemesh_rules::{Rule, Weakened, default_rules, layer, weakens};

/// All rules of one node from an instant of receipt on, in unix microseconds.
#[derive(Clone, Debug, PartialEq)]
pub struct Layer {
    pub from: i64,
    pub rules: Vec<Rule>,
}

/// What was ever wanted, in the order of its coming.
#[derive(Clone, Debug, Default)]
pub struct Layers {
    above: Vec<Layer>,
    own: Vec<Layer>,
}

impl Layers {
    pub fn add(&mut self, is_above: bool, layer: Layer) {
        if is_above { self.above.push(layer) } else { self.own.push(layer) }
    }

    /// What holds at an instant. A node that nobody has told anything has the rules that every node begins with.
    pub fn at(&self, instant: i64) -> Vec<Rule> {
        match (at(&self.above, instant), at(&self.own, instant)) {
            (None, None) => default_rules(),
            (above, own) => layer(above.unwrap_or_default(), own.unwrap_or_default()),
        }
    }

    /// In what `own`, from an instant on, would be weaker than the node above: then, or when that changes.
    pub fn weakened(&self, own: &[Rule], from: i64) -> Vec<Weakened> {
        let mut found = Vec::new();
        for instant in self.instants(from) {
            let above = at(&self.above, instant).unwrap_or_default();
            let taken_over = above.iter().filter(|rule| !own.iter().any(|its| its.id == rule.id));
            let both: Vec<Rule> = own.iter().chain(taken_over).cloned().collect();
            found.extend(weakens(above, &both).into_iter().filter(|weakened| !found.contains(weakened)).collect::<Vec<_>>());
        }
        found
    }

    /// An instant, and those after it from which something else holds.
    pub fn instants(&self, from: i64) -> BTreeSet<i64> {
        let later = self.above.iter().chain(&self.own).map(|layer| layer.from).filter(|instant| *instant > from);
        later.chain([from]).collect()
    }
}

/// The rules of the latest instant before; of one instant, those that came last.
fn at(layers: &[Layer], instant: i64) -> Option<&[Rule]> {
    let begun = layers.iter().filter(|layer| layer.from <= instant);
    begun.max_by_key(|layer| layer.from).map(|layer| layer.rules.as_slice())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(ids: &[&str]) -> Vec<Rule> {
        ids.iter().map(|id| Rule { id: (*id).into(), ..default_rules().remove(0) }).collect()
    }

    fn ids(layers: &Layers, instant: i64) -> String {
        layers.at(instant).iter().map(|rule| rule.id.as_str()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn both_layers_hold_from_their_own_instants() {
        let mut layers = Layers::default();
        assert_eq!(layers.at(0), default_rules());
        layers.add(false, Layer { from: 30, rules: named(&["own.b"]) });
        layers.add(true, Layer { from: 20, rules: named(&["above.a"]) });
        layers.add(false, Layer { from: 10, rules: named(&["own.a"]) });
        assert_eq!([10, 20, 30].map(|at| ids(&layers, at)), ["own.a", "above.a own.a", "above.a own.b"]);
        layers.add(true, Layer { from: 20, rules: named(&["above.b"]) });
        assert_eq!(ids(&layers, 25), "above.b own.a", "of one instant, what came last");
        assert_eq!(layers.instants(15), [15, 20, 30].into());
    }

    #[test]
    fn what_will_be_weaker_is_found_today() {
        let mut layers = Layers::default();
        layers.add(true, Layer { from: 20, rules: named(&["a"]) });
        let mut own = named(&["a", "b"]);
        assert_eq!(layers.weakened(&own, 0), []);
        own[0].classes = vec!["USE".into()];
        assert_eq!(layers.weakened(&own, 0).len(), 1);
        assert_eq!(layers.weakened(&own[1..], 0), [], "what is not repeated is taken over");
    }
}
