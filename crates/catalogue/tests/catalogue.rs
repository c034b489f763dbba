//! What holds for every message, and for all of them together.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use tracemesh_catalogue::{ALL, Message, blanks, lookup};

fn texts(message: &Message) -> [&'static str; 4] {
    [message.message_zh, message.remedy_zh, message.message_en, message.remedy_en]
}

#[test]
fn every_code_stands_once_and_is_found() {
    let codes: BTreeSet<&str> = ALL.iter().map(|message| message.code).collect();
    assert_eq!(codes.len(), ALL.len(), "a code is used twice");
    for message in ALL.iter() {
        assert_eq!(lookup(message.code), Some(*message));
    }
    assert_eq!(lookup("error.made_up"), None);
}

#[test]
fn every_code_is_a_family_and_lower_case_words() {
    for message in ALL.iter() {
        let words: Vec<&str> = message.code.split('.').collect();
        assert!(["error", "record", "code", "missing", "finding"].contains(&words[0]) && words.len() > 1, "{}", message.code);
        let well_formed = |word: &&str| word.starts_with(|c: char| c.is_ascii_lowercase()) && word.bytes().all(is_code_byte);
        assert!(words.iter().all(well_formed), "{}", message.code);
    }
}

fn is_code_byte(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_'
}

#[test]
fn every_text_is_a_whole_sentence_in_its_language() {
    for message in ALL.iter() {
        let [message_zh, remedy_zh, message_en, remedy_en] = texts(message);
        for zh in [message_zh, remedy_zh] {
            assert!(zh.chars().any(is_chinese), "{}: {zh}", message.code);
            assert!(zh.ends_with('。'), "{}: {zh}", message.code);
            assert!(!zh.contains(['"', ';', ',', '(', '?']), "{}: half-width punctuation in {zh}", message.code);
        }
        for en in [message_en, remedy_en] {
            assert!(!en.chars().any(is_chinese), "{}: {en}", message.code);
            assert!(en.ends_with('.') && en.len() > 10, "{}: {en}", message.code);
            assert!(en.starts_with(|c: char| c.is_uppercase() || c == '{'), "{}: {en}", message.code);
        }
    }
}

fn is_chinese(c: char) -> bool {
    ('\u{4E00}'..='\u{9FFF}').contains(&c)
}

#[test]
fn both_languages_have_the_same_blanks() {
    for message in ALL.iter() {
        let [message_zh, remedy_zh, message_en, remedy_en] = texts(message).map(|text| blanks(text).into_iter().collect::<BTreeSet<_>>());
        assert_eq!(message_zh, message_en, "{}", message.code);
        assert_eq!(remedy_zh, remedy_en, "{}", message.code);
    }
}

#[test]
fn messages_of_records_and_codes_have_the_blanks_of_a_violation() {
    let violation = BTreeSet::from(["field", "value", "rule"]);
    for message in ALL.iter().filter(|message| message.code.starts_with("record.") || message.code.starts_with("code.")) {
        let used: BTreeSet<&str> = texts(message).into_iter().flat_map(blanks).collect();
        assert!(used.is_subset(&violation), "{}: {used:?}", message.code);
    }
}

#[test]
fn no_two_messages_say_the_same() {
    let mut seen = BTreeSet::new();
    for message in ALL.iter() {
        assert!(seen.insert(message.message_zh), "{}: {}", message.code, message.message_zh);
        assert!(seen.insert(message.message_en), "{}: {}", message.code, message.message_en);
    }
}

/// The lists stand in crates that this one must not depend on; their sources are read as text.
#[test]
fn every_reason_and_every_rule_has_its_message_and_no_message_is_left_over() {
    let mut reasons = quoted(&source("crates/model/src/reasons.rs"), "reason(");
    reasons.extend(quoted(&source("services/ingestion/src/domain/reasons.rs"), "code:"));
    // A door may give a record an error's reason, which has its text among the errors.
    let (errors, reasons): (Vec<String>, Vec<String>) = reasons.into_iter().partition(|code| code.starts_with("error."));
    assert!(errors.iter().all(|code| lookup(code).is_some()), "{errors:?}");
    let rules = source("crates/codes/src/fault.rs");
    let rules = quoted(rules.split("pub const RULES").nth(1).expect("codes lists its rules"), "\n    ");
    assert!(reasons.len() > 50 && rules.len() > 30, "{} reasons, {} rules", reasons.len(), rules.len());
    let expected: BTreeSet<String> = reasons.into_iter().chain(rules.into_iter().map(|rule| format!("code.{rule}"))).collect();
    let written = ALL.iter().map(|message| message.code).filter(|code| code.starts_with("record.") || code.starts_with("code."));
    assert_eq!(written.map(str::to_owned).collect::<BTreeSet<_>>(), expected);
}

fn source(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path);
    fs::read_to_string(&path).unwrap_or_else(|cause| panic!("{}: {cause}", path.display()))
}

/// The first text in quotation marks behind each occurrence of `opening`, white space apart.
fn quoted(source: &str, opening: &str) -> BTreeSet<String> {
    let behind = source.match_indices(opening).map(|(at, _)| source[at + opening.len()..].trim_start());
    behind.filter_map(|text| Some(text.strip_prefix('"')?.split('"').next()?.to_owned())).collect()
}
