//! One order: what it says, its board once it is in force, what was frozen with it, who did what to it; and the forms of whoever may go on
//! with it. Draft, review and signature are of three people: nobody is offered the step after their own.

use tracemesh_access::Role;
use tracemesh_proto::emergency::v1::{
    AcknowledgeRequest, Board, CancelOrderRequest, CloseOrderRequest, ClosureReport, DraftOrderRequest, GetOrderResponse, Incident, Order,
    ReportRecoveryRequest, ReviewOrderRequest, Scope, SignOrderRequest, Step,
};

use crate::text::fill;
use crate::views::candidates::escaped;
use crate::views::cell::Cell;
use crate::views::code::CodeText;
use crate::views::emergency::board;
use crate::views::emergency::orders::{kind, standing, title};
use crate::views::emergency::{codes, incident_href, order_href, scope, tabs};
use crate::views::form::{Entries, Field, Form, Input, Refused, choices};
use crate::views::icon::State;
use crate::views::number::grouped;
use crate::views::part::Part;
use crate::views::reader::Reader;
use crate::views::said::Said;
use crate::views::sheet::{Block, Section, Sheet, Way};
use crate::views::table::{Row, Table};

/// Establishments that a form offers by name; beyond these one is typed.
const MAX_CHOICES: usize = 200;

