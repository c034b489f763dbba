//! Numbers given in the order of first hearing, and tables by them: hashing is done once, when something is fed, and a walk that goes over
//! its units in the order in which it came to them finds them side by side in memory.

/// A number that counts from zero.
pub(crate) trait Dense: Copy {
    fn index(self) -> usize;
}

/// A unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct UnitId(u32);

/// A record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Slot(u32);

/// A hop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct HopId(u32);

impl UnitId {
    pub const FIRST: UnitId = UnitId(0);

    pub fn nth(number: usize) -> UnitId {
        UnitId(narrow(number))
    }
}

impl Slot {
    pub fn nth(number: usize) -> Slot {
        Slot(narrow(number))
    }
}

impl HopId {
    pub const FIRST: HopId = HopId(0);
    pub const LAST: HopId = HopId(u32::MAX);

    pub fn nth(number: usize) -> HopId {
        HopId(narrow(number))
    }
}

impl Dense for UnitId {
    fn index(self) -> usize {
        self.0 as usize
    }
}

impl Dense for Slot {
    fn index(self) -> usize {
        self.0 as usize
    }
}

impl Dense for HopId {
    fn index(self) -> usize {
        self.0 as usize
    }
}

/// Memory ends long before four billion hops do.
pub(crate) fn narrow(number: usize) -> u32 {
    u32::try_from(number).expect("less than four billion of anything")
}

/// Values by number, kept in the order in which they came.
#[derive(Debug)]
pub(crate) struct Table<K, V> {
    places: Vec<u32>,
    rows: Vec<(K, V)>,
}

const NOWHERE: u32 = u32::MAX;

impl<K: Dense, V> Table<K, V> {
    fn place(&self, key: K) -> Option<usize> {
        self.places.get(key.index()).copied().filter(|place| *place != NOWHERE).map(|place| place as usize)
    }

    pub fn get(&self, key: K) -> Option<&V> {
        self.place(key).map(|place| &self.rows[place].1)
    }

    pub fn get_mut(&mut self, key: K) -> Option<&mut V> {
        self.place(key).map(|place| &mut self.rows[place].1)
    }

    pub fn contains(&self, key: K) -> bool {
        self.place(key).is_some()
    }

    /// The value, after making it where there is none.
    pub fn get_or_insert(&mut self, key: K, make: impl FnOnce() -> V) -> &mut V {
        let place = self.place(key).unwrap_or_else(|| {
            if self.places.len() <= key.index() {
                self.places.resize(key.index() + 1, NOWHERE);
            }
            self.places[key.index()] = narrow(self.rows.len());
            self.rows.push((key, make()));
            self.rows.len() - 1
        });
        &mut self.rows[place].1
    }

    pub fn iter(&self) -> impl Iterator<Item = (K, &V)> {
        self.rows.iter().map(|(key, value)| (*key, value))
    }

    pub fn len(&self) -> usize {
        self.rows.len()
    }
}

impl<K, V> Default for Table<K, V> {
    fn default() -> Table<K, V> {
        Table { places: Vec::new(), rows: Vec::new() }
    }
}
