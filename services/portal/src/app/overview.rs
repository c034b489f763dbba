//! What the Overview rests on: four questions asked at once, each with an answer or a trouble of its own.

use std::time::Duration;

use futures::{StreamExt, future};
use jiff::Timestamp;
use tokio::time::{Instant, timeout_at};
use tracemesh_access::Principal;
use tracemesh_proto::analytics::v1::{GetAggregatesRequest, GetAggregatesResponse};

use crate::error::Trouble;
use crate::sources::{Answer, Seconds, Sources};
use crate::views::filter::{Days, Filter};
use crate::views::intake::recent::Recent;
use crate::views::moment;
use crate::views::overview::Answers;

/// The stream of seconds begins with the last minutes and goes on live; so long is waited for what is there already.
const BACKLOG: Duration = Duration::from_millis(400);

/// Asks everything, for one look.
pub async fn ask(sources: &dyn Sources, asker: &Principal, filter: &Filter, now: Timestamp) -> Answers {
    let recent = async {
        let mut seconds = sources.watch_intake(asker).await?;
        let mut recent = Recent::default();
        backlog(&mut seconds, &mut recent, now).await?;
        Ok(recent)
    };
    let (recent, rest) = future::join(recent, ask_still(sources, asker, filter, now)).await;
    Answers { recent, ..rest }
}

/// Asks what does not come by itself, second by second: all but the recent intake, which stands as not yet answered.
pub async fn ask_still(sources: &dyn Sources, asker: &Principal, filter: &Filter, now: Timestamp) -> Answers {
    let (ever, figures, links) = future::join3(sources.intake(asker), figures(sources, asker, filter, now), sources.links(asker)).await;
    let (days, figures) = figures.map_or_else(|trouble| (Days::default(), Err(trouble)), |(days, answer)| (days, Ok(answer)));
    Answers { at: now, asked: now, recent: Err(Trouble::NoAnswer("not asked".into())), ever, days, figures, links }
}

/// The figures, and of which days they are: without a choice of today, or of the week where today has no records yet.
pub async fn figures(sources: &dyn Sources, asker: &Principal, filter: &Filter, now: Timestamp) -> Answer<(Days, GetAggregatesResponse)> {
    let chosen = filter.days.unwrap_or_default();
    let answer = figures_of(chosen, sources, asker, filter, now).await?;
    if filter.days.is_none() && is_empty(&answer) {
        let week = figures_of(Days::Week, sources, asker, filter, now).await?;
        return Ok(if is_empty(&week) { (chosen, answer) } else { (Days::Week, week) });
    }
    Ok((chosen, answer))
}

fn is_empty(answer: &GetAggregatesResponse) -> bool {
    answer.total.as_ref().is_none_or(|total| total.records == 0)
}

async fn figures_of(
    days: Days,
    sources: &dyn Sources,
    asker: &Principal,
    filter: &Filter,
    now: Timestamp,
) -> Answer<GetAggregatesResponse> {
    let [from, to] = moment::days(days.count(), now);
    let request = GetAggregatesRequest {
        from,
        to,
        by: vec!["area".into(), "category".into()],
        area: filter.area.clone(),
        category: filter.category.clone(),
    };
    sources.aggregates(asker, request).await
}

/// Takes in the seconds that have passed already.
pub async fn backlog(seconds: &mut Seconds, recent: &mut Recent, now: Timestamp) -> Result<(), Trouble> {
    let deadline = Instant::now() + BACKLOG;
    let is_caught_up = |recent: &Recent| recent.newest().is_some_and(|newest| newest.as_second() >= now.as_second() - 1);
    while !is_caught_up(recent) {
        match timeout_at(deadline, seconds.next()).await {
            Ok(Some(second)) => recent.take(&second?),
            Ok(None) | Err(_) => break,
        }
    }
    Ok(())
}
