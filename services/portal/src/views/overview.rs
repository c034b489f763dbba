//! The Overview: four parts from three services, each with its own answer or its own trouble, and the standing over all of them.

use jiff::Timestamp;
use tracemesh_proto::analytics::v1::GetAggregatesResponse;
use tracemesh_proto::federation::v1::GetLinkStatusResponse;
use tracemesh_proto::ingestion::v1::GetIntakeResponse;

use crate::error::Trouble;
use crate::language::Language;
use crate::views::figures::{FiguresView, Look, figures};
use crate::views::filter::{Days, Filter};
use crate::views::intake::recent::Recent;
use crate::views::intake::{IntakeView, intake};
use crate::views::nodes::{NodesView, nodes};
use crate::views::panel::Panel;
use crate::views::places::Places;
use crate::views::standing::{Found, StandingView, standing};

/// What the services answered.
#[derive(Debug, Clone)]
pub struct Answers {
    /// What the page is drawn as of.
    pub at: Timestamp,
    /// When the services were asked.
    pub asked: Timestamp,
    pub recent: Result<Recent, Trouble>,
    pub ever: Result<GetIntakeResponse, Trouble>,
    /// The days that the figures are of.
    pub days: Days,
    pub figures: Result<GetAggregatesResponse, Trouble>,
    pub links: Result<GetLinkStatusResponse, Trouble>,
}

impl Answers {
    /// A node that has received nothing itself and looks after others: its figures are theirs.
    pub fn only_gathers(&self) -> bool {
        let receives = self.ever.as_ref().map_or(true, |ever| ever.submissions > 0);
        !receives && self.links.as_ref().is_ok_and(|links| !links.children.is_empty())
    }
}

/// The page's parts.
#[derive(Debug)]
pub struct OverviewView {
    pub standing: StandingView,
    pub intake: IntakeView,
    pub figures: Panel<FiguresView>,
    pub nodes: Panel<NodesView>,
}

/// The Overview of the node that answers for `home`.
pub fn overview(answers: &Answers, home: &str, filter: &Filter, places: &Places, language: Language) -> OverviewView {
    let part = &language.text().trouble;
    let look = || Look { now: answers.at, home, filter, days: answers.days, places, links: answers.links.as_ref().ok(), language };
    let found = Found { answers, look: look() };
    OverviewView {
        standing: standing(&found),
        intake: intake(answers, language),
        figures: Panel::new(&answers.figures, part.figures, language, |answer| figures(answer, &look())),
        nodes: Panel::new(&answers.links, part.links, language, |answer| nodes(answer, answers.asked, answers.at, places, language)),
    }
}
