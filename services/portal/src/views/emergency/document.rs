//! An order on paper, in one language: what it says, what was frozen with it, who drafted, reviewed and signed it. A draft says that it is
//! one.

use tracemesh_proto::emergency::v1::GetOrderResponse;

use crate::views::emergency::order::{content, frozen, steps};
use crate::views::emergency::orders::title;
use crate::views::reader::Reader;
use crate::views::sheet::Section;

/// The sheets of one language.
#[derive(Debug)]
pub struct Paper {
    pub number: String,
    pub title: String,
    /// How far it has come, where it is not in force.
    pub state: Option<String>,
    pub drill: bool,
    pub printed_at: crate::views::moment::Moment,
    pub sections: Vec<Section>,
}

/// The paper of an order.
pub fn paper(answer: &GetOrderResponse, reader: &Reader) -> Paper {
    let text = &reader.text().emergency;
    let order = answer.board.clone().unwrap_or_default().order.unwrap_or_default();
    let sections = [content(&order, reader)].into_iter().chain(order.scope.as_ref().map(|scope| frozen(scope, reader)));
    Paper {
        number: if order.number.is_empty() { text.no_number.to_owned() } else { order.number.clone() },
        title: title(&order, reader).to_owned(),
        state: (order.state != "issued").then(|| reader.word(text.order_states, &order.state)),
        drill: order.drill,
        printed_at: crate::views::moment::minute(reader.now, reader.text()),
        sections: sections.chain([steps(&order.steps, reader)]).collect(),
    }
}
