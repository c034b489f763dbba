//! What a form sent. Another site cannot send one in somebody's name: the session's cookie stays at home, and a browser says where a request
//! comes from.

use std::sync::Arc;

use axum::extract::{Form, FromRequest, FromRequestParts, Request};
use axum::response::Response;
use http::{HeaderMap, StatusCode};

use crate::error::{Reason, Trouble};
use crate::pages::choice::Choice;
use crate::pages::failure::{self, Notice};
use crate::portal::Portal;
use crate::views::form::Entries;

/// The fields, in order.
pub struct Posted(pub Entries);

impl FromRequest<Arc<Portal>> for Posted {
    type Rejection = Response;

    async fn from_request(request: Request, portal: &Arc<Portal>) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let Ok(choice) = Choice::from_request_parts(&mut parts, portal).await;
        if comes_from_elsewhere(&parts.headers) {
            return Err(failure::trouble(portal, &choice, &Trouble::Refused(Reason::default())).await);
        }
        match Form::<Vec<(String, String)>>::from_request(Request::from_parts(parts, body), portal).await {
            Ok(Form(pairs)) => Ok(Self(Entries(pairs))),
            Err(_) => {
                let text = choice.language.text();
                let notice = Notice::new(text.form.unreadable, vec![], text).leading(choice.address.clone(), text.failure.retry);
                Err(failure::notice(portal, &choice, StatusCode::BAD_REQUEST, notice).await)
            }
        }
    }
}

/// Whether a browser says that another site sent it here.
pub fn comes_from_elsewhere(headers: &HeaderMap) -> bool {
    headers.get("sec-fetch-site").is_some_and(|site| site == "cross-site")
}
