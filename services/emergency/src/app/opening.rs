//! Opening an incident: by a person, by an order from above, or by a failed inspection; once for each source.

use std::str::FromStr;

use tracemesh_calendar::china_day;
use tracemesh_chassis::error::Violation;
use tracemesh_codes::{Identified, region};
use tracemesh_journal::Entry;
use tracemesh_model::{AreaTree, Category};
use tracemesh_proto::emergency::v1 as wire;
use tracemesh_proto::emergency::v1::Incident;
use tracemesh_proto::time::timestamp;
use tracemesh_store::DatabaseTransaction;

use super::case::{Case, propose};
use super::{Cause, Emergency, To, missing};
use crate::domain::clock;
use crate::domain::rules::Matter;
use crate::error::EmergencyError;
use crate::store;
use crate::store::incidents::Kept;

/// Codes that an incident may name, as many as a scope is asked for.
pub const CODES_MOST: usize = 100;
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
            return Ok((self.shown(tx, known.incident).await?, Vec::new()));
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
        Ok((self.shown(tx, case.incident).await?, entries))
    }
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
