//! What is checked at the end, each by asking the nodes as anybody could.

use std::collections::{BTreeMap, BTreeSet};

use futures::future::join_all;
use tracemesh_proto::analytics::v1::{GetAggregatesRequest, RecountRequest};
use tracemesh_proto::federation::v1::GetLinkStatusRequest;
use tracemesh_proto::ingestion::v1::{GetIntakeRequest, TraceRequest};
use tracemesh_proto::journal::v1::VerifyRequest;

use super::load::{City, Sent};
use super::nodes::{Country, Member};
use super::{ABSENT, Check};
use crate::generate::{Counts, World};

pub async fn all(country: &Country, world: &World, sent: &Sent) -> Vec<Check> {
    let (answered, recounted, above, traced, verified, caught_up) = tokio::join!(
        submissions_answered(country, sent),
        aggregates_equal_recount(country),
        parents_equal_children(country),
        trace_crosses_borders(country, world),
        journals_verified(country),
        absent_child_caught_up(country, sent),
    );
    vec![
        answered,
        recounted,
        or_failed("parents_equal_children", above),
        or_failed("trace_crosses_borders", traced),
        verified,
        or_failed("absent_child_caught_up", caught_up),
    ]
}

/// A node that cannot answer has not passed the check.
fn or_failed(name: &'static str, checked: anyhow::Result<Check>) -> Check {
    checked.unwrap_or_else(|error| Check::equal(name, "an answer", "an error", vec![format!("{error:#}")]))
}

/// What is wrong, asked of all nodes at once; that one cannot answer is wrong too.
async fn at_every_node(country: &Country, look: impl AsyncFn(&Member) -> anyhow::Result<Option<String>>) -> Vec<String> {
    let looked = country.members().iter().map(async |member| {
        let wrong = look(member).await.unwrap_or_else(|error| Some(format!("{error:#}")));
        wrong.map(|wrong| format!("{}: {wrong}", member.id))
    });
    join_all(looked).await.into_iter().flatten().collect()
}

/// Every submission has its one receipt with the verdict that the generator expects, and the nodes' own totals say the same.
async fn submissions_answered(country: &Country, sent: &Sent) -> Check {
    let (mut expected, mut actual, mut detail) = (Counts::default(), Counts::default(), Vec::new());
    for city in &sent.cities {
        expected += city.expected;
        actual += city.answered;
        let wrong = kept_otherwise(country, city).await.unwrap_or_else(|error| Some(format!("{error:#}")));
        detail.extend(wrong.map(|wrong| format!("{}: {wrong}", city.node)));
    }
    Check::equal("submissions_answered", shown(&expected), shown(&actual), detail)
}

async fn kept_otherwise(country: &Country, city: &City) -> anyhow::Result<Option<String>> {
    let intake = country.member(&city.node)?.connect().await?.ingestion().get_intake(GetIntakeRequest {}).await?.into_inner();
    let kept = (intake.submissions, intake.accepted, intake.duplicate, intake.rejected);
    let answered = (city.answered.submissions, city.answered.accepted, city.answered.duplicate, city.answered.rejected);
    let is_same = kept == answered && intake.seq == city.answered.submissions;
    Ok((!is_same).then(|| format!("keeps {kept:?} up to entry {}, answered {answered:?}", intake.seq)))
}

async fn aggregates_equal_recount(country: &Country) -> Check {
    let detail = at_every_node(country, async |member: &Member| {
        let answer = member.connect().await?.analytics().recount(RecountRequest::default()).await?.into_inner();
        let difference = answer.first_difference.unwrap_or_default();
        Ok((!answer.equal).then(|| format!("{} is {} and counts as {}", difference.key, difference.kept, difference.recounted)))
    })
    .await;
    let equal = country.members().len() - detail.len();
    Check::equal("aggregates_equal_recount", country.members().len(), equal, detail)
}

