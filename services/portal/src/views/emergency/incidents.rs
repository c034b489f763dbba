//! The list of incidents: what each is, how grave, and the limit that runs out first. Open ones are in the order of that limit.

use tracemesh_access::Role;
use tracemesh_proto::emergency::v1::{Incident, ListIncidentsResponse, OpenIncidentRequest};

use crate::error::Trouble;
use crate::views::cell::Cell;
use crate::views::clock;
use crate::views::emergency::{incident_href, tabs};
use crate::views::form::{Entries, Field, Form, Input, Refused};
use crate::views::icon::State;
use crate::views::moment;
use crate::views::panel;
use crate::views::part::Part;
use crate::views::reader::Reader;
use crate::views::sheet::{Block, Section, Sheet, Way};
use crate::views::table::{Row, Table};

/// Where the list is, and where a new one is sent.
pub const HREF: &str = "/console/incidents";
/// Whose work it is to open one.
pub const OPENERS: &[Role] = &[Role::Regulator, Role::Drafter];
const STATES: [&str; 3] = ["open", "closed", "all"];

/// The state that the address asks for; open where it asks for none that we know.
pub fn state(query: &Entries) -> &'static str {
    STATES.into_iter().find(|state| *state == query.get("state")).unwrap_or("open")
}

/// The page.
pub fn list(answer: &Result<ListIncidentsResponse, Trouble>, query: &Entries, reader: &Reader) -> Sheet {
    let text = &reader.text().emergency;
    let state = state(query);
    let section = Section::new("incidents", reader.word(text.list_states, state)).noting(reader.as_of()).with(states(HREF, state, reader));
    let section = match answer {
        Err(trouble) => section.with(Block::Failing(panel::sentence(trouble, text.part, reader.language))),
        Ok(answer) => {
            let csv = format!("{HREF}?state={state}&as=csv");
            section.leading(Way::to(csv, text.csv)).with(Block::Table(table(answer, state, reader)))
        }
    };
    let section = if reader.is_any(OPENERS) { section.leading(Way::to("/console/incidents/new", text.open_new)) } else { section };
    Sheet { tabs: tabs(HREF, reader.text()), ..Sheet::new(Part::Emergency, text.incidents) }.with(section)
}

/// Open, closed, all: a list's states as links.
pub fn states(href: &str, current: &str, reader: &Reader) -> Block {
    let text = &reader.text().emergency;
    let way = |(state, name): &(&str, &str)| Way::to(format!("{href}?state={state}"), name).here(*state == current);
    Block::Choices(vec![(text.show.to_owned(), text.list_states.iter().map(way).collect())])
}

fn table(answer: &ListIncidentsResponse, state: &str, reader: &Reader) -> Table {
    let text = &reader.text().emergency;
    let mut incidents: Vec<&Incident> = answer.incidents.iter().collect();
    if state == "open" {
        incidents.sort_by_key(|incident| clock::most_urgent(&incident.clocks).map_or(jiff::Timestamp::MAX, clock::due));
    }
    let columns = [text.incident, text.grade, text.clocks, text.state, text.area, text.opened, "#"];
    let columns = columns.map(|column| if column == "#" { format!("#{}", text.number_of_orders) } else { column.to_owned() });
    Table::new(&columns.each_ref().map(String::as_str))
        .rows(incidents.into_iter().map(|incident| row(incident, reader)))
        .or(&[text.no_incidents, text.no_incidents_why])
        .and_more(reader.next_page(&format!("{HREF}?state={state}"), &answer.next_page_token))
}

fn row(incident: &Incident, reader: &Reader) -> Row {
    let text = &reader.text().emergency;
    let drill = if incident.drill { Cell::text(text.drill_mark) } else { Cell::None };
    let urgent = clock::most_urgent(&incident.clocks);
    Row::new(vec![
        Cell::said(&incident.title)
            .to(incident_href(&incident.id))
            .over(Cell::list([drill, Cell::said(&incident.id)].into_iter().filter(|cell| !cell.is_none()).collect())),
        grade(incident, reader),
        urgent.map_or(Cell::None, |urgent| clock::named(urgent, reader)),
        standing(incident, reader),
        reader.place(&incident.area).over(reader.category(&incident.category)),
        Cell::when(moment::from_wire(incident.opened_at.as_ref()).map(|at| moment::minute(at, reader.text()))),
        Cell::text(incident.orders.len().to_string()),
    ])
}

/// The grade that holds, or the one that is proposed, said as such.
pub fn grade(incident: &Incident, reader: &Reader) -> Cell {
    let text = &reader.text().emergency;
    match (incident.grade.as_str(), incident.proposed_grade.as_str()) {
        ("", "") => Cell::State(State::Unknown, text.no_grade.to_owned()),
        ("", proposed) => Cell::State(State::Attention, reader.word(text.grades, proposed)).over(Cell::text(text.not_confirmed)),
        (grade, _) => Cell::text(reader.word(text.grades, grade)),
    }
}

/// Open or closed.
pub fn standing(incident: &Incident, reader: &Reader) -> Cell {
    let state = if incident.state == "closed" { State::Good } else { State::Note };
    Cell::State(state, reader.word(reader.text().emergency.incident_states, &incident.state))
}

/// The page with the form that opens one.
pub fn opening(query: &Entries, refused: Option<Refused>, reader: &Reader) -> Sheet {
    let text = &reader.text().emergency;
    let section = Section::new("new", text.new_title).with(Block::Form(open(query, refused, reader)));
    Sheet { tabs: tabs(HREF, reader.text()), ..Sheet::new(Part::Emergency, text.new_title) }.with(section)
}

fn open(query: &Entries, refused: Option<Refused>, reader: &Reader) -> Form {
    let text = &reader.text().emergency;
    let form = Form::new("open", HREF, "", text.new_do)
        .saying(text.new_lead)
        .with(Field::new("title", text.new_name, Input::Line(200)))
        .with(Field::new("codes", text.codes, Input::Text(3)).hint(text.codes_hint).holding(query.get("codes")))
        .with(Field::new("category", text.category, Input::Choice(categories(reader))))
        .with(Field::new("area", text.area, Input::Line(64)).holding(query.get("area")));
    facts(form, reader).with(Field::new("drill", text.new_drill, Input::Tick).hint(text.new_drill_hint)).after(refused, reader.language)
}

fn categories(reader: &Reader) -> Vec<(String, String)> {
    let known = reader.text().words.categories.iter().filter(|(id, _)| *id != "UNKNOWN");
    known.map(|(id, name)| ((*id).to_owned(), (*name).to_owned())).collect()
}

/// The fields that a grade is proposed from.
pub fn facts(form: Form, reader: &Reader) -> Form {
    let text = &reader.text().emergency;
    let number = |name, label| Field::new(name, label, Input::Number).holding("0");
    form.with(number("facts.hurt", text.hurt))
        .with(number("facts.dead", text.dead))
        .with(number("facts.townships", text.townships))
        .with(number("facts.counties", text.counties))
        .with(number("facts.prefectures", text.prefectures))
        .with(Field::new("facts.crosses_province", text.crosses_province, Input::Tick))
}

/// What the form asks the service for.
pub fn opened(entries: &Entries) -> OpenIncidentRequest {
    OpenIncidentRequest {
        title: entries.get("title"),
        category: entries.get("category"),
        area: entries.get("area"),
        codes: entries.words("codes"),
        risk_known_at: None,
        facts: Some(super::incident::facts_of(entries)),
        drill: entries.ticked("drill"),
    }
}
