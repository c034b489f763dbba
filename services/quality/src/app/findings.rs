//! Findings as people see and answer them.

use tracemesh_access::Principal;
use tracemesh_chassis::error::Violation;
use tracemesh_model::AreaTree;
use tracemesh_store::page::BadToken;
use tracemesh_store::{ConnectionTrait, page};

use super::Quality;
use super::entries::Cause;
use crate::domain::detect;
use crate::domain::finding::{self, Decision, Finding, State, Step, Told};
use crate::domain::question::View;
use crate::error::QualityError;
use crate::store;
use crate::store::findings::Filter;

/// Findings on a page, and findings read at once while looking for those that the caller may see.
const PAGE_USUAL: u32 = 50;
const PAGE_MOST: u32 = 500;
/// Characters of an explanation or a reason.
const TEXT_CHARS_MOST: usize = 2_000;

/// What is asked for.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    pub state: String,
    pub kind: String,
    pub provider: String,
    pub area: String,
    pub subject: String,
    pub page_size: u32,
    pub page_token: String,
}

/// A page of the work list.
#[derive(Clone, Debug, Default)]
pub struct Listed {
    pub findings: Vec<Told>,
    pub next_page_token: String,
    /// Kind, how many are in the answer, how many of them are overdue.
    pub counts: Vec<(String, i64, i64)>,
}

impl Quality {
    /// The most urgent first.
    pub async fn list(&self, caller: &Principal, wanted: &Wanted) -> Result<Listed, QualityError> {
        let now = self.clock.now_micros();
        let (mut filter, mut after) = read(wanted, now).map_err(QualityError::Invalid)?;
        let may = View::of(caller);
        if let Some(own) = &may.provider {
            if !filter.provider.is_empty() && filter.provider != *own {
                return Ok(Listed::default());
            }
            filter.provider.clone_from(own);
        }
        let snapshot = self.db.snapshot().await?;
        let (tree, asked) = (store::registry::tree(&snapshot).await?, View::asked(&wanted.area, ""));
        let sees = |finding: &Finding| sees(&may, &tree, finding) && asked.sees_area(&tree, &finding.area);
        let size = page::size(wanted.page_size, PAGE_USUAL, PAGE_MOST) as usize;
        let mut listed = Listed::default();
        loop {
            let page = store::findings::page(&snapshot, &filter, after, i64::from(PAGE_MOST)).await?;
            let is_last = page.len() < PAGE_MOST as usize;
            for finding in page {
                after = (finding.due_at, finding.number);
                if listed.findings.len() == size {
                    listed.next_page_token = token(listed.findings.last());
                    break;
                }
                if sees(&finding) {
                    listed.findings.push(self.told(&snapshot, finding).await?);
                }
            }
            if is_last || !listed.next_page_token.is_empty() {
                break;
            }
        }
        let places = store::findings::counts(&snapshot, &filter, now).await?;
        listed.counts = by_kind(places, |area, category| may.sees_place(&tree, area, category) && asked.sees_area(&tree, area));
        Ok(listed)
    }

    pub async fn get(&self, caller: &Principal, id: &str) -> Result<Told, QualityError> {
        let snapshot = self.db.snapshot().await?;
        let number = finding::number(&self.node.id, id).ok_or_else(|| QualityError::NoFinding(id.to_owned()))?;
        let found = store::findings::get(&snapshot, number).await?;
        let finding = self.may_see(&snapshot, caller, found, id).await?;
        self.told(&snapshot, finding).await
    }

    /// Its source says why it is as it is.
    pub async fn explain(&self, caller: &Principal, id: &str, text: &str) -> Result<Told, QualityError> {
        let faults = text_faults("text", text, text.chars().count(), TEXT_CHARS_MOST);
        if !faults.is_empty() {
            return Err(QualityError::Invalid(faults));
        }
        self.move_on(caller, id, State::Explained, text).await
    }

    /// A regulator decides.
    pub async fn decide(&self, caller: &Principal, id: &str, decision: &str, why: &str) -> Result<Told, QualityError> {
        let mut faults = text_faults("why", why, why.chars().count(), TEXT_CHARS_MOST);
        let read: Result<Decision, ()> = decision.parse();
        if read.is_err() {
            let allowed: Vec<&str> = Decision::ALL.iter().map(|(_, word)| *word).collect();
            let fault = Violation::new("decision", "error.request.value_not_allowed").with("value", decision);
            faults.push(fault.with("allowed", allowed.join(", ")));
        }
        match read {
            Ok(decision) if faults.is_empty() => self.move_on(caller, id, decision.leads_to(), why).await,
            _ => Err(QualityError::Invalid(faults)),
        }
    }

