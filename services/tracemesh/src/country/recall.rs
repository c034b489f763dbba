//! The recall at the end: an inspection fails in one city, the nation asks what hangs on it over three of them, a province goes away, the order goes
//! out all the same, every tier and every shop answers, one of them by phone, the province comes back, and the order is closed with nobody left out.
//!
//! Each step is held against what must be true of it; what is not goes into the check's detail.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use anyhow::{Context, bail};
use tokio::time::{Instant, sleep};
use tracemesh_model::Amount;
use tracemesh_peers::Clients;
use tracemesh_peers::local::Target;
use tracemesh_proto::analytics::v1::GetAggregatesRequest;
use tracemesh_proto::emergency::v1::*;
use tracemesh_proto::ingestion::v1::get_scope_response::Item;
use tracemesh_proto::ingestion::v1::{GetScopeRequest, Holding, SubmitRequest, Verdict};

use super::load::Sent;
use super::nodes::{Country, Member};
use super::people::appoint;
use super::{Check, now_micros};
use crate::generate::{Expected, Lot, World};

/// Where the inspection fails: the carcasses have arrived there.
const INSPECTED_AT: &str = "qingdao";
/// The province that is away while the order goes out.
const AWAY: &str = "shandong";
/// How long the country may take for one step.
pub const PATIENCE: Duration = Duration::from_secs(30);
pub const POLL: Duration = Duration::from_millis(50);

/// The people of the nation who make an order, each one part of it.
struct Desk {
    drafter: Clients,
    reviewer: Clients,
    signer: Clients,
}

/// Everybody who is needed, and what was found wrong on the way.
struct Recall<'a> {
    country: &'a mut Country,
    desk: Desk,
    /// Who answers orders, by node.
    duty: BTreeMap<String, Clients>,
    code: String,
    wrong: Vec<String>,
}

pub async fn run(country: &mut Country, world: &World, sent: &mut Sent, tell: &impl Fn(&str)) -> Check {
    match recall(country, world, sent, tell).await {
        Ok((expected, actual, wrong)) => Check::equal("recall_acknowledged_everywhere", expected, actual, wrong),
        Err(error) => Check::equal("recall_acknowledged_everywhere", "a closed order", "an error", vec![format!("{error:#}")]),
    }
}

type Outcome = (String, String, Vec<String>);

async fn recall(country: &mut Country, world: &World, sent: &mut Sent, tell: &impl Fn(&str)) -> anyhow::Result<Outcome> {
    let lot = world.flagship().carcasses;
    let mut recall = Recall::begin(country, &lot).await?;
    recall.fail_an_inspection(&lot, sent).await?;
    tell("an inspection has failed in Qingdao");
    let incident = recall.open_incident().await?;
    recall.preview().await?;
    tell("the nation knows what hangs on it, over three cities");
    recall.country.stop(AWAY).await?;
    let order = recall.issue(&incident).await?;
    tell(&format!("{AWAY} is away, and the order {} has gone out", order.number));
    let answered = recall.answer_where_it_came(&order).await?;
    tell(&format!("{answered} establishments have answered, one of them by phone; {AWAY} is waited for"));
    recall.country.start_again(AWAY).await?;
    recall.answer_at_last(&order).await?;
    let closure = recall.close(&incident, &order).await?;
    tell("every tier and every shelf has answered; the recall is closed");
    let tiers = recall.country.members().len() - 1;
    let expected = format!("{tiers} tiers, {answered} establishments");
    let actual = format!("{} tiers, {} establishments", closure.tiers_acknowledged, closure.establishments_acknowledged);
    Ok((expected, actual, recall.wrong))
}

impl<'a> Recall<'a> {
    async fn begin(country: &'a mut Country, lot: &Lot) -> anyhow::Result<Self> {
        let people: [(&str, &[&str]); 4] = [
            ("drafter", &["DRAFTER", "REGULATOR"]),
            ("reviewer", &["REVIEWER"]),
            ("signer", &["SIGNER"]),
            ("duty", &["ACKNOWLEDGER", "REGULATOR"]),
        ];
        let nation = appoint(&country.members()[0], &people).await?;
        let [drafter, reviewer, signer, _] = <[Clients; 4]>::try_from(nation).map_err(|_| anyhow::anyhow!("four were appointed"))?;
        let mut duty = BTreeMap::new();
        for member in &country.members()[1..] {
            duty.extend(appoint(member, &people[3..]).await?.into_iter().map(|clients| (member.id.clone(), clients)));
        }
        let batch = if lot.batch.is_empty() { String::new() } else { format!("#{}", lot.batch) };
        let code = format!("{}:/{}{batch}", lot.scheme, lot.value);
        Ok(Self { country, desk: Desk { drafter, reviewer, signer }, duty, code, wrong: Vec::new() })
    }

