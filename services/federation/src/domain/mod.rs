//! What a link is, without its bytes: invitations, the two state machines, questions.

pub mod address;
pub mod invitation;
pub mod link;
pub mod question;
