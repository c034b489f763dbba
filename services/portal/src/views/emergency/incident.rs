//! One incident: what is known, how grave it is and who says so, what was reported, which limits run, which orders went out; and the forms
//! of whoever may go on with it.

use tracemesh_access::Role;
use tracemesh_proto::emergency::v1::{
    AddFactsRequest, CloseIncidentRequest, ConfirmGradeRequest, Facts, FileReportRequest, Incident, ListOrdersResponse, Report,
};

use crate::error::Trouble;
use crate::text::fill;
use crate::views::candidates::escaped;
use crate::views::cell::Cell;
use crate::views::clock;
use crate::views::emergency::incidents::{facts as facts_fields, grade, standing};
use crate::views::emergency::{codes, incident_href, orders, scope_href, tabs};
use crate::views::form::{Entries, Field, Form, Input, Refused, choices};
use crate::views::icon::State;
use crate::views::panel;
use crate::views::part::Part;
use crate::views::reader::Reader;
use crate::views::said::Said;
use crate::views::sheet::{Block, Section, Sheet, Way};

const WRITERS: &[Role] = &[Role::Regulator, Role::Drafter];
const DECIDERS: &[Role] = &[Role::Regulator, Role::Signer];

/// The page; its orders may fail on their own.
pub fn page(incident: &Incident, orders: &Result<ListOrdersResponse, Trouble>, refused: Option<Refused>, reader: &Reader) -> Sheet {
    let text = &reader.text().emergency;
    let sheet = Sheet {
        standing: Some(standing(incident, reader)),
        lead: Some(incident.id.clone()),
        drill: incident.drill,
        tabs: tabs("/console/incidents", reader.text()),
        ..Sheet::new(Part::Emergency, incident.title.clone())
    };
    let limits = Section::new("clocks", text.clocks).noting(reader.as_of()).with(Block::Table(clock::table(&incident.clocks, reader)));
    sheet
        .with(limits)
        .with(known(incident, reader))
        .with(reports(incident, reader))
        .with(its_orders(incident, orders, reader))
        .with(acts(incident, refused, reader))
}

fn known(incident: &Incident, reader: &Reader) -> Section {
    let text = &reader.text().emergency;
    let facts = incident.facts.unwrap_or_default();
    let crosses = if facts.crosses_province { text.yes } else { text.no };
    let number = |name: &str, n: u32| (name.to_owned(), n.to_string(), Cell::None);
    Section::new("facts", text.facts)
        .with(Block::Figures(vec![
            number(text.hurt, facts.hurt),
            number(text.dead, facts.dead),
            number(text.townships, facts.townships),
            number(text.counties, facts.counties),
            number(text.prefectures, facts.prefectures),
            (text.crosses.to_owned(), crosses.to_owned(), Cell::None),
        ]))
        .with(Block::Facts(vec![
            (text.confirmed.to_owned(), confirmed(incident, reader)),
            (text.proposed.to_owned(), proposed(incident, reader)),
            (text.category.to_owned(), reader.category(&incident.category)),
            (text.area.to_owned(), reader.place(&incident.area)),
            (text.codes.to_owned(), codes(&incident.codes, reader)),
            (text.risk_known.to_owned(), reader.minute(incident.risk_known_at.as_ref())),
            (text.opened_at.to_owned(), reader.minute(incident.opened_at.as_ref()).over(reader.person(&incident.opened_by))),
            (text.how.to_owned(), how(incident, reader)),
            (text.host.to_owned(), Cell::said(&incident.node)),
        ]))
}

fn confirmed(incident: &Incident, reader: &Reader) -> Cell {
    let text = &reader.text().emergency;
    if incident.grade.is_empty() {
        return Cell::State(State::Attention, text.not_confirmed.to_owned());
    }
    let by = fill(text.confirmed_by, &[("who", &reader.person(&incident.graded_by).plain())]);
    grade(incident, reader).over(Cell::said(&by))
}

fn proposed(incident: &Incident, reader: &Reader) -> Cell {
    let text = &reader.text().emergency;
    if incident.proposed_grade.is_empty() {
        return Cell::text(text.no_grade);
    }
    let rule = format!("{} {}", text.proposed_by, incident.grade_rule);
    Cell::text(reader.word(text.grades, &incident.proposed_grade)).over(Cell::said(&rule))
}

fn how(incident: &Incident, reader: &Reader) -> Cell {
    let kind = Cell::text(reader.word(reader.text().emergency.opened_kinds, &incident.opened_by_kind));
    kind.over(Cell::said(&incident.source))
}

fn reports(incident: &Incident, reader: &Reader) -> Section {
    let text = &reader.text().emergency;
    let section = Section::new("reports", text.reports);
    if incident.reports.is_empty() {
        return section.with(Block::Notice(State::Note, vec![text.no_reports.to_owned(), text.no_reports_why.to_owned()]));
    }
    incident.reports.iter().fold(section, |section, report| told(section, report, reader))
}

fn told(section: Section, report: &Report, reader: &Reader) -> Section {
    let text = &reader.text().emergency;
    let head = vec![
        (text.report.to_owned(), Cell::text(reader.word(text.report_kinds, &report.kind))),
        (text.at.to_owned(), reader.minute(report.at.as_ref())),
        (text.by.to_owned(), reader.person(&report.by)),
    ];
    let section = section.with(Block::Facts(head));
    match Said::whole(&report.text) {
        Some(said) => section.with(Block::Prose(said)),
        None => section,
    }
}

