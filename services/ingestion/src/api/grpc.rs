//! `IngestionService`: the stream of submissions, receipts, dead letters, and intake as it happens.

use std::pin::Pin;
use std::time::Duration;

use futures::{Stream, StreamExt};
use tonic::{Request, Response, Status, Streaming};
use tracemesh_access::Principal;
use tracemesh_chassis::error::{self, Error, ErrorCode, settle};
use tracemesh_model::Violation;
use tracemesh_proto::accepted::Format;
use tracemesh_proto::ingestion::v1 as wire;
use tracemesh_proto::ingestion::v1::ingestion_service_server::IngestionService;
use tracemesh_proto::ingestion::v1::receipt::Verdict;
use tracemesh_proto::time::{micros, timestamp};
use tracemesh_store::page;

use super::caller;
use crate::app::Ingestion;
use crate::app::submissions::Arrival;
use crate::app::{dead_letters, receipts};
use crate::domain::reasons::MEDIA_TYPE;
use crate::domain::submission::Submission;
use crate::error::IngestionError;
use crate::store;

/// Messages of one stream that are committed together, if so many are there.
const STREAM_CHUNK: usize = 1_000;
const PAGE_USUAL: u32 = 100;
const PAGE_MOST: u32 = 1_000;
const BEAT: Duration = Duration::from_secs(1);
const DEAD_LETTER_STATES: [&str; 3] = [store::dead_letters::OPEN, store::dead_letters::REDRIVEN, "all"];

/// Whose stream it is, and the trace that its messages belong to where they name none themselves.
#[derive(Clone)]
struct Sender {
    actor: Principal,
    traceparent: String,
}

pub type Answers<T> = Pin<Box<dyn Stream<Item = Result<T, Status>> + Send>>;

#[tonic::async_trait]
impl IngestionService for Ingestion {
    type SubmitStream = Answers<wire::SubmitResponse>;
    type WatchIntakeStream = Answers<wire::WatchIntakeResponse>;

    async fn submit(&self, request: Request<Streaming<wire::SubmitRequest>>) -> Result<Response<Self::SubmitStream>, Status> {
        let traceparent = request.metadata().get("traceparent").and_then(|text| text.to_str().ok()).unwrap_or_default();
        let sender = Sender { actor: caller(&request), traceparent: traceparent.to_owned() };
        let (ingestion, token) = (self.clone(), self.directory.token_of(&sender.actor));
        let chunks = request.into_inner().ready_chunks(STREAM_CHUNK);
        let answers = chunks.then(move |chunk| {
            let (ingestion, sender, token) = (ingestion.clone(), sender.clone(), token.clone());
            async move {
                match ingestion.directory.token_of(&sender.actor) == token {
                    true => ingestion.answer_chunk(&sender, chunk).await,
                    false => vec![Err(Error::new(ErrorCode::Unauthenticated, "error.access.token_invalid").into())],
                }
            }
        });
        Ok(Response::new(Box::pin(until_error(answers.flat_map(futures::stream::iter)))))
    }

    async fn get_receipt(&self, request: Request<wire::GetReceiptRequest>) -> Result<Response<wire::GetReceiptResponse>, Status> {
        let reader = caller(&request);
        let receipt = self.receipt(&request.into_inner().id, &reader).await?;
        Ok(Response::new(wire::GetReceiptResponse { receipt: Some(receipt) }))
    }

    async fn get_original(&self, request: Request<wire::GetOriginalRequest>) -> Result<Response<wire::GetOriginalResponse>, Status> {
        let reader = caller(&request);
        let (content_type, body) = self.original(&request.into_inner().id, &reader).await?;
        Ok(Response::new(wire::GetOriginalResponse { content_type, body }))
    }

    async fn list_receipts(&self, request: Request<wire::ListReceiptsRequest>) -> Result<Response<wire::ListReceiptsResponse>, Status> {
        let reader = caller(&request);
        let asked = request.into_inner();
        let wanted = receipts::Wanted {
            verdict: verdict(&asked.verdict)?,
            since: asked.since.as_ref().map_or(i64::MIN, |since| micros(Some(since))),
            provider: asked.provider,
        };
        let before = before(&asked.page_token)?.map(i64::cast_unsigned);
        let size = page::size(asked.page_size, PAGE_USUAL, PAGE_MOST) as usize;
        let page = self.receipts(&wanted, before, size, &reader).await?;
        let next_page_token = page.before.map_or_else(String::new, |seq| page::token([&seq.to_string()]));
        Ok(Response::new(wire::ListReceiptsResponse { receipts: page.receipts, next_page_token }))
    }

    async fn list_dead_letters(
        &self,
        request: Request<wire::ListDeadLettersRequest>,
    ) -> Result<Response<wire::ListDeadLettersResponse>, Status> {
        let reader = caller(&request);
        let asked = request.into_inner();
        let state = dead_letter_state(&asked.state)?;
        let provider = visible_provider(&reader, &asked.provider)?;
        let before = before(&asked.page_token)?.unwrap_or(i64::MAX);
        let size = page::size(asked.page_size, PAGE_USUAL, PAGE_MOST);
        let (letters, next) = self.dead_letters(dead_letters::Wanted { provider: &provider, state }, before, size, &reader).await?;
        let next_page_token = next.map_or_else(String::new, |record| page::token([&record.to_string()]));
        Ok(Response::new(wire::ListDeadLettersResponse { dead_letters: letters, next_page_token }))
    }

    async fn redrive(&self, request: Request<wire::RedriveRequest>) -> Result<Response<wire::RedriveResponse>, Status> {
        let actor = caller(&request);
        let receipt = self.redrive_dead_letter(&request.into_inner().id, &actor).await?;
        Ok(Response::new(wire::RedriveResponse { receipt: Some(receipt) }))
    }

