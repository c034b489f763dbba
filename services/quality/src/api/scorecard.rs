//! Scorecards as messages.

use tracemesh_proto::analytics::v1::AsOf;
use tracemesh_proto::quality::v1 as wire;
use tracemesh_proto::time::timestamp;

use crate::app::Scorecard;
use crate::domain::detect;
use crate::domain::dimension::Dimension;
use crate::domain::indicators::{Indicator, Score};
use crate::domain::question::Question;

pub fn answer(question: &Question, answer: &Scorecard) -> wire::GetScorecardResponse {
    let Scorecard { as_of, total, rows } = answer;
    let as_of = AsOf {
        journal: as_of.journal.clone(),
        epoch: as_of.place.epoch,
        seq: as_of.place.seq,
        time: (as_of.recorded_at > 0).then(|| timestamp(as_of.recorded_at)),
    };
    wire::GetScorecardResponse {
        as_of: Some(as_of),
        missing: Vec::new(),
        total: Some(row(&[], &[], total)),
        rows: rows.iter().map(|(words, score)| row(&question.by, words, score)).collect(),
    }
}

fn row(by: &[Dimension], words: &[String], score: &Score) -> wire::ScoreRow {
    let dimensions = detect::Dimension::ALL.iter().filter(|(dimension, _)| score.dimensions[*dimension as usize] > 0);
    let mut row = wire::ScoreRow {
        indicators: score.indicators().iter().map(indicator).collect(),
        records: count(score.counts.records),
        dimensions: dimensions
            .map(|(dimension, word)| wire::DimensionCount {
                dimension: (*word).to_owned(),
                findings: count(score.dimensions[*dimension as usize]),
            })
            .collect(),
        ..wire::ScoreRow::default()
    };
    for (dimension, word) in by.iter().zip(words) {
        let field = match dimension {
            Dimension::Origin => &mut row.origin,
            Dimension::Day => &mut row.day,
            Dimension::Provider => &mut row.provider,
            Dimension::Subject => &mut row.subject,
            Dimension::Area => &mut row.area,
            Dimension::Category => &mut row.category,
        };
        field.clone_from(word);
    }
    row
}

fn indicator(of: &Indicator) -> wire::Indicator {
    wire::Indicator { id: of.id.to_owned(), numerator: count(of.numerator), denominator: count(of.denominator), rate: of.rate() }
}

/// A count below zero would be a mistake of ours; a test says that there is none.
fn count(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}
