//! Sets of cases go back along the graph: a point's set is that of everything that it leads to. Points that lead to each other, where
//! establishments mix or times are equal, are one: Tarjan's strongly connected components, found sinks first, which is just the order in which
//! sets are complete.

use super::cases::words;
use super::timeline::{Graph, Point};

/// The set of each point.
pub(super) struct Sets {
    components: Vec<u32>,
    bits: Vec<u64>,
    words: usize,
}

impl Sets {
    pub fn of(&self, point: Point) -> &[u64] {
        let component = self.components[point as usize] as usize;
        &self.bits[component * self.words..][..self.words]
    }
}

const NEW: u32 = u32::MAX;

/// Carries marked cases back to every point that leads there.
pub(super) fn back(graph: &Graph, marked: &[(Point, usize)], cases: usize) -> Sets {
    let (first, targets) = graph.successors();
    let points = first.len() - 1;
    let words = words(cases);
    let mut own = vec![0; points * words];
    for (point, case) in marked {
        own[*point as usize * words + case / 64] |= 1 << (case % 64);
    }
    let mut sets = Sets { components: vec![NEW; points], bits: Vec::new(), words };
    let mut search = Search { order: vec![NEW; points], low: vec![NEW; points], next: first.clone(), open: Vec::new(), count: 0 };
    for root in 0..points as Point {
        if search.order[root as usize] == NEW {
            search.from(root, &first, &targets, |members| sets.settle(members, &own, &first, &targets));
        }
    }
    sets
}

impl Sets {
    /// A new component: what its members are marked with, and what all that they lead to has.
    fn settle(&mut self, members: &[Point], own: &[u64], first: &[usize], targets: &[Point]) {
        let component = (self.bits.len() / self.words.max(1)) as u32;
        members.iter().for_each(|member| self.components[*member as usize] = component);
        let mut bits = vec![0; self.words];
        for member in members.iter().map(|member| *member as usize) {
            bits.iter_mut().zip(&own[member * self.words..]).for_each(|(bits, own)| *bits |= own);
            for target in &targets[first[member]..first[member + 1]] {
                let beyond = self.components[*target as usize];
                if beyond != component {
                    let beyond = &self.bits[beyond as usize * self.words..];
                    bits.iter_mut().zip(beyond).for_each(|(bits, beyond)| *bits |= beyond);
                }
            }
        }
        self.bits.extend(bits);
    }
}

/// Tarjan's search, with a list of its own instead of the stack: a line of goods may be as long as there are records.
struct Search {
    order: Vec<u32>,
    low: Vec<u32>,
    /// The next edge to look at, by point.
    next: Vec<usize>,
    /// Points that are in no component yet.
    open: Vec<Point>,
    count: u32,
}

impl Search {
    fn from(&mut self, root: Point, first: &[usize], targets: &[Point], mut settle: impl FnMut(&[Point])) {
        let mut path = vec![root];
        self.enter(root);
        while let Some(point) = path.last().copied() {
            let at = point as usize;
            if self.next[at] < first[at + 1] {
                let target = targets[self.next[at]];
                self.next[at] += 1;
                if self.order[target as usize] == NEW {
                    self.enter(target);
                    path.push(target);
                } else {
                    self.low[at] = self.low[at].min(self.low[target as usize]);
                }
                continue;
            }
            path.pop();
            if let Some(before) = path.last() {
                self.low[*before as usize] = self.low[*before as usize].min(self.low[at]);
            }
            if self.low[at] == self.order[at] {
                let members = self.open.iter().rposition(|member| *member == point).unwrap_or_default();
                settle(&self.open[members..]);
                // Closed points hold nobody back.
                self.open.drain(members..).for_each(|member| self.low[member as usize] = NEW);
            }
        }
    }

    fn enter(&mut self, point: Point) {
        self.order[point as usize] = self.count;
        self.low[point as usize] = self.count;
        self.count += 1;
        self.open.push(point);
    }
}
