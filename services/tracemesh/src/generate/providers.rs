//! Who submits: in every city a platform of the origins, one of the markets, and a supermarket group as a key enterprise.

use super::country::City;
use super::subjects::{Subject, Trade};

/// A provider as its node registers it.
#[derive(Clone, Debug)]
pub struct Provider {
    pub node: &'static str,
    /// `[a-z0-9][a-z0-9-]{1,38}`
    pub id: String,
    pub name: String,
    /// Subtrees of areas that it may submit for.
    pub areas: Vec<&'static str>,
    pub categories: &'static [&'static str],
    pub default_area: &'static str,
    pub default_category: &'static str,
    /// The USCC of the company that runs it.
    pub default_responsible: String,
    /// It writes trace codes as bare strings, which the node has to classify.
    pub bare_codes: bool,
}

/// A provider's part of the trade.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Desk {
    Origin,
    Market,
    Retail,
}

impl Desk {
    pub const ALL: [Desk; 3] = [Desk::Origin, Desk::Market, Desk::Retail];

    /// Through whom a trade's records come in.
    pub fn of(trade: Trade) -> Desk {
        match trade {
            Trade::Supermarket => Desk::Retail,
            Trade::Market | Trade::Wholesaler | Trade::Stall | Trade::Canteen | Trade::DrugDealer | Trade::Pharmacy => Desk::Market,
            _ => Desk::Origin,
        }
    }

    pub fn open(self, city: &City, operator: &Subject) -> Provider {
        Provider {
            node: city.node.id,
            id: format!("{}-{}", city.node.id, self.word()),
            name: operator.name.clone(),
            areas: vec![city.node.area],
            categories: self.categories(),
            default_area: city.node.area,
            default_category: "FARM_PRODUCE",
            default_responsible: operator.uscc.clone(),
            bare_codes: self == Desk::Retail,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Desk::Origin => "origin",
            Desk::Market => "market",
            Desk::Retail => "retail",
        }
    }

    fn categories(self) -> &'static [&'static str] {
        match self {
            Desk::Retail => &["FARM_PRODUCE", "FOOD"],
            Desk::Origin | Desk::Market => &["FARM_PRODUCE", "FOOD", "DRUG"],
        }
    }
}
