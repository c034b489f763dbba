//! What is planted in one city's records for quality to find: more sold than there was, a sale before the goods came in, one code sold twice, and a
//! certificate under the goods of three farms.

use std::collections::BTreeSet;

use anyhow::Context;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};
use tracemesh_proto::ingestion::v1::SubmitRequest;
use tracemesh_proto::quality::v1::ListFindingsRequest;

use super::load::Sent;
use super::nodes::Country;
use super::recall::{PATIENCE, POLL};
use super::{Check, now_micros};
use crate::generate::Expected;

const CITY: &str = "qingdao";
/// The operator's own provider: nobody else's records get these findings.
const PROVIDER: &str = "local";
const KINDS: [&str; 4] = ["code_reuse", "quantity_balance", "sale_before_entry", "shared_certificate"];

/// Hands the records in; they count among what the city was sent.
pub async fn plant(country: &Country, sent: &mut Sent) -> anyhow::Result<()> {
    let member = country.member(CITY)?;
    let now = now_micros();
    let bodies: Vec<Value> = records(&member.area, now).collect();
    let city = sent.cities.iter_mut().find(|city| city.node == CITY).context("the city has a load")?;
    bodies.iter().for_each(|_| city.expected.add(Expected::Accepted));
    let submissions = bodies.into_iter().map(|body| SubmitRequest {
        content_type: "application/json".into(),
        body: body.to_string().into(),
        ..SubmitRequest::default()
    });
    let submissions: Vec<SubmitRequest> = submissions.collect();
    let mut answers = member.connect().await?.ingestion().submit(tokio_stream::iter(submissions)).await?.into_inner();
    while let Some(answer) = answers.message().await? {
        let receipt = answer.receipt.context("an answer without a receipt")?;
        anyhow::ensure!(receipt.verdict().as_str_name() == "ACCEPTED", "{} is not accepted: {:?}", receipt.record_id, receipt.reasons);
        city.answered.add(Expected::Accepted);
    }
    Ok(())
}

fn records(area: &str, now: i64) -> impl Iterator<Item = Value> {
    let hours_ago = move |hours: i64| {
        let at = jiff::Timestamp::from_microsecond(now - hours * 3_600_000_000).unwrap_or_default();
        jiff::tz::offset(8).to_datetime(at).strftime("%Y-%m-%dT%H:%M:%S+08:00").to_string()
    };
    let unit = |role: &str, value: &str, granularity: &str, kilograms: &str| {
        let code = json!({"scheme": "opaque", "issuer": "planted", "value": value});
        json!({"role": role, "code": code, "granularity": granularity, "quantity": {"value": kilograms, "unit": "kg"}})
    };
    let batch = |role: &str, value: &str, kilograms: &str| unit(role, value, "BATCH", kilograms);
    let told = [
        ("PRODUCE", 6, "甲农场", batch("OUTPUT", "A", "10"), "Q-1"),
        ("RETAIL", 5, "甲农场", batch("INPUT", "A", "15"), ""),
        ("RETAIL", 9, "甲农场", batch("INPUT", "B", "4"), ""),
        ("PRODUCE", 6, "甲农场", batch("OUTPUT", "B", "5"), "Q-2"),
        ("RETAIL", 5, "甲农场", unit("OBSERVED", "C", "ITEM", "1"), ""),
        ("RETAIL", 4, "甲农场", unit("OBSERVED", "C", "ITEM", "1"), ""),
        ("PRODUCE", 6, "甲农场", batch("OUTPUT", "D", "5"), "Q-3"),
        ("PRODUCE", 6, "乙农场", batch("OUTPUT", "E", "5"), "Q-3"),
        ("PRODUCE", 6, "丙农场", batch("OUTPUT", "F", "5"), "Q-3"),
    ];
    let area = area.to_owned();
    told.into_iter().enumerate().map(move |(nth, (class, hours, who, unit, certificate))| {
        let certificate = json!({"kind": "ORIGIN_CERTIFICATE", "number": certificate, "issuer": "青岛"});
        let evidence = if certificate["number"] == "" { json!([]) } else { json!([certificate]) };
        json!({
            "record_id": format!("planted-{nth}"), "revision": 1, "class": class, "category": "FARM_PRODUCE", "event_time": hours_ago(hours),
            "place": {"region": area}, "parties": {"responsible": {"code": {"scheme": "uscc", "value": uscc(who)}, "name": who}}, "units": [unit], "product": {"name": "大蒜"},
            "evidence": evidence,
        })
    })
}

/// Made up, and right in both check digits.
fn uscc(who: &str) -> &'static str {
    match who {
        "甲农场" => "91370600000000019G",
        "乙农场" => "91310000MA0000015F",
        _ => "92640100MA00000A9P",
    }
}

/// Each kind has its finding.
pub async fn found(country: &Country) -> anyhow::Result<Check> {
    let clients = country.member(CITY)?.connect().await?;
    let until = Instant::now() + PATIENCE;
    loop {
        let asked =
            ListFindingsRequest { state: "all".into(), provider: PROVIDER.into(), page_size: 1_000, ..ListFindingsRequest::default() };
        let findings = clients.quality().list_findings(asked).await?.into_inner().findings;
        let kinds: BTreeSet<&str> = findings.iter().map(|finding| finding.kind.as_str()).filter(|kind| KINDS.contains(kind)).collect();
        if kinds.len() == KINDS.len() || Instant::now() > until {
            return Ok(Check::equal("planted_findings_found", KINDS.join(" "), kinds.into_iter().collect::<Vec<_>>().join(" "), vec![]));
        }
        sleep(POLL).await;
    }
}
