//! `send`: submits files over the stream of the node's gRPC, and says what became of every submission.

use std::io::Write;
use std::path::Path;
use std::time::Instant;

use anyhow::Context;
use bytes::Bytes;
use futures::StreamExt;
use serde::Serialize;
use tracemesh_model::reasons::TOO_MANY_PIECES;
use tracemesh_model::{epcis, json};
use tracemesh_proto::ingestion::v1::receipt::Verdict;
use tracemesh_proto::ingestion::v1::{Receipt, SubmitRequest};

use super::connect;
use crate::cli::{Asking, Send, SendFormat};
use crate::output::{self, DONE, NO, WrongUse};

/// What `send --json` prints.
#[derive(Default, Serialize)]
struct Summary {
    accepted: u64,
    duplicate: u64,
    rejected: u64,
    seconds: f64,
}

/// How the bytes of one submission are to be read.
#[derive(Clone, Copy)]
enum Kind {
    Json,
    Protobuf,
    Epcis,
}

pub async fn run(asking: &Asking, send: Send) -> anyhow::Result<u8> {
    let began = Instant::now();
    let mut messages = Vec::new();
    for file in &send.files {
        messages.extend(submissions(file, send.format, send.provider.as_deref().unwrap_or_default())?);
    }
    if messages.is_empty() {
        return Err(WrongUse("there is nothing to submit in these files".into()).into());
    }
    let mut keep = send.receipts.as_deref().map(create).transpose()?;
    let mut summary = Summary::default();
    let mut ingestion = connect(asking).await?.ingestion();
    let mut answers = ingestion.submit(futures::stream::iter(messages)).await?.into_inner();
    while let Some(answer) = answers.next().await {
        let receipt = answer?.receipt.unwrap_or_default();
        summary.count(&receipt);
        if let Some(keep) = &mut keep {
            serde_json::to_writer(&mut *keep, &super::receipt::document(&receipt))?;
            keep.write_all(b"\n")?;
        }
        if receipt.verdict() == Verdict::Rejected && !asking.json {
            super::receipt::print(&receipt);
        }
    }
    if let Some(mut keep) = keep {
        keep.flush()?;
    }
    summary.seconds = began.elapsed().as_secs_f64();
    summary.tell(asking)
}

impl Summary {
    fn count(&mut self, receipt: &Receipt) {
        match receipt.verdict() {
            Verdict::Accepted => self.accepted += 1,
            Verdict::Duplicate => self.duplicate += 1,
            Verdict::Rejected | Verdict::Unspecified => self.rejected += 1,
        }
    }

    fn tell(&self, asking: &Asking) -> anyhow::Result<u8> {
        if asking.json {
            output::json(self)?;
        } else {
            println!("{} accepted, {} duplicate, {} rejected in {:.1} s", self.accepted, self.duplicate, self.rejected, self.seconds);
        }
        if self.rejected > 0 && !asking.json {
            eprintln!("tracemesh: `tracemesh deadletter list` shows what was rejected, and why");
        }
        Ok(if self.rejected == 0 { DONE } else { NO })
    }
}

fn create(path: &Path) -> anyhow::Result<std::io::BufWriter<std::fs::File>> {
    let file = std::fs::File::create(path).with_context(|| format!("{} cannot be written", path.display()))?;
    Ok(std::io::BufWriter::new(file))
}

/// The submissions in a file, each with its own bytes.
fn submissions(file: &Path, format: SendFormat, provider: &str) -> anyhow::Result<Vec<SubmitRequest>> {
    let body = read(file)?;
    let kind = kind_of(format, &body);
    let bodies = match kind {
        Kind::Json => records(&body)?,
        Kind::Epcis => epcis::split(&body).into_iter().map(|piece| body.slice(piece.span)).collect(),
        Kind::Protobuf => delimited(body),
    };
    let request =
        |body| SubmitRequest { content_type: kind.media_type().into(), body, provider: provider.into(), traceparent: String::new() };
    Ok(bodies.into_iter().map(request).collect())
}

/// The records of a file. A body is cut into so many at most; a file of lines is as many bodies as it takes.
fn records(body: &Bytes) -> anyhow::Result<Vec<Bytes>> {
    let (mut records, mut rest) = (Vec::new(), body.clone());
    loop {
        let mut pieces = json::split(&rest);
        let beyond = pieces.pop_if(|piece| piece.fault.as_ref().is_some_and(|fault| fault.code == TOO_MANY_PIECES.code));
        records.extend(pieces.into_iter().map(|piece| rest.slice(piece.span)));
        match beyond {
            None => return Ok(records),
            Some(_) if body.trim_ascii_start().starts_with(b"[") => {
                return Err(WrongUse(format!("an array of more than {} records: put each on a line of its own", records.len())).into());
            }
            Some(piece) => rest = rest.slice(piece.span),
        }
    }
}

fn read(file: &Path) -> anyhow::Result<Bytes> {
    use std::io::Read;
    let mut body = Vec::new();
    if file == Path::new("-") {
        std::io::stdin().lock().read_to_end(&mut body)?;
    } else {
        body = std::fs::read(file).map_err(|error| WrongUse(format!("{} cannot be read: {error}", file.display())))?;
    }
    Ok(body.into())
}

fn kind_of(format: SendFormat, body: &[u8]) -> Kind {
    match format {
        SendFormat::Json => Kind::Json,
        SendFormat::Protobuf => Kind::Protobuf,
        SendFormat::Epcis => Kind::Epcis,
        SendFormat::Auto => guess(body),
    }
}

/// JSON begins with a bracket, a brace or white space; EPCIS names its context near the beginning.
fn guess(body: &[u8]) -> Kind {
    let first = body.iter().find(|byte| !byte.is_ascii_whitespace());
    if !matches!(first, Some(b'{' | b'[' | 0xef) | None) {
        return Kind::Protobuf;
    }
    let head = &body[..body.len().min(4096)];
    let names = |word: &[u8]| head.windows(word.len()).any(|window| window == word);
    if names(b"\"@context\"") || names(b"EPCISDocument") || names(b"EPCISQueryDocument") { Kind::Epcis } else { Kind::Json }
}

/// Length-delimited messages; what breaks off is a submission of its own, to be rejected.
fn delimited(mut body: Bytes) -> Vec<Bytes> {
    let mut bodies = Vec::new();
    while !body.is_empty() {
        let mut rest = body.clone();
        let fits = prost::decode_length_delimiter(&mut rest).ok().filter(|length| *length <= rest.len());
        let Some(length) = fits else {
            bodies.push(body);
            break;
        };
        bodies.push(rest.split_to(length));
        body = rest;
    }
    bodies
}

impl Kind {
    const fn media_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Protobuf => "application/x-protobuf",
            Self::Epcis => "application/epcis+json",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_lines_may_hold_more_records_than_one_body() {
        let lines = Bytes::from("{\"a\":1}\n".repeat(250_000));
        let cut = records(&lines).unwrap();
        assert_eq!(cut.len(), 250_000);
        assert!(cut.iter().all(|record| record == "{\"a\":1}"));
        let array = Bytes::from(format!("[{}1]", "1,".repeat(100_000)));
        assert!(records(&array).unwrap_err().to_string().contains("a line of its own"));
    }
}
