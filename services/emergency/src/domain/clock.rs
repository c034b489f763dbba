//! Limits that run on a case. Each is set once, by the tables that are frozen on the case, and is stopped by what it asks for; what was not there in
//! time is breached for good.

use tracemesh_calendar::{Term, due};

use super::rules::{InForce, RecallClass, Reporting};

pub const OPERATOR: &str = "report.operator";
pub const FIRST: &str = "report.first";
pub const FOLLOW_UP: &str = "report.follow_up";
pub const START: &str = "recall.start";
pub const COMPLETE: &str = "recall.complete";
pub const ACKNOWLEDGE: &str = "order.acknowledge";

/// A limit that runs, was kept or was missed. Times are unix microseconds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clock {
    pub kind: String,
    /// The order whose clock it is; empty for the incident's own.
    pub order: String,
    pub started_at: i64,
    pub due_at: i64,
    pub stopped_at: Option<i64>,
    pub breached: bool,
    /// The table that sets it.
    pub rule: String,
    /// It rests on holidays that are not announced yet.
    pub presumed: bool,
}

impl Clock {
    fn start(kind: &str, order: &str, started_at: i64, term: Term, rule: &str) -> Self {
        let end = due(started_at, term);
        Self {
            kind: kind.into(),
            order: order.into(),
            started_at,
            due_at: end.at_micros,
            stopped_at: None,
            breached: false,
            rule: rule.into(),
            presumed: end.presumed,
        }
    }

    pub const fn runs(&self) -> bool {
        self.stopped_at.is_none()
    }

    /// What it asks for is there. Answers whether that was too late and nobody has said so yet.
    pub fn stop(&mut self, at: i64) -> bool {
        self.stopped_at.get_or_insert(at);
        self.note_breach(at)
    }

    /// Whether it has just become too late: once in the life of a clock.
    pub fn note_breach(&mut self, now: i64) -> bool {
        let late = self.stopped_at.unwrap_or(now) >= self.due_at;
        late && !std::mem::replace(&mut self.breached, true)
    }
}

/// Notes every limit that was missed. Answers whether one had not been noted before.
pub fn note_breaches(clocks: &mut [Clock], now: i64) -> bool {
    let mut noted = false;
    for clock in clocks {
        noted |= clock.note_breach(now);
    }
    noted
}

/// The clocks of an incident that this node has learnt of at `opened_at`, from an operator who has known since `risk_known_at`.
pub fn of_incident(rules: &InForce, grade: &str, risk_known_at: i64, opened_at: i64) -> Vec<Clock> {
    let Some(reporting) = &rules.reporting else { return Vec::new() };
    let id = reporting.applies.id.as_str();
    let mut operator = Clock::start(OPERATOR, "", risk_known_at, Term::Minutes(reporting.operator_min), id);
    operator.stopped_at = Some(opened_at);
    vec![operator, Clock::start(FIRST, "", opened_at, Term::Minutes(first_min(reporting, grade)), id)]
}

/// A grade that is worse leaves less time, counted from now; one that is better takes nothing back.
pub fn regrade(clocks: &mut [Clock], rules: &InForce, grade: &str, now: i64) {
    let Some(reporting) = &rules.reporting else { return };
    let end = due(now, Term::Minutes(first_min(reporting, grade))).at_micros;
    for clock in clocks.iter_mut().filter(|clock| clock.kind == FIRST && clock.runs() && !clock.breached) {
        clock.due_at = clock.due_at.min(end);
    }
}

/// The clocks of an order that is issued now. A recall has begun with its issue.
pub fn of_order(rules: &InForce, order: &str, class: u32, risk_known_at: i64, issued_at: i64) -> Vec<Clock> {
    let Some(recall) = &rules.recall else { return Vec::new() };
    let id = recall.applies.id.as_str();
    let mut clocks = vec![Clock::start(ACKNOWLEDGE, order, issued_at, Term::Minutes(recall.acknowledge_min), id)];
    let Some(limits) = rules.class(class) else { return clocks };
    let mut start = Clock::start(START, order, risk_known_at, Term::Hours(limits.start_h), id);
    start.stopped_at = Some(issued_at);
    clocks.push(start);
    if limits.complete_working_days > 0 {
        clocks.push(Clock::start(COMPLETE, order, issued_at, Term::WorkingDays(limits.complete_working_days), id));
    }
    clocks.extend(follow_up(limits.plan_days, order, issued_at, id));
    clocks
}

