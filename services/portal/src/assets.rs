//! The files that pages load, inside the binary: one style sheet, one script, one mark. Their address holds the hash of their content, so
//! that a browser keeps them for a year and a new release is seen at once. Nothing is loaded from anywhere else.

use std::sync::LazyLock;

use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use http::{StatusCode, header};
use sha2::{Digest, Sha256};

/// All pages.
pub static STYLE: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("portal", "css", "text/css; charset=utf-8", include_str!("../assets/portal.css")));
/// The Overview, where it is kept current.
pub static LIVE: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("live", "js", "text/javascript; charset=utf-8", include_str!("../assets/live.js")));
/// The sign of the platform in a browser's tab.
pub static MARK: LazyLock<Asset> = LazyLock::new(|| Asset::new("mark", "svg", "image/svg+xml", include_str!("../assets/mark.svg")));

/// Bytes of the hash in an address.
const HASH_BYTES: usize = 8;

/// One file.
pub struct Asset {
    name: String,
    content_type: &'static str,
    body: &'static str,
}

impl Asset {
    fn new(stem: &str, extension: &str, content_type: &'static str, body: &'static str) -> Self {
        let hash = hex::encode(&Sha256::digest(body)[..HASH_BYTES]);
        Self { name: format!("{stem}.{hash}.{extension}"), content_type, body }
    }

    /// Where it is.
    pub fn path(&self) -> String {
        format!("/assets/{}", self.name)
    }

    /// Its size, for the limit on a page's weight.
    pub fn bytes(&self) -> usize {
        self.body.len()
    }
}

/// `GET /assets/{name}`
pub async fn serve(Path(name): Path<String>) -> Response {
    let found = [&STYLE, &LIVE, &MARK].into_iter().find(|asset| asset.name == name);
    let Some(asset) = found else { return StatusCode::NOT_FOUND.into_response() };
    let headers = [(header::CONTENT_TYPE, asset.content_type), (header::CACHE_CONTROL, "public, max-age=31536000, immutable")];
    (headers, asset.body).into_response()
}
