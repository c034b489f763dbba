//! Two providers that send until they are told to stop, one through each door; what has no receipt when a node dies is sent again.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures::stream;
use prost_reflect::DynamicMessage;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tracemesh_chassis::process::Endpoints;
use tracemesh_peers::local::Target;
use tracemesh_proto::POOL;
use tracemesh_proto::ingestion::v1::{Receipt, SubmitRequest};

use crate::ledger::{Ledger, submission};

/// Submissions that are new in one go.
const BATCH: usize = 25;
/// A node that is down is asked again after this.
const PAUSE: Duration = Duration::from_millis(20);

/// One provider at one door.
pub struct Sender {
    pub provider: &'static str,
    pub token: String,
    pub data: PathBuf,
}

impl Sender {
    /// Streams through gRPC.
    pub async fn stream(self, over: Arc<AtomicBool>) -> Ledger {
        self.send(over, async |sender: &Sender, bodies: &[String]| sender.streamed(bodies).await).await
    }

    /// Posts lines over HTTP.
    pub async fn post(self, over: Arc<AtomicBool>) -> Ledger {
        self.send(over, async |sender: &Sender, bodies: &[String]| sender.posted(bodies).await.unwrap_or_default()).await
    }

    /// `try_to_send` gives the receipts that came, which are those of the first so many.
    async fn send(self, over: Arc<AtomicBool>, try_to_send: impl AsyncFn(&Sender, &[String]) -> Vec<Receipt>) -> Ledger {
        let mut ledger = Ledger { provider: self.provider.to_owned(), entries: Vec::new() };
        while !over.load(Ordering::Relaxed) {
            self.send_batch(&mut ledger, &try_to_send).await;
        }
        ledger
    }

    /// One batch through gRPC.
    pub async fn stream_batch(&self, ledger: &mut Ledger) {
        self.send_batch(ledger, &async |sender: &Sender, bodies: &[String]| sender.streamed(bodies).await).await;
    }

    /// Comes back when everything in the batch has a receipt.
    async fn send_batch(&self, ledger: &mut Ledger, try_to_send: &impl AsyncFn(&Sender, &[String]) -> Vec<Receipt>) {
        let next = ledger.entries.len();
        ledger.entries.extend((next..next + BATCH).map(|number| (submission(self.provider, number), Vec::new())));
        loop {
            let open = ledger.unanswered();
            if open.is_empty() {
                return;
            }
            let bodies: Vec<String> = open.iter().map(|number| ledger.entries[*number].0.body.clone()).collect();
            let receipts = try_to_send(self, &bodies).await;
            if receipts.is_empty() {
                tokio::time::sleep(PAUSE).await;
            }
            open.into_iter().zip(receipts).for_each(|(number, receipt)| ledger.entries[number].1.push(receipt));
        }
    }

    /// The receipts that came before the stream broke off, if it did.
    pub async fn streamed(&self, bodies: &[String]) -> Vec<Receipt> {
        let target = Target { token: Some(self.token.clone()), ..Target::local(&self.data) };
        let Ok(clients) = target.connect().await else { return Vec::new() };
        let message = |body: &String| SubmitRequest { body: body.clone().into(), ..SubmitRequest::default() };
        let messages: Vec<SubmitRequest> = bodies.iter().map(message).collect();
        let Ok(answers) = clients.ingestion().submit(stream::iter(messages)).await else { return Vec::new() };
        let mut answers = answers.into_inner();
        let mut receipts = Vec::new();
        while let Ok(Some(answer)) = answers.message().await {
            receipts.extend(answer.receipt);
        }
        receipts
    }

    async fn posted(&self, bodies: &[String]) -> Option<Vec<Receipt>> {
        let body = bodies.join("\n");
        let head = format!(
            "POST /api/v1/records HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-type: application/x-ndjson\r\n\
             authorization: Bearer {}\r\ncontent-length: {}\r\n\r\n",
            self.token,
            body.len()
        );
        let mut stream = TcpStream::connect(address(&self.data)?).await.ok()?;
        stream.write_all(format!("{head}{body}").as_bytes()).await.ok()?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.ok()?;
        let answer = String::from_utf8(answer).ok()?;
        let (head, body) = answer.split_once("\r\n\r\n")?;
        // An answer that was cut off is none.
        let documents: Vec<serde_json::Value> = serde_json::from_str(body).ok().filter(|_| head.starts_with("HTTP/1.1 200"))?;
        Some(documents.iter().map(receipt).collect())
    }
}

fn address(data: &Path) -> Option<String> {
    let endpoints = Endpoints::read(data).ok()??;
    Some(endpoints.http.trim_start_matches("http://").to_owned())
}

/// A receipt from the JSON of the contract.
fn receipt(document: &serde_json::Value) -> Receipt {
    let descriptor = POOL.get_message_by_name("tracemesh.ingestion.v1.Receipt").unwrap();
    DynamicMessage::deserialize(descriptor, document).unwrap().transcode_to().unwrap()
}
