//! Who may sign in. The link of somebody who was appointed is shown in the answer to the form, once, and is kept nowhere.

use axum::response::Response;
use tracemesh_proto::registry::v1::{ListAccountsRequest, ListAccountsResponse};

use crate::pages::desk::Desk;
use crate::pages::posted::Posted;
use crate::sources::Answer;
use crate::views::accounts::{HREF, appointed, page, stated};
use crate::views::form::Refused;

/// Rows of a page.
const PAGE_SIZE: u32 = 200;

/// `GET /console/accounts`
pub async fn list(desk: Desk) -> Response {
    let answer = accounts(&desk).await;
    match &answer {
        Err(trouble @ crate::error::Trouble::Refused(_)) => desk.trouble(trouble).await,
        _ => desk.draw(page(&answer, &desk.query.get("account"), None, None, &desk.reader())).await,
    }
}

/// `POST /console/accounts`
pub async fn appoint(desk: Desk, Posted(entries): Posted) -> Response {
    match desk.sources().appoint(&desk.asker, appointed(&entries)).await {
        Ok(answer) => {
            let link = format!("{}{}", desk.portal.public_url, answer.sign_in);
            let name = answer.account.unwrap_or_default().name;
            desk.draw(page(&accounts(&desk).await, "", Some((&name, &link)), None, &desk.reader())).await
        }
        Err(trouble) => {
            let refused = Refused { form: "appoint", entries: &entries, trouble: &trouble };
            desk.draw_refused(&trouble, page(&accounts(&desk).await, "", None, Some(refused), &desk.reader())).await
        }
    }
}

/// `POST /console/accounts/state`
pub async fn set_state(desk: Desk, Posted(entries): Posted) -> Response {
    match desk.sources().set_account_state(&desk.asker, stated(&entries)).await {
        Ok(_) => desk.lead_to(HREF),
        Err(trouble) => {
            let refused = Refused { form: "state", entries: &entries, trouble: &trouble };
            desk.draw_refused(&trouble, page(&accounts(&desk).await, "", None, Some(refused), &desk.reader())).await
        }
    }
}

async fn accounts(desk: &Desk) -> Answer<ListAccountsResponse> {
    desk.sources().accounts(&desk.asker, ListAccountsRequest { page_size: PAGE_SIZE, page_token: desk.query.get("page") }).await
}
