//! A provider that holds a stream to the node open: submissions go in, and the receipts come back on it.

use anyhow::Context;
use futures::StreamExt;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio_stream::wrappers::ReceiverStream;
use tracemesh_peers::Caller;
use tracemesh_proto::ingestion::v1::ingestion_service_client::IngestionServiceClient;
use tracemesh_proto::ingestion::v1::receipt::Verdict;
use tracemesh_proto::ingestion::v1::{Receipt, SubmitRequest};

use super::{ON_THE_WAY, spawn};
use crate::generate::{Counts, Expected, Submission};

pub struct Stream {
    queue: mpsc::Sender<SubmitRequest>,
    receipts: JoinHandle<anyhow::Result<Counts>>,
}

impl Stream {
    pub fn open(mut ingestion: IngestionServiceClient<Caller>) -> Self {
        let (queue, waiting) = mpsc::channel(ON_THE_WAY);
        let receipts = spawn(async move {
            let mut answers = ingestion.submit(ReceiverStream::new(waiting)).await?.into_inner();
            let mut counts = Counts::default();
            while let Some(answer) = answers.next().await {
                counts.add(verdict(&answer?.receipt.unwrap_or_default()));
            }
            Ok(counts)
        });
        Self { queue, receipts }
    }

    pub async fn send(&self, submission: Submission) -> anyhow::Result<()> {
        let request = SubmitRequest { content_type: "application/json".into(), body: submission.body.into(), ..SubmitRequest::default() };
        self.queue.send(request).await.context("the node ended the stream")
    }

    pub async fn answers(self) -> anyhow::Result<Counts> {
        drop(self.queue);
        self.receipts.await?
    }
}

fn verdict(receipt: &Receipt) -> Expected {
    match receipt.verdict() {
        Verdict::Accepted => Expected::Accepted,
        Verdict::Duplicate => Expected::Duplicate,
        Verdict::Rejected | Verdict::Unspecified => Expected::Rejected,
    }
}
