//! One partition of one provider's topic: what is leased, read, stopped.

use crate::kafka::topics::{Existing, Topics};

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Partition {
    pub provider: String,
    pub topic: String,
    pub number: i32,
}

impl Partition {
    /// Its name as a source, in the database and on every entry that came from it.
    pub fn source(&self) -> String {
        format!("kafka:{}/{}", self.topic, self.number)
    }

    /// All partitions of a provider's inbound topic that the broker has.
    pub fn of<'a>(provider: &'a str, topics: &Topics, existing: &'a Existing) -> impl Iterator<Item = Self> + 'a {
        let topic = topics.inbound(provider);
        let numbers = existing.get(&topic).into_iter().flatten();
        numbers.map(move |&number| Self { provider: provider.to_owned(), topic: topic.clone(), number })
    }
}
