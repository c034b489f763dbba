//! Incidents: open, grade, learn more, report, close. Each change is told to the node above at once.

use std::str::FromStr;

use tracemesh_calendar::china_day;
use tracemesh_chassis::error::Violation;
use tracemesh_codes::{Identified, region, unit_key};
use tracemesh_journal::Entry;
use tracemesh_model::{AreaTree, Category};
use tracemesh_proto::emergency::v1 as wire;
use tracemesh_proto::emergency::v1::{Incident, IncidentChanged, IncidentHold};
use tracemesh_proto::time::{micros, timestamp};
use tracemesh_store::DatabaseTransaction;

use super::{About, Cause, Emergency, To, missing, not_allowed};
use crate::domain::clock::{self, Clock};
use crate::domain::grade::{self, Facts, GRADES};
use crate::domain::rules::{InForce, Matter};
use crate::error::EmergencyError;
use crate::store;
use crate::store::incidents::Kept;

/// Codes that an incident may name, as many as a scope is asked for.
pub const CODES_MOST: usize = 100;
const REPORTS: [&str; 3] = ["first", "follow_up", "final"];

/// What an incident is opened with.
#[derive(Clone, Debug, Default)]
pub struct Opening {
    pub title: String,
    pub category: String,
    pub area: String,
    pub codes: Vec<String>,
    /// Unix microseconds; 0 = now.
    pub risk_known_at: i64,
    pub facts: wire::Facts,
    pub drill: bool,
    /// person, inspection, parent
    pub by_kind: &'static str,
    /// What opens it, once; empty for a person.
    pub source: String,
}

/// An incident that is being changed.
pub struct Case {
    pub incident: Incident,
    pub rules: InForce,
    pub clocks: Vec<Clock>,
    /// Whether a limit turned out to be missed.
    breached: bool,
}

impl Emergency {
    pub async fn open_incident(&self, cause: Cause<'_>, opening: Opening) -> Result<Incident, EmergencyError> {
        let tree = store::areas::tree(self.db.read()).await?;
        let faults = faults_of(&opening, &tree, self.clock.now_micros());
        if !faults.is_empty() {
            return Err(EmergencyError::Invalid(faults));
        }
        let tx = self.db.begin().await?;
        let (incident, entries) = self.open(&tx, cause, opening, &tree).await?;
        self.commit(tx, &entries).await?;
        Ok(incident)
    }

    /// Opens an incident in somebody's transaction. What a source has opened before is what it opens again.
    pub async fn open(
        &self,
        tx: &DatabaseTransaction,
        cause: Cause<'_>,
        opening: Opening,
        tree: &AreaTree,
    ) -> Result<(Incident, Vec<Entry>), EmergencyError> {
        if !opening.source.is_empty()
            && let Some(known) = store::incidents::by_source(tx, &opening.source).await?
        {
            return Ok((self.shown(tx, known.incident, &known.via).await?, Vec::new()));
        }
        let now = self.clock.now_micros();
        let risk_known_at = if opening.risk_known_at == 0 { now } else { opening.risk_known_at };
        let matter = Matter { category: &opening.category, area: &opening.area, day: china_day(risk_known_at) };
        let rules = self.rules.in_force(matter, tree);
        let year = china_day(now).year();
        let number = store::series::next(tx, &format!("incident.{year}")).await?;
        let incident = propose(
            Incident {
                id: format!("{}-{year}-{number}", self.node.id),
                node: self.node.id.clone(),
                opened_by_kind: opening.by_kind.into(),
                opened_by: cause.actor.to_string(),
                opened_at: Some(timestamp(now)),
                risk_known_at: Some(timestamp(risk_known_at)),
                title: opening.title,
                category: opening.category,
                area: opening.area,
                codes: opening.codes,
                facts: Some(opening.facts),
                state: "open".into(),
                drill: opening.drill,
                source: opening.source,
                ..Incident::default()
            },
            &rules,
        );
        let mut clocks = clock::of_incident(&rules, &incident.proposed_grade, risk_known_at, now);
        match opening.by_kind {
            "parent" => clocks.clear(),
            "inspection" => clocks.retain(|clock| clock.kind != clock::OPERATOR),
            _ => {}
        }
        let breached = clock::note_breaches(&mut clocks, now);
        let kept = Kept { incident, via: String::new(), rules };
        store::incidents::insert(tx, &kept).await?;
        let case = Case { incident: kept.incident, rules: kept.rules, clocks, breached };
        // The node above knows of what it has told us itself.
        let to = if opening.by_kind == "parent" { To::Nobody } else { To::Parent };
        let mut entries = self.keep(tx, cause, "incident.opened", to, &case).await?;
        entries.push(self.hold("incident.hold", cause, &case.incident));
        Ok((self.shown(tx, case.incident, "").await?, entries))
    }