    /// The one way in which people change a finding.
    async fn move_on(&self, caller: &Principal, id: &str, to: State, why: &str) -> Result<Told, QualityError> {
        let now = self.clock.now_micros();
        let number = finding::number(&self.node.id, id).ok_or_else(|| QualityError::NoFinding(id.to_owned()))?;
        let tx = self.db.begin().await?;
        let found = store::findings::for_change(&tx, number).await?;
        let mut finding = self.may_see(&tx, caller, found, id).await?;
        let from = finding.state;
        finding.state = from.transition(to).map_err(|_| QualityError::Transition { from, to })?;
        finding.closed_at = if finding.is_open() { 0 } else { now };
        let step = Step { state: to, by: caller.to_string(), at: now, text: why.to_owned() };
        let cause = Cause { actor: caller.clone(), why, at: now };
        store::findings::add_step(&tx, number, &step).await?;
        if to == State::Sent {
            self.renew(&mut finding, now);
        }
        store::findings::put(&tx, &finding).await?;
        let entry = self.finding_entry(&tx, &cause, &finding).await?;
        let told = self.told(&tx, finding).await?;
        self.commit(tx, &[entry]).await?;
        Ok(told)
    }

    async fn may_see(
        &self,
        db: &impl ConnectionTrait,
        caller: &Principal,
        found: Option<Finding>,
        id: &str,
    ) -> Result<Finding, QualityError> {
        let tree = store::registry::tree(db).await?;
        let may = View::of(caller);
        found.filter(|finding| sees(&may, &tree, finding)).ok_or_else(|| QualityError::NoFinding(id.to_owned()))
    }
}

/// Adds up what lies in places that are seen.
fn by_kind(places: Vec<(String, String, String, i64, i64)>, sees: impl Fn(&str, &str) -> bool) -> Vec<(String, i64, i64)> {
    let mut counts: Vec<(String, i64, i64)> = Vec::new();
    for (kind, _, _, count, overdue) in places.into_iter().filter(|(_, area, category, ..)| sees(area, category)) {
        match counts.last_mut().filter(|(last, ..)| *last == kind) {
            Some(sum) => (sum.1, sum.2) = (sum.1 + count, sum.2 + overdue),
            None => counts.push((kind, count, overdue)),
        }
    }
    counts
}

/// A provider sees what was said to it, whatever its scope is now.
fn sees(may: &View, tree: &AreaTree, finding: &Finding) -> bool {
    match &may.provider {
        Some(own) => *own == finding.provider,
        None => may.sees_place(tree, &finding.area, &finding.category),
    }
}

fn read(wanted: &Wanted, now: i64) -> Result<(Filter, (i64, i64)), Vec<Violation>> {
    let mut faults = Vec::new();
    let open: Vec<State> = State::ALL.into_iter().map(|(state, _)| state).filter(|state| *state != State::Closed).collect();
    let (states, overdue_at) = match wanted.state.as_str() {
        "" | "open" => (open, None),
        "overdue" => (open, Some(now)),
        "all" => (Vec::new(), None),
        word => match word.parse() {
            Ok(state) => (vec![state], None),
            Err(()) => {
                let words = ["open", "overdue", "all"].into_iter().chain(State::ALL.map(|(_, word)| word)).collect::<Vec<_>>();
                faults.push(not_allowed("state", word, &words));
                (open, None)
            }
        },
    };
    if !wanted.kind.is_empty() && detect::named(&wanted.kind).is_none() {
        faults.push(not_allowed("kind", &wanted.kind, &detect::ALL.map(|detector| detector.kind)));
    }
    let after = position(&wanted.page_token).unwrap_or_else(|_| {
        faults.push(Violation::new("page_token", "error.request.page_token").with("value", &wanted.page_token));
        START
    });
    let Wanted { kind, provider, subject, .. } = wanted.clone();
    if faults.is_empty() { Ok((Filter { states, overdue_at, kind, provider, subject }, after)) } else { Err(faults) }
}

const START: (i64, i64) = (i64::MIN, 0);

fn position(token: &str) -> Result<(i64, i64), BadToken> {
    let Some([due, number]) = page::position::<2>(token)? else { return Ok(START) };
    due.parse().ok().zip(number.parse().ok()).ok_or(BadToken)
}

fn token(last: Option<&Told>) -> String {
    last.map_or_else(String::new, |told| page::token([&told.finding.due_at.to_string(), &told.finding.number.to_string()]))
}

/// A text that is required and has an end.
pub(super) fn text_faults(field: &str, text: &str, length: usize, most: usize) -> Vec<Violation> {
    if text.trim().is_empty() {
        return vec![Violation::new(field, "error.request.value_missing")];
    }
    if length > most {
        return vec![Violation::new(field, "error.request.value_too_long").with("limit", most.to_string())];
    }
    Vec::new()
}

pub(super) fn not_allowed(field: &str, value: &str, allowed: &[&str]) -> Violation {
    Violation::new(field, "error.request.value_not_allowed").with("value", value).with("allowed", allowed.join(", "))
}
