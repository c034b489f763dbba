//! The grade of an incident, proposed from its facts. A person confirms it; nothing here decides anything for him.

use serde::{Deserialize, Serialize};

/// From the worst to the least.
pub const GRADES: [&str; 4] = ["I", "II", "III", "IV"];

/// What is known of an incident.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    pub hurt: u32,
    pub dead: u32,
    pub townships: u32,
    pub counties: u32,
    pub prefectures: u32,
    pub crosses_province: bool,
}

/// The grades of a table, the worst first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GradeLines {
    pub grade: String,
    /// One that holds is enough.
    pub lines: Vec<Line>,
}

/// It holds where every number is reached.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Line {
    pub hurt: u32,
    pub dead: u32,
    pub townships: u32,
    pub counties: u32,
    pub prefectures: u32,
    pub crosses_province: bool,
}

impl Line {
    fn holds(&self, facts: &Facts) -> bool {
        facts.hurt >= self.hurt
            && facts.dead >= self.dead
            && facts.townships >= self.townships
            && facts.counties >= self.counties
            && facts.prefectures >= self.prefectures
            && (facts.crosses_province || !self.crosses_province)
    }
}

/// The first grade of which a line holds.
pub fn propose<'a>(grades: &'a [GradeLines], facts: &Facts) -> Option<&'a str> {
    let holds = |grade: &&GradeLines| grade.lines.iter().any(|line| line.holds(facts));
    grades.iter().find(holds).map(|grade| grade.grade.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::rules::Rules;

    /// By the table that nodes go by where nobody has said otherwise.
    fn proposed(facts: Facts) -> String {
        let rules = Rules::built_in();
        propose(&rules.grading[0].grades, &facts).unwrap_or("none").to_owned()
    }

    #[test]
    fn each_threshold_is_met_at_its_number_and_not_one_below() {
        let hurt = |hurt| proposed(Facts { hurt, ..Facts::default() });
        assert_eq!([hurt(29), hurt(30), hurt(99), hurt(100)], ["none", "IV", "IV", "III"]);
        let dead = |dead| proposed(Facts { dead, ..Facts::default() });
        assert_eq!([dead(0), dead(1), dead(9), dead(10)], ["none", "III", "III", "II"]);
        let both = |hurt| proposed(Facts { hurt, dead: 1, ..Facts::default() });
        assert_eq!([both(100), both(101)], ["III", "II"]);
    }

    #[test]
    fn how_far_it_has_spread_counts_without_anybody_hurt() {
        let townships = |townships| proposed(Facts { townships, ..Facts::default() });
        let counties = |counties| proposed(Facts { counties, ..Facts::default() });
        let prefectures = |prefectures| proposed(Facts { prefectures, ..Facts::default() });
        assert_eq!([townships(1), townships(2), counties(1), counties(2)], ["none", "IV", "none", "III"]);
        assert_eq!([prefectures(1), prefectures(2)], ["none", "II"]);
        assert_eq!(proposed(Facts { crosses_province: true, ..Facts::default() }), "I");
    }

    #[test]
    fn the_worst_grade_wins() {
        assert_eq!(proposed(Facts { hurt: 300, dead: 12, townships: 9, crosses_province: true, ..Facts::default() }), "I");
    }
}
