//! What somebody says does not match: the form, and what became of it. It asks for no name, and shows nothing but what was said and the
//! answer.

use tracemesh_proto::quality::v1::Mismatch;

use crate::language::Language;
use crate::views::cell::Cell;
use crate::views::code::CodeText;
use crate::views::form::{Field, Form, Input};
use crate::views::icon::State;
use crate::views::moment;
use crate::views::said::Said;

/// Where reports are sent.
pub const HREF: &str = "/mismatch";

/// The form about a code.
pub fn report(code: &str, language: Language) -> Form {
    let text = &language.text().mismatch;
    Form::new("mismatch", HREF, "", text.send)
        .with(Field::hidden("code", code))
        .with(Field::new("text", text.text, Input::Text(4)).hint(text.text_hint))
}

/// The form for whoever has a number.
pub fn ask(number: &str, language: Language) -> Form {
    let text = &language.text().mismatch;
    Form::asking("number", HREF, text.number_title, text.ask).with(Field::new("number", text.number, Input::Line(64)).holding(number))
}

/// Where a report shows.
pub fn href(number: &str) -> String {
    format!("{HREF}/{}", crate::views::candidates::escaped(number))
}

/// What became of a report.
#[derive(Debug)]
pub struct MismatchView {
    pub number: Said,
    pub facts: Vec<(&'static str, Cell)>,
    pub said: Option<Said>,
    pub answer: Option<Said>,
}

/// The page of a report.
pub fn view(mismatch: &Mismatch, language: Language) -> MismatchView {
    let text = &language.text().mismatch;
    let state = if mismatch.state == "answered" { State::Good } else { State::Note };
    let word = crate::text::word(text.states, &mismatch.state).unwrap_or(&mismatch.state);
    let when = |at: Option<&prost_types::Timestamp>| Cell::when(moment::from_wire(at).map(|at| moment::minute(at, language.text())));
    MismatchView {
        number: Said::new(&mismatch.number).unwrap_or_else(Said::nobody),
        facts: vec![
            (text.code, Cell::Code(CodeText::new(&mismatch.code)).to(crate::views::candidates::href(&mismatch.code))),
            (text.at, when(mismatch.at.as_ref())),
            (text.state, Cell::State(state, word.to_owned())),
            (text.answered_at, when(mismatch.answered_at.as_ref())),
        ],
        said: Said::whole(&mismatch.text),
        answer: Said::whole(language.pick(&mismatch.answer_zh, &mismatch.answer_en)),
    }
}
