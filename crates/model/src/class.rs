//! What kind of event a record tells, and what it does to packings.

/// The classes of records of the field, from production to destruction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// Grown, bred, caught or made.
    Produce,
    /// Slaughtered.
    Slaughter,
    /// Turned into something else.
    Process,
    /// Put into containers.
    Pack,
    /// Taken out of containers.
    Unpack,
    /// Kept, taken in or given out of a store.
    Store,
    /// On the way.
    Transport,
    /// Looked at by somebody who certifies.
    Inspect,
    /// Sold from business to business.
    Wholesale,
    /// Sold to those who eat or use it.
    Retail,
    /// Bought by a canteen, a school, a hospital.
    GroupPurchase,
    /// Brought into the country.
    Import,
    /// Brought out of the country.
    Export,
    /// Used up.
    Use,
    /// Given back.
    Return,
    /// Destroyed.
    Destroy,
}

impl Class {
    /// Every class with its name in the contract, in the contract's order.
    pub const ALL: [(Class, &str); 16] = [
        (Class::Produce, "PRODUCE"),
        (Class::Slaughter, "SLAUGHTER"),
        (Class::Process, "PROCESS"),
        (Class::Pack, "PACK"),
        (Class::Unpack, "UNPACK"),
        (Class::Store, "STORE"),
        (Class::Transport, "TRANSPORT"),
        (Class::Inspect, "INSPECT"),
        (Class::Wholesale, "WHOLESALE"),
        (Class::Retail, "RETAIL"),
        (Class::GroupPurchase, "GROUP_PURCHASE"),
        (Class::Import, "IMPORT"),
        (Class::Export, "EXPORT"),
        (Class::Use, "USE"),
        (Class::Return, "RETURN"),
        (Class::Destroy, "DESTROY"),
    ];

    /// The class of a name, exactly as the contract writes it.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find_map(|(class, its)| (its == name).then_some(class))
    }

    /// The name in the contract.
    pub fn as_str(self) -> &'static str {
        Self::ALL[self as usize].1
    }

    /// What a record of this class does to packings, unless its document says otherwise.
    pub fn packing(self) -> Packing {
        match self {
            Class::Pack => Packing::Pack,
            Class::Unpack => Packing::Unpack,
            _ => Packing::Unchanged,
        }
    }
}

/// What a record does to the containers and contents that it names. It is not the class: an EPCIS aggregation may pack while its business
/// step is loading a truck.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Packing {
    /// They were seen as they are.
    #[default]
    Unchanged,
    /// The contents went in.
    Pack,
    /// The contents named came out; all of them where none is named.
    Unpack,
}

impl Packing {
    /// The name of the packing.
    pub fn as_str(self) -> &'static str {
        match self {
            Packing::Unchanged => "UNCHANGED",
            Packing::Pack => "PACK",
            Packing::Unpack => "UNPACK",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_read_back() {
        for (class, name) in Class::ALL {
            assert_eq!((Class::named(name), class.as_str()), (Some(class), name));
        }
        assert_eq!([Class::named("retail"), Class::named("CLASS_UNSPECIFIED"), Class::named("")], [None; 3]);
    }
}
