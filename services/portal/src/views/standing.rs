//! "Is my area all right, now?": one word and sentence, and the points that it rests on. Each point leads to the part of the page where it
//! shows.
//!
//! A part that did not answer makes the answer "cannot be judged": nothing is called well that was not looked at.

use tracemesh_proto::federation::v1::LinkState;

use crate::error::Trouble;
use crate::text::fill;
use crate::views::figures::{Look, silence};
use crate::views::icon::State;
use crate::views::moment;
use crate::views::number::{grouped, share};
use crate::views::overview::Answers;
use crate::views::panel;

/// From which share of rejections on, in per cent of a window of at least [`MIN_SUBMISSIONS`], somebody should look.
const MANY_REJECTED_PERCENT: u64 = 5;
const MIN_SUBMISSIONS: u64 = 20;
/// From which lag on a connected node is worth a look, in entries.
const FAR_BEHIND: u64 = 10_000;
/// Points that are spelled out.
const MAX_POINTS: usize = 12;

/// The answer.
#[derive(Debug)]
pub struct StandingView {
    pub state: State,
    pub word: &'static str,
    pub points: Vec<Point>,
}

/// What it rests on.
#[derive(Debug)]
pub struct Point {
    pub state: State,
    pub sentence: String,
    /// The part of the page where it shows.
    pub href: &'static str,
}

/// What was found out, part by part.
pub struct Found<'a> {
    pub answers: &'a Answers,
    pub look: Look<'a>,
}

/// The worst point decides; points are told worst first.
pub fn standing(found: &Found) -> StandingView {
    let text = &found.look.language.text().standing;
    let mut points: Vec<Point> = failing(found).into_iter().chain(links(found)).chain(figures(found)).chain(intake(found)).collect();
    points.sort_by_key(|point| std::cmp::Reverse(point.state));
    points.truncate(MAX_POINTS);
    let state = points.first().map_or(State::Good, |point| point.state).max(State::Good);
    if matches!(state, State::Good | State::Note) && is_new(found) {
        let point = Point { state: State::Note, sentence: text.nothing_yet_why.into(), href: "#intake" };
        return StandingView { state: State::Note, word: text.nothing_yet, points: vec![point] };
    }
    if state == State::Good || state == State::Note {
        points.insert(0, Point { state: State::Good, sentence: all_good(found).into(), href: "#nodes" });
    }
    let (state, word) = match state {
        State::Good | State::Note => (State::Good, text.good),
        State::Attention => (State::Attention, text.attention),
        State::Unknown => (State::Unknown, text.unknown),
        State::Bad => (State::Bad, text.bad),
    };
    StandingView { state, word, points }
}

/// A node that has received nothing and looks after nobody is neither well nor ill.
fn is_new(found: &Found) -> bool {
    let untouched = found.answers.ever.as_ref().is_ok_and(|ever| ever.submissions == 0);
    untouched && found.answers.links.as_ref().is_ok_and(|links| links.children.is_empty())
}

fn all_good(found: &Found) -> &'static str {
    let text = &found.look.language.text().standing;
    match &found.answers.links {
        Ok(links) if links.children.is_empty() => text.no_children,
        _ => text.all_good,
    }
}

fn failing(found: &Found) -> Vec<Point> {
    let language = found.look.language;
    let part = &language.text().trouble;
    let parts = [
        (found.answers.recent.as_ref().err(), part.intake, "#intake"),
        (found.answers.figures.as_ref().err(), part.figures, "#figures"),
        (found.answers.links.as_ref().err(), part.links, "#nodes"),
    ];
    let point = |(trouble, part, href): (Option<&Trouble>, &str, _)| {
        trouble.map(|trouble| Point { state: State::Unknown, sentence: panel::sentence(trouble, part, language), href })
    };
    parts.into_iter().filter_map(point).collect()
}

fn links(found: &Found) -> Vec<Point> {
    let Ok(links) = &found.answers.links else { return Vec::new() };
    let text = &found.look.language.text().standing;
    let parent = links.parent.iter().filter_map(|parent| match parent.state.as_str() {
        "away" => Some(named(found, parent, State::Attention, text.parent_away)),
        "quarantined" => Some(named(found, parent, State::Bad, text.parent_quarantined)),
        _ => None,
    });
    parent.chain(links.children.iter().flat_map(|child| below(found, child))).collect()
}

fn below(found: &Found, link: &LinkState) -> Vec<Point> {
    let text = &found.look.language.text().standing;
    let own = match link.state.as_str() {
        "away" => Some(named(found, link, State::Attention, text.child_away)),
        "quarantined" => Some(named(found, link, State::Bad, text.child_quarantined)),
        "connected" if link.behind >= FAR_BEHIND => Some(named(found, link, State::Attention, text.child_behind)),
        _ => None,
    };
    own.into_iter().chain(link.children.iter().flat_map(|child| below(found, child))).collect()
}

fn named(found: &Found, link: &LinkState, state: State, template: &str) -> Point {
    let look = &found.look;
    let name = look.places.node_name(&link.node, &link.area, look.language);
    let seen = moment::from_wire(link.last_seen.as_ref());
    let when = seen.map_or(look.language.text().nodes.never.to_owned(), |at| moment::ago(at, look.now, look.language));
    let sentence = fill(template, &[("node", &name), ("when", &when), ("n", &grouped(link.behind))]);
    Point { state, sentence, href: "#nodes" }
}

/// A node that is away is told once, by its link; here are those that only their figures lack.
fn figures(found: &Found) -> Vec<Point> {
    let Ok(answer) = &found.answers.figures else { return Vec::new() };
    let links = found.answers.links.as_ref().ok();
    let is_told = |node: &str| silence::find(links, node).is_some_and(|link| matches!(link.state.as_str(), "away" | "quarantined"));
    let template = found.look.language.text().standing.figures_missing;
    let untold = silence::silent(answer).into_iter().filter(|silent| !is_told(silent.node));
    untold
        .map(|silent| {
            let sentence = fill(template, &[("node", &found.look.node_name(silent.node))]);
            Point { state: State::Attention, sentence, href: "#figures" }
        })
        .collect()
}

fn intake(found: &Found) -> Option<Point> {
    let text = &found.look.language.text().standing;
    let recent = found.answers.recent.as_ref().ok()?;
    let window = recent.window(recent.end(found.look.now));
    let (rejected, total) = (window.rejected, window.total());
    if total == 0 && found.answers.only_gathers() {
        return None;
    }
    if total == 0 {
        return Some(Point { state: State::Note, sentence: text.no_intake.into(), href: "#intake" });
    }
    let many = total >= MIN_SUBMISSIONS && rejected.saturating_mul(100) >= total.saturating_mul(MANY_REJECTED_PERCENT);
    many.then(|| {
        let sentence = fill(text.many_rejected, &[("share", &share(rejected, total)), ("n", &grouped(rejected))]);
        Point { state: State::Attention, sentence, href: "#intake" }
    })
}

#[cfg(test)]
mod tests;
