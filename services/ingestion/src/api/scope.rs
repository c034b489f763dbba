//! A recall scope as messages: the head, then units, then holdings, as many in each as fit.

use prost::Message;
use tracemesh_proto::ingestion::v1::get_scope_response::Item;
use tracemesh_proto::ingestion::v1::{GetScopeResponse, Holdings, ScopeUnits};

use crate::app::trace::RecallScope;

/// A message ends with whatever reaches so many bytes.
const MESSAGE_BYTES: usize = 512 << 10;

pub fn messages(scope: RecallScope) -> impl Iterator<Item = GetScopeResponse> + Send + 'static {
    let RecallScope { head, units, holdings } = scope;
    let units = in_parts(units).map(|units| Item::Units(ScopeUnits { units }));
    let holdings = in_parts(holdings).map(|holdings| Item::Holdings(Holdings { holdings }));
    let items = std::iter::once(Item::Head(head)).chain(units).chain(holdings);
    items.map(|item| GetScopeResponse { item: Some(item) })
}

fn in_parts<T: Message>(all: Vec<T>) -> impl Iterator<Item = Vec<T>> {
    let mut rest = all.into_iter();
    std::iter::from_fn(move || {
        let (mut part, mut bytes) = (Vec::new(), 0);
        while bytes < MESSAGE_BYTES
            && let Some(next) = rest.next()
        {
            bytes += next.encoded_len();
            part.push(next);
        }
        (!part.is_empty()).then_some(part)
    })
}

#[cfg(test)]
mod tests {
    use tracemesh_proto::ingestion::v1::{Holding, ScopeHead, ScopeUnit};

    use super::*;

    #[test]
    fn everything_comes_once_in_messages_that_are_not_too_large() {
        let unit = |key| ScopeUnit { key, code: "x".repeat(2_000), ..ScopeUnit::default() };
        let holding = |n: u64| Holding { last_of: (0..n * 10_000).collect(), ..Holding::default() };
        let (units, holdings): (Vec<_>, Vec<_>) = ((0..1_000).map(unit).collect(), (0..20).map(holding).collect());
        let scope = RecallScope { head: ScopeHead::default(), units: units.clone(), holdings: holdings.clone() };
        let (mut heads, mut units_got, mut holdings_got) = (0, Vec::new(), Vec::new());
        for message in messages(scope) {
            assert!(message.encoded_len() < 4 * MESSAGE_BYTES + 1_000);
            match message.item.unwrap() {
                Item::Head(_) => heads += 1,
                Item::Units(part) => units_got.extend(part.units),
                Item::Holdings(part) => holdings_got.extend(part.holdings),
            }
        }
        assert_eq!((heads, units_got, holdings_got), (1, units, holdings));
    }

    #[test]
    fn an_empty_scope_is_a_head() {
        let scope = RecallScope { head: ScopeHead::default(), units: Vec::new(), holdings: Vec::new() };
        assert_eq!(messages(scope).count(), 1);
    }
}
