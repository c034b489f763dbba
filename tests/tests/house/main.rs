//! The house as a whole: its arrows, and who may call what.

mod access;
mod architecture;
