//! One finding: what was found and on what evidence, what to do about it, who did what; and the forms of its source and of whoever decides.

use tracemesh_access::Role;
use tracemesh_proto::quality::v1::{DecideFindingRequest, ExplainFindingRequest, Finding};

use crate::views::cell::Cell;
use crate::views::form::{Entries, Field, Form, Input, Refused, choices};
use crate::views::icon::State;
use crate::views::number::grouped;
use crate::views::part::Part;
use crate::views::quality::findings::{self, due, href, message, standing};
use crate::views::quality::{receipt, tabs};
use crate::views::reader::Reader;
use crate::views::said::Said;
use crate::views::sheet::{Block, Section, Sheet};
use crate::views::table::{Row, Table};

/// The page.
pub fn page(finding: &Finding, refused: Option<Refused>, reader: &Reader) -> Sheet {
    let sheet = Sheet {
        standing: Some(standing(finding, reader)),
        lead: Some(finding.id.clone()),
        tabs: tabs(findings::HREF, reader),
        ..Sheet::new(Part::Quality, message(finding, reader))
    };
    sheet.with(about(finding, reader)).with(evidence(finding, reader)).with(steps(finding, reader)).with(acts(finding, refused, reader))
}

fn about(finding: &Finding, reader: &Reader) -> Section {
    let text = &reader.text().quality;
    let section = Section::new("about", text.about).noting(reader.as_of()).with(Block::Facts(vec![
        (text.kind.to_owned(), Cell::text(reader.word(text.kinds, &finding.kind))),
        (text.dimension.to_owned(), Cell::text(reader.word(text.dimensions_of, &finding.dimension))),
        (text.severity.to_owned(), Cell::text(reader.word(text.severities, &finding.severity))),
        (text.due.to_owned(), due(finding, reader)),
        (text.records.to_owned(), Cell::Text(grouped(finding.records))),
        (text.provider.to_owned(), Cell::said(&finding.provider)),
        (text.subject.to_owned(), Cell::said(&finding.subject)),
        (text.area.to_owned(), reader.place(&finding.area)),
        (text.category.to_owned(), reader.category(&finding.category)),
        (text.found_at.to_owned(), reader.minute(finding.found_at.as_ref())),
        (text.rule_version.to_owned(), Cell::said(&finding.rule_version)),
        (text.about_node.to_owned(), Cell::said(&finding.about_node)),
    ]));
    let remedy = reader.language.pick(&finding.remedy_zh, &finding.remedy_en);
    if remedy.is_empty() { section } else { section.with(Block::Notice(State::Note, vec![text.remedy.to_owned(), remedy.to_owned()])) }
}

fn evidence(finding: &Finding, reader: &Reader) -> Section {
    let text = &reader.text().quality;
    let rows = finding.evidence.iter().map(|evidence| {
        let said = [&evidence.field, &evidence.value, &evidence.against].map(|said| Cell::said(said));
        Row::new([receipt(&evidence.record)].into_iter().chain(said).collect())
    });
    let table = Table::new(&[text.record, text.field, text.value, text.against]).rows(rows).or(&[text.no_evidence]);
    Section::new("evidence", text.evidence).with(Block::Table(table))
}

fn steps(finding: &Finding, reader: &Reader) -> Section {
    let text = &reader.text().quality;
    let rows = finding.steps.iter().map(|step| {
        let said = Said::whole(&step.text).map_or(Cell::None, Cell::Said);
        Row::new(vec![Cell::text(reader.word(text.states, &step.state)), reader.person(&step.by), reader.minute(step.at.as_ref()), said])
    });
    Section::new("steps", text.steps).with(Block::Table(Table::new(&[text.state, text.by, text.at, text.text]).rows(rows)))
}

fn acts(finding: &Finding, refused: Option<Refused>, reader: &Reader) -> Section {
    let text = &reader.text().quality;
    let is_open = finding.state != "closed";
    let offered = [
        (is_open && reader.is_any(&[Role::Provider, Role::Regulator]), explain(finding, reader)),
        (reader.principal.has(Role::Regulator), decide(finding, reader)),
    ];
    let forms = offered.into_iter().filter(|(applies, _)| *applies).map(|(_, form)| form.after(refused, reader.language));
    let section = forms.fold(Section::new("acts", text.acts), |section, form| section.with(Block::Form(form)));
    if section.blocks.is_empty() { section.with(Block::Notice(State::Note, vec![text.nothing_to_do.to_owned()])) } else { section }
}

fn explain(finding: &Finding, reader: &Reader) -> Form {
    let text = &reader.text().quality;
    Form::new("explain", format!("{}/explain", href(&finding.id)), text.explain_title, text.explain_do)
        .saying(text.explain_lead)
        .with(Field::new("text", text.explain_text, Input::Text(4)))
}

fn decide(finding: &Finding, reader: &Reader) -> Form {
    let text = &reader.text().quality;
    Form::new("decide", format!("{}/decide", href(&finding.id)), text.decide_title, text.decide_do)
        .with(Field::new("decision", text.decision, choices(text.decisions)))
        .with(Field::new("why", text.why, Input::Text(2)))
}

/// What the form `explain` asks for.
pub fn explained(id: &str, entries: &Entries) -> ExplainFindingRequest {
    ExplainFindingRequest { id: id.to_owned(), text: entries.get("text") }
}

/// What the form `decide` asks for.
pub fn decided(id: &str, entries: &Entries) -> DecideFindingRequest {
    DecideFindingRequest { id: id.to_owned(), decision: entries.get("decision"), why: entries.get("why") }
}
