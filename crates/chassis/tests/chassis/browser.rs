//! The smallest HTTP client: one request on one connection.

use http::{Request, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper_util::rt::TokioIo;
use serde_json::Value;

pub async fn get(url: &str, token: Option<&str>) -> (StatusCode, String) {
    send(url, "GET", token, Vec::new()).await
}

pub async fn send(url: &str, method: &str, token: Option<&str>, body: Vec<u8>) -> (StatusCode, String) {
    let uri: http::Uri = url.parse().unwrap();
    let stream = tokio::net::TcpStream::connect(uri.authority().unwrap().as_str()).await.unwrap();
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.unwrap();
    let mut request =
        Request::builder().method(method).uri(uri.path()).header("host", "localhost").header("content-type", "application/json");
    if let Some(token) = token {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    let answer = async {
        let response = sender.send_request(request.body(Full::new(bytes::Bytes::from(body))).unwrap()).await.unwrap();
        let status = response.status();
        let text = response.into_body().collect().await.unwrap().to_bytes();
        (status, String::from_utf8(text.to_vec()).unwrap())
    };
    let driven = async {
        let _ = connection.await;
        std::future::pending().await
    };
    tokio::select! { answer = answer => answer, () = driven => unreachable!() }
}

pub fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|why| panic!("{why}: {text}"))
}
