//! Which nodes below are in the figures, and which are missing: nobody reads a sum without being told what is not in it.

use std::collections::{BTreeMap, BTreeSet};

use super::version::AsOf;

/// A node below, as its links say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeBelow {
    pub node: String,
    /// Its link, and every link between it and here, stands.
    pub answers: bool,
}

/// A node below in an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    pub node: String,
    /// `None` where it has never sent figures.
    pub as_of: Option<AsOf>,
    pub is_silent: bool,
}

/// How the nodes below stand. `links` is `None` where nobody could be asked: then every node is silent, as nothing else is known.
pub fn origins(sent: &BTreeMap<String, AsOf>, links: Option<&[NodeBelow]>) -> Vec<Origin> {
    let links = links.unwrap_or_default();
    let nodes: BTreeSet<&String> = sent.keys().chain(links.iter().map(|below| &below.node)).collect();
    let answers = |node: &String| links.iter().any(|below| below.node == *node && below.answers);
    let origin = |node: &String| Origin { node: node.clone(), as_of: sent.get(node).cloned(), is_silent: !answers(node) };
    nodes.into_iter().map(origin).collect()
}

impl Origin {
    /// Its figures are old, or not there at all.
    pub fn is_missing(&self) -> bool {
        self.is_silent || self.as_of.is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn below(node: &str, answers: bool) -> NodeBelow {
        NodeBelow { node: node.into(), answers }
    }

    fn shown(links: Option<&[NodeBelow]>) -> Vec<(String, bool, bool)> {
        let sent = ["jinan", "yantai"].map(|node| (node.to_owned(), AsOf::default())).into();
        origins(&sent, links).into_iter().map(|origin| (origin.node.clone(), origin.is_silent, origin.is_missing())).collect()
    }

    #[test]
    fn silent_is_who_does_not_answer_and_missing_also_who_never_sent() {
        let links = [below("yantai", true), below("weihai", true), below("jinan", false), below("invited", false)];
        let expected = [("invited", true, true), ("jinan", true, true), ("weihai", false, true), ("yantai", false, false)];
        assert_eq!(shown(Some(&links)), expected.map(|(node, silent, missing)| (node.to_owned(), silent, missing)));
    }

    #[test]
    fn a_gateway_that_does_not_answer_makes_everybody_silent() {
        let all = ["jinan", "yantai"].map(|node| (node.to_owned(), true, true));
        assert_eq!(shown(None), all);
        assert_eq!(shown(Some(&[])), all, "a node that no link leads to answers nobody");
    }
}
