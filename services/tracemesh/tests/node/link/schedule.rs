//! Which faults happen, drawn from a seed. Each makes sense after those before it: only what is cut can be mended.

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

/// What happens while records stream in; `after` says how many the first child takes before.
#[derive(Clone, Copy, Debug)]
pub struct Fault {
    pub kind: Kind,
    pub after: u64,
}

/// The number is a child's.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    Cut(usize),
    Mend(usize),
    /// `kill -9` and a start on the files that are left.
    Crash(usize),
    /// An orderly stop and a start.
    Restart(usize),
    /// `kill -9`, and it stays away.
    LoseParent,
    ParentComes,
}

pub fn draw(seed: u64, faults: usize) -> Vec<Fault> {
    let mut dice = StdRng::seed_from_u64(seed);
    let (mut is_cut, mut parent_is_there) = ([false; 2], true);
    let mut kind = |dice: &mut StdRng| {
        let child = dice.random_range(0..2);
        match dice.random_range(0..6) {
            0 | 1 => {
                is_cut[child] = !is_cut[child];
                if is_cut[child] { Kind::Cut(child) } else { Kind::Mend(child) }
            }
            2 | 3 => Kind::Crash(child),
            4 => Kind::Restart(child),
            _ => {
                parent_is_there = !parent_is_there;
                if parent_is_there { Kind::ParentComes } else { Kind::LoseParent }
            }
        }
    };
    (0..faults).map(|_| Fault { kind: kind(&mut dice), after: dice.random_range(1..25) }).collect()
}
