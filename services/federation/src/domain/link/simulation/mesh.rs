//! Which node is above which: a nation, a province, and two cities of it. A link has the number of its lower node, less one.

pub const NODES: usize = 4;
pub const LINKS: usize = 3;
pub const NATION: usize = 0;

pub const fn lower(link: usize) -> usize {
    link + 1
}

pub const fn upper(link: usize) -> usize {
    if link == 0 { NATION } else { 1 }
}

pub const fn link_up(node: usize) -> Option<usize> {
    node.checked_sub(1)
}

pub fn links_down(node: usize) -> impl Iterator<Item = usize> {
    (0..LINKS).filter(move |link| upper(*link) == node)
}