fn its_orders(incident: &Incident, orders: &Result<ListOrdersResponse, Trouble>, reader: &Reader) -> Section {
    let text = &reader.text().emergency;
    let section = Section::new("orders", text.orders).leading(Way::to(scope_href(&incident.codes), text.look_at_scope));
    let section = match orders {
        Err(trouble) => section.with(Block::Failing(panel::sentence(trouble, text.part, reader.language))),
        Ok(answer) => section.with(Block::Table(orders::table(answer, reader).or(&[text.no_orders, text.no_orders_why]))),
    };
    let may_draft = !is_elsewhere(incident, reader) && reader.principal.has(Role::Drafter) && incident.state != "closed";
    let draft = format!("/console/orders/new?incident={}", escaped(&incident.id));
    if may_draft { section.leading(Way::to(draft, text.draft)) } else { section }
}

/// Whether another node deals with it: it is shown here and changed there.
fn is_elsewhere(incident: &Incident, reader: &Reader) -> bool {
    !incident.node.is_empty() && !reader.node.is_empty() && incident.node != reader.node
}

/// The forms that apply; none once it is closed.
fn acts(incident: &Incident, refused: Option<Refused>, reader: &Reader) -> Section {
    let text = &reader.text().emergency;
    let elsewhere = is_elsewhere(incident, reader);
    let is_open = incident.state != "closed" && !elsewhere;
    let (writes, decides) = (is_open && reader.is_any(WRITERS), is_open && reader.is_any(DECIDERS));
    let offered = [(writes, report as fn(&Incident, &Reader) -> Form), (decides, confirm), (writes, facts), (decides, close)];
    let forms = offered.into_iter().filter(|(applies, _)| *applies).map(|(_, form)| form(incident, reader).after(refused, reader.language));
    let section = forms.fold(Section::new("acts", text.do_title), |section, form| section.with(Block::Form(form)));
    let nothing = if elsewhere { fill(text.elsewhere, &[("node", &incident.node)]) } else { text.nothing_to_do.to_owned() };
    if section.blocks.is_empty() { section.with(Block::Notice(State::Note, vec![nothing])) } else { section }
}

fn action(incident: &Incident, act: &str) -> String {
    format!("{}/{act}", incident_href(&incident.id))
}

fn confirm(incident: &Incident, reader: &Reader) -> Form {
    let text = &reader.text().emergency;
    let proposed = reader.word(text.grades, &incident.proposed_grade);
    let lead = if incident.proposed_grade.is_empty() {
        text.confirm_lead_none.to_owned()
    } else {
        fill(text.confirm_lead, &[("grade", &proposed)])
    };
    let holds = if incident.grade.is_empty() { &incident.proposed_grade } else { &incident.grade };
    Form::new("grade", action(incident, "grade"), text.confirm_title, text.confirm)
        .saying(&lead)
        .with(Field::new("grade", text.grade, choices(text.grades)).holding(holds.clone()))
        .with(Field::new("why", text.why, Input::Text(2)).optional())
}

fn facts(incident: &Incident, reader: &Reader) -> Form {
    let text = &reader.text().emergency;
    let known = incident.facts.unwrap_or_default();
    let form = Form::new("facts", action(incident, "facts"), text.facts_title, text.facts_do).saying(text.facts_lead);
    let mut form = facts_fields(form, reader).with(Field::new("why", text.why, Input::Text(2)));
    let values = [known.hurt, known.dead, known.townships, known.counties, known.prefectures];
    form.fields.iter_mut().zip(values).for_each(|(field, value)| field.value = value.to_string());
    form.fields[values.len()].value = if known.crosses_province { "yes".into() } else { String::new() };
    form
}

fn report(incident: &Incident, reader: &Reader) -> Form {
    let text = &reader.text().emergency;
    let due = clock::most_urgent(&incident.clocks).and_then(|clock| clock.kind.strip_prefix("report.")).unwrap_or_default();
    Form::new("report", action(incident, "report"), text.report_title, text.report_do)
        .saying(text.report_lead)
        .with(Field::new("kind", text.report_kind, choices(text.report_kinds)).holding(due))
        .with(Field::new("text", text.report_text, Input::Text(6)))
}

fn close(incident: &Incident, reader: &Reader) -> Form {
    let text = &reader.text().emergency;
    Form::new("close", action(incident, "close"), text.close_title, text.close_do).saying(text.close_lead).with(Field::new(
        "why",
        text.why,
        Input::Text(2),
    ))
}

/// The facts that a form holds.
pub fn facts_of(entries: &Entries) -> Facts {
    Facts {
        hurt: entries.number("facts.hurt"),
        dead: entries.number("facts.dead"),
        townships: entries.number("facts.townships"),
        counties: entries.number("facts.counties"),
        prefectures: entries.number("facts.prefectures"),
        crosses_province: entries.ticked("facts.crosses_province"),
    }
}

/// What the form `grade` asks for.
pub fn graded(id: &str, entries: &Entries) -> ConfirmGradeRequest {
    ConfirmGradeRequest { id: id.to_owned(), grade: entries.get("grade"), why: entries.get("why") }
}

/// What the form `facts` asks for.
pub fn known_now(id: &str, entries: &Entries) -> AddFactsRequest {
    AddFactsRequest { id: id.to_owned(), facts: Some(facts_of(entries)), why: entries.get("why") }
}

/// What the form `report` asks for.
pub fn reported(id: &str, entries: &Entries) -> FileReportRequest {
    FileReportRequest { id: id.to_owned(), kind: entries.get("kind"), text: entries.get("text") }
}

/// What the form `close` asks for.
pub fn closed(id: &str, entries: &Entries) -> CloseIncidentRequest {
    CloseIncidentRequest { id: id.to_owned(), why: entries.get("why") }
}