    fn hold(&mut self, what: &str, expected: impl ToString, actual: impl ToString) {
        let (expected, actual) = (expected.to_string(), actual.to_string());
        if expected != actual {
            self.wrong.push(format!("{what}: {actual}, not {expected}"));
        }
    }

    fn nation(&self) -> &Member {
        &self.country.members()[0]
    }

    /// By the operator of the city; it counts among what the city was sent.
    async fn fail_an_inspection(&mut self, lot: &Lot, sent: &mut Sent) -> anyhow::Result<()> {
        let member = self.country.member(INSPECTED_AT)?;
        let at = jiff::tz::offset(8).to_datetime(jiff::Timestamp::from_microsecond(now_micros())?);
        let record = serde_json::json!({
            "record_id": "inspection-1", "revision": 1, "class": "INSPECT", "category": "FARM_PRODUCE",
            "event_time": at.strftime("%Y-%m-%dT%H:%M:%S+08:00").to_string(),
            "place": {"region": member.area},
            "parties": {"responsible": {"name": "青岛市食品检验所"}},
            "units": [{"role": "OBSERVED", "code": {"scheme": lot.scheme, "value": lot.value}, "batch": lot.batch, "granularity": lot.granularity}],
            "product": {"name": "猪白条"},
            "evidence": [{"kind": "INSPECTION_REPORT", "number": "QD-0457", "issuer": "青岛市食品检验所",
                "issued_on": at.date().to_string(), "result": "FAIL"}],
        });
        let submission =
            SubmitRequest { content_type: "application/json".into(), body: record.to_string().into(), ..SubmitRequest::default() };
        let answer = member.connect().await?.ingestion().submit(tokio_stream::once(submission)).await?;
        let receipt = answer.into_inner().message().await?.and_then(|answer| answer.receipt).context("the inspection has no receipt")?;
        self.hold("the inspection's receipt", "ACCEPTED", receipt.verdict().as_str_name());
        let city = sent.cities.iter_mut().find(|city| city.node == INSPECTED_AT).context("the city has a load")?;
        city.expected.add(Expected::Accepted);
        city.answered.add(Expected::Accepted);
        Ok(())
    }

    async fn open_incident(&mut self) -> anyhow::Result<Incident> {
        let request = OpenIncidentRequest {
            title: "青岛检出猪白条不合格".into(),
            category: "FARM_PRODUCE".into(),
            codes: vec![self.code.clone()],
            facts: Some(Facts { prefectures: 2, crosses_province: true, ..Facts::default() }),
            ..OpenIncidentRequest::default()
        };
        let opened = self.desk.drafter.emergency().open_incident(request).await?.into_inner().incident.context("no incident")?;
        self.hold("the grade that is proposed", "I", &opened.proposed_grade);
        let confirm = ConfirmGradeRequest { id: opened.id.clone(), grade: "I".into(), why: String::new() };
        self.desk.signer.emergency().confirm_grade(confirm).await?;
        let report = |kind: &str, text: &str| FileReportRequest { id: opened.id.clone(), kind: kind.into(), text: text.into() };
        self.desk.drafter.emergency().file_report(report("first", "不合格批次已锁定，正在追查去向。")).await?;
        Ok(opened)
    }

    /// While everybody is there the scope is whole: made in Linyi, cut in Qingdao, sold in Nanjing.
    async fn preview(&mut self) -> anyhow::Result<()> {
        let (verdict, holdings) = scope(&self.nation().connect().await?, &self.code).await?;
        let nodes: BTreeSet<&str> = holdings.iter().map(|holding| holding.node.as_str()).collect();
        self.hold("the nodes of the scope", "linyi nanjing qingdao", nodes.into_iter().collect::<Vec<_>>().join(" "));
        let missing = verdict.missing.iter().map(|missing| missing.message_en.clone()).collect::<Vec<_>>().join("; ");
        self.hold("what the scope is missing", "", missing);
        Ok(())
    }

    async fn issue(&mut self, incident: &Incident) -> anyhow::Result<Order> {
        let draft = DraftOrderRequest {
            incident: incident.id.clone(),
            kind: "RECALL".into(),
            recall_class: 1,
            title_zh: "关于召回不合格猪白条及其分割品的令".into(),
            title_en: "Recall of carcasses that failed inspection, and of what was cut from them".into(),
            instructions_zh: "立即停止销售，下架封存，登记数量，等待处置。".into(),
            instructions_en: "Stop selling, take it off the shelves, seal it, say how much there is, and wait.".into(),
            at_intake: "flag".into(),
            ..DraftOrderRequest::default()
        };
        let order = self.desk.drafter.emergency().draft_order(draft).await?.into_inner().order.context("no draft")?;
        let refused = self.desk.signer.emergency().sign_order(SignOrderRequest { id: order.id.clone(), ..Default::default() }).await;
        self.hold("a signature before the review", false, refused.is_ok());
        self.desk.reviewer.emergency().review_order(ReviewOrderRequest { id: order.id.clone(), ..Default::default() }).await?;
        let sign = SignOrderRequest { id: order.id.clone(), release: true, ..SignOrderRequest::default() };
        let order = self.desk.signer.emergency().sign_order(sign).await?.into_inner().order.context("no order")?;
        let verdict =
            self.board(0, &order.id).await?.order.and_then(|order| order.scope).and_then(|scope| scope.verdict).unwrap_or_default();
        let silent: BTreeSet<&str> = verdict.missing.iter().map(|missing| missing.node.as_str()).collect();
        self.hold("the order's scope names who was away", true, silent.contains(AWAY));
        Ok(order)
    }