/// What each parent says of each origin below it equals what that node says of itself.
async fn parents_equal_children(country: &Country) -> anyhow::Result<Check> {
    let mut own = BTreeMap::new();
    for member in country.members() {
        let by_origin = by_origin(country, &member.id).await?;
        own.insert(member.id.clone(), by_origin.get(&member.id).copied().unwrap_or_default());
    }
    let (mut compared, mut detail) = (0, Vec::new());
    for member in country.members() {
        let told = by_origin(country, &member.id).await?;
        for below in below(country, &member.id) {
            compared += 1;
            let (told, own) = (told.get(&below).copied().unwrap_or_default(), own.get(&below).copied().unwrap_or_default());
            if told != own {
                detail.push(format!("{} says {told} of {below}, which says {own}", member.id));
            }
        }
    }
    Ok(Check::equal("parents_equal_children", compared, compared - detail.len(), detail))
}

async fn trace_crosses_borders(country: &Country, world: &World) -> anyhow::Result<Check> {
    let flagship = world.flagship();
    let expected: BTreeSet<String> =
        flagship.records.iter().map(|record| format!("{}/{}/{}", record.node, record.provider, record.record_id)).collect();
    let request =
        TraceRequest { code: format!("{}:/{}", flagship.scheme, flagship.code), direction: "up".into(), ..TraceRequest::default() };
    let answer = country.members()[0].connect().await?.trace().trace(request).await;
    let (mut actual, mut detail) = (BTreeSet::new(), Vec::new());
    match answer {
        Ok(chain) => {
            let chain = chain.into_inner();
            actual = chain.records.iter().map(|record| format!("{}/{}/{}", record.node, record.provider, record.record_id)).collect();
            let verdict = chain.verdict.unwrap_or_default();
            detail.extend(verdict.missing.iter().map(|missing| missing.message_en.clone()));
        }
        Err(status) => detail.push(status.message().to_owned()),
    }
    detail.extend(expected.difference(&actual).map(|record| format!("{record} is missing")));
    detail.extend(actual.difference(&expected).map(|record| format!("{record} is too much")));
    Ok(Check::equal("trace_crosses_borders", expected.len(), actual.intersection(&expected).count(), detail))
}

async fn journals_verified(country: &Country) -> Check {
    let detail = at_every_node(country, async |member: &Member| {
        let found = member.connect().await?.journal("ingestion").verify(VerifyRequest::default()).await?.into_inner();
        Ok(found.first_bad.map(|bad| format!("{} entries {} to {}, {}: {}", bad.journal, bad.seq_from, bad.seq_to, bad.table, bad.reason)))
    })
    .await;
    let verified = country.members().len() - detail.len();
    Check::equal("journals_verified", country.members().len(), verified, detail)
}

/// The absent province was missed while it was away, is connected again, and nothing of its cities is missing at the nation.
async fn absent_child_caught_up(country: &Country, sent: &Sent) -> anyhow::Result<Check> {
    let nation = country.members()[0].connect().await?;
    let links = nation.federation().get_link_status(GetLinkStatusRequest {}).await?.into_inner();
    let state = links.children.iter().find(|child| child.node == ABSENT).map_or("unknown", |child| child.state.as_str());
    let figures = nation.analytics().get_aggregates(GetAggregatesRequest::default()).await?.into_inner();
    let mut detail: Vec<String> = figures.missing.iter().map(|node| format!("{node} is missing")).collect();
    if !sent.absence_was_noticed {
        detail.push(format!("nobody noticed that {ABSENT} was away"));
    }
    Ok(Check::equal("absent_child_caught_up", "connected", state, detail))
}

/// Records in force by origin, as a node says.
async fn by_origin(country: &Country, node: &str) -> anyhow::Result<BTreeMap<String, i64>> {
    let request = GetAggregatesRequest { by: vec!["origin".into()], ..GetAggregatesRequest::default() };
    let figures = country.member(node)?.connect().await?.analytics().get_aggregates(request).await?.into_inner();
    Ok(figures.rows.into_iter().map(|row| (row.origin, row.figures.map_or(0, |figures| figures.records))).collect())
}

/// Every node below another.
fn below(country: &Country, node: &str) -> Vec<String> {
    let children = country.members().iter().filter(|member| member.parent.as_deref() == Some(node));
    children.flat_map(|child| std::iter::once(child.id.clone()).chain(below(country, &child.id))).collect()
}

fn shown(counts: &Counts) -> String {
    format!("{} = {} + {} + {}", counts.submissions, counts.accepted, counts.duplicate, counts.rejected)
}
