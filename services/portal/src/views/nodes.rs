//! The tree of nodes: the parent, this node, and all that is known below, each with its state, its lag and its last checkpoint. A silent
//! node is hatched and named; it is never left out.

use jiff::Timestamp;
use tracemesh_proto::federation::v1::{GetLinkStatusResponse, LinkState};

use crate::language::Language;
use crate::text::word;
use crate::views::icon::State;
use crate::views::moment::{self, Moment};
use crate::views::places::Places;
use crate::views::said::Said;

/// Rows on the page; a nation of provinces and cities has about 370.
const MAX_ROWS: usize = 500;
/// Levels that are drawn below this node; deeper ones are drawn at the last.
const MAX_DEPTH: usize = 6;

/// The panel.
#[derive(Debug)]
pub struct NodesView {
    pub parent: Option<NodeRow>,
    pub rows: Vec<NodeRow>,
    pub more: Option<String>,
    /// When the node was asked about its links.
    pub as_of: Moment,
}

/// One node.
#[derive(Debug)]
pub struct NodeRow {
    /// 0 for direct children.
    pub depth: usize,
    pub name: Said,
    pub id: Said,
    pub tier: String,
    pub state: State,
    pub state_word: String,
    /// Hatched: what it would say is not known.
    pub silent: bool,
    pub behind: String,
    pub is_behind: bool,
    pub last_seen: Option<Moment>,
    pub ago: String,
    pub checkpoint: Option<(String, Moment)>,
    pub detail: Option<Said>,
    /// Not a direct child: this is what its parent last said of it.
    pub second_hand: bool,
}

/// The tree, children in the order of the answer, each followed by those below it.
pub fn nodes(answer: &GetLinkStatusResponse, asked: Timestamp, now: Timestamp, places: &Places, language: Language) -> NodesView {
    let look = Look { now, places, language };
    let mut rows = Vec::new();
    let left_out: u64 = answer.children.iter().map(|child| look.descend(child, 0, true, &mut rows)).sum();
    NodesView {
        parent: answer.parent.as_ref().map(|parent| look.row(parent, 0, true)),
        rows,
        as_of: moment::second(asked, now, language.text()),
        more: (left_out > 0).then(|| language.text().nodes.more.of(left_out)),
    }
}

/// How a link's state stands. An unknown word is not good news.
pub fn standing(state: &str) -> State {
    match state {
        "connected" => State::Good,
        "invited" | "revoked" => State::Note,
        "away" | "refused" => State::Attention,
        "quarantined" => State::Bad,
        _ => State::Unknown,
    }
}

struct Look<'a> {
    now: Timestamp,
    places: &'a Places,
    language: Language,
}

impl Look<'_> {
    /// Adds a node and those below it; answers how many had no place. `heard`: those between it and us are there, else nobody knows how it is.
    fn descend(&self, link: &LinkState, depth: usize, heard: bool, rows: &mut Vec<NodeRow>) -> u64 {
        let left_out = u64::from(rows.len() >= MAX_ROWS);
        if left_out == 0 {
            rows.push(self.row(link, depth.min(MAX_DEPTH), heard));
        }
        let heard = heard && link.state == "connected";
        left_out + link.children.iter().map(|child| self.descend(child, depth + 1, heard, rows)).sum::<u64>()
    }

    fn row(&self, link: &LinkState, depth: usize, heard: bool) -> NodeRow {
        let text = self.language.text();
        let said = word(text.words.child_states, &link.state).unwrap_or(&link.state);
        let (state, state_word) = if heard { (standing(&link.state), said) } else { (State::Unknown, text.nodes.out_of_reach) };
        let last_seen = moment::from_wire(link.last_seen.as_ref());
        NodeRow {
            depth,
            name: Said::new(&self.places.node_name(&link.node, &link.area, self.language)).unwrap_or_else(Said::nobody),
            id: Said::new(&link.node).unwrap_or_else(Said::nobody),
            tier: word(text.words.tiers, &link.tier).unwrap_or(&link.tier).to_owned(),
            state,
            state_word: state_word.to_owned(),
            silent: link.state == "away" || state == State::Unknown,
            behind: if link.behind == 0 { text.nodes.caught_up.to_owned() } else { text.nodes.entries.of(link.behind) },
            is_behind: link.behind > 0,
            last_seen: last_seen.map(|at| moment::second(at, self.now, text)),
            ago: last_seen.map_or(text.nodes.never.to_owned(), |at| moment::ago(at, self.now, self.language)),
            checkpoint: self.checkpoint(link),
            // why a connection broke is for the log; what somebody has to decide on is for here
            detail: Said::new(&link.detail).filter(|_| matches!(link.state.as_str(), "quarantined" | "refused")),
            second_hand: depth > 0,
        }
    }

    fn checkpoint(&self, link: &LinkState) -> Option<(String, Moment)> {
        let checkpoint = link.checkpoint.as_ref()?;
        let at = moment::from_wire(checkpoint.at.as_ref())?;
        Some((self.language.text().nodes.commits.of(checkpoint.size), moment::second(at, self.now, self.language.text())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link(node: &str, state: &str, children: Vec<LinkState>) -> LinkState {
        LinkState { node: node.into(), state: state.into(), children, ..LinkState::default() }
    }

    fn view(children: Vec<LinkState>) -> NodesView {
        let answer = GetLinkStatusResponse { children, ..GetLinkStatusResponse::default() };
        nodes(&answer, Timestamp::UNIX_EPOCH, Timestamp::UNIX_EPOCH, &Places::default(), Language::Chinese)
    }

    #[test]
    fn children_follow_their_parent() {
        let view = view(vec![link("fujian", "connected", vec![link("xiamen", "away", vec![])]), link("anhui", "quarantined", vec![])]);
        let rows: Vec<_> = view.rows.iter().map(|row| (row.name.as_str(), row.depth, row.silent, row.state_word.as_str())).collect();
        assert_eq!(rows, [("fujian", 0, false, "在线"), ("xiamen", 1, true, "无应答"), ("anhui", 0, false, "已隔离")]);
    }

    #[test]
    fn nobody_knows_how_one_is_behind_one_that_is_away() {
        let view = view(vec![link("fujian", "away", vec![link("xiamen", "connected", vec![])])]);
        assert_eq!((view.rows[1].state, view.rows[1].silent, view.rows[1].state_word.as_str()), (State::Unknown, true, "上级无应答，不明"));
    }

    #[test]
    fn what_has_no_place_is_counted() {
        let view = view((0..MAX_ROWS + 3).map(|n| link(&format!("n{n}"), "connected", vec![])).collect());
        assert_eq!((view.rows.len(), view.more.as_deref()), (MAX_ROWS, Some("另有 3 个节点未列出。")));
    }

    #[test]
    fn a_state_without_a_word_is_not_good_news() {
        let view = view(vec![link("new", "hibernating", vec![])]);
        assert_eq!((view.rows[0].state, view.rows[0].state_word.as_str()), (State::Unknown, "hibernating"));
    }
}