    pub async fn confirm_grade(&self, cause: Cause<'_>, id: &str, grade: &str) -> Result<Incident, EmergencyError> {
        if !GRADES.contains(&grade) {
            return Err(EmergencyError::Invalid(vec![not_allowed("grade", grade, &GRADES)]));
        }
        let tx = self.db.begin().await?;
        let mut case = self.case(&tx, id).await?;
        if grade != case.incident.proposed_grade && cause.why.is_empty() {
            return Err(EmergencyError::Invalid(vec![Violation::new("why", "error.request.why_missing")]));
        }
        (case.incident.grade, case.incident.graded_by) = (grade.into(), cause.actor.to_string());
        clock::regrade(&mut case.clocks, &case.rules, grade, self.clock.now_micros());
        self.change(tx, cause, "incident.graded", case).await
    }

    /// The grade is proposed anew; one that a person has confirmed stays until a person changes it.
    pub async fn add_facts(&self, cause: Cause<'_>, id: &str, facts: wire::Facts) -> Result<Incident, EmergencyError> {
        let tx = self.db.begin().await?;
        let mut case = self.case(&tx, id).await?;
        case.incident.facts = Some(facts);
        case.incident = propose(case.incident, &case.rules);
        if case.incident.grade.is_empty() {
            clock::regrade(&mut case.clocks, &case.rules, &case.incident.proposed_grade, self.clock.now_micros());
        }
        self.change(tx, cause, "incident.facts_added", case).await
    }

    /// Ends the clock that asked for it; a follow-up on a recall starts the next one.
    pub async fn file_report(&self, cause: Cause<'_>, id: &str, kind: &str, text: &str) -> Result<Incident, EmergencyError> {
        let mut faults = Vec::new();
        if !REPORTS.contains(&kind) {
            faults.push(not_allowed("kind", kind, &REPORTS));
        }
        if text.trim().is_empty() {
            faults.push(missing("text"));
        }
        if !faults.is_empty() {
            return Err(EmergencyError::Invalid(faults));
        }
        let tx = self.db.begin().await?;
        let mut case = self.case(&tx, id).await?;
        let now = self.clock.now_micros();
        let at = Some(timestamp(now));
        case.incident.reports.push(wire::Report { kind: kind.into(), text: text.into(), by: cause.actor.to_string(), at });
        let reported = case.stop(now, |clock| clock.kind == format!("report.{kind}"));
        for order in reported.into_iter().filter(|order| !order.is_empty()) {
            let class =
                store::orders::by_id(&tx, &order).await?.filter(|kept| kept.order.state == "issued").map(|kept| kept.order.recall_class);
            case.clocks.extend(class.and_then(|class| clock::after_follow_up(&case.rules, class, &order, now)));
        }
        self.change(tx, cause, "incident.reported", case).await
    }

    pub async fn close_incident(&self, cause: Cause<'_>, id: &str) -> Result<Incident, EmergencyError> {
        let tx = self.db.begin().await?;
        let mut case = self.case(&tx, id).await?;
        let unfinished = |missing| EmergencyError::Unfinished { id: id.into(), missing };
        if store::orders::of_incident(&tx, id).await?.iter().any(|order| !["closed", "cancelled"].contains(&order.state.as_str())) {
            return Err(unfinished("closed orders"));
        }
        if !case.incident.reports.iter().any(|report| report.kind == "final") {
            return Err(unfinished("final report"));
        }
        case.incident.state = "closed".into();
        case.stop(self.clock.now_micros(), |_| true);
        self.change(tx, cause, "incident.closed", case).await
    }

    /// An incident of ours that is open, to be changed until the transaction ends.
    pub async fn case(&self, tx: &DatabaseTransaction, id: &str) -> Result<Case, EmergencyError> {
        let Kept { incident, via, rules } =
            store::incidents::for_change(tx, id).await?.ok_or_else(|| EmergencyError::NoIncident(id.into()))?;
        if !via.is_empty() {
            return Err(EmergencyError::Elsewhere { id: id.into(), node: incident.node });
        }
        if incident.state == "closed" {
            return Err(EmergencyError::IncidentClosed(id.into()));
        }
        Ok(Case { clocks: store::clocks::of(tx, id).await?, incident, rules, breached: false })
    }

