//! What the public reported, for those who answer.

use tracemesh_proto::quality::v1::{AnswerMismatchRequest, ListMismatchesResponse, Mismatch};

use crate::error::Trouble;
use crate::views::candidates::{self, escaped};
use crate::views::cell::Cell;
use crate::views::code::CodeText;
use crate::views::form::{Entries, Field, Form, Input, Refused};
use crate::views::icon::State;
use crate::views::panel;
use crate::views::part::Part;
use crate::views::quality::tabs;
use crate::views::reader::Reader;
use crate::views::said::Said;
use crate::views::sheet::{Block, Section, Sheet, Way};
use crate::views::table::{Row, Table};

/// Where the list is.
pub const HREF: &str = "/console/mismatches";

/// The state that the address asks for; open where it asks for none that we know.
pub fn state(query: &Entries, reader: &Reader) -> &'static str {
    reader.text().quality.mismatch_states.iter().map(|(state, _)| *state).find(|state| *state == query.get("state")).unwrap_or("open")
}

/// The page with all of them.
pub fn list(answer: &Result<ListMismatchesResponse, Trouble>, query: &Entries, reader: &Reader) -> Sheet {
    let text = &reader.text().quality;
    let state = state(query, reader);
    let way = |(value, name): &(&str, &str)| Way::to(format!("{HREF}?state={value}"), name).here(*value == state);
    let states = Block::Choices(vec![(text.state.to_owned(), text.mismatch_states.iter().map(way).collect())]);
    let section = Section::new("mismatches", reader.word(text.mismatch_states, state)).noting(reader.as_of()).with(states);
    let section = match answer {
        Err(trouble) => section.with(Block::Failing(panel::sentence(trouble, text.part, reader.language))),
        Ok(answer) => {
            let table = Table::new(&[text.number, text.said, text.code, text.at, text.state])
                .rows(answer.mismatches.iter().map(|mismatch| row(mismatch, reader)))
                .or(&[text.no_mismatches, text.no_mismatches_why])
                .and_more(reader.next_page(&format!("{HREF}?state={state}"), &answer.next_page_token));
            section.with(Block::Table(table))
        }
    };
    Sheet { tabs: tabs(HREF, reader), ..Sheet::new(Part::Quality, text.mismatches) }.with(section)
}

/// Where a report's page is for those who answer.
pub fn href(number: &str) -> String {
    format!("{HREF}/{}", escaped(number))
}

fn row(mismatch: &Mismatch, reader: &Reader) -> Row {
    Row::new(vec![
        Cell::said(&mismatch.number).to(href(&mismatch.number)),
        Cell::said(&mismatch.text),
        Cell::Code(CodeText::new(&mismatch.code)).to(candidates::href(&mismatch.code)),
        reader.minute(mismatch.at.as_ref()),
        standing(mismatch, reader),
    ])
}

fn standing(mismatch: &Mismatch, reader: &Reader) -> Cell {
    let state = if mismatch.state == "answered" { State::Good } else { State::Note };
    Cell::State(state, reader.word(reader.text().quality.mismatch_states, &mismatch.state))
}

/// One report with the form that answers it; a second answer replaces the first.
pub fn page(mismatch: &Mismatch, refused: Option<Refused>, reader: &Reader) -> Sheet {
    let text = &reader.text().quality;
    let facts = Block::Facts(vec![
        (text.code.to_owned(), Cell::Code(CodeText::new(&mismatch.code)).to(candidates::href(&mismatch.code))),
        (text.at.to_owned(), reader.minute(mismatch.at.as_ref())),
    ]);
    let said = Section::new("said", text.said).with(facts);
    let said = Said::whole(&mismatch.text).into_iter().fold(said, |section, said| section.with(Block::Prose(said)));
    let answer = Said::whole(reader.language.pick(&mismatch.answer_zh, &mismatch.answer_en));
    let answered = Section::new("answer", text.answered).with(match answer {
        Some(answer) => Block::Prose(answer),
        None => Block::Notice(State::Attention, vec![text.not_answered.to_owned()]),
    });
    let form = Form::new("answer", href(&mismatch.number), text.answer_title, text.answer_do)
        .saying(text.answer_lead)
        .with(Field::new("answer_zh", text.answer_zh, Input::Text(4)).holding(mismatch.answer_zh.clone()))
        .with(Field::new("answer_en", text.answer_en, Input::Text(4)).optional().holding(mismatch.answer_en.clone()))
        .after(refused, reader.language);
    let sheet =
        Sheet { standing: Some(standing(mismatch, reader)), tabs: tabs(HREF, reader), ..Sheet::new(Part::Quality, &mismatch.number) };
    sheet.with(said).with(answered).with(Section::new("acts", text.acts).with(Block::Form(form)))
}

/// What the form asks for.
pub fn answered(number: &str, entries: &Entries) -> AnswerMismatchRequest {
    AnswerMismatchRequest { number: number.to_owned(), answer_zh: entries.get("answer_zh"), answer_en: entries.get("answer_en") }
}
