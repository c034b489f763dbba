//! What a page shows, as plain values: pure functions from the answers of the other services to structs whose fields are ready to be
//! written. Templates choose between fields and repeat over lists; they compute nothing.
//!
//! First the values that every page is made of, then what pages of the console are made of, then one module for each page.

pub mod cell;
pub mod code;
pub mod icon;
pub mod moment;
pub mod number;
pub mod places;
pub mod said;

pub mod form;
pub mod frame;
pub mod part;
pub mod reader;
pub mod sheet;
pub mod table;

pub mod candidates;
pub mod chain;
pub mod mismatch;
pub mod platforms;
pub mod recall;
pub mod step;
pub mod unknown;
pub mod verdict;

pub mod definitions;
pub mod figures;
pub mod filter;
pub mod intake;
pub mod nodes;
pub mod overview;
pub mod panel;
pub mod standing;

pub mod accounts;
pub mod clock;
pub mod emergency;
pub mod quality;
pub mod trace;
