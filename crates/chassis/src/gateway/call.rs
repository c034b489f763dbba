//! The call itself: bytes to a service and bytes back, for any RPC, without generated code.

use std::time::Duration;

use axum::body::Bytes;
use bytes::{Buf, BufMut};
use http::HeaderMap;
use http::uri::PathAndQuery;
use prost::Message as _;
use prost_reflect::DynamicMessage;
use tonic::client::Grpc;
use tonic::codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder};
use tonic::metadata::MetadataMap;
use tonic::transport::Channel;
use tonic::{Request, Status, Streaming};

use super::routes::Route;
use crate::error::Error;
use crate::rules;

/// Longest answer that is turned into JSON: a chain at its limit of records.
const MAX_ANSWER_BYTES: usize = 64 * 1024 * 1024;
/// How long a question may take; a walk over the mesh ends after half of it.
const READ_DEADLINE: Duration = Duration::from_secs(60);
/// How long an act may take: a recount or a verification reads every journal from its first byte.
const ACT_DEADLINE: Duration = Duration::from_secs(600);

/// Calls an RPC that answers once.
pub(super) async fn unary(channel: Channel, route: &Route, headers: &HeaderMap, message: DynamicMessage) -> Result<Bytes, Status> {
    let mut request = request(headers, &message);
    request.set_timeout(if route.has_body() { ACT_DEADLINE } else { READ_DEADLINE });
    let mut grpc = ready(channel).await?;
    Ok(grpc.unary(request, path(route)?, Raw).await?.into_inner())
}

/// Calls an RPC that answers with a stream, which lasts as long as somebody reads it.
pub(super) async fn streaming(
    channel: Channel,
    route: &Route,
    headers: &HeaderMap,
    message: DynamicMessage,
) -> Result<Streaming<Bytes>, Status> {
    let request = request(headers, &message);
    let mut grpc = ready(channel).await?;
    Ok(grpc.server_streaming(request, path(route)?, Raw).await?.into_inner())
}

fn request(headers: &HeaderMap, message: &DynamicMessage) -> Request<Bytes> {
    let mut request = Request::new(message.encode_to_vec().into());
    *request.metadata_mut() = MetadataMap::from_headers(headers.clone());
    request
}

async fn ready(channel: Channel) -> Result<Grpc<Channel>, Status> {
    let mut grpc = Grpc::new(channel).max_decoding_message_size(MAX_ANSWER_BYTES);
    grpc.ready().await.map_err(|cause| Status::from_error(cause.into()))?;
    Ok(grpc)
}

fn path(route: &Route) -> Result<PathAndQuery, Error> {
    rules::path(&route.rpc).parse().map_err(Error::internal)
}

/// Messages as the bytes that they are.
#[derive(Clone, Copy)]
struct Raw;

impl Codec for Raw {
    type Encode = Bytes;
    type Decode = Bytes;
    type Encoder = Raw;
    type Decoder = Raw;

    fn encoder(&mut self) -> Raw {
        Raw
    }

    fn decoder(&mut self) -> Raw {
        Raw
    }
}

impl Encoder for Raw {
    type Item = Bytes;
    type Error = Status;

    fn encode(&mut self, message: Bytes, to: &mut EncodeBuf<'_>) -> Result<(), Status> {
        to.put(message);
        Ok(())
    }
}

impl Decoder for Raw {
    type Item = Bytes;
    type Error = Status;

    fn decode(&mut self, from: &mut DecodeBuf<'_>) -> Result<Option<Bytes>, Status> {
        Ok(Some(from.copy_to_bytes(from.remaining())))
    }
}
