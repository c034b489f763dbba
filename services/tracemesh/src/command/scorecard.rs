//! `scorecard`: the indicators of running assessment, with what they are true of.

use tracemesh_proto::json;
use tracemesh_proto::quality::v1::{GetScorecardRequest, GetScorecardResponse, ScoreRow};

use super::aggregates::place;
use super::connect;
use crate::cli::{Asking, Scorecard};
use crate::output::{self, DONE};

pub async fn run(asking: &Asking, asked: Scorecard) -> anyhow::Result<u8> {
    let request = GetScorecardRequest {
        from: asked.range.from.unwrap_or_default(),
        to: asked.range.to.unwrap_or_default(),
        by: asked.by,
        ..GetScorecardRequest::default()
    };
    let score = connect(asking).await?.quality().get_scorecard(request).await?.into_inner();
    if asking.json {
        output::json(&json::value("tracemesh.quality.v1.GetScorecardResponse", &score))?;
    } else {
        print(&score);
    }
    Ok(DONE)
}

fn print(score: &GetScorecardResponse) {
    for row in &score.rows {
        let words = [&row.origin, &row.day, &row.provider, &row.subject, &row.area, &row.category];
        let name: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).map(String::as_str).collect();
        print_row(&name.join("  "), row);
    }
    print_row("total", &score.total.clone().unwrap_or_default());
    eprintln!("true as of {}", place(score.as_of.as_ref()));
}

fn print_row(name: &str, row: &ScoreRow) {
    println!("{name}: {} records", row.records);
    for of in row.indicators.iter().filter(|of| of.denominator > 0) {
        println!("    {:<20} {}  {} of {}", of.id, of.rate, of.numerator, of.denominator);
    }
}
