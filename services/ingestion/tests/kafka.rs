//! Ingestion behind a real broker: what providers send to their topics, what they find on those of their answers, and what happens to a
//! partition in trouble. Needs java; the broker is the testkit's, one for all of these tests.

#[allow(dead_code, reason = "shared with the other binary, which uses all of it")]
#[path = "ingestion/caller.rs"]
mod caller;
#[allow(dead_code, reason = "shared with the other binary, which uses all of it")]
#[path = "ingestion/node.rs"]
mod node;
#[allow(dead_code, reason = "shared with the other binary, which uses all of it")]
#[path = "ingestion/records.rs"]
mod records;
#[allow(dead_code, reason = "shared with the other binary, which uses all of it")]
#[path = "ingestion/web.rs"]
mod web;

#[path = "kafka/border.rs"]
mod border;

#[path = "kafka/answers.rs"]
mod answers;
#[path = "kafka/dress.rs"]
mod dress;
#[path = "kafka/offsets.rs"]
mod offsets;
#[path = "kafka/providers.rs"]
mod providers;
#[path = "kafka/replicas.rs"]
mod replicas;
#[path = "kafka/trouble.rs"]
mod trouble;