/// The next report of a recall that has to be reported on, after one at `now`.
pub fn after_follow_up(rules: &InForce, class: u32, order: &str, now: i64) -> Option<Clock> {
    let RecallClass { progress_days, .. } = rules.class(class)?;
    follow_up(progress_days, order, now, &rules.recall.as_ref()?.applies.id)
}

fn follow_up(days: u32, order: &str, from: i64, rule: &str) -> Option<Clock> {
    (days > 0).then(|| Clock::start(FOLLOW_UP, order, from, Term::Days(days), rule))
}

fn first_min(reporting: &Reporting, grade: &str) -> u32 {
    let grade = if grade.is_empty() { "none" } else { grade };
    reporting.first_min.get(grade).copied().unwrap_or(reporting.operator_min)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use tracemesh_model::AreaTree;

    use super::*;
    use crate::domain::rules::{Matter, Rules};

    const MINUTE: i64 = 60_000_000;
    const HOUR: i64 = 60 * MINUTE;
    /// 2026-02-09 10:00 in China, a Monday.
    const NOW: i64 = 1_770_602_400_000_000;

    fn rules(category: &str, area: &str) -> InForce {
        Rules::built_in().in_force(Matter { category, area, day: date(2026, 2, 9) }, &AreaTree::default())
    }

    fn first_due(grade: &str, area: &str) -> i64 {
        of_incident(&rules("FOOD", area), grade, NOW, NOW)[1].due_at - NOW
    }

    #[test]
    fn worse_grades_leave_less_time() {
        let due = |grade| first_due(grade, "370600");
        assert_eq!(["", "IV", "III", "II", "I"].map(due), [2 * HOUR, 2 * HOUR, 2 * HOUR, HOUR, HOUR]);
        assert_eq!(first_due("I", "460100"), 30 * MINUTE, "Hainan");
    }

    #[test]
    fn a_grade_shortens_what_is_left_and_never_into_the_past() {
        let rules = rules("FOOD", "370600");
        let mut clocks = of_incident(&rules, "IV", NOW, NOW);
        regrade(&mut clocks, &rules, "II", NOW + 30 * MINUTE);
        assert_eq!(clocks[1].due_at, NOW + 90 * MINUTE);
        regrade(&mut clocks, &rules, "IV", NOW + 40 * MINUTE);
        assert_eq!(clocks[1].due_at, NOW + 90 * MINUTE, "what was shortened stays so");
        let mut late = of_incident(&rules, "IV", NOW, NOW);
        regrade(&mut late, &rules, "I", NOW + 110 * MINUTE);
        assert_eq!(late[1].due_at, NOW + 120 * MINUTE);
    }

    #[test]
    fn a_limit_is_missed_from_its_moment_on_and_once() {
        let mut clock = of_incident(&rules("FOOD", "370600"), "IV", NOW, NOW).remove(1);
        let mut kept = clock.clone();
        assert!(!kept.stop(NOW + 2 * HOUR - 1) && !kept.breached && !kept.note_breach(i64::MAX));
        assert!(!clock.note_breach(NOW + 2 * HOUR - 1));
        assert!(clock.note_breach(NOW + 2 * HOUR) && clock.breached);
        assert!(!clock.note_breach(NOW + 3 * HOUR) && !clock.stop(NOW + 3 * HOUR), "it was said already");
    }

    #[test]
    fn a_drug_recall_is_reported_on_again_and_again() {
        let rules = rules("DRUG", "370600");
        let clocks = of_order(&rules, "yantai/1", 2, NOW, NOW + HOUR);
        let kinds: Vec<&str> = clocks.iter().map(|clock| clock.kind.as_str()).collect();
        assert_eq!(kinds, [ACKNOWLEDGE, START, FOLLOW_UP], "it has no limit for its end");
        assert_eq!(clocks[1].due_at, NOW + 48 * HOUR);
        // Three days: until the 12th ends.
        assert_eq!(clocks[2].due_at, NOW + 14 * HOUR + 3 * 24 * HOUR);
        let next = after_follow_up(&rules, 2, "yantai/1", NOW + 26 * HOUR).unwrap();
        assert_eq!(next.due_at, NOW + 14 * HOUR + 4 * 24 * HOUR);
        assert_eq!(after_follow_up(&rules, 0, "yantai/1", NOW), None);
    }
}
