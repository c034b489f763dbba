//! Who may sign in: the accounts with their roles and how far they see, and the forms of the security administrator.

use tracemesh_access::Role;
use tracemesh_proto::registry::v1::{Account, AppointAccountRequest, ListAccountsResponse, SetAccountStateRequest};

use crate::error::Trouble;
use crate::text::fill;
use crate::views::candidates::escaped;
use crate::views::cell::Cell;
use crate::views::code::CodeText;
use crate::views::form::{Entries, Field, Form, Input, Refused, choices};
use crate::views::icon::State;
use crate::views::panel;
use crate::views::part::Part;
use crate::views::reader::Reader;
use crate::views::sheet::{Block, Section, Sheet, Way};
use crate::views::table::{Row, Table};

/// Where the list is.
pub const HREF: &str = "/console/accounts";
/// Everything, in a scope.
const ALL: &str = "*";
/// What a person can be.
const ROLES: [Role; 8] = [
    Role::Regulator,
    Role::Drafter,
    Role::Reviewer,
    Role::Signer,
    Role::Acknowledger,
    Role::SystemAdministrator,
    Role::SecurityAdministrator,
    Role::AuditAdministrator,
];

/// The page. `chosen` is the account that a row was pressed for; `link` belongs to somebody who was appointed just now.
pub fn page(
    answer: &Result<ListAccountsResponse, Trouble>,
    chosen: &str,
    link: Option<(&str, &str)>,
    refused: Option<Refused>,
    reader: &Reader,
) -> Sheet {
    let text = &reader.text().accounts;
    let sheet = Sheet::new(Part::Accounts, text.title);
    let sheet = link.into_iter().fold(sheet, |sheet, (name, link)| sheet.with(one_time(name, link, reader)));
    let section = Section::new("accounts", text.accounts).noting(reader.as_of());
    let section = match answer {
        Err(trouble) => section.with(Block::Failing(panel::sentence(trouble, text.part, reader.language))),
        Ok(answer) => section.leading(Way::to(format!("{HREF}?as=csv"), text.csv)).with(Block::Table(table(answer, reader))),
    };
    let accounts = answer.as_ref().map_or(&[][..], |answer| &answer.accounts);
    sheet.with(section).with(acts(accounts, chosen, refused, reader))
}

fn one_time(name: &str, link: &str, reader: &Reader) -> Section {
    let text = &reader.text().accounts;
    Section::new("link", fill(text.link_title, &[("name", name)]))
        .with(Block::Notice(State::Attention, vec![text.link_why.to_owned()]))
        .with(Block::Facts(vec![(text.name.to_owned(), Cell::said(name)), (text.link.to_owned(), Cell::Code(CodeText::new(link)))]))
}

fn table(answer: &ListAccountsResponse, reader: &Reader) -> Table {
    let text = &reader.text().accounts;
    Table::new(&[text.name, text.roles, text.areas, text.categories, text.state, text.appointed_at])
        .rows(answer.accounts.iter().map(|account| row(account, reader)))
        .or(&[text.none, text.none_why])
        .and_more(reader.next_page(HREF, &answer.next_page_token))
}

fn row(account: &Account, reader: &Reader) -> Row {
    let (text, words) = (&reader.text().accounts, &reader.text().words);
    let named = |all: &[String], name: &dyn Fn(&String) -> Cell| match all {
        [only] if only == ALL => Cell::text(text.everything),
        all => Cell::list(all.iter().map(name).collect()),
    };
    let state = if account.state == "suspended" { State::Attention } else { State::Good };
    let change = if may_change(&account.name, reader) {
        Cell::text(text.change).to(format!("{HREF}?account={}#appoint-form", escaped(&account.name)))
    } else {
        Cell::None
    };
    Row::new(vec![
        Cell::said(&account.name).over(Cell::said(&account.display_name)),
        Cell::list(account.roles.iter().map(|role| Cell::text(reader.word(words.roles, role))).collect()),
        named(&account.areas, &|area| reader.place(area)),
        named(&account.categories, &|category| reader.category(category)),
        Cell::State(state, reader.word(text.states, &account.state)).over(change),
        reader.minute(account.appointed_at.as_ref()),
    ])
}

