//! Random meshes of seven nodes in three tiers, some of them away: what is asked for in rounds and merged equals a walk over the union of
//! what answered, and the verdict names exactly who did not.

use std::collections::BTreeSet;

use proptest::prelude::*;
use tracemesh_lineage::{Chain, Collected, Direction, Limits, Missing, Packing, Role, Stage, Walk};

use crate::feeding::{Store, in_rounds, silent};
use crate::graphs::answer;
use crate::reference;
use crate::world::{Record, node_name, records, unit};

/// A nation, two provinces, four cities.
const PARENTS: [Option<usize>; 7] = [None, Some(0), Some(0), Some(1), Some(1), Some(2), Some(2)];

struct Mesh {
    stores: Vec<Store>,
    away: BTreeSet<usize>,
    /// Records that a closure may have: as few as the busiest unit needs, so that most closures are cut.
    limit: usize,
}

/// What came back for one question.
#[derive(Default)]
struct Heard {
    answers: Vec<Collected>,
    by: BTreeSet<usize>,
    silent: BTreeSet<usize>,
}

impl Mesh {
    fn of(records: &[Record], away: BTreeSet<usize>) -> Mesh {
        let own = |node: usize| records.iter().filter(move |record| record.node == node);
        let busy = |unit: u64| records.iter().filter(|record| record.parts.iter().any(|part| part.0 == unit)).count();
        let limit = records.iter().flat_map(|record| &record.parts).map(|part| busy(part.0)).max().unwrap_or(1);
        Mesh { stores: (0..PARENTS.len()).map(|node| Store::of(own(node))).collect(), away, limit }
    }

    fn children(&self, node: usize) -> impl Iterator<Item = usize> {
        (0..PARENTS.len()).filter(move |child| PARENTS[*child] == Some(node))
    }

    /// The parent and every child, but not who asks; and the parent only where the question did not come from there.
    fn ask_around(&self, node: usize, from: Option<usize>, units: &[u64], heard: &mut Heard) {
        let is_from_above = from.is_some() && from == PARENTS[node];
        let parent = PARENTS[node].filter(|_| !is_from_above);
        for other in self.children(node).chain(parent).filter(|other| Some(*other) != from) {
            self.ask(other, node, units, heard);
        }
    }

    fn ask(&self, node: usize, from: usize, units: &[u64], heard: &mut Heard) {
        if self.away.contains(&node) {
            heard.silent.insert(node);
            return;
        }
        heard.by.insert(node);
        let mut left_out = units.to_vec();
        while !left_out.is_empty() {
            let answer = self.stores[node].closure(&left_out, self.limit);
            assert!(answer.left_out.len() < left_out.len(), "any one unit fits");
            left_out = answer.left_out.clone();
            heard.answers.push(answer);
        }
        self.ask_around(node, Some(from), units, heard);
    }

    /// The whole walk of one asker, with everyone who ever answered and how many rounds it took.
    fn trace(&self, asker: usize, start: u64, direction: Direction) -> (Chain, BTreeSet<usize>, usize) {
        let mut walk = Walk::new([start], direction, Limits::default());
        let (mut asked, mut rounds, mut heard) = (0, 0, Heard::default());
        loop {
            self.stores[asker].feed(&mut walk);
            let touched = walk.touched()[asked..].to_vec();
            if touched.is_empty() {
                break;
            }
            asked += touched.len();
            rounds += 1;
            self.ask_around(asker, None, &touched, &mut heard);
            for answer in heard.answers.drain(..) {
                walk.feed(&[], answer.hops);
                answer.members.iter().for_each(|(record, members)| walk.feed_record(record, members));
            }
        }
        heard.by.insert(asker);
        let silent = silent(&heard.silent.iter().map(|node| node_name(*node)).collect::<Vec<_>>());
        (walk.finish(silent), heard.by, rounds)
    }
}

fn silent_nodes(chain: &Chain) -> BTreeSet<String> {
    let silent = chain.verdict.missing.iter().filter_map(|missing| match missing {
        Missing::NodeSilent(silent) => Some(silent.node.to_string()),
        _ => None,
    });
    silent.collect()
}

/// Who is away and has a neighbour that is not, as seen from the asker: the others behind them nobody could ask.
fn unreachable(asker: usize, away: &BTreeSet<usize>) -> BTreeSet<usize> {
    let (mut reached, mut edge) = (vec![asker], BTreeSet::new());
    let mut next = 0;
    while let Some(node) = reached.get(next).copied() {
        next += 1;
        for other in (0..PARENTS.len()).filter(|other| PARENTS[*other] == Some(node) || PARENTS[node] == Some(*other)) {
            if away.contains(&other) {
                edge.insert(other);
            } else if !reached.contains(&other) {
                reached.push(other);
            }
        }
    }
    edge
}

proptest! {
    #[test]
    fn rounds_over_the_mesh_equal_a_walk_over_what_answered(
        records in records(7),
        start in unit(),
        asker in 0usize..7,
        away in prop::collection::btree_set(0usize..7, 0..3),
        direction in prop::sample::select(vec![Direction::Up, Direction::Down, Direction::Both]),
    ) {
        let away: BTreeSet<usize> = away.into_iter().filter(|node| *node != asker).collect();
        let (chain, by, _) = Mesh::of(&records, away.clone()).trace(asker, start, direction);
        let union: Vec<Record> = records.iter().filter(|record| by.contains(&record.node)).cloned().collect();
        prop_assert_eq!(answer(&chain), reference::walk(&union, &[start], direction, None));

        let on_one_node = in_rounds(&Store::of(&union), &[start], direction, Limits::default());
        prop_assert_eq!(&chain.records, &on_one_node.records);
        prop_assert_eq!(&chain.edges, &on_one_node.edges);

        let absent = unreachable(asker, &away);
        prop_assert_eq!(silent_nodes(&chain), absent.iter().map(|node| node_name(*node)).collect::<BTreeSet<_>>());
        prop_assert!(absent.is_empty() || !chain.verdict.complete);
    }
}

#[test]
fn rounds_grow_with_border_crossings_not_with_hops() {
    let step = |n: u64| Record {
        node: [3, 4, 5][(n / 40) as usize],
        id: n as i64 + 1,
        time: n as i64,
        stage: if n == 0 { Stage::Produce } else { Stage::Other },
        packing: Packing::None,
        parts: if n == 0 { vec![(0, Role::Output)] } else { vec![(10 * (n - 1), Role::Input), (10 * n, Role::Output)] },
        holder: String::new(),
        retracted: false,
    };
    let records: Vec<Record> = (0..120).map(step).collect();
    let mesh = Mesh { limit: 30, ..Mesh::of(&records, BTreeSet::new()) };
    let (chain, _, rounds) = mesh.trace(5, 1190, Direction::Up);
    assert_eq!((chain.records.len(), chain.verdict.complete), (120, true));
    assert_eq!(chain.records_by_node().into_values().collect::<Vec<_>>(), [40, 40, 40]);
    assert!(rounds <= 10, "120 hops over two borders by closures of 30 records: {rounds} rounds");
}
