//! The life of an order, and who may bring it on.
//!
//! ```text
//! drafted ──review──▶ reviewed ──sign──▶ issued ──close──▶ closed
//!   ▲  └──refuse──▶ returned
//!   └───draft again────┘            cancel: from each state before the signature
//! ```
//! Draft, review and signature are of three different people. Where a rule issues an order without a person, it goes from drafted to issued at once.

use std::fmt;
use std::str::FromStr;

/// Where an order stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrderState {
    Drafted,
    Returned,
    Reviewed,
    Issued,
    Closed,
    Cancelled,
}

/// What somebody does to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    DraftAgain,
    Refuse,
    Review,
    Sign,
    IssueByRule,
    Cancel,
    Close,
}

/// An order, as far as its life is concerned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    pub state: OrderState,
    /// Who drafted it last.
    pub drafter: String,
    /// Who reviewed it; empty before.
    pub reviewer: String,
}

/// Why an act does not happen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Not from there.
    State(OrderState),
    /// Whoever did that before may not do this.
    SamePerson { did: &'static str },
}

const STATES: [(OrderState, &str); 6] = [
    (OrderState::Drafted, "drafted"),
    (OrderState::Returned, "returned"),
    (OrderState::Reviewed, "reviewed"),
    (OrderState::Issued, "issued"),
    (OrderState::Closed, "closed"),
    (OrderState::Cancelled, "cancelled"),
];

impl Standing {
    /// A new draft.
    pub fn drafted(by: &str) -> Self {
        Self { state: OrderState::Drafted, drafter: by.into(), reviewer: String::new() }
    }

    /// The one place where an order changes its state.
    pub fn transition(&self, act: Act, by: &str) -> Result<Self, Refusal> {
        use OrderState::{Cancelled, Closed, Drafted, Issued, Returned, Reviewed};
        let next = match (self.state, act) {
            (Returned, Act::DraftAgain) => return Ok(Self::drafted(by)),
            (Drafted, Act::Refuse) => Returned,
            (Drafted, Act::Review) => Reviewed,
            (Reviewed, Act::Sign) | (Drafted, Act::IssueByRule) => Issued,
            (Drafted | Returned | Reviewed, Act::Cancel) => Cancelled,
            (Issued, Act::Close) => Closed,
            (state, _) => return Err(Refusal::State(state)),
        };
        self.is_another_person(act, by)?;
        let reviewer = if act == Act::Review { by.into() } else { self.reviewer.clone() };
        Ok(Self { state: next, reviewer, ..self.clone() })
    }

    fn is_another_person(&self, act: Act, by: &str) -> Result<(), Refusal> {
        let looks_after_another = matches!(act, Act::Review | Act::Refuse | Act::Sign);
        if looks_after_another && by == self.drafter {
            return Err(Refusal::SamePerson { did: "drafted" });
        }
        if act == Act::Sign && by == self.reviewer {
            return Err(Refusal::SamePerson { did: "reviewed" });
        }
        Ok(())
    }
}

impl fmt::Display for OrderState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(STATES.iter().find(|(state, _)| state == self).map_or("", |(_, word)| word))
    }
}

impl FromStr for OrderState {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        STATES.iter().find(|(_, word)| *word == text).map(|(state, _)| *state).ok_or_else(|| format!("no order is {text:?}"))
    }
}

/// The steps of an order that say where it stands: what, and by whom.
pub fn standing<'a>(state: OrderState, steps: impl DoubleEndedIterator<Item = (&'a str, &'a str)> + Clone) -> Standing {
    let last = |what: &str| steps.clone().rev().find(|(done, _)| *done == what).map_or("", |(_, by)| by).to_owned();
    Standing { state, drafter: last("drafted"), reviewer: last("reviewed") }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ACTS: [Act; 6] = [Act::DraftAgain, Act::Refuse, Act::Review, Act::Sign, Act::Cancel, Act::Close];

    #[test]
    fn three_people_bring_an_order_out() {
        let drafted = Standing::drafted("li");
        assert_eq!(drafted.transition(Act::Review, "li"), Err(Refusal::SamePerson { did: "drafted" }));
        let reviewed = drafted.transition(Act::Review, "wang").unwrap();
        assert_eq!(reviewed.transition(Act::Sign, "li"), Err(Refusal::SamePerson { did: "drafted" }));
        assert_eq!(reviewed.transition(Act::Sign, "wang"), Err(Refusal::SamePerson { did: "reviewed" }));
        let issued = reviewed.transition(Act::Sign, "zhao").unwrap();
        assert_eq!(issued.transition(Act::Cancel, "zhao"), Err(Refusal::State(OrderState::Issued)));
        assert_eq!(issued.transition(Act::Close, "zhao").unwrap().state, OrderState::Closed);
    }

    #[test]
    fn words_and_states_are_one_to_one() {
        for (state, word) in STATES {
            assert_eq!((word.parse(), state.to_string().as_str()), (Ok(state), word));
        }
    }

    proptest! {
        /// Whatever is tried by whomever: an order that is out went through three different hands, one that has ended stays, and its steps say the
        /// same as its state.
        #[test]
        fn no_way_around_three_people(tries in prop::collection::vec((0..ACTS.len(), 0..4_u8), 0..40)) {
            let mut order = Standing::drafted("0");
            let mut steps = vec![("drafted", "0".to_owned())];
            for (act, person) in tries {
                let (act, by) = (ACTS[act], person.to_string());
                let before = order.clone();
                match order.transition(act, &by) {
                    Ok(next) => {
                        prop_assert!(!matches!(before.state, OrderState::Closed | OrderState::Cancelled));
                        let what = match act {
                            Act::DraftAgain => "drafted", Act::Refuse => "returned", Act::Review => "reviewed",
                            Act::Sign | Act::IssueByRule => "issued", Act::Cancel => "cancelled", Act::Close => "closed",
                        };
                        if act == Act::Sign {
                            prop_assert!(by != before.drafter && by != before.reviewer && before.drafter != before.reviewer);
                        }
                        steps.push((what, by));
                        order = next;
                    }
                    Err(_) => prop_assert_eq!(&order, &before),
                }
                prop_assert_eq!(&standing(order.state, steps.iter().map(|(what, by)| (*what, by.as_str()))), &order);
            }
        }
    }
}
