//! Questions to the mesh: who is asked, and for how long.
//!
//! A question spreads over the tree of nodes as over any tree: from where it came in to every other neighbour. A parent asks its children down
//! to the last; a child's question goes to its siblings and on upwards. So each node is asked once, and none asks back.

use std::time::Duration;

/// Units in one question: a walk asks in rounds, and a round of more is a mistake or an attack.
pub const UNITS_MAX: usize = 10_000;

/// Of an asker's patience, the part that its neighbour may spend on others: the rest is for coming back with what they said.
const SHARE: f64 = 0.8;

/// Who put the question to this node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asker {
    /// A service of this node.
    Ourselves,
    Parent,
    /// The child of this name.
    Child(String),
}

impl Asker {
    pub fn wants_parent(&self) -> bool {
        *self != Self::Parent
    }

    pub fn wants_child(&self, child: &str) -> bool {
        !matches!(self, Self::Child(asker) if asker == child)
    }
}

/// How long to wait for neighbours: as configured, and less than the asker waits for us.
pub fn patience(asker_waits: Option<Duration>, configured: Duration) -> Duration {
    asker_waits.map_or(configured, |waits| configured.min(waits.mul_f64(SHARE)))
}

/// The asker's deadline as its call states it: `grpc-timeout`, at most eight digits and a unit.
pub fn stated_deadline(header: &str) -> Option<Duration> {
    let (digits, unit) = header.split_at_checked(header.len().checked_sub(1)?)?;
    let number: u64 = (digits.len() <= 8).then(|| digits.parse().ok())??;
    let nanoseconds: u64 = match unit {
        "H" => 3_600_000_000_000,
        "M" => 60_000_000_000,
        "S" => 1_000_000_000,
        "m" => 1_000_000,
        "u" => 1_000,
        "n" => 1,
        _ => return None,
    };
    number.checked_mul(nanoseconds).map(Duration::from_nanos)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_asked_back() {
        assert!(Asker::Ourselves.wants_parent() && Asker::Ourselves.wants_child("xm"));
        assert!(!Asker::Parent.wants_parent() && Asker::Parent.wants_child("xm"));
        let child = Asker::Child("xm".into());
        assert!(child.wants_parent() && !child.wants_child("xm") && child.wants_child("fz"));
    }

    #[test]
    fn a_neighbour_has_less_time_than_its_asker() {
        let seconds = Duration::from_secs;
        assert_eq!(patience(None, seconds(10)), seconds(10));
        assert_eq!(patience(Some(seconds(10)), seconds(10)), seconds(8));
        assert_eq!(patience(Some(seconds(60)), seconds(10)), seconds(10));
    }

    #[test]
    fn a_deadline_reads_as_the_protocol_spells_it() {
        assert_eq!(stated_deadline("8000m"), Some(Duration::from_secs(8)));
        assert_eq!(stated_deadline("2H"), Some(Duration::from_secs(7200)));
        for broken in ["", "5", "m", "5x", "-5S", "123456789S", "99999999H"] {
            assert_eq!(stated_deadline(broken), None, "{broken:?}");
        }
    }
}