    /// Tier by tier, each seen at the nation before the next; then the establishments, each by its provider where it has one here.
    async fn answer_where_it_came(&mut self, order: &Order) -> anyhow::Result<usize> {
        for node in ["qingdao", "jiangsu", "nanjing"] {
            self.answer_for_tier(node, &order.id).await?;
        }
        // One that holds things by several measures, or in several areas, has several rows.
        let mut answered = BTreeSet::new();
        for node in ["qingdao", "nanjing"] {
            for row in self.board(self.place(node)?, &order.id).await?.establishments {
                self.answer_for(node, order, &row, answered.is_empty()).await?;
                answered.insert((node, row.subject));
            }
        }
        let waiting = self.wait("the shops' answers at the nation", order, |board| {
            (!board.waiting_for.iter().any(|who| who.contains('/'))).then(|| board.waiting_for.clone())
        });
        let waiting = waiting.await?;
        self.hold("who is waited for while the province is away", true, waiting.iter().any(|who| who == AWAY));
        self.hold("nobody else but its city is waited for", true, waiting.iter().all(|who| who == AWAY || who == "linyi"));
        Ok(answered.len())
    }

    async fn answer_for_tier(&self, node: &str, order: &str) -> anyhow::Result<()> {
        let at = self.place(node)?;
        let until = Instant::now() + PATIENCE;
        while let Err(status) = self.duty[node].emergency().get_order(GetOrderRequest { id: order.into() }).await {
            if status.code() != tonic::Code::NotFound || Instant::now() > until {
                bail!("{order} does not come to {node}: {}", status.message());
            }
            sleep(POLL).await;
        }
        let request = AcknowledgeRequest { order: order.into(), ..AcknowledgeRequest::default() };
        self.duty[&self.country.members()[at].id].emergency().acknowledge(request).await?;
        let told = Order { id: order.into(), ..Order::default() };
        let is_told = |board: &Board| board.tiers.iter().find(|row| row.node == node && row.state == "acknowledged").map(drop);
        self.wait(&format!("the answer of {node} at the nation"), &told, is_told).await
    }

    async fn answer_for(&mut self, node: &str, order: &Order, row: &EstablishmentRow, by_phone: bool) -> anyhow::Result<()> {
        let establishment = if row.subject.is_empty() { row.name.clone() } else { row.subject.clone() };
        let request = AcknowledgeRequest { order: order.id.clone(), establishment: establishment.clone(), ..AcknowledgeRequest::default() };
        let provider = if by_phone { None } else { self.provider_that_may(node, &request).await? };
        if provider.is_none() {
            let how = if by_phone { "phone" } else { "visit" };
            let request = AcknowledgeRequest { how: how.into(), who: "值班店员".into(), ..request };
            self.duty[node].emergency().acknowledge(request).await?;
        }
        let recovery = ReportRecoveryRequest {
            order: order.id.clone(),
            establishment,
            recovered: row.quantity.clone(),
            unit_of_measure: row.unit_of_measure.clone(),
            ..ReportRecoveryRequest::default()
        };
        let reporter = provider.unwrap_or_else(|| self.duty[node].clone());
        reporter.emergency().report_recovery(recovery).await?;
        Ok(())
    }

    /// The provider that submits for the establishment, once it has acknowledged.
    async fn provider_that_may(&self, node: &str, request: &AcknowledgeRequest) -> anyhow::Result<Option<Clients>> {
        let member = self.country.member(node)?;
        for token in self.country.tokens(node).into_values() {
            let clients = Target { token: Some(token), ..Target::local(&member.data) }.connect().await?;
            match clients.emergency().acknowledge(request.clone()).await {
                Ok(_) => return Ok(Some(clients)),
                Err(status) if status.code() == tonic::Code::PermissionDenied => {}
                Err(status) => return Err(status.into()),
            }
        }
        Ok(None)
    }

    async fn answer_at_last(&mut self, order: &Order) -> anyhow::Result<()> {
        for node in [AWAY, "linyi"] {
            self.answer_for_tier(node, &order.id).await?;
        }
        let waiting = self.board(0, &order.id).await?.waiting_for;
        self.hold("who is waited for at last", "", waiting.join(" "));
        self.whole_again().await
    }

