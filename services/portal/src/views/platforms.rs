//! The platforms behind an answer by the names of their areas, "Fujian" and not `fujian`. One whose area nobody told keeps its id.

use jiff::Timestamp;
use tracemesh_proto::ingestion::v1::{Segment, TraceResponse};

use crate::language::Language;
use crate::text::fill;
use crate::views::moment;
use crate::views::places::Places;

/// What an answer says of the nodes that it came from, or should have come from.
pub struct Platforms<'a> {
    segments: &'a [Segment],
    places: &'a Places,
    pub language: Language,
}

impl<'a> Platforms<'a> {
    /// Those of an answer.
    pub fn of(answer: &'a TraceResponse, places: &'a Places, language: Language) -> Self {
        Self { segments: &answer.segments, places, language }
    }

    /// What a node is called.
    pub fn name(&self, node: &str) -> String {
        self.places.node_name(node, self.segment(node).map_or("", |segment| &segment.area), self.language)
    }

    /// A sentence about a silent node: `since` with its name and the time since when, `plain` where nobody knows that.
    pub fn silence(&self, node: &str, since: &str, plain: &str) -> String {
        let (name, text) = (self.name(node), self.language.text());
        match self.last_seen(node) {
            Some(at) => fill(since, &[("node", &name), ("when", moment::minute(at, text).text())]),
            None => fill(plain, &[("node", &name)]),
        }
    }

    fn last_seen(&self, node: &str) -> Option<Timestamp> {
        moment::from_wire(self.segment(node)?.last_seen.as_ref())
    }

    fn segment(&self, node: &str) -> Option<&Segment> {
        self.segments.iter().find(|segment| segment.node == node)
    }
}
