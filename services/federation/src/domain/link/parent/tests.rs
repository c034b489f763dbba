use super::*;

const BULK: Line = Line(2);
const JOURNAL: &str = "xm.ingestion";

fn tree(size: u64) -> Tree {
    Tree { epoch: 1, size, root: vec![size as u8; 32] }
}

fn month() -> Month {
    Month { origin: "xm".into(), month: "2026-11".into() }
}

fn version(seq: u64) -> Version {
    Version { epoch: 1, seq, hash: vec![seq as u8; 32] }
}

fn listed(offered: u64, kept: Option<u64>) -> Input {
    Input::Listed(Some(vec![Listed { month: month(), offered: version(offered), kept: kept.map(version) }]))
}

fn pulled(seq: u64) -> Input {
    Input::Pulled(month(), Some(Pulled { version: version(seq), journal: JOURNAL.into(), tree: tree(seq) }))
}

fn at(seconds: u64) -> Moment {
    Moment::from_secs(seconds)
}

/// A link with its three connections, whose bulk journal has been read to its end.
fn settled(memory: Memory) -> (ParentLink, Vec<Output>) {
    let mut link = ParentLink::new(memory, 1);
    link.step(at(0), Input::Connected(Purpose::Urgent, Line(1)));
    link.step(at(0), Input::Connected(Purpose::Bulk, BULK));
    link.step(at(0), Input::Connected(Purpose::Questions, Line(3)));
    let todo = link.step(at(0), Input::CaughtUp(Purpose::Bulk, BULK, 9));
    (link, todo)
}

#[test]
fn entries_are_followed_at_once_and_nothing_else_before_they_are_read() {
    let mut link = ParentLink::new(Memory { offered: [(JOURNAL.into(), tree(4))].into(), ..Memory::default() }, 1);
    let todo = link.step(at(0), Input::Connected(Purpose::Bulk, BULK));
    assert_eq!(todo, [Output::Follow(Purpose::Bulk, BULK, Cursor::default())]);
    assert_eq!(link.step(at(0), Input::Connected(Purpose::Questions, Line(3))), []);
    let todo = link.step(at(0), Input::CaughtUp(Purpose::Bulk, BULK, 9));
    assert_eq!(todo, [Output::List, Output::Prove { journal: JOURNAL.into(), held: None, offered: tree(4) }]);
    assert!(matches!(link.state(), State::Away(_)));
}

#[test]
fn months_that_differ_are_pulled_proven_and_kept_once() {
    let (mut link, todo) = settled(Memory::default());
    assert_eq!(todo, [Output::List]);
    assert_eq!(link.step(at(1), listed(5, Some(4))), [Output::Pull(month())]);
    // It went on counting meanwhile: what came is newer than what was asked for.
    let todo = link.step(at(2), pulled(6));
    assert_eq!(todo, [Output::Prove { journal: JOURNAL.into(), held: None, offered: tree(6) }]);
    let todo = link.step(at(2), Input::Proven(JOURNAL.into(), tree(6), Verdict::Continues(tree(9))));
    assert_eq!(todo, [Output::Hold(JOURNAL.into(), tree(9)), Output::Keep(month())]);
    assert_eq!(link.step(at(2), Input::Kept(month(), true)), []);
    assert_eq!(link.step(at(3), Input::Hinted(month(), version(6))), []);
    assert_eq!(link.step(at(4), Input::Hinted(month(), version(7))), [Output::Pull(month())]);
    assert_eq!(link.step(at(4), pulled(7)), [Output::Keep(month())], "a checkpoint that covers it is held already");
}

#[test]
fn figures_that_no_checkpoint_covers_are_never_kept() {
    let (mut link, _) = settled(Memory::default());
    link.step(at(1), listed(5, None));
    link.step(at(2), pulled(5));
    let todo = link.step(at(3), Input::Proven(JOURNAL.into(), tree(5), Verdict::Forks("it is shorter".into())));
    assert!(matches!(todo[0], Output::Quarantine(_)));
    assert!(!todo.contains(&Output::Keep(month())));
}

#[test]
fn a_hint_during_a_pull_or_a_list_is_not_lost() {
    let (mut link, _) = settled(Memory::default());
    link.step(at(1), Input::Hinted(month(), version(7)));
    assert_eq!(link.step(at(1), listed(5, None)), [Output::Pull(month())]);
    link.step(at(2), pulled(7));
    link.step(at(2), Input::Hinted(month(), version(8)));
    link.step(at(2), Input::Proven(JOURNAL.into(), tree(7), Verdict::Continues(tree(7))));
    assert_eq!(link.step(at(2), Input::Kept(month(), true)), [Output::Pull(month())]);
}

