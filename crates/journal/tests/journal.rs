//! The journal's promises, each on SQLite and on PostgreSQL.
//!
//! `TRACEMESH_TEST_SCALE=20` makes the random schedules twenty times as long; every run prints its seed, and `TRACEMESH_TEST_SEED` repeats it.

#[path = "journal/damage.rs"]
mod damage;
#[path = "journal/epochs.rs"]
mod epochs;
#[path = "journal/feed.rs"]
mod feed;
#[path = "journal/following.rs"]
mod following;
#[path = "journal/proofs.rs"]
mod proofs;
#[path = "journal/reading.rs"]
mod reading;
#[path = "journal/rig.rs"]
mod rig;
#[path = "journal/schedules.rs"]
mod schedules;
#[path = "journal/verifying.rs"]
mod verifying;
