//! The board of an order as it changes. What the service says comes at once; limits run on by themselves and are drawn again every few
//! seconds, so that a reader sees that the page is alive.

use std::sync::Arc;
use std::time::Duration;

use askama::Template;
use axum::response::sse::Event;
use futures::StreamExt;
use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at};
use tracemesh_access::Principal;
use tracemesh_proto::emergency::v1::{Board, WatchOrderRequest};

use crate::pages::choice::Choice;
use crate::pages::desk::Desk;
use crate::pages::live::LIFE;
use crate::pages::live::changes::Changes;
use crate::portal::Portal;
use crate::sources::Answer;
use crate::sources::emergency::Boards;
use crate::views::emergency::board::sections;
use crate::views::form::{Entries, Input};
use crate::views::frame::Frame;
use crate::views::sheet::{Block, Section};

/// How often the limits are drawn again.
const DRAW_EVERY: Duration = Duration::from_secs(5);

#[derive(Template)]
#[template(path = "parts/section.html")]
struct Part<'a> {
    frame: &'a Frame,
    section: &'a Section,
}

/// One board that is kept current.
pub struct LiveBoard {
    portal: Arc<Portal>,
    choice: Choice,
    asker: Principal,
    frame: Frame,
    board: Board,
    boards: Boards,
    drawing: Interval,
    ends: Instant,
    changes: Changes,
}

impl LiveBoard {
    /// Begins to watch; all parts are the first events.
    pub async fn open(portal: Arc<Portal>, choice: Choice, asker: Principal, id: String) -> Answer<Self> {
        let boards = portal.sources.watch_order(&asker, WatchOrderRequest { id }).await?;
        let mut drawing = interval_at(Instant::now() + DRAW_EVERY, DRAW_EVERY);
        drawing.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let frame = crate::pages::page::frame(&portal, &choice).await;
        let (board, changes, ends) = (Board::default(), Changes::default(), Instant::now() + LIFE);
        Ok(Self { portal, choice, asker, frame, board, boards, drawing, ends, changes })
    }

    /// The next change; None when the stream has lived, the service has gone, or the process stops: then the browser asks again.
    pub async fn next(mut self) -> Option<(Event, Self)> {
        let shutdown = self.portal.shutdown.clone();
        loop {
            if let Some(event) = self.changes.next() {
                return Some((event, self));
            }
            tokio::select! {
                () = shutdown.requested() => return None,
                () = tokio::time::sleep_until(self.ends) => return None,
                told = self.boards.next() => self.board = told?.ok()?.board?,
                _ = self.drawing.tick() => (),
            }
            self.draw().await;
        }
    }

    async fn draw(&mut self) {
        let desk = Desk::at(self.portal.clone(), self.choice.clone(), self.asker.clone(), Entries::default()).await;
        for section in sections(&self.board, &desk.reader()) {
            self.changes.draw(section.id, Part { frame: &self.frame, section: &section }.render());
        }
    }
}
