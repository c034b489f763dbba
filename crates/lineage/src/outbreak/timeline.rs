//! Points of a graph, and timelines in it: what came until some moment.
//!
//! A timeline has a point for each moment at which something came; each leads to the next. So "everything until then" is one edge, however much
//! that was. What is drawn at a moment includes what came at that very moment.

/// A point of the graph.
pub(super) type Point = u32;

/// Edges go the way that goods do.
#[derive(Debug, Default)]
pub(super) struct Graph {
    points: Point,
    edges: Vec<(Point, Point)>,
}

impl Graph {
    pub fn point(&mut self) -> Point {
        self.points += 1;
        self.points - 1
    }

    pub fn join(&mut self, from: Point, to: Point) {
        self.edges.push((from, to));
    }

    /// Where each point leads: the run of `targets` that begins at `first[point]`.
    pub fn successors(&self) -> (Vec<usize>, Vec<Point>) {
        let mut first = vec![0; self.points as usize + 1];
        self.edges.iter().for_each(|(from, _)| first[*from as usize + 1] += 1);
        for point in 0..self.points as usize {
            first[point + 1] += first[point];
        }
        let (mut next, mut targets) = (first.clone(), vec![0; self.edges.len()]);
        for (from, to) in &self.edges {
            targets[next[*from as usize]] = *to;
            next[*from as usize] += 1;
        }
        (first, targets)
    }
}

/// Moments and the points of what came until then.
#[derive(Debug)]
pub(super) struct Timeline(Vec<(i64, Point)>);

impl Timeline {
    /// Of everything that came, in any order.
    pub fn of(graph: &mut Graph, mut came: Vec<(i64, Point)>) -> Timeline {
        came.sort_unstable();
        let mut moments: Vec<(i64, Point)> = Vec::new();
        for (time, point) in came {
            if moments.last().is_none_or(|(latest, _)| *latest < time) {
                let moment = graph.point();
                moments.last().into_iter().for_each(|(_, before)| graph.join(*before, moment));
                moments.push((time, moment));
            }
            moments.last().into_iter().for_each(|(_, moment)| graph.join(point, *moment));
        }
        Timeline(moments)
    }

    /// The point of everything that came until a moment; none where nothing did.
    pub fn until(&self, time: i64) -> Option<Point> {
        let came = self.0.partition_point(|(moment, _)| *moment <= time);
        self.0[..came].last().map(|(_, point)| *point)
    }
}
