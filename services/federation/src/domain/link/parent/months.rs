//! Which months a child has, which of them are kept, and how far each pull has come.

use std::collections::BTreeMap;
use std::time::Duration;

use super::claims::Claims;
use super::{Listed, Output, Pulled};
use crate::domain::link::{Moment, Month, Version};

/// Pulls under way at once from one child: enough to fill its line, too few to bury its database.
const PULLS: usize = 4;
/// How often the child is asked for its months although nothing hints at a difference.
const LIST_EVERY: Duration = Duration::from_secs(600);

#[derive(Debug, Default)]
pub struct Months {
    figures: BTreeMap<Month, Figures>,
    asked: Asked,
}

/// When the months were last asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Asked {
    #[default]
    Never,
    Waiting,
    At(Moment),
}

#[derive(Debug)]
struct Figures {
    offered: Version,
    /// The offer is a hint that came after the months were last asked for.
    hinted: bool,
    kept: Option<Version>,
    stage: Stage,
}

/// How far a pull has come.
#[derive(Clone, Debug)]
enum Stage {
    None,
    /// With what was offered when it began.
    Pulling(Version),
    /// Waits for a checkpoint.
    Unproven(Version, Pulled),
    Keeping(Version, Version),
}

impl Figures {
    const fn is_idle(&self) -> bool {
        matches!(self.stage, Stage::None)
    }

    fn is_wanted(&self) -> bool {
        self.is_idle() && self.kept.as_ref() != Some(&self.offered)
    }

    /// What came is what the child has; a hint that came meanwhile and is later still stands.
    fn keep(&mut self, began_with: &Version, version: Version) {
        if version.covers(&self.offered) || *began_with == self.offered {
            self.offered = version.clone();
        }
        self.kept = Some(version);
    }
}

impl Months {
    /// The child may have changed since: ask for the list when there is somebody to ask.
    pub fn forget_list(&mut self) {
        self.asked = Asked::Never;
    }

    /// When the list is to be asked for again by itself.
    pub fn list_due(&self) -> Option<Moment> {
        if let Asked::At(moment) = self.asked { Some(moment + LIST_EVERY) } else { None }
    }

    /// Asks for the list, if it is time.
    pub fn list(&mut self, now: Moment, todo: &mut Vec<Output>) {
        if self.asked == Asked::Never || self.list_due().is_some_and(|due| due <= now) {
            self.asked = Asked::Waiting;
            self.figures.values_mut().for_each(|figures| figures.hinted = false);
            todo.push(Output::List);
        }
    }

    /// With a new epoch of an origin months may be gone that are kept: that shows in the list alone.
    pub fn hinted(&mut self, month: Month, offered: Version) {
        let is_earlier = |known: &Month, figures: &Figures| known.origin == month.origin && figures.offered.epoch < offered.epoch;
        if self.figures.iter().any(|(known, figures)| is_earlier(known, figures)) {
            self.forget_list();
        }
        let (kept, stage) = self.figures.remove(&month).map_or((None, Stage::None), |figures| (figures.kept, figures.stage));
        self.figures.insert(month, Figures { offered, hinted: true, kept, stage });
    }

    /// The list is the truth of when it was made, which a hint that came since may know better.
    pub fn listed(&mut self, now: Moment, months: Vec<Listed>) {
        self.asked = Asked::At(now);
        for Listed { month, offered, kept } in months {
            let listed = Figures { offered, hinted: false, kept, stage: Stage::None };
            let figures = match self.figures.remove(&month) {
                Some(known) if known.hinted => Figures { kept: listed.kept, ..known },
                Some(known) => Figures { stage: known.stage, ..listed },
                None => listed,
            };
            self.figures.insert(month, figures);
        }
    }

    /// Begins pulls of months that differ, once the list has said what is kept.
    pub fn pull(&mut self, todo: &mut Vec<Output>) {
        if !matches!(self.asked, Asked::At(_)) {
            return;
        }
        let under_way = self.figures.values().filter(|figures| !figures.is_idle()).count();
        let wanted = self.figures.iter_mut().filter(|(_, figures)| figures.is_wanted());
        for (month, figures) in wanted.take(PULLS.saturating_sub(under_way)) {
            figures.stage = Stage::Pulling(figures.offered.clone());
            todo.push(Output::Pull(month.clone()));
        }
    }

    /// What a pull has brought has to be covered by a checkpoint; whether anything was waited for and came.
    pub fn pulled(&mut self, month: &Month, pulled: Option<Pulled>, claims: &mut Claims) -> bool {
        let Some(figures) = self.figures.get_mut(month) else { return true };
        let Stage::Pulling(began_with) = std::mem::replace(&mut figures.stage, Stage::None) else { return true };
        let Some(pulled) = pulled else { return false };
        if !claims.cover(&pulled.journal, &pulled.tree) {
            claims.offer(&pulled.journal, pulled.tree.clone());
        }
        figures.stage = Stage::Unproven(began_with, pulled);
        true
    }

    /// Lets go what a held checkpoint covers.
    pub fn keep(&mut self, claims: &Claims, todo: &mut Vec<Output>) {
        for (month, figures) in &mut self.figures {
            if let Stage::Unproven(began_with, pulled) = &figures.stage
                && claims.cover(&pulled.journal, &pulled.tree)
            {
                figures.stage = Stage::Keeping(began_with.clone(), pulled.version.clone());
                todo.push(Output::Keep(month.clone()));
            }
        }
    }

    /// Whether nothing has to be tried again.
    pub fn kept(&mut self, month: &Month, taken: bool) -> bool {
        let Some(figures) = self.figures.get_mut(month) else { return true };
        let Stage::Keeping(began_with, version) = std::mem::replace(&mut figures.stage, Stage::None) else { return true };
        if taken {
            figures.keep(&began_with, version);
        }
        taken
    }
}
