//! Answers as messages.

use tracemesh_proto::analytics::v1 as wire;

use crate::app::aggregates::Aggregates;
use crate::app::recount::Recounted;
use crate::domain::difference::Difference;
use crate::domain::dimension::Dimension;
use crate::domain::question::Question;
use crate::domain::sheet::amounts;
use crate::domain::standing::Origin;
use crate::domain::table::Sums;

/// Stands for a number of distinct subjects that does not exist.
const NO_SUCH_NUMBER: i64 = -1;

pub fn answer(question: &Question, answer: Aggregates) -> wire::GetAggregatesResponse {
    let Aggregates { as_of, origins, total, rows } = answer;
    wire::GetAggregatesResponse {
        as_of: Some((&as_of).into()),
        missing: origins.iter().filter(|origin| origin.is_missing()).map(|origin| origin.node.clone()).collect(),
        origins: origins.iter().map(origin_state).collect(),
        total: Some(figures(&total)),
        rows: rows.iter().map(|(words, sums)| row(&question.by, words, sums)).collect(),
    }
}

fn origin_state(origin: &Origin) -> wire::OriginState {
    wire::OriginState { node: origin.node.clone(), as_of: origin.as_of.as_ref().map(Into::into), silent: origin.is_silent }
}

fn row(by: &[Dimension], words: &[String], sums: &Sums) -> wire::Row {
    let mut row = wire::Row { figures: Some(figures(sums)), ..wire::Row::default() };
    for (dimension, word) in by.iter().zip(words) {
        let field = match dimension {
            Dimension::Origin => &mut row.origin,
            Dimension::Day => &mut row.day,
            Dimension::Month => &mut row.month,
            Dimension::Area => &mut row.area,
            Dimension::Category => &mut row.category,
            Dimension::Class => &mut row.class,
            Dimension::Provider => &mut row.provider,
        };
        field.clone_from(word);
    }
    row
}

fn figures(sums: &Sums) -> wire::Figures {
    let (weight_kg, measures) = amounts(&sums.counts);
    wire::Figures {
        records: sums.counts.records,
        weight_kg,
        measures,
        subjects: sums.subjects.unwrap_or(NO_SUCH_NUMBER),
        subjects_summed: sums.is_over_origins && sums.subjects.is_some(),
        late: sums.counts.late,
    }
}

pub fn recounted(recounted: Recounted) -> wire::RecountResponse {
    let Recounted { records, as_of, first_difference } = recounted;
    wire::RecountResponse {
        equal: first_difference.is_none(),
        records: i64::try_from(records).unwrap_or(i64::MAX),
        as_of: Some((&as_of).into()),
        first_difference: first_difference.map(|Difference { key, kept, recounted }| wire::Difference { key, kept, recounted }),
    }
}
