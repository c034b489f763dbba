//! Subjects: one for each code, the states that a registration goes through, and how they are found.

use tonic::Code;
use tracemesh_proto::registry::v1::*;
use tracemesh_testkit::{Place, on_both};

use crate::node::{Node, Registry, faults, reason};

on_both!(
    a_registration_goes_only_where_it_may,
    one_code_is_one_subject_however_it_is_spelled,
    a_wrong_subject_is_told_everything_that_is_wrong,
    subjects_are_found_to_the_last_page,
    a_provider_does_not_learn_whose_a_code_is,
    numbers_of_people_are_shown_to_administrators_alone,
);

const STATES: [&str; 5] = ["registered", "verified", "active", "suspended", "cancelled"];
/// From the state in front to the one on top.
const TRANSITIONS: &str = "
            registered  verified    active      suspended   cancelled
registered  -           yes         -           -           yes
verified    -           -           yes         -           yes
active      -           -           -           yes         yes
suspended   -           -           yes         -           yes
cancelled   -           -           -           -           -";

async fn a_registration_goes_only_where_it_may(place: Place) {
    let node = Node::start(&place).await;
    let mut table = row("", STATES);
    for from in STATES {
        let mut cells = ["-"; STATES.len()];
        for (cell, to) in cells.iter_mut().zip(STATES) {
            let name = format!("{from}-{to}");
            let moved = node.move_subject(&subject_that_is(&node, from, &name).await, to).await;
            let is = &node.find("", &name).await[0].state;
            match moved {
                Ok(state) => {
                    assert_eq!((state.as_str(), is.as_str()), (to, to));
                    *cell = "yes";
                }
                Err(refused) => assert_eq!((refused.code(), is.as_str()), (Code::FailedPrecondition, from), "{refused}"),
            }
        }
        table += &row(from, cells);
    }
    assert_eq!(table, TRANSITIONS);
    let refused = node.move_subject(&subject_that_is(&node, "active", "a").await, "verified").await.unwrap_err();
    assert_eq!(refused.message(), "The subject is active and cannot become verified.");
    let unknown = node.move_subject("nobody", "active").await.unwrap_err();
    assert_eq!((unknown.code(), reason(&unknown)), (Code::NotFound, "SUBJECT_UNKNOWN".into()));
    assert_eq!(faults(&node.move_subject("nobody", "Active").await.unwrap_err()), ["state REQUEST_VALUE_NOT_ALLOWED"]);
    node.stop().await;
}

fn row(head: &str, cells: [&str; STATES.len()]) -> String {
    let row = format!("{head:12}{}", cells.map(|cell| format!("{cell:12}")).concat());
    format!("\n{}", row.trim_end())
}

/// Registers a subject and brings it there.
async fn subject_that_is(node: &Node, state: &str, name: &str) -> String {
    let id = node.add_subject(name).await.id;
    let way: &[&str] = match state {
        "verified" => &["verified"],
        "active" => &["verified", "active"],
        "suspended" => &["verified", "active", "suspended"],
        "cancelled" => &["cancelled"],
        _ => &[],
    };
    for step in way {
        node.move_subject(&id, step).await.unwrap();
    }
    id
}

async fn one_code_is_one_subject_however_it_is_spelled(place: Place) {
    let node = Node::start(&place).await;
    let first = register(&mut node.regulator(), orchard("91370600000000019G")).await;
    let Subject { id, code, area, state, .. } = first.subject.unwrap();
    assert_eq!((code.as_str(), area.as_str(), state.as_str(), first.existing), ("91370600000000019G", "370600", "registered", false));
    let end = node.entries().await.len();
    for spelling in ["91370600000000019G", "91370600000000019g", " 91370600000000019Ｇ "] {
        let again = register(&mut node.regulator(), orchard(spelling)).await;
        assert_eq!((again.subject.unwrap().id, again.existing), (id.clone(), true), "{spelling}");
    }
    assert_eq!(node.entries().await.len(), end, "nothing changed, so nothing was journaled");
    let number = Subject { scheme: "opaque".into(), ..orchard("91370600000000019G") };
    assert!(!register(&mut node.regulator(), number).await.existing, "the same text is another code in another scheme");
    node.stop().await;
}

