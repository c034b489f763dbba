//! Sends what a commit answers, and comes back when the broker has it.

use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use tracemesh_journal::{DecodedCommit, DecodedEntry};

use super::letter::{Letter, letters};
use crate::app::directory::Directory;
use crate::domain::outcome::KIND;
use crate::kafka::client::Producer;
use crate::kafka::topics::Topics;
use crate::sources::kafka::Border;

/// Submissions whose answers are under way at once.
const UNDER_WAY: usize = 500;

pub struct Outbox {
    producer: Producer,
    topics: Topics,
    directory: Directory,
}

impl Outbox {
    pub fn new(border: &Border, directory: &Directory) -> Result<Self, KafkaError> {
        Ok(Self { producer: border.broker.producer()?, topics: border.topics.clone(), directory: directory.clone() })
    }

    pub async fn deliver(&self, commit: &DecodedCommit) -> Result<(), KafkaError> {
        let submissions: Vec<&DecodedEntry> = commit.entries.iter().filter(|entry| entry.envelope.kind == KIND).collect();
        let rules = self.directory.rules();
        for some in submissions.chunks(UNDER_WAY) {
            self.send(some.iter().flat_map(|entry| letters(commit, entry, &self.topics, &rules)).collect()).await?;
        }
        Ok(())
    }

    async fn send(&self, letters: Vec<Letter>) -> Result<(), KafkaError> {
        let sent: Result<Vec<_>, _> =
            letters.iter().map(|letter| self.producer.send_result(letter.record()).map_err(|(error, _)| error)).collect();
        for (delivery, letter) in sent?.into_iter().zip(letters) {
            match delivery.await.map_err(|_| KafkaError::Canceled)? {
                Ok(_) => {}
                Err((KafkaError::MessageProduction(RDKafkaErrorCode::MessageSizeTooLarge), _)) => self.send_without_body(letter).await?,
                Err((error, _)) => return Err(error),
            }
        }
        Ok(())
    }

    /// The topic takes less than the door did: the answer arrives all the same, and what follows it too.
    async fn send_without_body(&self, letter: Letter) -> Result<(), KafkaError> {
        tracing::warn!(topic = letter.topic, "an original is larger than the topic takes: it is answered without it");
        let letter = letter.without_body();
        let delivery = self.producer.send_result(letter.record()).map_err(|(error, _)| error)?;
        delivery.await.map_err(|_| KafkaError::Canceled)?.map(drop).map_err(|(error, _)| error)
    }
}