    /// Once the province and its city can be asked again, the scope misses nothing, and the figures miss nobody.
    async fn whole_again(&mut self) -> anyhow::Result<()> {
        let (nation, until) = (self.nation().connect().await?, Instant::now() + PATIENCE);
        loop {
            let missing = scope(&nation, &self.code).await?.0.missing.len();
            let figures = nation.analytics().get_aggregates(GetAggregatesRequest::default()).await?.into_inner();
            if (missing == 0 && figures.missing.is_empty()) || Instant::now() > until {
                self.hold("what is missing once everybody is back", 0, missing + figures.missing.len());
                return Ok(());
            }
            sleep(POLL).await;
        }
    }

    async fn close(&mut self, incident: &Incident, order: &Order) -> anyhow::Result<ClosureReport> {
        let board = self.board(0, &order.id).await?;
        let close = CloseOrderRequest { id: order.id.clone(), why: String::new() };
        let closure = self.desk.signer.emergency().close_order(close).await?.into_inner().closure.context("no closure report")?;
        self.hold("what came back, added up from the rows", sums(&board), reported(&closure));
        self.hold("tiers in the report", closure.tiers, closure.tiers_acknowledged);
        self.hold("answers by phone or visit", true, closure.on_behalf >= 1);
        self.hold("the scope that is reported on", &order.scope.clone().unwrap_or_default().hash, &closure.scope_hash);
        let report =
            FileReportRequest { id: incident.id.clone(), kind: "final".into(), text: "全部下架封存，无人受害。".into() };
        self.desk.drafter.emergency().file_report(report).await?;
        let end = CloseIncidentRequest { id: incident.id.clone(), why: "处置完毕".into() };
        let ended = self.desk.signer.emergency().close_incident(end).await?.into_inner().incident.unwrap_or_default();
        self.hold("the incident", "closed", &ended.state);
        let told = self.nation().connect().await?.emergency().list_recalls(ListRecallsRequest::default()).await?.into_inner().recalls;
        self.hold("what the public is told", true, told.iter().any(|recall| recall.number == order.number));
        Ok(closure)
    }

    fn place(&self, node: &str) -> anyhow::Result<usize> {
        self.country.members().iter().position(|member| member.id == node).with_context(|| format!("no node {node}"))
    }

    /// As the duty officer sees it; at the nation as its drafter does.
    async fn board(&self, place: usize, order: &str) -> anyhow::Result<Board> {
        let clients = self.duty.get(&self.country.members()[place].id).unwrap_or(&self.desk.drafter);
        let answer = clients.emergency().get_order(GetOrderRequest { id: order.into() }).await?.into_inner();
        answer.board.context("an order without a board")
    }

    /// Until the nation's board shows it.
    async fn wait<T>(&self, what: &str, order: &Order, shown: impl Fn(&Board) -> Option<T>) -> anyhow::Result<T> {
        let until = Instant::now() + PATIENCE;
        loop {
            let board = self.board(0, &order.id).await?;
            if let Some(found) = shown(&board) {
                return Ok(found);
            }
            if Instant::now() > until {
                bail!("{what} is not there after {} s; {} are waited for", PATIENCE.as_secs(), board.waiting_for.join(" "));
            }
            sleep(POLL).await;
        }
    }
}

async fn scope(clients: &Clients, code: &str) -> anyhow::Result<(Verdict, Vec<Holding>)> {
    let request = GetScopeRequest { codes: vec![code.into()], local: false };
    let mut stream = clients.trace().get_scope(request).await?.into_inner();
    let (mut verdict, mut holdings) = (Verdict::default(), Vec::new());
    while let Some(message) = stream.message().await? {
        match message.item {
            Some(Item::Head(head)) => verdict = head.verdict.unwrap_or_default(),
            Some(Item::Holdings(more)) => holdings.extend(more.holdings),
            _ => {}
        }
    }
    Ok((verdict, holdings))
}

/// Recovered amounts by measure, added up here from what the establishments reported.
fn sums(board: &Board) -> String {
    let mut sums: BTreeMap<&str, Amount> = BTreeMap::new();
    for row in &board.establishments {
        let sum = sums.entry(&row.unit_of_measure).or_default();
        *sum = sum.checked_add(Amount::parse(&row.recovered).unwrap_or_default()).unwrap_or_default();
    }
    sums.iter().map(|(measure, sum)| format!("{sum} {measure}")).collect::<Vec<_>>().join(", ")
}

fn reported(closure: &ClosureReport) -> String {
    closure.recovered.iter().map(|sum| format!("{} {}", sum.recovered, sum.unit_of_measure)).collect::<Vec<_>>().join(", ")
}
