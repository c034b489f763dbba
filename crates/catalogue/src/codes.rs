//! What is wrong, or doubtful, with a code: `code.*`, one message for each rule of the code schemes.
//!
//! A rule refuses a code whose scheme the sender named, and stands beside a bare code that was kept all the same. A text therefore says what
//! is wrong with the code, and leaves it to the verdict beside it whether the record was taken. The blanks are `{field}` and `{value}`.

mod any;
mod gs1;
mod national;
mod resolvable;

pub(crate) use any::ANY;
pub(crate) use gs1::GS1;
pub(crate) use national::NATIONAL;
pub(crate) use resolvable::RESOLVABLE;
