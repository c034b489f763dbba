//! The smallest HTTP client: one request on one connection, answered before its body is taken or after.

use bytes::Bytes;
use http::{HeaderMap, Request, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper_util::rt::TokioIo;
use prost_reflect::DynamicMessage;
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tracemesh_proto::POOL;
use tracemesh_proto::ingestion::v1::Receipt;

#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|why| panic!("{why}: {} {}", self.status, String::from_utf8_lossy(&self.body)))
    }

    /// One receipt for each submission, in their order.
    pub fn receipts(&self) -> Vec<Receipt> {
        assert_eq!(self.status, StatusCode::OK, "{}", String::from_utf8_lossy(&self.body));
        self.json().as_array().unwrap().iter().map(receipt).collect()
    }
}

/// A receipt from the JSON of the contract.
pub fn receipt(document: &Value) -> Receipt {
    let descriptor = POOL.get_message_by_name("tracemesh.ingestion.v1.Receipt").unwrap();
    DynamicMessage::deserialize(descriptor, document).unwrap().transcode_to().unwrap()
}

/// Sends to `http://HOST:PORT`; the request's own URI is a path.
pub async fn send(to: &str, request: Request<Bytes>) -> Answer {
    let (mut parts, body) = request.into_parts();
    parts.headers.entry("host").or_insert("localhost".parse().unwrap());
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(connect(to).await)).await.unwrap();
    let answer = async {
        let response = sender.send_request(Request::from_parts(parts, Full::new(body))).await.unwrap();
        let (parts, body) = response.into_parts();
        Answer { status: parts.status, headers: parts.headers, body: body.collect().await.unwrap().to_bytes() }
    };
    let driven = async {
        let _ = connection.await;
        std::future::pending().await
    };
    tokio::select! { answer = answer => answer, () = driven => unreachable!() }
}

/// Sends bytes as they are, and reads whatever comes until the other side closes, which it may do before it has heard everything.
pub async fn raw(to: &str, bytes: &[u8]) -> String {
    let (mut reading, mut writing) = connect(to).await.into_split();
    let mut answer = Vec::new();
    let (_, _) = tokio::join!(writing.write_all(bytes), reading.read_to_end(&mut answer));
    String::from_utf8_lossy(&answer).into_owned()
}

async fn connect(to: &str) -> TcpStream {
    TcpStream::connect(to.trim_start_matches("http://")).await.unwrap()
}
