//! What is printed can be typed again: reading the exact form undoes writing it, whatever characters the parts hold.

use proptest::prelude::*;
use tracemesh_codes::{Identified, Scheme, classify, parse};

fn assert_reads_back(identified: &Identified) {
    let printed = identified.to_string();
    let read: Identified = printed.parse().unwrap_or_else(|faults| panic!("{printed:?}: {faults:?}"));
    assert_eq!((&read.code, &read.batch, read.granularity), (&identified.code, &identified.batch, identified.granularity), "{printed:?}");
    assert_eq!((read.to_string(), read.key()), (printed, identified.key()));
}

fn can_be_stored(identified: &Identified) -> bool {
    identified.doubts.iter().all(|doubt| !doubt.rule.starts_with("value."))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn any_issuer_value_and_batch(issuer in "\\PC{0,12}|[/#%:2F]{0,6}", value in "\\PC{1,12}|[/#%:235F]{1,9}", batch in "\\PC{0,12}|[/#%]{0,4}") {
        if let Ok(identified) = parse(Scheme::Opaque, &issuer, &value) {
            assert_reads_back(&identified.with_batch(&batch));
        }
    }

    #[test]
    fn every_candidate_of_any_text(text in "\\PC{0,30}|[0-9]{8,20}|(https?|urn|uri|urn:epc:id:sgtin):[ -~]{0,30}") {
        classify(&text).iter().filter(|candidate| can_be_stored(candidate)).for_each(assert_reads_back);
    }
}

#[test]
fn every_scheme() {
    let values = [
        (Scheme::Uscc, "91350100M000100Y43"),
        (Scheme::Mofcom20, "37060000400010000003"),
        (Scheme::Drug20, "83857930000879766660"),
        (Scheme::Vet24, "202403151234512345678901"),
        (Scheme::Pesticide32, "11234561001000000000000000000001"),
        (Scheme::Seed, "S1"),
        (Scheme::Equipment, "31101234520120001"),
        (Scheme::Sc, "SC10637060000011"),
        (Scheme::Organic, "12324000000000001"),
        (Scheme::Ecode, "1000012345"),
        (Scheme::Handle, "20.500.1/a/b#c"),
        (Scheme::Oid, "1.2.156.3001"),
        (Scheme::Gtin, "06903244679763.S/1%#"),
        (Scheme::Sscc, "106141412345678908"),
        (Scheme::Gln, "0614141123452.400"),
        (Scheme::Uri, "urn:gdst:example.org:party:1"),
        (Scheme::Url, "https://a.example/%2F#top"),
        (Scheme::Opaque, "箱/7#8"),
    ];
    assert_eq!(values.map(|(scheme, _)| scheme), Scheme::ALL);
    for (scheme, value) in values {
        let identified = parse(scheme, "issuer", &value.replace("%#", "")).unwrap_or_else(|faults| panic!("{scheme}: {faults:?}"));
        assert_eq!(identified.code.scheme, scheme);
        assert_reads_back(&identified);
        assert_reads_back(&identified.with_batch("批/1#%"));
    }
}
