//! Which journals another node may follow: those that were written for it. Records, accounts and everything else of a service's own journal stay in
//! the node, whatever its rule for the RPC says. How far the others have come and that their histories hold, a parent may know, since it vouches
//! for them; a child learns nothing of its siblings.

use tonic::{Request, Status};
use tracemesh_access::{Principal, Role};

/// Refuses whoever the journal was not written for.
pub(super) fn admit<T>(may: fn(Option<&Principal>, &str) -> bool, request: &Request<T>, journal: &str) -> Result<(), Status> {
    if may(request.extensions().get(), journal) {
        Ok(())
    } else {
        Err(Status::permission_denied(format!("{journal} is not written for you")))
    }
}

/// A parent reads the uplinks, a child its own downlinks; the node's services read everything. A call without a principal comes from this process
/// itself, as the layer before the handlers gives every other one.
pub(super) fn may_follow(caller: Option<&Principal>, journal: &str) -> bool {
    let from_above = caller.is_some_and(|caller| caller.has(Role::Parent));
    if from_above { purpose(journal).starts_with("uplink-") } else { may_hear_of(caller, journal) }
}

/// Names, sizes, checkpoints and proofs.
pub(super) fn may_hear_of(caller: Option<&Principal>, journal: &str) -> bool {
    let Some(child) = caller.filter(|caller| caller.has(Role::Child)) else { return true };
    let downlink_of = |word: &str| purpose(journal).strip_prefix("downlink-")?.strip_prefix(word)?.strip_prefix('-');
    let of = downlink_of("urgent").or_else(|| downlink_of("bulk"));
    of.is_some() && child.node_id() == of
}

/// What stands behind node and service in a journal's name.
fn purpose(journal: &str) -> &str {
    journal.split('.').nth(2).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use tracemesh_access::{Neighbour, Scope};

    use super::*;

    #[test]
    fn neighbours_read_what_was_written_for_them() {
        let node = |side| Principal::node("jinan", side, Scope::Everything, Scope::Everything).unwrap();
        let (parent, child) = (node(Neighbour::Parent), node(Neighbour::Child));
        let cases = [
            ("sd.ingestion", false, false),
            ("sd.registry", false, false),
            ("sd.federation", false, false),
            ("sd.federation.uplink-bulk", true, false),
            ("sd.federation.inbox", false, false),
            ("sd.federation.downlink-urgent-jinan", false, true),
            ("sd.federation.downlink-bulk-jinan", false, true),
            ("sd.federation.downlink-urgent-yantai", false, false),
            ("sd.federation.downlink-jinan", false, false),
            ("sd.federation.downlink-urgent-bulk-jinan", false, false),
        ];
        for (journal, by_parent, by_child) in cases {
            assert_eq!((may_follow(Some(&parent), journal), may_follow(Some(&child), journal)), (by_parent, by_child), "{journal}");
            assert_eq!((may_hear_of(Some(&parent), journal), may_hear_of(Some(&child), journal)), (true, by_child), "{journal}");
            assert!(may_follow(Some(&Principal::service("analytics")), journal));
        }
    }
}
