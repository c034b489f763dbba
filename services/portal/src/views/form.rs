//! A form as every form of the portal is: fields with a label and perhaps a hint, one button. Drawn anew after a refusal it holds what was
//! entered, says what is wrong beside each field that is wrong, and the rest above them all.
//!
//! A field is called as in the request that it fills, `facts.hurt`: so that what a service says of a field finds its place.

use crate::error::{Trouble, Wrong};
use crate::language::Language;
use crate::text::List;

/// The form.
#[derive(Debug)]
pub struct Form {
    /// Its anchor on the page, and what a refused attempt is told by.
    pub id: &'static str,
    pub title: String,
    pub lead: Option<String>,
    /// Where it is sent.
    pub action: String,
    /// It only asks: its fields go into the address.
    pub asks: bool,
    pub fields: Vec<Field>,
    pub button: String,
    /// What is wrong as a whole.
    pub faults: Vec<String>,
}

/// One field.
#[derive(Debug)]
pub struct Field {
    pub name: &'static str,
    pub label: String,
    pub hint: Option<String>,
    pub value: String,
    pub input: Input,
    pub required: bool,
    pub faults: Vec<String>,
}

/// How a field is filled in.
#[derive(Debug)]
pub enum Input {
    /// One line of at most so many characters.
    Line(usize),
    /// Text of so many lines.
    Text(usize),
    /// A whole number.
    Number,
    /// A day, YYYY-MM-DD.
    Day,
    /// One of these: value and name.
    Choice(Vec<(String, String)>),
    /// Any of these: value, name, and whether it is chosen.
    Several(Vec<(String, String, bool)>),
    /// Yes or no.
    Tick,
    /// Carried along.
    Hidden,
}

/// What a form sent, in order.
#[derive(Debug, Clone, Default)]
pub struct Entries(pub Vec<(String, String)>);

/// An attempt that was refused: which form, what it held, why.
#[derive(Debug, Clone, Copy)]
pub struct Refused<'a> {
    pub form: &'a str,
    pub entries: &'a Entries,
    pub trouble: &'a Trouble,
}

impl Entries {
    /// A field's value without spaces around it; empty where it was not sent.
    pub fn get(&self, name: &str) -> String {
        self.all(name).next().unwrap_or_default()
    }

    /// Every value of a field.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = String> + 'a {
        self.0.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.trim().replace("\r\n", "\n"))
    }

    /// Whether a box was ticked.
    pub fn ticked(&self, name: &str) -> bool {
        !self.get(name).is_empty()
    }

    /// A number; 0 where it is none, which the field's own limits keep from being sent.
    pub fn number(&self, name: &str) -> u32 {
        self.get(name).parse().unwrap_or_default()
    }

    /// Words that stand on lines of their own or have space or commas between them.
    pub fn words(&self, name: &str) -> Vec<String> {
        let value = self.get(name);
        value.split([' ', '\t', '\n', ',', '，', '、', '\u{3000}']).filter(|word| !word.is_empty()).map(str::to_owned).collect()
    }
}

impl Form {
    /// A form that changes something.
    pub fn new(id: &'static str, action: impl Into<String>, title: &str, button: &str) -> Self {
        Self {
            id,
            title: title.to_owned(),
            lead: None,
            action: action.into(),
            asks: false,
            fields: Vec::new(),
            button: button.to_owned(),
            faults: Vec::new(),
        }
    }

    /// A form that only asks.
    pub fn asking(id: &'static str, action: impl Into<String>, title: &str, button: &str) -> Self {
        Self { asks: true, ..Self::new(id, action, title, button) }
    }

    /// The same with a line below its title.
    #[must_use]
    pub fn saying(self, lead: &str) -> Self {
        Self { lead: Some(lead.to_owned()), ..self }
    }

    /// The same with one more field.
    #[must_use]
    pub fn with(mut self, field: Field) -> Self {
        self.fields.push(field);
        self
    }

    /// The same as it was sent, with what is wrong, where it is this form that was refused.
    #[must_use]
    pub fn after(mut self, refused: Option<Refused>, language: Language) -> Self {
        if let Some(refused) = refused.filter(|refused| refused.form == self.id) {
            self.fields.iter_mut().for_each(|field| field.take(refused.entries));
            self.mark(refused.trouble, language);
        }
        self
    }

    /// The id of a field's input.
    pub fn input_id(&self, field: &Field) -> String {
        format!("{}-{}", self.id, field.name.replace('.', "-"))
    }

    fn mark(&mut self, trouble: &Trouble, language: Language) {
        let none = Wrong::default();
        let wrong = if let Trouble::WrongQuestion(wrong) = trouble { wrong } else { &none };
        self.faults.push(why(trouble, language));
        for fault in &wrong.faults {
            let said = fault.reason.in_words(language).to_owned();
            match self.fields.iter_mut().find(|field| field.is_called(&fault.field)) {
                Some(field) => field.faults.push(said),
                None => self.faults.push(said),
            }
        }
    }
}

