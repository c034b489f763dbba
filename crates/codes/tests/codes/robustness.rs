//! Texts come from strangers: none of them may stop the process, and every one is something.

use proptest::prelude::*;
use tracemesh_codes::{Identified, Scheme, classify, identify, parse, region, registration, resident_id, uscc};

const SPELLINGS: [&str; 10] = [
    "https://a.example/01/06903244679763/10/L%2F1/21/S1",
    "urn:epc:id:sgtin:0614141.812345.6789",
    "urn:epc:id:sgln:0614141.12345.400",
    "(01)06903244679763(10)L1(21)S1",
    "gtin:/06903244679763#L1",
    "91350100M000100Y43",
    "11010519491231002X",
    "37060000400010000003",
    "20.500.12345/abc",
    "SC10637060000011",
];

/// A real spelling with a few characters overwritten, which gets further into the readers than noise does.
fn nearly_right() -> impl Strategy<Value = String> {
    let change = (any::<prop::sample::Index>(), prop_oneof![any::<char>(), prop::char::range(' ', '~')]);
    (prop::sample::select(&SPELLINGS[..]), prop::collection::vec(change, 1..4)).prop_map(|(text, changes)| {
        let mut characters: Vec<char> = text.chars().collect();
        for (at, to) in changes {
            let at = at.index(characters.len());
            characters[at] = to;
        }
        characters.into_iter().collect()
    })
}

fn read_by_everything(text: &str) {
    let candidates = classify(text);
    assert_eq!(candidates.last().map(|last| last.code.scheme), Some(Scheme::Opaque));
    assert!(candidates.windows(2).all(|pair| pair[0].confidence >= pair[1].confidence));
    assert!(candidates.iter().chain([&identify(text)]).all(|candidate| candidate.key().get() >> 63 == 0));
    for scheme in Scheme::ALL {
        let faults = parse(scheme, text, text).err();
        assert!(faults.is_none_or(|faults| !faults.is_empty()));
    }
    let _ = (text.parse::<Identified>(), uscc::check(text), region::lookup(text), registration::is_valid(text));
    assert_eq!(resident_id::mask(text).chars().count(), text.chars().count());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    #[test]
    fn any_text(text in any::<String>()) {
        read_by_everything(&text);
    }

    #[test]
    fn any_printable_ascii(text in "[ -~]{0,40}") {
        read_by_everything(&text);
    }

    #[test]
    fn nearly_right_codes(text in nearly_right()) {
        read_by_everything(&text);
    }
}

#[test]
fn what_cannot_be_stored_is_opaque_with_the_reason() {
    let rules = |text: &str| identify(text).doubts.iter().map(|doubt| doubt.rule).collect::<Vec<_>>();
    assert_eq!(rules(" \u{200B} "), ["value.empty"]);
    assert_eq!(rules("a\u{0}b"), ["value.text"]);
    assert_eq!(rules(&"9".repeat(1001)), ["value.text"]);
    assert_eq!(rules(&"(".repeat(100_000)), ["value.text"]);
}
