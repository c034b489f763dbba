//! `[node]`: which node this is.

use serde::{Deserialize, Serialize};

/// `[node]`
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct NodeIdentity {
    /// `[a-z0-9][a-z0-9-]{1,38}`; never contains a department's name.
    pub id: String,
    /// Which tier of the administration it serves.
    pub tier: Tier,
    /// The area that it answers for: a GB/T 2260 code or a local one; `CN` is the whole country.
    pub area: String,
    /// What people call it.
    pub name_zh: String,
    /// The same in English.
    pub name_en: String,
    /// Categories that it handles; `*` = all.
    pub categories: Vec<String>,
}

impl Default for NodeIdentity {
    fn default() -> NodeIdentity {
        NodeIdentity {
            id: "local".into(),
            tier: Tier::Nation,
            area: "CN".into(),
            name_zh: "本地节点".into(),
            name_en: "Local node".into(),
            categories: vec!["*".into()],
        }
    }
}

/// The tiers of the administration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "&'static str")]
pub enum Tier {
    /// The whole country.
    Nation,
    /// A province, an autonomous region, a municipality, the corps.
    Province,
    /// A city, also one with a plan of its own under the nation.
    City,
    /// A county or a district.
    County,
}

impl Tier {
    /// `NATION`, `PROVINCE`, `CITY`, `COUNTY`.
    pub fn as_str(self) -> &'static str {
        match self {
            Tier::Nation => "NATION",
            Tier::Province => "PROVINCE",
            Tier::City => "CITY",
            Tier::County => "COUNTY",
        }
    }
}

impl From<Tier> for &'static str {
    fn from(tier: Tier) -> &'static str {
        tier.as_str()
    }
}

/// A word that names no tier.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no tier: NATION, PROVINCE, CITY or COUNTY")]
pub struct UnknownTier(pub String);

impl TryFrom<String> for Tier {
    type Error = UnknownTier;

    fn try_from(word: String) -> Result<Tier, UnknownTier> {
        let all = [Tier::Nation, Tier::Province, Tier::City, Tier::County];
        all.into_iter().find(|tier| tier.as_str() == word).ok_or(UnknownTier(word))
    }
}