async fn a_wrong_subject_is_told_everything_that_is_wrong(place: Place) {
    let node = Node::start(&place).await;
    let wrong = Subject { kind: "farm".into(), name: " ".into(), ..orchard("913706O000000001") };
    let refused = node.regulator().register_subject(RegisterSubjectRequest { subject: Some(wrong) }).await.unwrap_err();
    assert_eq!(
        faults(&refused),
        [
            "subject.code CODE_USCC_LENGTH",
            "subject.code CODE_USCC_ALPHABET",
            "subject.code CODE_USCC_REGION",
            "subject.kind SUBJECT_KIND_INVALID",
            "subject.name REQUEST_VALUE_MISSING"
        ]
    );
    let wrong = Subject { scheme: "licence".into(), ..orchard("1") };
    let refused = node.regulator().register_subject(RegisterSubjectRequest { subject: Some(wrong) }).await.unwrap_err();
    assert_eq!(faults(&refused), ["subject.scheme REQUEST_VALUE_NOT_ALLOWED"]);
    node.stop().await;
}

async fn subjects_are_found_to_the_last_page(place: Place) {
    let node = Node::start(&place).await;
    for n in 0..6 {
        node.add_subject(&format!("100%-{n}")).await;
    }
    node.add_subject("1000").await;
    for page_size in [1, 2, 4, 6, 1_000] {
        let mut request = FindSubjectsRequest { name: "100%".into(), page_size, ..FindSubjectsRequest::default() };
        let mut found = Vec::new();
        loop {
            let page = node.operator().find_subjects(request.clone()).await.unwrap().into_inner();
            assert!(page.subjects.len() <= page_size as usize);
            found.extend(page.subjects.into_iter().map(|subject| subject.name));
            request.page_token = page.next_page_token;
            if request.page_token.is_empty() {
                break;
            }
        }
        assert_eq!(found, ["100%-5", "100%-4", "100%-3", "100%-2", "100%-1", "100%-0"], "newest first, {page_size} a page");
    }
    assert_eq!(node.find("no-1000", "").await.len(), 1);
    assert_eq!(node.find("no-1000", "100%").await.len(), 0);
    assert_eq!(node.find("no-100_", "").await.len(), 0, "a code is not a pattern");
    node.stop().await;
}

async fn a_provider_does_not_learn_whose_a_code_is(place: Place) {
    let node = Node::start(&place).await;
    let first = register(&mut node.provider("acme"), orchard("91370600000000019G")).await;
    let Subject { id, state, name, .. } = first.subject.unwrap();
    assert_eq!((name.as_str(), first.existing), ("苹果园", false), "what it has just said itself");
    let guess = || Subject { name: "?".into(), ..orchard("91370600000000019G") };
    let again = register(&mut node.provider("bolt"), guess()).await;
    assert_eq!((again.subject.unwrap(), again.existing), (Subject { id, state, ..Subject::default() }, true));
    assert_eq!(register(&mut node.regulator(), guess()).await.subject.unwrap().name, "苹果园");
    node.stop().await;
}

async fn numbers_of_people_are_shown_to_administrators_alone(place: Place) {
    let node = Node::start(&place).await;
    let person = Subject { kind: "natural_person".into(), scheme: "opaque".into(), ..orchard("370602199003078515") };
    assert_eq!(register(&mut node.regulator(), person).await.subject.unwrap().code, "370602********8515");
    let found = node.regulator().find_subjects(FindSubjectsRequest::default()).await.unwrap().into_inner().subjects;
    assert_eq!((found[0].code.as_str(), node.find("", "").await[0].code.as_str()), ("370602********8515", "370602199003078515"));
    node.stop().await;
}

fn orchard(code: &str) -> Subject {
    Subject { kind: "establishment".into(), scheme: "uscc".into(), code: code.into(), name: "苹果园".into(), ..Subject::default() }
}

async fn register(registry: &mut Registry, subject: Subject) -> RegisterSubjectResponse {
    registry.register_subject(RegisterSubjectRequest { subject: Some(subject) }).await.unwrap().into_inner()
}
