//! `outbreak`: what explains some cases of illness.

mod cases;

use tracemesh_proto::ingestion::v1::{OutbreakAssumptions, OutbreakCandidate, OutbreakRequest, OutbreakResponse};
use tracemesh_proto::json;

use super::trace::PATIENCE;
use super::workbook::{self, Cell, Sheet};
use super::{connect, verdict};
use crate::cli::{Asking, Outbreak};
use crate::output::{self, DONE, NO};

pub async fn run(asking: &Asking, asked: Outbreak) -> anyhow::Result<u8> {
    let request = request(&asked)?;
    let answer = connect(asking).await?.within(PATIENCE).trace().outbreak(request).await?.into_inner();
    if let Some(file) = &asked.xlsx {
        workbook::write(file, &sheets(&answer))?;
    }
    if asking.json {
        output::json(&json::value("tracemesh.ingestion.v1.OutbreakResponse", &answer))?;
    } else {
        print(&answer);
    }
    Ok(if answer.candidates.is_empty() { NO } else { DONE })
}

fn request(asked: &Outbreak) -> anyhow::Result<OutbreakRequest> {
    let mut cases = asked.file.as_deref().map(cases::of_file).transpose()?.unwrap_or_default();
    let last = cases.iter().map(|case| case.number).max().unwrap_or_default();
    for (number, text) in (last + 1..).zip(&asked.cases) {
        cases.push(cases::of_argument(number, text)?);
    }
    let (from, to) = asked.window.as_deref().map(cases::days).transpose()?.unwrap_or_default();
    let assumptions = OutbreakAssumptions {
        mixing: asked.mixing.clone(),
        mixing_hours: asked.mixing_hours.unwrap_or_default(),
        killing: asked.killing.clone(),
        from,
        to,
        without: asked.without.clone(),
        dates: asked.dates.clone(),
    };
    Ok(OutbreakRequest { cases, assumptions: Some(assumptions), local: asked.local, most: asked.limit })
}

fn print(answer: &OutbreakResponse) {
    for OutbreakCandidate { kind, code, name, score, explains, .. } in &answer.candidates {
        println!("{score:5.3}  {kind:7}  {code}  {name}  {}", numbers(explains));
    }
    verdict::print(answer.verdict.as_ref());
    let common = answer.candidates.iter().filter(|candidate| candidate.common).count();
    eprintln!("{} cases; {} of {} candidates, {common} explain all cases", answer.cases.len(), answer.candidates.len(), answer.found);
}

fn numbers(cases: &[u32]) -> String {
    cases.iter().map(u32::to_string).collect::<Vec<_>>().join(" ")
}

fn sheets(answer: &OutbreakResponse) -> [Sheet; 2] {
    let text = |words: &str| Cell::Text(words.to_owned());
    let assumed = answer.assumptions.clone().unwrap_or_default();
    let window =
        if assumed.from.is_empty() && assumed.to.is_empty() { String::new() } else { format!("{} – {}", assumed.from, assumed.to) };
    let hours = if assumed.mixing_hours > 0 { assumed.mixing_hours.to_string() } else { String::new() };
    let mut summary = verdict::rows(answer.verdict.as_ref());
    summary.push(vec![text("病例 cases"), Cell::Count(answer.cases.len() as u64)]);
    let assumptions = [
        ("假定混装 mixing", assumed.mixing.join(" ")),
        ("混装时限（小时） mixing hours", hours),
        ("假定灭活 killing", assumed.killing.join(" ")),
        ("日期范围 window", window),
        ("排除 excluded", assumed.without.join(" ")),
        ("时间精度 dates", assumed.dates),
    ];
    summary.extend(assumptions.into_iter().map(|(name, words)| vec![text(name), Cell::Text(words)]));
    let candidate = |it: &OutbreakCandidate| {
        let common = if it.common { "共同来源 common" } else { "" };
        let score = Cell::Quantity(format!("{:.3}", it.score));
        vec![score, text(&it.kind), text(&it.code), text(&it.name), text(common), Cell::Text(numbers(&it.explains))]
    };
    [
        Sheet { name: "概要 Summary", headings: Vec::new(), rows: summary },
        Sheet { name: "来源 Candidates", headings: CANDIDATES.to_vec(), rows: answer.candidates.iter().map(candidate).collect() },
    ]
}

const CANDIDATES: [&str; 6] = ["得分 score", "类别 kind", "编码 code", "名称 name", "共同 common", "病例 cases"];
