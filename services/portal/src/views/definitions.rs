//! What the numbers of the console mean, one tap away from each of them.

use crate::text::Text;

/// A number's name and meaning.
#[derive(Debug)]
pub struct Definition {
    /// What the number's button refers to.
    pub id: &'static str,
    pub name: &'static str,
    pub meaning: &'static str,
}

/// All that the Overview refers to.
pub fn definitions(text: &Text) -> Vec<Definition> {
    let (intake, figures, nodes) = (&text.intake, &text.figures, &text.nodes);
    let all = [
        ("def-rate", intake.rate, intake.rate_def),
        ("def-accepted", intake.accepted, intake.accepted_def),
        ("def-duplicate", intake.duplicate, intake.duplicate_def),
        ("def-rejected", intake.rejected, intake.rejected_def),
        ("def-records", figures.records, figures.records_def),
        ("def-weight", figures.weight, figures.weight_def),
        ("def-subjects", figures.subjects, figures.subjects_def),
        ("def-late", figures.late, figures.late_def),
        ("def-behind", nodes.behind, nodes.behind_def),
        ("def-seen", nodes.last_seen, nodes.last_seen_def),
        ("def-checkpoint", nodes.checkpoint, nodes.checkpoint_def),
    ];
    all.into_iter().map(|(id, name, meaning)| Definition { id, name, meaning }).collect()
}
