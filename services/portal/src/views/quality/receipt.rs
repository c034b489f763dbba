//! A receipt: what became of a submission, and why.

use tracemesh_proto::ingestion::v1::receipt::Verdict;
use tracemesh_proto::ingestion::v1::{Reason, Receipt};

use crate::views::cell::Cell;
use crate::views::code::CodeText;
use crate::views::icon::State;
use crate::views::part::Part;
use crate::views::quality::{receipt, tabs};
use crate::views::reader::Reader;
use crate::views::sheet::{Block, Section, Sheet};
use crate::views::table::{Row, Table};

/// The page.
pub fn page(told: &Receipt, reader: &Reader) -> Sheet {
    let text = &reader.text().quality;
    let link = |id: &str| if id.is_empty() { Cell::None } else { receipt(id) };
    let facts = Block::Facts(vec![
        (text.record_id.to_owned(), Cell::said(&told.record_id)),
        (text.revision.to_owned(), Cell::text(told.revision.to_string())),
        (text.provider.to_owned(), Cell::said(&told.provider)),
        (text.received_at.to_owned(), reader.minute(told.received_at.as_ref())),
        (text.sha256.to_owned(), Cell::Code(CodeText::new(&told.sha256))),
        (text.first.to_owned(), link(&told.first)),
        (text.redrives.to_owned(), link(&told.redrives)),
    ]);
    let sheet = Sheet {
        standing: Some(verdict(told, reader)),
        lead: Some(told.id.clone()),
        tabs: tabs("", reader),
        ..Sheet::new(Part::Quality, text.receipt)
    };
    let sheet = sheet.with(Section::new("about", text.receipt).with(facts));
    let refused = Section::new("reasons", text.reasons).with(Block::Table(reasons(&told.reasons, reader)));
    let sheet = if told.reasons.is_empty() { sheet } else { sheet.with(refused) };
    sheet.with(Section::new("warnings", text.warnings).with(Block::Table(reasons(&told.findings, reader))))
}

fn verdict(told: &Receipt, reader: &Reader) -> Cell {
    let (state, word) = match told.verdict() {
        Verdict::Accepted => (State::Good, "ACCEPTED"),
        Verdict::Duplicate => (State::Note, "DUPLICATE"),
        Verdict::Rejected => (State::Bad, "REJECTED"),
        Verdict::Unspecified => (State::Unknown, ""),
    };
    Cell::State(state, reader.word(reader.text().quality.verdicts, word))
}

fn reasons(reasons: &[Reason], reader: &Reader) -> Table {
    let text = &reader.text().quality;
    let row = |reason: &Reason| {
        let message = Cell::said(reader.language.pick(&reason.message_zh, &reason.message_en));
        let remedy = Cell::said(reader.language.pick(&reason.remedy_zh, &reason.remedy_en));
        let rule = Cell::said(&reason.code).over(Cell::said(&reason.rule));
        Row::new(vec![message.over(remedy), Cell::said(&reason.field), Cell::said(&reason.value), rule])
    };
    Table::new(&[text.message, text.field, text.value, text.rule]).rows(reasons.iter().map(row)).or(&[text.no_warnings])
}
