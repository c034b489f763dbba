//! Data quality: the work list, scorecards, rules, and what the public says does not match.

use axum::extract::Path;
use axum::response::Response;
use tracemesh_access::Role;
use tracemesh_proto::ingestion::v1::GetReceiptRequest;
use tracemesh_proto::quality::v1::{GetFindingRequest, GetMismatchRequest, ListMismatchesRequest, ListRulesRequest};

use crate::error::{Reason, Trouble};
use crate::pages::desk::Desk;
use crate::pages::incidents::PAGE_SIZE;
use crate::pages::posted::Posted;
use crate::sources::Answer;
use crate::views::form::{Entries, Refused};
use crate::views::quality::scorecard as card;
use crate::views::quality::{
    dry_run as trying, finding as one, findings as many, mismatches as reports, receipt as told, rules as catalogue,
};
use crate::views::sheet::Sheet;

/// `GET /console/findings?…`
pub async fn findings(desk: Desk) -> Response {
    let answer = desk.sources().findings(&desk.asker, many::asked(&desk.query)).await;
    desk.draw(many::list(&answer, &desk.query, &desk.reader())).await
}

/// `GET /console/findings/{id}`
pub async fn finding(desk: Desk, Path(id): Path<String>) -> Response {
    match of_finding(&desk, &id, None).await {
        Ok(sheet) => desk.draw(sheet).await,
        Err(trouble) => desk.trouble(&trouble).await,
    }
}

/// `POST /console/findings/{id}/{act}`
pub async fn act(desk: Desk, Path((id, act)): Path<(String, String)>, Posted(entries): Posted) -> Response {
    let Err(trouble) = done(&desk, &id, &act, &entries).await else {
        return desk.lead_to(&many::href(&id));
    };
    match of_finding(&desk, &id, Some(Refused { form: &act, entries: &entries, trouble: &trouble })).await {
        Ok(sheet) => desk.draw_refused(&trouble, sheet).await,
        Err(_) => desk.trouble(&trouble).await,
    }
}

async fn done(desk: &Desk, id: &str, act: &str, entries: &Entries) -> Answer<()> {
    match act {
        "explain" => desk.sources().explain_finding(&desk.asker, one::explained(id, entries)).await.map(drop),
        "decide" => desk.sources().decide_finding(&desk.asker, one::decided(id, entries)).await.map(drop),
        _ => Err(Trouble::NotFound),
    }
}

async fn of_finding(desk: &Desk, id: &str, refused: Option<Refused<'_>>) -> Answer<Sheet> {
    let answer = desk.sources().finding(&desk.asker, GetFindingRequest { id: id.to_owned() }).await?;
    let finding = answer.finding.ok_or(Trouble::NotFound)?;
    Ok(one::page(&finding, refused, &desk.reader()))
}

/// `GET /console/scorecard?…`
pub async fn scorecard(desk: Desk) -> Response {
    let request = card::asked(&desk.query, &desk.reader());
    let answer = desk.sources().scorecard(&desk.asker, request.clone()).await;
    desk.draw(card::page(&request, &answer, &desk.query, &desk.reader())).await
}

/// `GET /console/rules`
pub async fn rules(desk: Desk) -> Response {
    let answer = desk.sources().rules(&desk.asker, ListRulesRequest {}).await;
    desk.draw(catalogue::list(&answer, &desk.reader())).await
}

/// `GET /console/rules/dry-run`
pub async fn drafting(desk: Desk) -> Response {
    if !desk.reader().is_any(catalogue::TRIERS) {
        return desk.trouble(&Trouble::Refused(Reason::default())).await;
    }
    desk.draw(trying::page(&Entries::default(), None, None, &desk.reader())).await
}

/// `POST /console/rules/dry-run`: nothing is kept, so the answer is a page and not a place.
pub async fn dry_run(desk: Desk, Posted(entries): Posted) -> Response {
    let answer = match trying::asked(&entries) {
        Ok(request) => desk.sources().dry_run(&desk.asker, request).await,
        Err(trouble) => Err(trouble),
    };
    match answer {
        Ok(answer) => desk.draw(trying::page(&entries, Some(&answer), None, &desk.reader())).await,
        Err(trouble) => {
            let refused = Refused { form: "dry-run", entries: &entries, trouble: &trouble };
            desk.draw_refused(&trouble, trying::page(&entries, None, Some(refused), &desk.reader())).await
        }
    }
}

/// `GET /console/mismatches?state=…`
pub async fn mismatches(desk: Desk) -> Response {
    let state = reports::state(&desk.query, &desk.reader()).to_owned();
    let request = ListMismatchesRequest { state, page_size: PAGE_SIZE, page_token: desk.query.get("page") };
    let answer = desk.sources().mismatches(&desk.asker, request).await;
    desk.draw(reports::list(&answer, &desk.query, &desk.reader())).await
}

/// `GET /console/mismatches/{number}`
pub async fn mismatch(desk: Desk, Path(number): Path<String>) -> Response {
    match of_mismatch(&desk, &number, None).await {
        Ok(sheet) => desk.draw(sheet).await,
        Err(trouble) => desk.trouble(&trouble).await,
    }
}

/// `POST /console/mismatches/{number}`
pub async fn answer(desk: Desk, Path(number): Path<String>, Posted(entries): Posted) -> Response {
    let trouble = match desk.sources().answer_mismatch(&desk.asker, reports::answered(&number, &entries)).await {
        Ok(_) => return desk.lead_to(&reports::href(&number)),
        Err(trouble) => trouble,
    };
    match of_mismatch(&desk, &number, Some(Refused { form: "answer", entries: &entries, trouble: &trouble })).await {
        Ok(sheet) => desk.draw_refused(&trouble, sheet).await,
        Err(_) => desk.trouble(&trouble).await,
    }
}

async fn of_mismatch(desk: &Desk, number: &str, refused: Option<Refused<'_>>) -> Answer<Sheet> {
    if !desk.asker.has(Role::Regulator) {
        return Err(Trouble::Refused(Reason::default()));
    }
    let answer = desk.sources().mismatch(GetMismatchRequest { number: number.to_owned() }).await?;
    Ok(reports::page(&answer.mismatch.ok_or(Trouble::NotFound)?, refused, &desk.reader()))
}

/// `GET /console/receipts/{journal}/{epoch}/{seq}`
pub async fn receipt(desk: Desk, Path((journal, epoch, seq)): Path<(String, String, String)>) -> Response {
    let request = GetReceiptRequest { id: format!("{journal}/{epoch}/{seq}") };
    match desk.sources().receipt(&desk.asker, request).await.map(|answer| answer.receipt) {
        Ok(Some(receipt)) => desk.draw(told::page(&receipt, &desk.reader())).await,
        Ok(None) => desk.trouble(&Trouble::NotFound).await,
        Err(trouble) => desk.trouble(&trouble).await,
    }
}
