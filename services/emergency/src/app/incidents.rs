//! Incidents: grade, learn more, report, close. Each change is told to the node above at once.

use tracemesh_chassis::error::Violation;
use tracemesh_proto::emergency::v1 as wire;
use tracemesh_proto::emergency::v1::Incident;
use tracemesh_proto::time::timestamp;
use tracemesh_store::DatabaseTransaction;

use super::case::{Case, propose};
use super::{Cause, Emergency, To, missing, not_allowed};
use crate::domain::clock;
use crate::domain::grade::GRADES;
use crate::error::EmergencyError;
use crate::store;

const REPORTS: [&str; 3] = ["first", "follow_up", "final"];

impl Emergency {
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

    async fn change(&self, tx: DatabaseTransaction, cause: Cause<'_>, kind: &str, case: Case) -> Result<Incident, EmergencyError> {
        let mut entries = self.keep(&tx, cause, kind, To::Parent, &case).await?;
        if case.incident.state == "closed" {
            entries.push(self.hold("incident.released", cause, &case.incident));
        }
        let shown = self.shown(&tx, case.incident).await?;
        self.commit(tx, &entries).await?;
        Ok(shown)
    }
}