/// Nobody changes their own account.
fn may_change(name: &str, reader: &Reader) -> bool {
    reader.principal.has(Role::SecurityAdministrator) && !reader.is(name)
}

fn acts(accounts: &[Account], chosen: &str, refused: Option<Refused>, reader: &Reader) -> Section {
    let text = &reader.text().accounts;
    let section = Section::new("acts", text.acts);
    if !reader.principal.has(Role::SecurityAdministrator) {
        return section.with(Block::Notice(State::Note, vec![text.nothing_to_do.to_owned()]));
    }
    let known = accounts.iter().find(|account| account.name == chosen).filter(|account| may_change(&account.name, reader));
    let others: Vec<&Account> = accounts.iter().filter(|account| may_change(&account.name, reader)).collect();
    let section = section.with(Block::Form(appoint(known, reader).after(refused, reader.language)));
    if others.is_empty() { section } else { section.with(Block::Form(state(&others, known, reader).after(refused, reader.language))) }
}

fn appoint(known: Option<&Account>, reader: &Reader) -> Form {
    let (text, words) = (&reader.text().accounts, &reader.text().words);
    let known = known.cloned().unwrap_or_else(|| Account { areas: vec![ALL.into()], categories: vec![ALL.into()], ..Account::default() });
    let role = |role: Role| {
        let id = role.as_str();
        (id.to_owned(), reader.word(words.roles, id), known.roles.iter().any(|held| held == id))
    };
    Form::new("appoint", HREF, text.appoint_title, text.appoint_do)
        .saying(text.appoint_lead)
        .with(Field::new("name", text.name, Input::Line(100)).hint(text.name_hint).holding(known.name.clone()))
        .with(Field::new("display_name", text.display_name, Input::Line(100)).holding(known.display_name.clone()))
        .with(Field::new("roles", text.roles, Input::Several(ROLES.into_iter().map(role).collect())).hint(text.roles_hint))
        .with(Field::new("areas", text.areas, Input::Line(2_000)).hint(text.areas_hint).holding(known.areas.join(" ")))
        .with(Field::new("categories", text.categories, Input::Line(2_000)).hint(text.categories_hint).holding(known.categories.join(" ")))
        .with(Field::new("why", text.why, Input::Text(2)))
}

fn state(others: &[&Account], known: Option<&Account>, reader: &Reader) -> Form {
    let text = &reader.text().accounts;
    let offered = others.iter().map(|account| (account.name.clone(), format!("{} {}", account.name, account.display_name)));
    let turned = known.map_or("suspended", |account| if account.state == "suspended" { "active" } else { "suspended" });
    Form::new("state", format!("{HREF}/state"), text.state_title, text.state_do)
        .saying(text.state_lead)
        .with(Field::new("name", text.name, Input::Choice(offered.collect())).holding(known.map_or("", |account| &account.name)))
        .with(Field::new("state", text.new_state, choices(text.states)).holding(turned))
        .with(Field::new("why", text.why, Input::Text(2)))
}

/// What the form `appoint` asks for.
pub fn appointed(entries: &Entries) -> AppointAccountRequest {
    let account = Account {
        name: entries.get("name"),
        display_name: entries.get("display_name"),
        roles: entries.all("roles").collect(),
        areas: entries.words("areas"),
        categories: entries.words("categories"),
        ..Account::default()
    };
    AppointAccountRequest { account: Some(account), why: entries.get("why") }
}

/// What the form `state` asks for.
pub fn stated(entries: &Entries) -> SetAccountStateRequest {
    SetAccountStateRequest { name: entries.get("name"), state: entries.get("state"), why: entries.get("why") }
}
