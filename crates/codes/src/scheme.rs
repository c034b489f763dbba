//! The closed list of code schemes. A new scheme is a new variant here and an arm in `parse`: a code whose scheme we do not know is
//! refused, because two nodes that read it differently would compute different unit keys.

use std::fmt;
use std::str::FromStr;

/// A code scheme. The names are part of the contract: they stand in records, in exact codes and in the input of the unit key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scheme {
    /// Unified social credit code, GB 32100-2015: names a subject.
    Uscc,
    /// Trace code of the Ministry of Commerce: 20 digits.
    Mofcom20,
    /// Drug trace code: 20 digits.
    Drug20,
    /// Veterinary drug code: 24 digits.
    Vet24,
    /// Pesticide code: 32 digits.
    Pesticide32,
    /// Seed code: at most 20 characters, chosen by the seed company.
    Seed,
    /// Special equipment: 17 or 18 characters, or the registration code of 20 digits.
    Equipment,
    /// Food production licence: `SC` and 14 digits.
    Sc,
    /// Organic product code: 17 digits.
    Organic,
    /// Entity code, GB/T 31866.
    Ecode,
    /// Handle, `prefix/suffix`.
    Handle,
    /// Object identifier.
    Oid,
    /// GS1 trade item, GTIN-14 with an optional serial.
    Gtin,
    /// GS1 logistic unit, 18 digits.
    Sscc,
    /// GS1 location or party, 13 digits with an optional extension.
    Gln,
    /// Any URI that names none of the above.
    Uri,
    /// Any http or https address that names none of the above.
    Url,
    /// Text whose meaning only its issuer knows.
    Opaque,
}

impl Scheme {
    /// Every scheme, in the order of the contract.
    pub const ALL: [Scheme; 18] = [
        Scheme::Uscc,
        Scheme::Mofcom20,
        Scheme::Drug20,
        Scheme::Vet24,
        Scheme::Pesticide32,
        Scheme::Seed,
        Scheme::Equipment,
        Scheme::Sc,
        Scheme::Organic,
        Scheme::Ecode,
        Scheme::Handle,
        Scheme::Oid,
        Scheme::Gtin,
        Scheme::Sscc,
        Scheme::Gln,
        Scheme::Uri,
        Scheme::Url,
        Scheme::Opaque,
    ];

    /// The scheme's name in the contract.
    pub fn as_str(self) -> &'static str {
        match self {
            Scheme::Uscc => "uscc",
            Scheme::Mofcom20 => "mofcom20",
            Scheme::Drug20 => "drug20",
            Scheme::Vet24 => "vet24",
            Scheme::Pesticide32 => "pesticide32",
            Scheme::Seed => "seed",
            Scheme::Equipment => "equipment",
            Scheme::Sc => "sc",
            Scheme::Organic => "organic",
            Scheme::Ecode => "ecode",
            Scheme::Handle => "handle",
            Scheme::Oid => "oid",
            Scheme::Gtin => "gtin",
            Scheme::Sscc => "sscc",
            Scheme::Gln => "gln",
            Scheme::Uri => "uri",
            Scheme::Url => "url",
            Scheme::Opaque => "opaque",
        }
    }

    /// Whether a value alone names one thing in the whole country. The others mean something only together with their issuer, and a
    /// caller who has no issuer for them supplies the record's responsible subject or source.
    pub fn is_globally_unique(self) -> bool {
        !matches!(self, Scheme::Seed | Scheme::Opaque)
    }
}

impl fmt::Display for Scheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The name is not in the closed list.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no code scheme {0:?}")]
pub struct UnknownScheme(pub String);

impl FromStr for Scheme {
    type Err = UnknownScheme;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Scheme::ALL.into_iter().find(|scheme| scheme.as_str() == name).ok_or_else(|| UnknownScheme(name.to_owned()))
    }
}
