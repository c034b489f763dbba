//! The scope of a recall, before there is one.

use axum::response::Response;
use futures::StreamExt;
use tracemesh_proto::ingestion::v1::GetScopeRequest;
use tracemesh_proto::ingestion::v1::get_scope_response::Item;

use crate::error::{Reason, Trouble};
use crate::pages::desk::Desk;
use crate::sources::Answer;
use crate::views::emergency::scope::{self as draw, READERS, Whole};

/// Codes of one question, as the service takes them.
const MAX_CODES: usize = 100;
/// Holdings that are taken in for one page: about 30 MB. A scope of more is read from the command.
const MAX_HOLDINGS: usize = 100_000;

/// `GET /console/scope?codes=…`
pub async fn preview(desk: Desk) -> Response {
    if !desk.reader().is_any(READERS) {
        return desk.trouble(&Trouble::Refused(Reason::default())).await;
    }
    let mut codes = desk.query.words("codes");
    codes.truncate(MAX_CODES);
    let answer = if codes.is_empty() { None } else { Some(gather(&desk, &codes).await) };
    match &answer {
        Some(Ok(whole)) if desk.query.get("as") == "csv" => {
            desk.file("scope", &draw::holders(&whole.holdings, usize::MAX, &desk.reader()).csv())
        }
        _ => desk.draw(draw::page(&codes, answer.as_ref(), &desk.query, &desk.reader())).await,
    }
}

/// All parts of the answer. A page needs the units' number, not the units.
async fn gather(desk: &Desk, codes: &[String]) -> Answer<Whole> {
    let request = GetScopeRequest { codes: codes.to_vec(), local: desk.query.ticked("local") };
    let mut parts = desk.sources().scope(&desk.asker, request).await?;
    let mut whole = Whole::default();
    while let Some(part) = parts.next().await {
        match part?.item {
            Some(Item::Head(head)) => whole.head = head,
            Some(Item::Holdings(more)) => whole.holdings.extend(more.holdings),
            Some(Item::Units(_)) | None => (),
        }
        if whole.holdings.len() > MAX_HOLDINGS {
            return Err(Trouble::Unusable(format!("a scope of more than {MAX_HOLDINGS} holdings")));
        }
    }
    Ok(whole)
}
