//! The two ways along a chain: which records a unit brings in, and which roles lead on from there.

use crate::hop::Role;
use crate::window::Window;

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Where it came from.
    Up,
    /// Where it went.
    Down,
    Both,
}

impl Direction {
    pub(crate) fn headings(self) -> &'static [Heading] {
        match self {
            Direction::Up => &[Heading::Up],
            Direction::Down => &[Heading::Down],
            Direction::Both => &[Heading::Up, Heading::Down],
        }
    }
}

/// One way of a walk. `Both` is two walks, because a step up and then down leads to what merely shares an origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Heading {
    Up,
    Down,
}

impl Heading {
    /// Upstream, a record in which the unit is only an input says nothing of where the unit came from.
    pub fn takes(self, role: Role) -> bool {
        self == Heading::Down || role != Role::Input
    }

    /// The roles from which the walk goes on to the neighbours.
    pub fn follows(self, role: Role) -> bool {
        match self {
            Heading::Up => matches!(role, Role::Output | Role::Container),
            Heading::Down => matches!(role, Role::Input | Role::Container),
        }
    }

    /// The roles from which the walk goes on where the unit is a container that something lies in: its contents are used with it.
    pub fn follows_aboard(self, role: Role) -> bool {
        self == Heading::Down && role == Role::Input
    }

    /// What of a neighbour's life concerns the walk that a record of this time leads there.
    pub fn window(self, time: i64) -> Window {
        match self {
            Heading::Up => Window::until(time),
            Heading::Down => Window::since(time),
        }
    }
}
