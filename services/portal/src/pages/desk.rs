//! What every page of the console begins with: who is signed in, how they want to read, what they ask for in the address, and how a page
//! is answered with.

use std::sync::Arc;

use askama::Template;
use axum::extract::{FromRequestParts, Query};
use axum::response::{IntoResponse, Redirect, Response};
use http::request::Parts;
use http::{StatusCode, header};
use jiff::Timestamp;
use tracemesh_access::Principal;

use crate::app::here::Here;
use crate::error::Trouble;
use crate::language::Language;
use crate::pages::choice::Choice;
use crate::pages::failure;
use crate::pages::page::{Keep, frame, page};
use crate::pages::session::SignedIn;
use crate::portal::Portal;
use crate::sources::Sources;
use crate::views::form::{Entries, Input};
use crate::views::frame::{Frame, Who, who};
use crate::views::moment;
use crate::views::part::{MenuEntry, menu};
use crate::views::reader::Reader;
use crate::views::sheet::{Block, Sheet};

/// Somebody at the console.
pub struct Desk {
    pub portal: Arc<Portal>,
    pub choice: Choice,
    pub asker: Principal,
    /// What the address asks for.
    pub query: Entries,
    now: Timestamp,
    here: Arc<Here>,
}

#[derive(Template)]
#[template(path = "console/sheet.html")]
struct SheetPage {
    frame: Frame,
    menu: Vec<MenuEntry>,
    who: Who,
    here: String,
    sheet: Sheet,
}

impl FromRequestParts<Arc<Portal>> for Desk {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, portal: &Arc<Portal>) -> Result<Self, Response> {
        let SignedIn(asker) = SignedIn::from_request_parts(parts, portal).await?;
        let Ok(choice) = Choice::from_request_parts(parts, portal).await;
        let Query(pairs) = Query::<Vec<(String, String)>>::from_request_parts(parts, portal).await.unwrap_or_default();
        Ok(Self::at(portal.clone(), choice, asker, Entries(pairs)).await)
    }
}

impl Desk {
    /// As of now.
    pub async fn at(portal: Arc<Portal>, choice: Choice, asker: Principal, query: Entries) -> Self {
        let now = portal.clock.now();
        let here = portal.known.get(&*portal.sources, now).await;
        Self { portal, choice, asker, query, now, here }
    }

    /// The other services.
    pub fn sources(&self) -> &dyn Sources {
        &*self.portal.sources
    }

    /// For whom pages are drawn.
    pub fn reader(&self) -> Reader<'_> {
        self.reader_in(self.choice.language)
    }

    /// The same in a language.
    pub fn reader_in(&self, language: Language) -> Reader<'_> {
        let node = self.here.node.as_ref().map_or("", |node| &node.id);
        Reader { principal: &self.asker, node, now: self.now, language, places: &self.here.places }
    }

    /// A page, or its table as a file where the address says `as=csv`.
    pub async fn draw(&self, sheet: Sheet) -> Response {
        match sheet.table().filter(|_| self.query.get("as") == "csv") {
            Some(table) => self.file(sheet.part.href().rsplit('/').next().unwrap_or("table"), &table.csv()),
            None => self.answer(StatusCode::OK, sheet).await,
        }
    }

    /// The page again, after what was sent was refused.
    pub async fn draw_refused(&self, trouble: &Trouble, sheet: Sheet) -> Response {
        let status = match trouble {
            Trouble::NoAnswer(_) | Trouble::Busy => StatusCode::SERVICE_UNAVAILABLE,
            Trouble::NotSignedIn => StatusCode::UNAUTHORIZED,
            Trouble::Refused(_) => StatusCode::FORBIDDEN,
            Trouble::NotFound => StatusCode::NOT_FOUND,
            Trouble::SwitchedOff(_) => StatusCode::CONFLICT,
            Trouble::WrongQuestion(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Trouble::Unusable(_) => StatusCode::INTERNAL_SERVER_ERROR,
        };
        self.answer(status, sheet).await
    }

    /// The page for a question that got no answer.
    pub async fn trouble(&self, trouble: &Trouble) -> Response {
        failure::trouble(&self.portal, &self.choice, trouble).await
    }

    /// Where what was done shows.
    pub fn lead_to(&self, href: &str) -> Response {
        Redirect::to(href).into_response()
    }

    /// A file with today's date in its name.
    pub fn file(&self, name: &str, csv: &str) -> Response {
        let name = format!("attachment; filename=\"{name}-{}.csv\"", moment::today(self.now));
        let headers =
            [(header::CONTENT_TYPE, "text/csv; charset=utf-8"), (header::CACHE_CONTROL, "no-store"), (header::CONTENT_DISPOSITION, &name)];
        (headers, csv.to_owned()).into_response()
    }

    /// What stands around the page.
    pub async fn frame(&self) -> Frame {
        frame(&self.portal, &self.choice).await
    }

    /// The same in a language.
    pub async fn frame_in(&self, language: Language) -> Frame {
        frame(&self.portal, &Choice { language, ..self.choice.clone() }).await
    }

    async fn answer(&self, status: StatusCode, sheet: Sheet) -> Response {
        let drawn = SheetPage {
            frame: self.frame().await,
            menu: menu(sheet.part, &self.asker, self.choice.language),
            who: who(&self.asker, self.choice.language),
            here: self.choice.address.clone(),
            sheet,
        };
        page(status, Keep::Nowhere, &drawn)
    }
}
