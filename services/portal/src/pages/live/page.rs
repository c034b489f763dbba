//! One page that somebody looks at: what it was told last, and what of it has changed. Intake comes second by second; the rest is asked
//! again every five seconds.

use std::sync::Arc;
use std::time::Duration;

use axum::response::sse::Event;
use futures::StreamExt;
use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at};
use tracemesh_access::Principal;
use tracemesh_proto::ingestion::v1::WatchIntakeResponse;

use crate::app::overview as ask;
use crate::error::Trouble;
use crate::pages::choice::Choice;
use crate::pages::live::changes::Changes;
use crate::pages::live::{LIFE, parts};
use crate::pages::page::frame;
use crate::portal::Portal;
use crate::sources::{Answer, Seconds};
use crate::views::filter::Filter;
use crate::views::frame::Frame;
use crate::views::intake::recent::Recent;
use crate::views::overview::{Answers, overview};

/// How often the parts are asked that do not come by themselves.
const ASK_EVERY: Duration = Duration::from_secs(5);

/// One page that is kept current.
pub struct LivePage {
    portal: Arc<Portal>,
    choice: Choice,
    frame: Frame,
    asker: Principal,
    filter: Filter,
    answers: Answers,
    /// None while the stream of seconds does not come.
    seconds: Option<Seconds>,
    asking: Interval,
    ends: Instant,
    changes: Changes,
}

impl LivePage {
    /// Asks everything; all parts are the first events.
    pub async fn open(portal: Arc<Portal>, choice: Choice, asker: Principal, filter: Filter) -> Self {
        let answers = ask::ask_still(&*portal.sources, &asker, &filter, portal.clock.now()).await;
        let mut asking = interval_at(Instant::now() + ASK_EVERY, ASK_EVERY);
        asking.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut page = Self {
            frame: frame(&portal, &choice).await,
            portal,
            choice,
            asker,
            filter,
            answers,
            seconds: None,
            asking,
            ends: Instant::now() + LIFE,
            changes: Changes::default(),
        };
        page.watch().await;
        page.redraw().await;
        page
    }

    /// The next change; None when the stream has lived, or the process stops.
    pub async fn next(mut self) -> Option<(Event, Self)> {
        let shutdown = self.portal.shutdown.clone();
        loop {
            if let Some(event) = self.changes.next() {
                return Some((event, self));
            }
            tokio::select! {
                () = shutdown.requested() => return None,
                () = tokio::time::sleep_until(self.ends) => return None,
                second = next_second(&mut self.seconds) => self.take(second),
                _ = self.asking.tick() => self.ask().await,
            }
            self.redraw().await;
        }
    }

    fn take(&mut self, second: Answer<WatchIntakeResponse>) {
        match (second, &mut self.answers.recent) {
            (Ok(second), Ok(recent)) => recent.take(&second),
            (Ok(_), Err(_)) => (),
            (Err(trouble), recent) => {
                *recent = Err(trouble);
                self.seconds = None;
            }
        }
    }

    /// Asks the slow parts again, and for the seconds where they have stopped coming.
    async fn ask(&mut self) {
        let answers = ask::ask_still(&*self.portal.sources, &self.asker, &self.filter, self.portal.clock.now()).await;
        let recent = std::mem::replace(&mut self.answers.recent, Ok(Recent::default()));
        self.answers = Answers { recent, ..answers };
        if self.seconds.is_none() {
            self.watch().await;
        }
    }

    async fn watch(&mut self) {
        let mut recent = Recent::default();
        let watched = match self.portal.sources.watch_intake(&self.asker).await {
            Ok(mut seconds) => ask::backlog(&mut seconds, &mut recent, self.portal.clock.now()).await.map(|()| seconds),
            Err(trouble) => Err(trouble),
        };
        (self.answers.recent, self.seconds) = match watched {
            Ok(seconds) => (Ok(recent), Some(seconds)),
            Err(trouble) => (Err(trouble), None),
        };
    }

    /// Draws the page as of now and queues the parts that read differently.
    async fn redraw(&mut self) {
        let now = self.portal.clock.now();
        let here = self.portal.known.get(&*self.portal.sources, now).await;
        self.answers.at = now;
        let view = overview(&self.answers, here.area(), &self.filter, &here.places, self.choice.language);
        for (name, html) in parts::draw(&self.frame, &view) {
            self.changes.draw(name, html);
        }
    }
}

/// The next second; never, where there is no stream.
async fn next_second(seconds: &mut Option<Seconds>) -> Answer<WatchIntakeResponse> {
    match seconds {
        Some(seconds) => seconds.next().await.unwrap_or_else(|| Err(Trouble::NoAnswer("the stream of seconds has ended".into()))),
        None => std::future::pending().await,
    }
}
