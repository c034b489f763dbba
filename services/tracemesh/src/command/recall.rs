//! `recall scope`: everything that a recall of some units has to reach.

use futures::TryStreamExt;
use serde_json::Value;
use tracemesh_proto::ingestion::v1::get_scope_response::Item;
use tracemesh_proto::ingestion::v1::{GetScopeRequest, Holding, MeasuredTotal, ScopeHead, ScopeUnit};
use tracemesh_proto::json;

use super::trace::PATIENCE;
use super::workbook::{self, Cell, Sheet};
use super::{connect, verdict};
use crate::cli::{Asking, Recall, RecallScope};
use crate::output::{self, DONE, NO};

struct Scope {
    head: ScopeHead,
    units: Vec<ScopeUnit>,
    holdings: Vec<Holding>,
}

pub async fn run(asking: &Asking, recall: Recall) -> anyhow::Result<u8> {
    let Recall::Scope(asked) = recall;
    let scope = fetch(asking, &asked).await?;
    if let Some(file) = &asked.xlsx {
        workbook::write(file, &sheets(&scope))?;
    }
    if asking.json {
        output::json(&document(&scope))?;
    } else {
        print(&scope);
    }
    Ok(if scope.units.is_empty() { NO } else { DONE })
}

async fn fetch(asking: &Asking, asked: &RecallScope) -> anyhow::Result<Scope> {
    let request = GetScopeRequest { codes: asked.codes.clone(), local: asked.local };
    let mut messages = connect(asking).await?.within(PATIENCE).trace().get_scope(request).await?.into_inner();
    let mut scope = Scope { head: ScopeHead::default(), units: Vec::new(), holdings: Vec::new() };
    while let Some(message) = messages.try_next().await? {
        match message.item {
            Some(Item::Head(head)) => scope.head = head,
            Some(Item::Units(part)) => scope.units.extend(part.units),
            Some(Item::Holdings(part)) => scope.holdings.extend(part.holdings),
            None => {}
        }
    }
    Ok(scope)
}

/// The head with the units and the holdings in it.
fn document(scope: &Scope) -> Value {
    let mut document = json::value("tracemesh.ingestion.v1.ScopeHead", &scope.head);
    let units = scope.units.iter().map(|unit| json::value("tracemesh.ingestion.v1.ScopeUnit", unit)).collect();
    let holdings = scope.holdings.iter().map(|holding| json::value("tracemesh.ingestion.v1.Holding", holding)).collect();
    document["units"] = Value::Array(units);
    document["holdings"] = Value::Array(holdings);
    document
}

fn print(scope: &Scope) {
    for holding in &scope.holdings {
        let Holding { held, unit_of_measure, subject, node, area, .. } = holding;
        let name = if holding.name.is_empty() || holding.name == *subject { String::new() } else { format!("  {}", holding.name) };
        println!("{held:>14} {unit_of_measure:6}  {node:12}  {area:6}  {subject}{name}");
    }
    let totals = scope.head.totals.clone().unwrap_or_default();
    for MeasuredTotal { unit_of_measure, made, held, sold, destroyed, .. } in &totals.by_measure {
        println!("{held:>14} {unit_of_measure:6}  仍在持有 held; 产出 made {made}, 售出 sold {sold}, 销毁 destroyed {destroyed}");
    }
    verdict::print(scope.head.verdict.as_ref());
    let (units, records, subjects, nodes) = (totals.units, totals.records, totals.subjects, totals.nodes);
    eprintln!("{units} units in {records} records, with {subjects} subjects, from {nodes} nodes");
}

fn sheets(scope: &Scope) -> [Sheet; 3] {
    let text = |words: &str| Cell::Text(words.to_owned());
    let quantity = |decimal: &str| Cell::Quantity(decimal.to_owned());
    let totals = scope.head.totals.clone().unwrap_or_default();
    let mut summary = verdict::rows(scope.head.verdict.as_ref());
    let counts =
        [("单元 units", totals.units), ("记录 records", totals.records), ("主体 subjects", totals.subjects), ("节点 nodes", totals.nodes)];
    summary.extend(counts.map(|(name, count)| vec![text(name), Cell::Count(count.into())]));
    for total in &totals.by_measure {
        let figures =
            [("产出 made", &total.made), ("使用 used", &total.used), ("售出 sold", &total.sold), ("销毁 destroyed", &total.destroyed)];
        let figures = figures.into_iter().chain([("仍在持有 held", &total.held), ("超出 over", &total.over)]);
        summary.extend(figures.map(|(name, amount)| vec![text(name), quantity(amount), text(&total.unit_of_measure)]));
    }
    let unit = |unit: &ScopeUnit| {
        let carrier = if unit.carrier { "仅为容器 carrier only" } else { "" };
        vec![text(&unit.code), text(&unit.product), text(&unit.granularity), text(carrier)]
    };
    let holding = |it: &Holding| {
        let figures = [&it.made, &it.received, &it.passed_on, &it.used, &it.sold, &it.destroyed, &it.held, &it.over];
        let partial = if it.partial { "部分记录未写数量 some records state no quantity" } else { "" };
        let mut row =
            vec![text(&it.subject), text(&it.name), text(&it.node), text(&it.area), text(&it.category), Cell::Count(it.units.into())];
        row.push(text(&it.unit_of_measure));
        row.extend(figures.map(|figure| quantity(figure)));
        row.push(text(partial));
        row
    };
    [
        Sheet { name: "概要 Summary", headings: Vec::new(), rows: summary },
        Sheet { name: "单元 Units", headings: UNITS.to_vec(), rows: scope.units.iter().map(unit).collect() },
        Sheet { name: "持有 Holders", headings: HOLDERS.to_vec(), rows: scope.holdings.iter().map(holding).collect() },
    ]
}

const UNITS: [&str; 4] = ["编码 code", "产品 product", "粒度 granularity", "说明 note"];
const HOLDERS: [&str; 16] = [
    "主体 subject",
    "名称 name",
    "节点 node",
    "地区 area",
    "品类 category",
    "单元数 units",
    "计量单位 measure",
    "产出 made",
    "收到 received",
    "转出 passed on",
    "使用 used",
    "售出 sold",
    "销毁 destroyed",
    "仍在持有 held",
    "超出 over",
    "说明 note",
];