/// The page. `chosen` is the establishment that a row of the board was pressed for.
pub fn page(answer: &GetOrderResponse, chosen: &str, refused: Option<Refused>, reader: &Reader) -> Sheet {
    let board = answer.board.clone().unwrap_or_default();
    let order = board.order.clone().unwrap_or_default();
    let href = order_href(&order.id);
    let sheet = Sheet {
        standing: Some(standing(&order, reader)),
        lead: Some([order.number.as_str(), order.id.as_str()].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")),
        drill: order.drill,
        tabs: tabs("/console/orders", reader.text()),
        live: (order.state == "issued").then(|| format!("{href}/live")),
        ..Sheet::new(Part::Emergency, title(&order, reader))
    };
    let closure = answer.closure.as_ref().map(|closure| closed(closure, reader));
    let again = Way::to(
        format!("/console/orders/new?incident={}&order={}", escaped(&order.incident), escaped(&order.id)),
        reader.text().emergency.draft_again,
    );
    let said = content(&order, reader);
    let said = if order.state == "returned" && reader.principal.has(Role::Drafter) { said.leading(again) } else { said };
    let rest = [said.leading(Way::to(format!("{href}/print"), reader.text().emergency.print))];
    let rest = rest.into_iter().chain(order.scope.as_ref().map(|scope| frozen(scope, reader))).chain([steps(&order.steps, reader)]);
    let acts = acts(&board, &order, chosen, refused, reader);
    let sections = closure.into_iter().chain(board::sections(&board, reader)).chain([acts]).chain(rest);
    sections.fold(sheet, Sheet::with)
}

/// What the order says.
pub fn content(order: &Order, reader: &Reader) -> Section {
    let text = &reader.text().emergency;
    let number = if order.number.is_empty() { Cell::text(text.no_number) } else { Cell::said(&order.number) };
    let automatic = if order.automatic { Cell::text(text.automatic) } else { Cell::None };
    let mut facts = vec![
        (text.number.to_owned(), number),
        (text.order_kind.to_owned(), kind(order, reader)),
        (text.issuer.to_owned(), Cell::said(&order.issuer).over(automatic)),
        (text.issued_at.to_owned(), reader.minute(order.issued_at.as_ref())),
        (text.incident.to_owned(), Cell::said(&order.incident).to(incident_href(&order.incident))),
        (text.category.to_owned(), reader.category(&order.category)),
        (text.area.to_owned(), reader.place(&order.area)),
        (text.at_intake.to_owned(), Cell::text(reader.word(text.intake, &order.at_intake))),
        (text.released.to_owned(), Cell::text(if order.released { text.yes } else { text.no })),
    ];
    if !order.releases.is_empty() {
        facts.push((text.releases.to_owned(), Cell::said(&order.releases).to(order_href(&order.releases))));
    }
    let section = Section::new("text", text.text_section).with(Block::Facts(facts));
    match Said::whole(reader.language.pick(&order.instructions_zh, &order.instructions_en)) {
        Some(said) => section.with(Block::Prose(said)),
        None => section,
    }
}

/// What was frozen with the signature.
pub fn frozen(scope: &Scope, reader: &Reader) -> Section {
    let text = &reader.text().emergency;
    let totals = scope.totals.clone().unwrap_or_default();
    let number = |name: &str, n: u32| (name.to_owned(), grouped(n), Cell::None);
    let section = Section::new("scope", text.frozen).with(Block::Figures(vec![
        number(text.units, totals.units),
        number(text.subjects, totals.subjects),
        number(text.records, totals.records),
        number(text.nodes, totals.nodes),
    ]));
    section.with(Block::Table(scope::measures(&totals, reader))).with(scope::verdict(scope.verdict.as_ref(), &[], reader)).with(
        Block::Facts(vec![
            (text.as_known.to_owned(), reader.minute(scope.as_known_at.as_ref())),
            (text.from_codes.to_owned(), codes(&scope.codes, reader)),
            (text.hash.to_owned(), Cell::Code(CodeText::new(&scope.hash))),
        ]),
    )
}

/// Who did what to it, in order.
pub fn steps(steps: &[Step], reader: &Reader) -> Section {
    let text = &reader.text().emergency;
    let row = |step: &Step| {
        Row::new(vec![
            Cell::text(reader.word(text.steps_done, &step.what)),
            reader.person(&step.by),
            reader.minute(step.at.as_ref()),
            Cell::said(&step.node),
            Cell::said(&step.why),
        ])
    };
    let table = Table::new(&[text.step, text.by, text.at, text.at_node, text.why]).rows(steps.iter().map(row));
    Section::new("steps", text.steps).with(Block::Table(table))
}

fn closed(closure: &ClosureReport, reader: &Reader) -> Section {
    let text = &reader.text().emergency;
    let of = |done: u32, all: u32| fill(text.of, &[("done", &grouped(done)), ("all", &grouped(all))]);
    let never = closure.never_acknowledged.iter().map(|name| Cell::said(name)).collect();
    Section::new("closure", text.closure)
        .with(Block::Figures(vec![
            (text.tiers_done.to_owned(), of(closure.tiers_acknowledged, closure.tiers), Cell::None),
            (text.establishments_done.to_owned(), of(closure.establishments_acknowledged, closure.establishments), Cell::None),
            (text.on_behalf_n.to_owned(), grouped(closure.on_behalf), Cell::None),
        ]))
        .with(Block::Table(board::recovered(&closure.recovered, reader)))
        .with(Block::Facts(vec![
            (text.closed_at.to_owned(), reader.minute(closure.closed_at.as_ref()).over(reader.person(&closure.by))),
            (text.why.to_owned(), Cell::said(&closure.why)),
            (text.never.to_owned(), Cell::list(never)),
            (text.hash.to_owned(), Cell::Code(CodeText::new(&closure.scope_hash))),
        ]))
}

/// The forms that apply to the state of the order and to whoever looks.
fn acts(board: &Board, order: &Order, chosen: &str, refused: Option<Refused>, reader: &Reader) -> Section {
    let text = &reader.text().emergency;
    let is = |role: Role| reader.principal.has(role);
    let did = |what: &str| order.steps.iter().any(|step| step.what == what && reader.is(&step.by));
    let (state, waits) = (order.state.as_str(), board.establishments.iter().any(|row| row.state != "acknowledged"));
    let in_force = state == "issued";
    let before = matches!(state, "drafted" | "returned" | "reviewed");
    let tier_waits = !board.tiers.iter().any(|tier| tier.node == reader.node && tier.state == "acknowledged");
    let own = order.issuer == reader.node;
    let offered: [(bool, Form); 7] = [
        (state == "drafted" && is(Role::Reviewer) && !did("drafted"), review(order, reader)),
        (state == "reviewed" && is(Role::Signer) && !did("drafted") && !did("reviewed"), sign(order, reader)),
        (in_force && is(Role::Acknowledger) && tier_waits, acknowledge(order, reader)),
        (in_force && is(Role::Acknowledger) && waits, on_behalf(board, order, chosen, reader)),
        (in_force && is(Role::Acknowledger) && !board.establishments.is_empty(), recovery(board, order, chosen, reader)),
        (in_force && own && is(Role::Signer), end(order, reader)),
        (before && reader.is_any(&[Role::Drafter, Role::Reviewer, Role::Signer]), cancel(order, reader)),
    ];
    let forms = offered.into_iter().filter(|(applies, _)| *applies).map(|(_, form)| form.after(refused, reader.language));
    let section = forms.fold(Section::new("acts", text.do_title), |section, form| section.with(Block::Form(form)));
    if section.blocks.is_empty() { section.with(Block::Notice(State::Note, vec![text.nothing_to_do.to_owned()])) } else { section }
}

fn action(order: &Order, act: &str) -> String {
    format!("{}/{act}", order_href(&order.id))
}

fn review(order: &Order, reader: &Reader) -> Form {
    let text = &reader.text().emergency;
    Form::new("review", action(order, "review"), text.review_title, text.review_do)
        .saying(text.review_lead)
        .with(Field::new("refuse", text.review_refuse, Input::Tick))
        .with(Field::new("why", text.why, Input::Text(2)).optional())
}

fn sign(order: &Order, reader: &Reader) -> Form {
    let text = &reader.text().emergency;
    Form::new("sign", action(order, "sign"), text.sign_title, text.sign_do)
        .saying(text.sign_lead)
        .with(Field::new("number", text.sign_number, Input::Line(64)).optional().hint(text.sign_number_hint))
        .with(Field::new("release", text.sign_release, Input::Tick).hint(text.sign_release_hint))
}

fn cancel(order: &Order, reader: &Reader) -> Form {
    let text = &reader.text().emergency;
    Form::new("cancel", action(order, "cancel"), text.cancel_title, text.cancel_do).saying(text.cancel_lead).with(Field::new(
        "why",
        text.why,
        Input::Text(2),
    ))
}

fn acknowledge(order: &Order, reader: &Reader) -> Form {
    let text = &reader.text().emergency;
    Form::new("acknowledge", action(order, "acknowledge"), text.ack_title, text.ack_do).saying(text.ack_lead)
}

fn on_behalf(board: &Board, order: &Order, chosen: &str, reader: &Reader) -> Form {
    let text = &reader.text().emergency;
    Form::new("behalf", action(order, "behalf"), text.ack_for_title, text.ack_for_do)
        .saying(text.ack_for_lead)
        .with(establishment(board, |state| state != "acknowledged", chosen, reader))
        .with(Field::new("how", text.ack_how, choices(text.hows)))
        .with(Field::new("who", text.ack_who, Input::Line(100)))
}

fn recovery(board: &Board, order: &Order, chosen: &str, reader: &Reader) -> Form {
    let text = &reader.text().emergency;
    let row = board.establishments.iter().find(|row| row.subject == chosen).or(board.establishments.first()).cloned().unwrap_or_default();
    Form::new("recovery", action(order, "recovery"), text.recovery_title, text.recovery_do)
        .saying(text.recovery_lead)
        .with(establishment(board, |_| true, chosen, reader))
        .with(Field::new("recovered", text.recovered, Input::Line(22)).holding(row.recovered))
        .with(Field::new("destroyed", text.destroyed, Input::Line(22)).holding(row.destroyed).optional())
        .with(Field::new("unit_of_measure", text.unit_of_measure, Input::Line(16)).holding(row.unit_of_measure))
}

fn establishment(board: &Board, offers: impl Fn(&str) -> bool, chosen: &str, reader: &Reader) -> Field {
    let name = |name: &str, subject: &str| if name.is_empty() { subject.to_owned() } else { name.to_owned() };
    let rows = board.establishments.iter().filter(|row| offers(&row.state));
    let offered: Vec<_> = rows.map(|row| (row.subject.clone(), name(&row.name, &row.subject))).collect();
    let input = if offered.len() > MAX_CHOICES { Input::Line(200) } else { Input::Choice(offered) };
    Field::new("establishment", reader.text().emergency.establishment, input).holding(chosen)
}

fn end(order: &Order, reader: &Reader) -> Form {
    let text = &reader.text().emergency;
    Form::new("close", action(order, "close"), text.end_title, text.end_do)
        .saying(text.end_lead)
        .with(Field::new("why", text.why, Input::Text(2)).optional())
}

/// The page with the form that drafts one, or a returned one again.
pub fn drafting(incident: &Incident, returned: Option<&Order>, refused: Option<Refused>, reader: &Reader) -> Sheet {
    let text = &reader.text().emergency;
    let about = Section::new("incident", text.incident).leading(Way::to(super::scope_href(&incident.codes), text.look_at_scope)).with(
        Block::Facts(vec![
            (text.incident.to_owned(), Cell::said(&incident.title).to(incident_href(&incident.id)).over(Cell::said(&incident.id))),
            (text.grade.to_owned(), super::incidents::grade(incident, reader)),
            (text.codes.to_owned(), codes(&incident.codes, reader)),
        ]),
    );
    let form = draft(incident, returned, reader).after(refused, reader.language);
    let section = Section::new("draft", text.draft_title).with(Block::Form(form));
    let tabs = tabs("/console/orders", reader.text());
    Sheet { tabs, drill: incident.drill, ..Sheet::new(Part::Emergency, text.draft_title) }.with(about).with(section)
}

fn draft(incident: &Incident, returned: Option<&Order>, reader: &Reader) -> Form {
    let text = &reader.text().emergency;
    let classes =
        (0..=3).map(|class| (class.to_string(), if class == 0 { text.no_class.to_owned() } else { super::orders::class(class, reader) }));
    let was = returned.cloned().unwrap_or_else(|| Order { at_intake: "flag".into(), ..Order::default() });
    Form::new("draft", super::orders::HREF, "", text.draft_do)
        .saying(text.draft_lead)
        .with(Field::hidden("id", &was.id))
        .with(Field::hidden("incident", &incident.id))
        .with(Field::new("kind", text.order_kind, choices(text.kinds)).holding(was.kind))
        .with(Field::new("recall_class", text.recall_class, Input::Choice(classes.collect())).holding(was.recall_class.to_string()))
        .with(Field::new("title_zh", text.title_zh, Input::Line(200)).holding(was.title_zh))
        .with(Field::new("title_en", text.title_en, Input::Line(200)).optional().holding(was.title_en))
        .with(Field::new("instructions_zh", text.text_zh, Input::Text(6)).holding(was.instructions_zh))
        .with(Field::new("instructions_en", text.text_en, Input::Text(6)).optional().holding(was.instructions_en))
        .with(Field::new("at_intake", text.at_intake, choices(text.intake)).holding(was.at_intake))
        .with(Field::new("releases", text.releases, Input::Line(80)).optional().hint(text.releases_hint).holding(was.releases))
}

/// What the form that drafts asks for.
pub fn drafted(entries: &Entries) -> DraftOrderRequest {
    DraftOrderRequest {
        incident: entries.get("incident"),
        kind: entries.get("kind"),
        recall_class: entries.number("recall_class"),
        title_zh: entries.get("title_zh"),
        title_en: entries.get("title_en"),
        instructions_zh: entries.get("instructions_zh"),
        instructions_en: entries.get("instructions_en"),
        at_intake: entries.get("at_intake"),
        releases: entries.get("releases"),
        id: entries.get("id"),
    }
}

/// What the form `review` asks for.
pub fn reviewed(id: &str, entries: &Entries) -> ReviewOrderRequest {
    ReviewOrderRequest { id: id.to_owned(), refuse: entries.ticked("refuse"), why: entries.get("why") }
}

/// What the form `sign` asks for.
pub fn signed(id: &str, entries: &Entries) -> SignOrderRequest {
    SignOrderRequest { id: id.to_owned(), number: entries.get("number"), release: entries.ticked("release") }
}

/// What the form `cancel` asks for.
pub fn cancelled(id: &str, entries: &Entries) -> CancelOrderRequest {
    CancelOrderRequest { id: id.to_owned(), why: entries.get("why") }
}

/// What the forms `acknowledge` and `behalf` ask for: the first names no establishment.
pub fn acknowledged(id: &str, entries: &Entries) -> AcknowledgeRequest {
    AcknowledgeRequest {
        order: id.to_owned(),
        establishment: entries.get("establishment"),
        how: entries.get("how"),
        who: entries.get("who"),
    }
}

/// What the form `recovery` asks for.
pub fn recovered(id: &str, entries: &Entries) -> ReportRecoveryRequest {
    ReportRecoveryRequest {
        order: id.to_owned(),
        establishment: entries.get("establishment"),
        recovered: entries.get("recovered"),
        destroyed: entries.get("destroyed"),
        unit_of_measure: entries.get("unit_of_measure"),
    }
}

/// What the form `close` asks for.
pub fn ended(id: &str, entries: &Entries) -> CloseOrderRequest {
    CloseOrderRequest { id: id.to_owned(), why: entries.get("why") }
}
