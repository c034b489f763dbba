//! Intake as it happens, and the verdicts since the journal began: two answers, each of which may be missing.

pub mod chart;
pub mod recent;

use tracemesh_proto::ingestion::v1::GetIntakeResponse;

use crate::language::Language;
use crate::text::fill;
use crate::views::intake::chart::{ChartView, chart};
use crate::views::intake::recent::Tally;
use crate::views::number::{grouped, share, width};
use crate::views::overview::Answers;
use crate::views::panel::Panel;

/// The part of the page.
#[derive(Debug)]
pub struct IntakeView {
    /// What is said where nothing came in: the fact, and what to do.
    pub none: [&'static str; 2],
    pub chart: Panel<ChartView>,
    pub verdicts: Vec<VerdictRow>,
    pub total: VerdictRow,
    /// Up to which entry the journal was counted, or why that is not known.
    pub journal: Panel<String>,
}

/// One verdict: in the last minutes, and since the journal began. A dash where that is not known.
#[derive(Debug)]
pub struct VerdictRow {
    /// The class of its colour and pattern; empty for the total.
    pub id: &'static str,
    pub word: &'static str,
    /// Where the word is defined.
    pub definition: &'static str,
    /// Recent, ever.
    pub parts: [Part; 2],
}

/// A number and, where there is a whole, its share and the width of its bar in per cent.
#[derive(Debug, PartialEq, Eq)]
pub struct Part {
    pub count: String,
    pub share: Option<(String, u64)>,
}

/// The part: the recent seconds and the journal's totals, each of which may be missing. The table is of the moment when the totals were
/// asked, so that what is recent is never more than all; the chart goes on.
pub fn intake(answers: &Answers, language: Language) -> IntakeView {
    let Answers { at, asked, recent, ever, .. } = answers;
    let (text, part) = (&language.text().intake, language.text().trouble.intake);
    let window = recent.as_ref().ok().map(|recent| recent.window(recent.end(*at).min(*asked)));
    let all = ever.as_ref().ok().map(Tally::ever);
    IntakeView {
        none: if answers.only_gathers() { [text.none_own, text.none_own_why] } else { [text.none, text.none_why] },
        chart: Panel::new(recent, part, language, |recent| chart(recent, *at, language)),
        verdicts: verdicts(window, all, language),
        total: row("", language.text().intake.total, "", window, all, Tally::total),
        journal: Panel::new(ever, part, language, |answer| up_to(answer, language)),
    }
}

fn verdicts(recent: Option<Tally>, ever: Option<Tally>, language: Language) -> Vec<VerdictRow> {
    let text = &language.text().intake;
    vec![
        row("accepted", text.accepted, "def-accepted", recent, ever, |tally| tally.accepted),
        row("duplicate", text.duplicate, "def-duplicate", recent, ever, |tally| tally.duplicate),
        row("rejected", text.rejected, "def-rejected", recent, ever, |tally| tally.rejected),
    ]
}

type Of = fn(Tally) -> u64;

fn row(id: &'static str, word: &'static str, definition: &'static str, recent: Option<Tally>, ever: Option<Tally>, of: Of) -> VerdictRow {
    VerdictRow { id, word, definition, parts: [part(recent, of), part(ever, of)] }
}

fn part(tally: Option<Tally>, of: Of) -> Part {
    match tally {
        None => Part { count: "–".into(), share: None },
        Some(tally) => {
            let (count, all) = (of(tally), tally.total());
            Part { count: grouped(count), share: (all > 0).then(|| (share(count, all), width(count, all))) }
        }
    }
}

fn up_to(answer: &GetIntakeResponse, language: Language) -> String {
    let (epoch, seq) = (answer.epoch.to_string(), grouped(answer.seq));
    fill(language.text().intake.up_to_entry, &[("journal", &answer.journal), ("epoch", &epoch), ("seq", &seq)])
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::error::{Reason, Trouble};
    use crate::views::filter::Days;
    use crate::views::intake::recent::Recent;

    #[test]
    fn what_is_not_known_is_a_dash() {
        let refused = || Trouble::Refused(Reason::default());
        let answers = Answers {
            at: Timestamp::UNIX_EPOCH,
            asked: Timestamp::UNIX_EPOCH,
            recent: Ok(Recent::default()),
            ever: Err(refused()),
            days: Days::Today,
            figures: Err(refused()),
            links: Err(refused()),
        };
        let view = intake(&answers, Language::English);
        assert!(matches!(&view.chart, Panel::Ready(chart) if chart.empty && chart.bars.is_empty()));
        assert_eq!(view.verdicts[0].parts[0], Part { count: "0".into(), share: None });
        assert_eq!(view.total.parts[1], Part { count: "–".into(), share: None });
        assert!(matches!(&view.journal, Panel::Failing(why) if why == "Intake: your role may not see this"));
    }
}