#[test]
fn what_failed_is_tried_again_after_a_pause() {
    let (mut link, _) = settled(Memory::default());
    link.step(at(1), listed(5, None));
    let todo = link.step(at(2), Input::Pulled(month(), None));
    let [Output::BackOff(until)] = todo[..] else { panic!("{todo:?}") };
    assert_eq!(link.wakes_at(at(2)), Some(until));
    assert_eq!(link.step(until, Input::Tick), [Output::Pull(month())]);
}

#[test]
fn the_list_is_asked_for_again_from_time_to_time() {
    let (mut link, _) = settled(Memory::default());
    link.step(at(1), listed(5, Some(5)));
    assert_eq!(link.step(at(1) + Duration::from_secs(600), Input::Tick), [Output::List]);
}

#[test]
fn what_is_due_while_it_rests_waits_for_the_end_of_the_rest() {
    let (mut link, _) = settled(Memory::default());
    link.step(at(1), listed(5, None));
    let due = at(1) + Duration::from_secs(600);
    let todo = link.step(due, Input::Pulled(month(), None));
    let [Output::BackOff(until)] = todo[..] else { panic!("{todo:?}") };
    assert_eq!(link.wakes_at(due), Some(until), "not at once, again and again");
    assert_eq!(link.step(until, Input::Tick), [Output::List]);
}

#[test]
fn a_proven_tree_is_held_and_a_failed_proof_ends_everything() {
    let (mut link, _) = settled(Memory { held: [(JOURNAL.into(), tree(4))].into(), ..Memory::default() });
    let todo = link.step(at(1), Input::Offered(JOURNAL.into(), tree(6)));
    assert_eq!(todo, [Output::Prove { journal: JOURNAL.into(), held: Some(tree(4)), offered: tree(6) }]);
    let todo = link.step(at(1), Input::Proven(JOURNAL.into(), tree(6), Verdict::Continues(tree(7))));
    assert_eq!(todo, [Output::Hold(JOURNAL.into(), tree(7))]);

    link.step(at(2), Input::Offered(JOURNAL.into(), tree(5)));
    let todo = link.step(at(2), Input::Proven(JOURNAL.into(), tree(5), Verdict::Forks("it is shorter".into())));
    let why = "xm.ingestion: it is shorter".to_owned();
    assert_eq!(todo[0], Output::Quarantine(why.clone()));
    assert_eq!(todo[1..4], [(Purpose::Urgent, 1), (Purpose::Bulk, 2), (Purpose::Questions, 3)].map(|(p, n)| Output::Close(p, Line(n))));
    assert_eq!(todo[4..], [Output::Became(State::Quarantined(why))]);
    assert_eq!(link.step(at(3), Input::Connected(Purpose::Bulk, Line(4))), []);
    assert_eq!(link.step(at(3), Input::Hinted(month(), version(8))), []);
}

#[test]
fn a_proof_that_nobody_answered_is_asked_for_again() {
    let (mut link, _) = settled(Memory::default());
    link.step(at(1), Input::Offered(JOURNAL.into(), tree(6)));
    let todo = link.step(at(1), Input::Proven(JOURNAL.into(), tree(6), Verdict::Unanswered));
    let [Output::BackOff(until)] = todo[..] else { panic!("{todo:?}") };
    let again = Output::Prove { journal: JOURNAL.into(), held: None, offered: tree(6) };
    assert_eq!(link.step(until, Input::Tick), [again]);
}

#[test]
fn a_proof_that_nobody_waits_for_any_more_says_nothing() {
    let (mut link, _) = settled(Memory::default());
    link.step(at(1), Input::Offered(JOURNAL.into(), tree(6)));
    assert_eq!(link.step(at(1), Input::Proven(JOURNAL.into(), tree(5), Verdict::Forks("late".into()))), []);
}

#[test]
fn a_child_that_came_back_is_followed_over_its_new_connection() {
    let (mut link, _) = settled(Memory::default());
    link.step(at(1), Input::Advanced(Purpose::Bulk, Cursor { epoch: 1, seq: 9 }));
    let todo = link.step(at(2), Input::Connected(Purpose::Bulk, Line(7)));
    let follow = Output::Follow(Purpose::Bulk, Line(7), Cursor { epoch: 1, seq: 9 });
    assert_eq!(todo, [Output::Close(Purpose::Bulk, BULK), follow]);
    assert_eq!(link.step(at(3), Input::Lost(Purpose::Bulk, BULK, "closed".into())), []);
    let todo = link.step(at(4), Input::Lost(Purpose::Bulk, Line(7), "reset".into()));
    assert_eq!(todo, [Output::Became(State::Away("reset".into()))]);
}

#[test]
fn a_quarantine_outlives_a_restart() {
    let memory = Memory { quarantined: Some("shorter".into()), ..Memory::default() };
    let (link, todo) = settled(memory);
    assert_eq!((link.state(), todo), (&State::Quarantined("shorter".into()), vec![]));
}