    /// Writes a case as it is now, and answers the entries that say so: what was done, and that a limit was missed.
    pub async fn keep(
        &self,
        tx: &DatabaseTransaction,
        cause: Cause<'_>,
        kind: &str,
        to: To,
        case: &Case,
    ) -> Result<Vec<Entry>, EmergencyError> {
        store::incidents::update(tx, &case.incident).await?;
        store::clocks::put(tx, &case.incident.id, &case.clocks).await?;
        let body = IncidentChanged { incident: Some(self.shown(tx, case.incident.clone(), "").await?) };
        let about = About { area: &case.incident.area, category: &case.incident.category };
        let mut entries = vec![self.entry(kind, to, cause, about, &body)];
        if case.breached {
            entries.push(self.entry("incident.breached", To::Parent, cause, about, &body));
        }
        Ok(entries)
    }

    async fn change(&self, tx: DatabaseTransaction, cause: Cause<'_>, kind: &str, case: Case) -> Result<Incident, EmergencyError> {
        let mut entries = self.keep(&tx, cause, kind, To::Parent, &case).await?;
        if case.incident.state == "closed" {
            entries.push(self.hold("incident.released", cause, &case.incident));
        }
        let shown = self.shown(&tx, case.incident, "").await?;
        self.commit(tx, &entries).await?;
        Ok(shown)
    }

    /// That the records of the incident's units are kept, or need not be any more.
    fn hold(&self, kind: &str, cause: Cause<'_>, incident: &Incident) -> Entry {
        let read = incident.codes.iter().filter_map(|code| Identified::from_str(code).ok());
        let units = read.map(|found| unit_key(&found.code, &found.batch).get()).collect();
        let about = About { area: &incident.area, category: &incident.category };
        self.entry(kind, To::Nobody, cause, about, &IncidentHold { incident: incident.id.clone(), units })
    }
}

impl Case {
    /// What these clocks ask for is there. Answers whose orders they were of.
    pub fn stop(&mut self, now: i64, which: impl Fn(&Clock) -> bool) -> Vec<String> {
        let mut orders = Vec::new();
        for clock in self.clocks.iter_mut().filter(|clock| clock.runs() && which(clock)) {
            self.breached |= clock.stop(now);
            orders.push(clock.order.clone());
        }
        orders
    }
}

fn propose(incident: Incident, rules: &InForce) -> Incident {
    let facts = facts(incident.facts.as_ref());
    let (proposed_grade, grade_rule) = rules.grading.as_ref().map_or_else(Default::default, |table| {
        (grade::propose(&table.grades, &facts).unwrap_or_default().to_owned(), table.applies.id.clone())
    });
    Incident { proposed_grade, grade_rule, ..incident }
}

fn facts(facts: Option<&wire::Facts>) -> Facts {
    let wire::Facts { hurt, dead, townships, counties, prefectures, crosses_province } = facts.copied().unwrap_or_default();
    Facts { hurt, dead, townships, counties, prefectures, crosses_province }
}

fn faults_of(opening: &Opening, tree: &AreaTree, now: i64) -> Vec<Violation> {
    let mut faults = Vec::new();
    if opening.title.trim().is_empty() {
        faults.push(missing("title"));
    }
    if Category::named(&opening.category).is_none() {
        let fault = Violation::new("category", "error.request.value_invalid").with("value", &opening.category);
        faults.push(fault.with("expected", "letters, digits, _ - or ., 64 bytes at most"));
    }
    if !tree.knows(&opening.area) && opening.area != region::COUNTRY && region::lookup(&opening.area).is_none() {
        faults.push(Violation::new("area", "error.area.unknown").with("id", &opening.area));
    }
    if opening.risk_known_at > now {
        let fault = Violation::new("risk_known_at", "error.request.value_invalid");
        faults.push(fault.with("value", timestamp(opening.risk_known_at).to_string()).with("expected", "no time that is still to come"));
    }
    faults.extend(code_faults(&opening.codes));
    faults
}

fn code_faults(codes: &[String]) -> Vec<Violation> {
    if codes.is_empty() {
        return vec![missing("codes")];
    }
    if codes.len() > CODES_MOST {
        let fault = Violation::new("codes", "error.request.value_invalid").with("value", codes.len().to_string());
        return vec![fault.with("expected", format!("{CODES_MOST} at most"))];
    }
    let read = codes.iter().enumerate().map(|(i, code)| (i, code, Identified::from_str(code)));
    let fault = |(i, code, read): (usize, &String, Result<Identified, _>)| {
        let fault = Violation::new(format!("codes.{i}"), "error.request.value_invalid").with("value", code);
        read.err().map(|_: Vec<_>| fault.with("expected", "SCHEME:ISSUER/VALUE#BATCH"))
    };
    read.filter_map(fault).collect()
}

/// When the risk of an incident became known.
pub fn risk_known_at(incident: &Incident) -> i64 {
    micros(incident.risk_known_at.as_ref())
}
