//! The addresses of the portal and what answers them. A handler reads the request, asks a use case, and draws a template; what it decides
//! is which page that is.

pub mod accounts;
pub mod choice;
pub mod console;
pub mod desk;
pub mod digital_link;
pub mod failure;
pub mod headers;
pub mod incidents;
pub mod live;
pub mod mismatch;
pub mod orders;
pub mod page;
pub mod posted;
pub mod public;
pub mod quality;
pub mod recalls;
pub mod scope;
pub mod session;
pub mod sign_in;
pub mod trace;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{get, post};

use crate::assets;
use crate::portal::Portal;

/// Most that a form may send: a long report in Chinese, escaped.
const MAX_FORM_BYTES: usize = 256 * 1024;

/// All pages. What no route matches is a page too, so the router also answers for the rest of its listener.
pub fn router(portal: Arc<Portal>) -> Router {
    let public = Router::new()
        .route("/", get(public::front))
        .route("/t", get(public::search))
        .route("/t/{*code}", get(public::chain))
        .route("/recalls", get(recalls::recalls))
        .route("/mismatch", get(mismatch::find).post(mismatch::send))
        .route("/mismatch/{number}", get(mismatch::show))
        .route("/01/{gtin}", get(digital_link::resolve))
        .route("/01/{gtin}/{*qualifiers}", get(digital_link::resolve))
        .route("/00/{sscc}", get(digital_link::resolve))
        .route("/414/{gln}", get(digital_link::resolve));
    let console = Router::new()
        .route("/console", get(console::overview))
        .route("/console/figures.csv", get(console::figures))
        .route("/console/live", get(live::overview))
        .route("/console/trace", get(trace::explore))
        .route("/console/sign-in/{secret}", get(sign_in::ask).post(sign_in::redeem))
        .route("/console/sign-out", post(sign_in::end))
        .route("/console/accounts", get(accounts::list).post(accounts::appoint))
        .route("/console/accounts/state", post(accounts::set_state));
    let emergency = Router::new()
        .route("/console/incidents", get(incidents::list).post(incidents::open))
        .route("/console/incidents/new", get(incidents::opening))
        .route("/console/incidents/{id}", get(incidents::show))
        .route("/console/incidents/{id}/{act}", post(incidents::act))
        .route("/console/orders", get(orders::list).post(orders::draft))
        .route("/console/orders/new", get(orders::drafting))
        .route("/console/orders/{node}/{number}", get(orders::show))
        .route("/console/orders/{node}/{number}/print", get(orders::print))
        .route("/console/orders/{node}/{number}/live", get(live::order))
        .route("/console/orders/{node}/{number}/{act}", post(orders::act))
        .route("/console/scope", get(scope::preview));
    let quality = Router::new()
        .route("/console/findings", get(quality::findings))
        .route("/console/findings/{id}", get(quality::finding))
        .route("/console/findings/{id}/{act}", post(quality::act))
        .route("/console/scorecard", get(quality::scorecard))
        .route("/console/rules", get(quality::rules))
        .route("/console/rules/dry-run", get(quality::drafting).post(quality::dry_run))
        .route("/console/mismatches", get(quality::mismatches))
        .route("/console/mismatches/{number}", get(quality::mismatch).post(quality::answer))
        .route("/console/receipts/{journal}/{epoch}/{seq}", get(quality::receipt));
    public
        .merge(console)
        .merge(emergency)
        .merge(quality)
        .route("/assets/{name}", get(assets::serve))
        .fallback(failure::not_found)
        .layer(DefaultBodyLimit::max(MAX_FORM_BYTES))
        .layer(from_fn(choice::remember))
        .layer(from_fn_with_state(portal.clone(), headers::secure))
        .with_state(portal)
}
