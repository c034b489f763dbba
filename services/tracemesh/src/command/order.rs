//! `order`: draft, review, sign, answer, watch, close.

use tracemesh_proto::emergency::v1 as wire;
use tracemesh_proto::json;

use super::connect;
use super::incident::print_clock;
use crate::cli::{Asking, Order};
use crate::output::{self, DONE, NO};

pub async fn run(asking: &Asking, order: Order) -> anyhow::Result<u8> {
    let mut emergency = connect(asking).await?.emergency();
    let changed = match order {
        Order::Draft(draft) => {
            let request = wire::DraftOrderRequest {
                incident: draft.incident,
                kind: draft.kind,
                recall_class: draft.class,
                title_zh: draft.title,
                title_en: draft.title_en,
                instructions_zh: draft.instructions,
                instructions_en: draft.instructions_en,
                at_intake: draft.at_intake,
                releases: draft.releases,
                id: draft.again,
            };
            emergency.draft_order(request).await?.into_inner().order
        }
        Order::Review { id, refuse, why } => emergency.review_order(wire::ReviewOrderRequest { id, refuse, why }).await?.into_inner().order,
        Order::Sign { id, number, release } => {
            emergency.sign_order(wire::SignOrderRequest { id, number, release }).await?.into_inner().order
        }
        Order::Cancel { id, why } => emergency.cancel_order(wire::CancelOrderRequest { id, why }).await?.into_inner().order,
        Order::List { incident, all } => return list(asking, incident, all).await,
        Order::Show { id } => {
            let shown = emergency.get_order(wire::GetOrderRequest { id }).await?.into_inner();
            return tell_board(asking, &shown.board.unwrap_or_default());
        }
        Order::Watch { id } => return watch(asking, id).await,
        Order::Acknowledge { id, establishment, how, who } => {
            let request = wire::AcknowledgeRequest { order: id, establishment, how, who };
            return tell_board(asking, &emergency.acknowledge(request).await?.into_inner().board.unwrap_or_default());
        }
        Order::Recover { id, establishment, recovered, destroyed, unit } => {
            let request = wire::ReportRecoveryRequest { order: id, establishment, recovered, destroyed, unit_of_measure: unit };
            return tell_board(asking, &emergency.report_recovery(request).await?.into_inner().board.unwrap_or_default());
        }
        Order::Close { id, why } => {
            let closure = emergency.close_order(wire::CloseOrderRequest { id, why }).await?.into_inner().closure.unwrap_or_default();
            return tell_closure(asking, &closure);
        }
    };
    tell(asking, &changed.unwrap_or_default())
}

async fn list(asking: &Asking, incident: String, all: bool) -> anyhow::Result<u8> {
    let state = if all { "all" } else { "" }.to_owned();
    let mut request = wire::ListOrdersRequest { incident, state, ..wire::ListOrdersRequest::default() };
    let mut emergency = connect(asking).await?.emergency();
    loop {
        let page = emergency.list_orders(request.clone()).await?.into_inner();
        for order in &page.orders {
            tell(asking, order)?;
        }
        if page.next_page_token.is_empty() {
            return Ok(DONE);
        }
        request.page_token = page.next_page_token;
    }
}

/// Until the order has ended.
async fn watch(asking: &Asking, id: String) -> anyhow::Result<u8> {
    let mut boards = connect(asking).await?.emergency().watch_order(wire::WatchOrderRequest { id }).await?.into_inner();
    while let Some(message) = boards.message().await? {
        let board = message.board.unwrap_or_default();
        tell_board(asking, &board)?;
        if board.order.is_some_and(|order| ["closed", "cancelled"].contains(&order.state.as_str())) {
            break;
        }
    }
    Ok(DONE)
}

fn tell(asking: &Asking, order: &wire::Order) -> anyhow::Result<u8> {
    if asking.json {
        output::json(&json::value("tracemesh.emergency.v1.Order", order))?;
    } else {
        print(order);
    }
    Ok(DONE)
}

/// Exit 1 while somebody has not acknowledged.
fn tell_board(asking: &Asking, board: &wire::Board) -> anyhow::Result<u8> {
    if asking.json {
        output::json(&json::value("tracemesh.emergency.v1.Board", board))?;
    } else {
        let order = board.order.clone().unwrap_or_default();
        print(&order);
        order.clocks.iter().for_each(print_clock);
        for row in &board.tiers {
            println!("  {:20} {:13} {}{}", row.node, row.state, row.detail, late(row.late));
        }
        for row in &board.establishments {
            println!("  {:20} {:13} {} {} {}{}", row.node, row.state, row.quantity, row.unit_of_measure, row.name, late(row.late));
        }
        for sum in &board.recovered {
            println!("  recovered {} of {} {} ({})", sum.recovered, sum.affected, sum.unit_of_measure, sum.rate);
        }
    }
    Ok(if board.waiting_for.is_empty() { DONE } else { NO })
}

fn tell_closure(asking: &Asking, closure: &wire::ClosureReport) -> anyhow::Result<u8> {
    if asking.json {
        output::json(&json::value("tracemesh.emergency.v1.ClosureReport", closure))?;
        return Ok(DONE);
    }
    let wire::ClosureReport { tiers, tiers_acknowledged, establishments, establishments_acknowledged, .. } = closure;
    println!("{}  tiers {tiers_acknowledged}/{tiers}, establishments {establishments_acknowledged}/{establishments}", closure.order);
    for sum in &closure.recovered {
        println!("  recovered {} of {} {} ({})", sum.recovered, sum.affected, sum.unit_of_measure, sum.rate);
    }
    Ok(DONE)
}

fn print(order: &wire::Order) {
    let drill = if order.drill { "  DRILL 演练" } else { "" };
    println!("{}  {}  {}  {}  {}{drill}", order.id, order.state, order.kind, order.number, order.title_zh);
}

const fn late(is_late: bool) -> &'static str {
    if is_late { "  late" } else { "" }
}
