//! `aggregates` and `recount`: figures with what they are true of, and whether they equal the records.

use tracemesh_proto::analytics::v1::{AsOf, Difference, GetAggregatesRequest, GetAggregatesResponse, RecountRequest, Row};
use tracemesh_proto::json;

use super::{TO_THE_LAST_BYTE, connect};
use crate::cli::{Aggregates, Asking, Range};
use crate::output::{self, DONE, NO};

pub async fn run(asking: &Asking, asked: Aggregates) -> anyhow::Result<u8> {
    let request = GetAggregatesRequest {
        from: asked.range.from.unwrap_or_default(),
        to: asked.range.to.unwrap_or_default(),
        by: asked.by.clone(),
        ..GetAggregatesRequest::default()
    };
    let figures = connect(asking).await?.analytics().get_aggregates(request).await?.into_inner();
    if asking.json {
        output::json(&json::value("tracemesh.analytics.v1.GetAggregatesResponse", &figures))?;
    } else {
        print(&figures, &asked.by);
    }
    Ok(DONE)
}

pub async fn recount(asking: &Asking, range: Range) -> anyhow::Result<u8> {
    let request = RecountRequest { from: range.from.unwrap_or_default(), to: range.to.unwrap_or_default() };
    let answer = connect(asking).await?.within(TO_THE_LAST_BYTE).analytics().recount(request).await?.into_inner();
    if asking.json {
        output::json(&json::value("tracemesh.analytics.v1.RecountResponse", &answer))?;
    } else if let Some(Difference { key, kept, recounted }) = &answer.first_difference {
        println!("not equal: {key} is kept as {kept} and counted as {recounted}");
    } else {
        println!("equal: {} records as of {}", answer.records, place(answer.as_of.as_ref()));
    }
    Ok(if answer.equal { DONE } else { NO })
}

fn print(figures: &GetAggregatesResponse, by: &[String]) {
    for row in &figures.rows {
        let key: Vec<&str> = by.iter().map(|dimension| part(row, dimension)).collect();
        let figures = row.figures.clone().unwrap_or_default();
        println!("{:>12}  {:>18} kg  {}", figures.records, figures.weight_kg, key.join("  "));
    }
    let total = figures.total.clone().unwrap_or_default();
    println!("{:>12}  {:>18} kg  total", total.records, total.weight_kg);
    eprintln!("true as of {}", place(figures.as_of.as_ref()));
    if !figures.missing.is_empty() {
        eprintln!("missing: {}", figures.missing.join(", "));
    }
}

fn part<'a>(row: &'a Row, dimension: &str) -> &'a str {
    match dimension {
        "origin" => &row.origin,
        "day" => &row.day,
        "month" => &row.month,
        "area" => &row.area,
        "category" => &row.category,
        "class" => &row.class,
        "provider" => &row.provider,
        _ => "",
    }
}

pub(super) fn place(as_of: Option<&AsOf>) -> String {
    as_of.map_or_else(|| "nothing yet".into(), |as_of| format!("{}/{}/{}", as_of.journal, as_of.epoch, as_of.seq))
}
