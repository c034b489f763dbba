//! What emergency decides, without a database, a clock or a wire. An incident, an order and its rows are documents of the contract: what is stored,
//! signed, journaled and shown is one and the same message, and there is no second form of it here.

pub mod board;
pub mod clock;
pub mod closure;
pub mod grade;
pub mod order;
pub mod rules;
pub mod scope;
pub mod tree;