/// Why something was not done, for whoever tried.
pub fn why(trouble: &Trouble, language: Language) -> String {
    let text = &language.text().form;
    let said = match trouble {
        Trouble::Refused(reason) | Trouble::SwitchedOff(reason) => reason.in_words(language),
        Trouble::WrongQuestion(wrong) => wrong.reason.in_words(language),
        _ => "",
    };
    let usual = match trouble {
        Trouble::NoAnswer(_) | Trouble::Busy => text.no_answer,
        Trouble::NotFound => text.gone,
        Trouble::Refused(_) => text.refused,
        Trouble::SwitchedOff(_) => text.not_now,
        Trouble::WrongQuestion(_) => text.wrong,
        Trouble::NotSignedIn => text.signed_out,
        Trouble::Unusable(_) => text.broken,
    };
    if said.is_empty() { usual.to_owned() } else { said.to_owned() }
}

/// The words of a list as a choice.
pub fn choices(list: List) -> Input {
    Input::Choice(list.iter().map(|(value, name)| ((*value).to_owned(), (*name).to_owned())).collect())
}

impl Field {
    /// A field that has to be filled in.
    pub fn new(name: &'static str, label: &str, input: Input) -> Self {
        Self { name, label: label.to_owned(), hint: None, value: String::new(), input, required: true, faults: Vec::new() }
    }

    /// One that is carried along.
    pub fn hidden(name: &'static str, value: &str) -> Self {
        Self::new(name, "", Input::Hidden).holding(value)
    }

    /// The same, which may stay empty.
    #[must_use]
    pub fn optional(self) -> Self {
        Self { required: false, ..self }
    }

    /// The same with a hint.
    #[must_use]
    pub fn hint(self, hint: &str) -> Self {
        Self { hint: Some(hint.to_owned()), ..self }
    }

    /// The same with a value.
    #[must_use]
    pub fn holding(self, value: impl Into<String>) -> Self {
        Self { value: value.into(), ..self }
    }

    /// Whether others fit beside it.
    pub fn is_short(&self) -> bool {
        matches!(self.input, Input::Number | Input::Day)
    }

    fn take(&mut self, entries: &Entries) {
        self.value = entries.get(self.name);
        if let Input::Several(choices) = &mut self.input {
            choices.iter_mut().for_each(|(value, _, chosen)| *chosen = entries.all(self.name).any(|sent| sent == *value));
        }
    }

    /// `codes` is meant by `codes.0` and by `incident.codes`.
    fn is_called(&self, field: &str) -> bool {
        let bare = field.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end_matches('.');
        bare == self.name || bare.ends_with(&format!(".{}", self.name)) || self.name.ends_with(&format!(".{bare}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{Fault, Reason};

    fn said(text: &str) -> Reason {
        Reason { chinese: text.into(), english: String::new() }
    }

    #[test]
    fn what_is_wrong_stands_beside_its_field_and_the_rest_above() {
        let fault = |field: &str, text: &str| Fault { field: field.into(), reason: said(text) };
        let faults = vec![fault("codes.1", "校验位不符"), fault("incident.title", "不能为空"), fault("elsewhere", "其他")];
        let trouble = Trouble::WrongQuestion(Wrong { reason: said("请求有误"), faults });
        let entries = Entries(vec![("title".into(), " 甲 ".into()), ("codes".into(), "1\r\n2".into())]);
        let form = Form::new("open", "/", "", "")
            .with(Field::new("title", "", Input::Line(10)))
            .with(Field::new("codes", "", Input::Text(3)))
            .after(Some(Refused { form: "open", entries: &entries, trouble: &trouble }), Language::Chinese);
        assert_eq!(form.faults, ["请求有误", "其他"]);
        assert_eq!((form.fields[0].value.as_str(), form.fields[0].faults.as_slice()), ("甲", ["不能为空".to_owned()].as_slice()));
        assert_eq!((form.fields[1].value.as_str(), form.fields[1].faults.len()), ("1\n2", 1));
    }

    #[test]
    fn another_form_stays_as_it_was() {
        let (entries, trouble) = (Entries(vec![("why".into(), "甲".into())]), Trouble::NotFound);
        let form = Form::new("close", "/", "", "").with(Field::new("why", "", Input::Text(3)));
        let form = form.after(Some(Refused { form: "grade", entries: &entries, trouble: &trouble }), Language::Chinese);
        assert!(form.faults.is_empty() && form.fields[0].value.is_empty());
    }

    #[test]
    fn words_are_told_apart_as_people_write_lists() {
        let entries = Entries(vec![("codes".into(), "1, 2\n3、4　5".into())]);
        assert_eq!(entries.words("codes"), ["1", "2", "3", "4", "5"]);
    }
}
