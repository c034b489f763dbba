//! Somebody at another door meanwhile: small batches by gRPC, each sent again until its receipts come.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures::{TryStreamExt, stream};
use tracemesh_peers::local::Target;
use tracemesh_proto::ingestion::v1::{Receipt, SubmitRequest};

use crate::load::record;

const BATCH: usize = 10;
/// A node that is down is asked again after this.
const PAUSE: Duration = Duration::from_millis(100);

/// Sends for `provider` until it is told to stop; gives every receipt that it was given. Nothing is sent twice that was answered.
pub async fn send(data_dir: PathBuf, provider: String, over: Arc<AtomicBool>) -> Vec<Receipt> {
    let mut receipts = Vec::new();
    while !over.load(Ordering::Relaxed) {
        let batch: Vec<SubmitRequest> = (receipts.len()..receipts.len() + BATCH).map(|number| request(&provider, number)).collect();
        loop {
            match submit(&data_dir, batch.clone()).await {
                Some(answers) if answers.len() == BATCH => break receipts.extend(answers),
                _ => tokio::time::sleep(PAUSE).await,
            }
        }
    }
    receipts
}

async fn submit(data_dir: &PathBuf, batch: Vec<SubmitRequest>) -> Option<Vec<Receipt>> {
    let clients = Target::local(data_dir).connect().await.ok()?;
    let answers = clients.ingestion().submit(stream::iter(batch)).await.ok()?.into_inner();
    answers.try_filter_map(async |answer| Ok(answer.receipt)).try_collect().await.ok()
}

fn request(provider: &str, number: usize) -> SubmitRequest {
    let (content_type, body) = ("application/json".to_owned(), record("g", number).into());
    SubmitRequest { content_type, body, provider: provider.into(), ..SubmitRequest::default() }
}
