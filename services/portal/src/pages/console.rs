//! The console's Overview and its figures as a file.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use http::{StatusCode, header};

use crate::app::overview as ask;
use crate::pages::choice::Choice;
use crate::pages::failure;
use crate::pages::page::{Keep, frame, page};
use crate::pages::session::SignedIn;
use crate::portal::Portal;
use crate::views::definitions::{Definition, definitions};
use crate::views::figures::Look;
use crate::views::figures::csv::csv;
use crate::views::filter::Filter;
use crate::views::frame::{Frame, Who, who};
use crate::views::moment;
use crate::views::overview::{OverviewView, overview as draw};
use crate::views::panel::Panel;
use crate::views::part::{MenuEntry, Part, menu};

#[derive(Template)]
#[template(path = "console/overview.html")]
struct OverviewPage {
    frame: Frame,
    menu: Vec<MenuEntry>,
    who: Who,
    /// The address of this very look.
    here: String,
    /// Where the page is kept current from.
    live: String,
    view: OverviewView,
    definitions: Vec<Definition>,
}

/// `GET /console`: the Overview, or the first page that is for whoever signed in.
pub async fn overview(
    State(portal): State<Arc<Portal>>,
    choice: Choice,
    SignedIn(asker): SignedIn,
    Query(filter): Query<Filter>,
) -> Response {
    let first = Part::first_for(&asker);
    if first != Part::Overview {
        return Redirect::to(first.href()).into_response();
    }
    let now = portal.clock.now();
    let (answers, here) = futures::join!(ask::ask(&*portal.sources, &asker, &filter, now), portal.known.get(&*portal.sources, now));
    let page_now = OverviewPage {
        frame: frame(&portal, &choice).await,
        menu: menu(Part::Overview, &asker, choice.language),
        who: who(&asker, choice.language),
        here: format!("/console{}", filter.query()),
        live: format!("/console/live{}", filter.query()),
        view: draw(&answers, here.area(), &filter, &here.places, choice.language),
        definitions: definitions(choice.language.text()),
    };
    page(StatusCode::OK, Keep::Nowhere, &page_now)
}

/// `GET /console/figures.csv`
pub async fn figures(
    State(portal): State<Arc<Portal>>,
    choice: Choice,
    SignedIn(asker): SignedIn,
    Query(filter): Query<Filter>,
) -> Response {
    let now = portal.clock.now();
    let here = portal.known.get(&*portal.sources, now).await;
    let (answer, links) = futures::join!(ask::figures(&*portal.sources, &asker, &filter, now), portal.sources.links(&asker));
    let (days, answer) = match answer {
        Ok(figures) => figures,
        Err(trouble) => return failure::trouble(&portal, &choice, &trouble).await,
    };
    let links = links.ok();
    let look =
        Look { now, home: here.area(), filter: &filter, days, places: &here.places, links: links.as_ref(), language: choice.language };
    let name = format!("attachment; filename=\"figures-{}.csv\"", moment::today(now));
    let headers =
        [(header::CONTENT_TYPE, "text/csv; charset=utf-8"), (header::CACHE_CONTROL, "no-store"), (header::CONTENT_DISPOSITION, &name)];
    (headers, csv(&answer, &look)).into_response()
}
