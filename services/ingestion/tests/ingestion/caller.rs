//! Somebody with a token, at every door.

use bytes::Bytes;
use futures::{StreamExt, TryStreamExt, stream};
use http::Request;
use serde_json::Value;
use tonic::{Code, Status};
use tracemesh_peers::Clients;
use tracemesh_proto::ingestion::v1::*;

use crate::web::{self, Answer};

pub const JSON: &str = "application/json";
pub const NDJSON: &str = "application/x-ndjson";
pub const PROTOBUF: &str = "application/x-protobuf";
pub const EPCIS: &str = "application/epcis+json";

#[derive(Clone)]
pub struct Caller {
    pub token: String,
    pub clients: Clients,
    pub http: String,
}

impl Caller {
    pub async fn post(&self, content_type: &str, body: impl Into<Bytes>) -> Answer {
        self.send("POST", "/api/v1/records", &[("content-type", content_type)], body).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send("GET", path, &[], Bytes::new()).await
    }

    pub async fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: impl Into<Bytes>) -> Answer {
        let mut request = Request::builder().method(method).uri(path).header("authorization", format!("Bearer {}", self.token));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        web::send(&self.http, request.body(body.into()).unwrap()).await
    }

    /// Streams messages, and gives their receipts or what ended the stream.
    pub async fn stream(&self, messages: Vec<SubmitRequest>) -> Result<Vec<Receipt>, Status> {
        let answers = self.clients.ingestion().submit(stream::iter(messages)).await?.into_inner();
        answers.map_ok(|answer| answer.receipt.expect("an answer is a receipt")).try_collect().await
    }

    /// Streams records as JSON.
    pub async fn submit(&self, records: &[Value]) -> Vec<Receipt> {
        self.stream(records.iter().map(|record| message(JSON, record.to_string())).collect()).await.unwrap()
    }

    pub async fn submit_one(&self, record: &Value) -> Receipt {
        self.submit(std::slice::from_ref(record)).await.remove(0)
    }

    pub async fn receipt(&self, id: &str) -> Result<Receipt, Status> {
        let answer = self.clients.ingestion().get_receipt(GetReceiptRequest { id: id.into() }).await?;
        Ok(answer.into_inner().receipt.unwrap())
    }

    pub async fn original(&self, id: &str) -> Result<GetOriginalResponse, Status> {
        Ok(self.clients.ingestion().get_original(GetOriginalRequest { id: id.into() }).await?.into_inner())
    }

    /// All receipts, newest first, page by page.
    pub async fn receipts(&self, request: ListReceiptsRequest) -> Result<Vec<Receipt>, Status> {
        let (mut all, mut request) = (Vec::new(), request);
        loop {
            let page = self.clients.ingestion().list_receipts(request.clone()).await?.into_inner();
            all.extend(page.receipts);
            if page.next_page_token.is_empty() {
                return Ok(all);
            }
            request.page_token = page.next_page_token;
        }
    }

    /// All dead letters in a state, newest first, page by page.
    pub async fn dead_letters(&self, state: &str) -> Vec<DeadLetter> {
        let mut request = ListDeadLettersRequest { state: state.into(), page_size: 1_000, ..Default::default() };
        let mut all = Vec::new();
        loop {
            let page = self.clients.ingestion().list_dead_letters(request.clone()).await.unwrap().into_inner();
            all.extend(page.dead_letters);
            if page.next_page_token.is_empty() {
                return all;
            }
            request.page_token = page.next_page_token;
        }
    }

    pub async fn redrive(&self, id: &str) -> Result<Receipt, Status> {
        Ok(self.clients.ingestion().redrive(RedriveRequest { id: id.into() }).await?.into_inner().receipt.unwrap())
    }

    /// This node's chain around a code.
    pub async fn trace(&self, code: &str) -> Result<TraceResponse, Status> {
        let request = TraceRequest { code: code.into(), local: true, ..Default::default() };
        Ok(self.clients.trace().trace(request).await?.into_inner())
    }

    /// The records of the chain around a code as `id@revision`, sorted; none where nobody knows the code.
    pub async fn chain(&self, code: &str) -> Vec<String> {
        match self.trace(code).await {
            Ok(chain) => {
                let mut records: Vec<String> = chain.records.iter().map(|it| format!("{}@{}", it.record_id, it.revision)).collect();
                records.sort();
                records
            }
            Err(status) if status.code() == Code::NotFound => Vec::new(),
            Err(status) => panic!("{status:?}"),
        }
    }

    /// Whether the doors let it in.
    pub async fn is_known(&self) -> bool {
        let asked = self.clients.ingestion().list_receipts(ListReceiptsRequest::default()).await;
        !matches!(asked.map_err(|status| status.code()), Err(Code::Unauthenticated | Code::PermissionDenied))
    }

    /// An open stream: what goes in, and what comes out.
    pub async fn open(&self) -> (tokio::sync::mpsc::Sender<SubmitRequest>, impl futures::Stream<Item = Result<Receipt, Status>> + Unpin) {
        let (queue, waiting) = tokio::sync::mpsc::channel(16);
        let answers = self.clients.ingestion().submit(tokio_stream::wrappers::ReceiverStream::new(waiting)).await.unwrap().into_inner();
        (queue, answers.map(|answer| Ok(answer?.receipt.unwrap())).boxed())
    }
}

pub fn message(content_type: &str, body: impl Into<Bytes>) -> SubmitRequest {
    SubmitRequest { content_type: content_type.into(), body: body.into(), ..Default::default() }
}

/// What a receipt comes to: `ACCEPTED`, `DUPLICATE`, or why it was rejected.
pub fn end(receipt: &Receipt) -> String {
    match receipt.verdict() {
        receipt::Verdict::Rejected => receipt.reasons.iter().map(|reason| reason.code.as_str()).collect::<Vec<_>>().join(" "),
        verdict => verdict.as_str_name().to_owned(),
    }
}

pub fn ends(receipts: &[Receipt]) -> Vec<String> {
    receipts.iter().map(end).collect()
}
