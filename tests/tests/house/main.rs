//! The house as a whole: its arrows, what it is built of, and who may call what.

mod access;
mod architecture;
mod dependencies;
