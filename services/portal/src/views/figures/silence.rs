//! Nodes whose figures are not those of now: away, or never heard of. They are named, with the time that their figures are of.

use jiff::Timestamp;
use tracemesh_proto::analytics::v1::GetAggregatesResponse;
use tracemesh_proto::federation::v1::{GetLinkStatusResponse, LinkState};

use crate::text::fill;
use crate::views::figures::Look;
use crate::views::moment;
use crate::views::places::Below;

/// A node below that does not answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Silent<'a> {
    pub node: &'a str,
    /// What its figures are true of; None where it has never sent any.
    pub last: Option<Timestamp>,
}

/// The silent nodes, each once, by id.
pub fn silent(answer: &GetAggregatesResponse) -> Vec<Silent<'_>> {
    let stopped = answer.origins.iter().filter(|origin| origin.silent).map(|origin| origin.node.as_str());
    let mut nodes: Vec<&str> = answer.missing.iter().map(String::as_str).chain(stopped).collect();
    nodes.sort_unstable();
    nodes.dedup();
    nodes.into_iter().map(|node| Silent { node, last: last(answer, node) }).collect()
}

fn last(answer: &GetAggregatesResponse, node: &str) -> Option<Timestamp> {
    let as_of = answer.origins.iter().find(|origin| origin.node == node)?.as_of.as_ref()?;
    moment::from_wire(as_of.time.as_ref())
}

/// What is told of them above the tables.
pub fn warnings(answer: &GetAggregatesResponse, look: &Look) -> Vec<String> {
    let text = look.language.text();
    let sentence = |silent: Silent| {
        let node = look.node_name(silent.node);
        match silent.last {
            Some(at) => fill(text.figures.stale_row, &[("node", &node), ("when", moment::second(at, look.now, text).text())]),
            None => fill(text.figures.missing_one, &[("node", &node)]),
        }
    };
    silent(answer).into_iter().filter(|silent| is_looked_at(silent, look)).map(sentence).collect()
}

/// A node somewhere else says nothing about the area looked at; one whose area is not known might.
fn is_looked_at(silent: &Silent, look: &Look) -> bool {
    find(look.links, silent.node).is_none_or(|link| look.below(&link.area) != Below::Outside)
}

/// The areas that they answer for, each with the word for its row.
pub fn areas<'a>(answer: &'a GetAggregatesResponse, look: &'a Look) -> impl Iterator<Item = (&'a str, String)> {
    let text = look.language.text();
    silent(answer).into_iter().filter(|silent| is_looked_at(silent, look)).filter_map(move |silent| {
        let when = silent.last.map_or(text.figures.never.to_owned(), |at| moment::as_of(at, look.now, text));
        Some((find(look.links, silent.node)?.area.as_str(), format!("{} · {when}", text.figures.silent_row)))
    })
}

/// A node below, however deep.
pub fn find<'a>(links: Option<&'a GetLinkStatusResponse>, node: &str) -> Option<&'a LinkState> {
    fn within<'a>(states: &'a [LinkState], node: &str) -> Option<&'a LinkState> {
        states.iter().find_map(|state| if state.node == node { Some(state) } else { within(&state.children, node) })
    }
    within(&links?.children, node)
}
