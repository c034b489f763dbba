use tracemesh_proto::analytics::v1::{OriginState, Row};
use tracemesh_proto::federation::v1::LinkState;
use tracemesh_proto::registry::v1::Area;

use super::*;

fn places() -> Places {
    let area = |id: &str, parent: &str, name: &str| Area { id: id.into(), parent: parent.into(), name_zh: name.into(), ..Area::default() };
    Places::new(vec![
        area("37", "", "山东省"),
        area("3706", "37", "烟台市"),
        area("370602", "3706", "芝罘区"),
        area("3710", "37", "威海市"),
    ])
}

fn row(area: &str, category: &str, records: i64) -> Row {
    let figures = Figures { records, weight_kg: "1.5".into(), late: 1, ..Figures::default() };
    Row { area: area.into(), category: category.into(), figures: Some(figures), ..Row::default() }
}

fn answer() -> GetAggregatesResponse {
    GetAggregatesResponse {
        rows: vec![row("370602", "FOOD", 10), row("3706", "FOOD", 5), row("370602", "", 2), row("11", "FOOD", 1)],
        missing: vec!["weihai".into()],
        origins: vec![OriginState { node: "weihai".into(), silent: true, as_of: None }],
        total: Some(Figures { records: 18, subjects: -1, ..Figures::default() }),
        ..GetAggregatesResponse::default()
    }
}

fn look<'a>(filter: &'a Filter, places: &'a Places, links: &'a GetLinkStatusResponse) -> Look<'a> {
    let now = "2026-11-25T05:02:41Z".parse().expect("a time");
    Look { now, home: "37", filter, days: Days::Today, places, links: Some(links), language: Language::Chinese }
}

fn links() -> GetLinkStatusResponse {
    let child = LinkState { node: "weihai".into(), area: "3710".into(), ..LinkState::default() };
    GetLinkStatusResponse { children: vec![child], ..GetLinkStatusResponse::default() }
}

#[test]
fn both_tables_add_up_to_the_same_and_the_silent_have_a_row() {
    let (filter, places, links) = (Filter::default(), places(), links());
    let view = figures(&answer(), &look(&filter, &places, &links));
    let rows = |table: &Table| table.rows.iter().map(|row| format!("{} {}", row.name, row.records)).collect::<Vec<_>>();
    assert_eq!(rows(&view.tables[0]), ["烟台市 17", "辖区以外 1", "威海市 –"]);
    assert_eq!(rows(&view.tables[1]), ["食品 16", "未注明品类 2"]);
    assert_eq!(view.tables[0].rows[2].silent.as_deref(), Some("无应答 · 从未上报"));
    assert_eq!(view.warnings, ["威海市无应答，未计入"]);
}

#[test]
fn a_row_leads_one_level_deeper() {
    let (filter, places, links) = (Filter::default().in_area("3706"), places(), links());
    let view = figures(&answer(), &look(&filter, &places, &links));
    let rows: Vec<_> = view.tables[0].rows.iter().map(|row| (row.name.as_str(), row.href.is_some())).collect();
    assert_eq!(rows, [("芝罘区", false), ("本级，未细分", false), ("辖区以外", false)], "a silent node elsewhere has no row here");
    assert_eq!(view.chips[0].href, "/console#figures");
    let outer = Filter::default();
    let view = figures(&answer(), &look(&outer, &places, &links));
    assert_eq!(view.tables[0].rows[0].href.as_deref(), Some("/console?area=3706#figures"));
}

#[test]
fn what_does_not_exist_is_a_dash() {
    let (filter, places, links) = (Filter::default(), places(), links());
    assert_eq!(figures(&answer(), &look(&filter, &places, &links)).subjects, "–");
}
