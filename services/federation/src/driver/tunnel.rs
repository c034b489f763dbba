//! A reverse connection: the child dials, and through the stream of that call the parent calls back.
//!
//! The bytes are HTTP/2 inside the messages of an HTTP/2 stream. That costs a few percent and buys that nothing has to be opened in front of a
//! child: one outgoing port is enough, through proxies that know gRPC too.

use std::io;

use bytes::Bytes;
use futures::{Sink, SinkExt, Stream, StreamExt};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tokio_util::io::{CopyToBytes, SinkWriter, StreamReader};
use tokio_util::sync::{CancellationToken, PollSender};
use tonic::{Status, Streaming};
use tracemesh_proto::federation::v1::{TunnelRequest, TunnelResponse};

use crate::domain::link::Purpose;

/// Messages that wait to be sent before the writer waits: each is at most what HTTP/2 hands over at once.
const QUEUE: usize = 16;

/// A stream of bytes in both directions.
pub trait Pipe: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Pipe for T {}

/// The parent's end: the pipe, what the call answers, and when the pipe was dropped.
pub struct ParentEnd {
    pub pipe: Box<dyn Pipe>,
    pub answer: ReceiverStream<Result<TunnelResponse, Status>>,
    pub closed: CancellationToken,
}

/// Makes a pipe of a call whose first message has been read.
pub fn parent_end(requests: Streaming<TunnelRequest>) -> ParentEnd {
    let closed = CancellationToken::new();
    let open = closed.clone().drop_guard();
    let incoming = requests.map(move |message| {
        // Dropped with the pipe, and not before.
        let _open = &open;
        message.map(|message| message.data)
    });
    let (sender, receiver) = mpsc::channel(QUEUE);
    let pipe = pipe(incoming, sender, |data| Ok(TunnelResponse { data }));
    ParentEnd { pipe, answer: ReceiverStream::new(receiver), closed }
}

/// The child's side of a call that is still to be made: what it sends, and with what its pipe is made once it is answered. The first message
/// says what the connection is for.
pub fn child_requests(purpose: Purpose) -> (ReceiverStream<TunnelRequest>, mpsc::Sender<TunnelRequest>) {
    let (sender, receiver) = mpsc::channel(QUEUE);
    let first = TunnelRequest { purpose: purpose.to_string(), data: Bytes::new() };
    sender.try_send(first).expect("a new queue has room");
    (ReceiverStream::new(receiver), sender)
}

/// The child's end.
pub fn child_end(answer: Streaming<TunnelResponse>, sender: mpsc::Sender<TunnelRequest>) -> Box<dyn Pipe> {
    let incoming = answer.map(|message| message.map(|message| message.data));
    pipe(incoming, sender, |data| TunnelRequest { purpose: String::new(), data })
}

fn pipe<M: Send + 'static>(
    incoming: impl Stream<Item = Result<Bytes, Status>> + Send + Unpin + 'static,
    outgoing: mpsc::Sender<M>,
    wrap: fn(Bytes) -> M,
) -> Box<dyn Pipe> {
    let reader = StreamReader::new(incoming.map(|data| data.map_err(io::Error::other)));
    let writer = SinkWriter::new(CopyToBytes::new(sink(outgoing, wrap)));
    Box::new(tokio::io::join(reader, writer))
}

fn sink<M: Send + 'static>(outgoing: mpsc::Sender<M>, wrap: fn(Bytes) -> M) -> impl Sink<Bytes, Error = io::Error> + Send + Unpin {
    let gone = |_| io::Error::new(io::ErrorKind::BrokenPipe, "the far end of the tunnel is gone");
    PollSender::new(outgoing).sink_map_err(gone).with(move |data| futures::future::ok(wrap(data)))
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    /// Two ends of one pipe.
    fn two() -> (Box<dyn Pipe>, Box<dyn Pipe>) {
        let (near, far) = (mpsc::channel(QUEUE), mpsc::channel(QUEUE));
        let incoming = |receiver| ReceiverStream::new(receiver).map(Ok);
        (pipe(incoming(near.1), far.0, |data| data), pipe(incoming(far.1), near.0, |data| data))
    }

    #[tokio::test]
    async fn bytes_pass_in_both_directions_and_wait_for_their_reader() {
        let (mut near, mut far) = two();
        let sent: Vec<u8> = (0..1_000_000u32).map(|n| n as u8).collect();
        let written = async {
            near.write_all(&sent).await.unwrap();
            near.shutdown().await.unwrap();
            let mut answer = String::new();
            near.read_to_string(&mut answer).await.unwrap();
            answer
        };
        let read = async {
            let mut received = Vec::new();
            far.read_to_end(&mut received).await.unwrap();
            far.write_all(b"thanks").await.unwrap();
            far.shutdown().await.unwrap();
            received
        };
        let (answer, received) = tokio::join!(written, read);
        assert!(received == sent);
        assert_eq!(answer, "thanks");
    }

    #[tokio::test]
    async fn writing_to_nobody_fails() {
        let (mut near, far) = two();
        drop(far);
        assert_eq!(near.write_all(b"x").await.unwrap_err().kind(), io::ErrorKind::BrokenPipe);
    }
}
