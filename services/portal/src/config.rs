//! `[portal]`: what the operator may set, with defaults that suit a city.

use serde::{Deserialize, Serialize};

/// The portal's section.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PortalConfig {
    /// Look-ups of the public at work at once; more are asked to come back in a few seconds.
    pub concurrent_lookups: usize,
    /// How long the mesh's answer about a code is kept, in seconds. What this node itself knows is read anew every time.
    pub mesh_answer_s: u64,
    /// Records in all answers that are kept, about 300 bytes each; the oldest answers make room.
    pub kept_records: usize,
    /// Overviews that are kept current at once, over all users.
    pub live_pages: usize,
}

impl Default for PortalConfig {
    fn default() -> Self {
        Self { concurrent_lookups: 64, mesh_answer_s: 600, kept_records: 200_000, live_pages: 200 }
    }
}
