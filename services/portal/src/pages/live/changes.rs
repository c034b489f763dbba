//! What of a page has changed: each part as it was drawn last, and the events that wait to be sent.

use std::collections::{HashMap, VecDeque};

use axum::response::sse::Event;

/// The parts of one page.
#[derive(Debug, Default)]
pub struct Changes {
    drawn: HashMap<&'static str, String>,
    pending: VecDeque<Event>,
}

impl Changes {
    /// Queues a part that reads differently. One that cannot be drawn stays as it was.
    pub fn draw(&mut self, name: &'static str, html: askama::Result<String>) {
        // an event's data has no carriage return, and a page needs none
        let html = html.unwrap_or_default().replace('\r', "");
        if !html.is_empty() && self.drawn.get(name) != Some(&html) {
            self.pending.push_back(Event::default().event(name).data(&html));
            self.drawn.insert(name, html);
        }
    }

    /// The next event.
    pub fn next(&mut self) -> Option<Event> {
        self.pending.pop_front()
    }
}
