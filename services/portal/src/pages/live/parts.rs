//! The parts of the Overview by name, each drawn as the page draws it.

use askama::Template;

use crate::views::frame::Frame;
use crate::views::overview::OverviewView;
use crate::views::panel::Panel;

#[derive(Template)]
#[template(path = "console/standing.html")]
struct Standing<'a> {
    frame: &'a Frame,
    view: &'a OverviewView,
}

#[derive(Template)]
#[template(path = "console/intake.html")]
struct Intake<'a> {
    frame: &'a Frame,
    view: &'a OverviewView,
}

#[derive(Template)]
#[template(path = "console/figures.html")]
struct Figures<'a> {
    frame: &'a Frame,
    view: &'a OverviewView,
}

#[derive(Template)]
#[template(path = "console/nodes.html")]
struct Nodes<'a> {
    frame: &'a Frame,
    view: &'a OverviewView,
}

/// Each part's name, which is its id on the page, and its HTML.
pub fn draw(frame: &Frame, view: &OverviewView) -> [(&'static str, askama::Result<String>); 4] {
    [
        ("standing", Standing { frame, view }.render()),
        ("intake", Intake { frame, view }.render()),
        ("figures", Figures { frame, view }.render()),
        ("nodes", Nodes { frame, view }.render()),
    ]
}