    async fn watch_intake(&self, _: Request<wire::WatchIntakeRequest>) -> Result<Response<Self::WatchIntakeStream>, Status> {
        let (pulse, clock) = (self.pulse.clone(), self.clock.clone());
        let mut told = 0;
        let ticks = tokio_stream::wrappers::IntervalStream::new(tokio::time::interval(BEAT));
        let beats = ticks.flat_map(move |_| {
            let beats = pulse.since(told, clock.now_micros());
            told = beats.last().map_or(told, |beat| beat.at);
            futures::stream::iter(beats)
        });
        let answers = beats.map(|beat| {
            Ok(wire::WatchIntakeResponse {
                at: Some(timestamp(beat.at * 1_000_000)),
                accepted: beat.tally.accepted.cast_unsigned(),
                duplicate: beat.tally.duplicate.cast_unsigned(),
                rejected: beat.tally.rejected.cast_unsigned(),
            })
        });
        Ok(Response::new(Box::pin(answers)))
    }

    async fn get_intake(&self, _: Request<wire::GetIntakeRequest>) -> Result<Response<wire::GetIntakeResponse>, Status> {
        let total = store::intake::total(self.db.read()).await.map_err(IngestionError::from)?;
        let head = self.journal.head().await.map_err(IngestionError::from)?;
        Ok(Response::new(wire::GetIntakeResponse {
            submissions: total.submissions().cast_unsigned(),
            accepted: total.accepted.cast_unsigned(),
            duplicate: total.duplicate.cast_unsigned(),
            rejected: total.rejected.cast_unsigned(),
            seq: head.seq,
            epoch: head.epoch,
            journal: self.journal.name().into(),
        }))
    }
}

impl Ingestion {
    /// Answers what is there of a stream. A message whose content type nobody reads is rejected like any other, with a receipt.
    async fn answer_chunk(
        &self,
        sender: &Sender,
        chunk: Vec<Result<wire::SubmitRequest, Status>>,
    ) -> Vec<Result<wire::SubmitResponse, Status>> {
        let (mut submissions, mut broke) = (Vec::new(), None);
        for message in chunk {
            match message.and_then(|message| Ok(self.streamed(sender, message)?)) {
                Ok(submission) => submissions.push(submission),
                Err(status) => {
                    broke = Some(settle(status));
                    break;
                }
            }
        }
        let mut answers = match self.intake.submit(submissions).await {
            Ok(receipts) => receipts.into_iter().map(|receipt| Ok(wire::SubmitResponse { receipt: Some(receipt) })).collect(),
            Err(error) => vec![Err(error.into())],
        };
        answers.extend(broke.map(Err));
        answers
    }

    fn streamed(&self, sender: &Sender, message: wire::SubmitRequest) -> Result<Submission, IngestionError> {
        let wire::SubmitRequest { content_type, body, provider, traceparent } = message;
        let traceparent = if traceparent.is_empty() { &sender.traceparent } else { &traceparent };
        let arrival = Arrival { actor: &sender.actor, provider: &provider, source: "grpc", traceparent };
        let Some(format) = Format::of(&content_type) else {
            let broken = vec![Violation::new(MEDIA_TYPE, "content_type", &content_type)];
            return Ok(Submission { broken, ..self.message(&arrival, Format::Json, body)? });
        };
        self.message(&arrival, format, body)
    }
}

/// A stream ends at its first error: what follows it was not taken.
fn until_error<T>(answers: impl Stream<Item = Result<T, Status>>) -> impl Stream<Item = Result<T, Status>> {
    let mut over = false;
    answers.take_while(move |answer| {
        let go_on = !over;
        over = answer.is_err();
        futures::future::ready(go_on)
    })
}

fn verdict(word: &str) -> Result<Option<i32>, Error> {
    match word {
        "" => Ok(None),
        "ACCEPTED" => Ok(Some(Verdict::Accepted.into())),
        "DUPLICATE" => Ok(Some(Verdict::Duplicate.into())),
        "REJECTED" => Ok(Some(Verdict::Rejected.into())),
        other => Err(not_allowed("verdict", other, &["ACCEPTED", "DUPLICATE", "REJECTED"])),
    }
}

fn dead_letter_state(word: &str) -> Result<&str, Error> {
    match word {
        "" => Ok(store::dead_letters::OPEN),
        "all" => Ok(""),
        word if DEAD_LETTER_STATES.contains(&word) => Ok(word),
        other => Err(not_allowed("state", other, &DEAD_LETTER_STATES)),
    }
}

/// A provider sees its own alone.
fn visible_provider(reader: &Principal, asked: &str) -> Result<String, IngestionError> {
    match reader.provider_id() {
        Some(own) if asked.is_empty() || asked == own => Ok(own.to_owned()),
        Some(_) => Err(IngestionError::OtherProvider(asked.to_owned())),
        None => Ok(asked.to_owned()),
    }
}

fn not_allowed(field: &str, value: &str, allowed: &[&str]) -> Error {
    Error::invalid(vec![
        error::Violation::new(field, "error.request.value_not_allowed").with("value", value).with("allowed", allowed.join(", ")),
    ])
}

/// The number in a page token.
fn before(page_token: &str) -> Result<Option<i64>, Error> {
    let invalid = || Error::invalid(vec![error::Violation::new("page_token", "error.request.page_token").with("value", page_token)]);
    let position = page::position::<1>(page_token).map_err(|_| invalid())?;
    position.map(|[number]| number.parse().map_err(|_| invalid())).transpose()
}
