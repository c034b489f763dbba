//! A bare string: what may it be?
//!
//! Check digits, fixed shapes and prefixes are evidence, each with a stated confidence. A search tries every candidate; a record must
//! settle for one, and takes it only from [`READ_FROM`] on, because a wrong guess would join the goods of strangers under one global
//! code. What looked like a code and failed its check is opaque, and the reasons stand beside it as doubts.

use crate::code::{Code, Identified};
use crate::fault::CodeFault;
use crate::gs1::{self, Found};
use crate::parse::parse;
use crate::scheme::Scheme;
use crate::spelling;
use crate::{calendar, region, resident_id, resolvable};

/// From this confidence on, [`identify`] takes a bare string for what it seems to be.
pub const READ_FROM: u8 = 50;

/// What a doubt takes from the confidence of a reading.
const DOUBT: u8 = 20;

/// Many a text with a colon is a URI by its grammar: an EPCIS document means it so, hardly anybody else does.
const ANY_URI: u8 = 10;

/// Opaque says nothing, so it is always right and never sure.
const OPAQUE: u8 = 1;

/// Everything a bare string may be, best first; never empty, because the opaque reading comes last. For searches: try each.
pub fn classify(text: &str) -> Vec<Identified> {
    let spelled = spelling::normalise(text);
    let mut guesses = Guesses::default();
    if spelled.text.len() <= spelling::VALUE_BYTES {
        guesses.spelled_out(&spelled.text);
        guesses.by_shape(&spelling::ungrouped(&spelled.text));
    }
    guesses.candidates.sort_by_key(|candidate| std::cmp::Reverse(candidate.confidence));
    for candidate in &mut guesses.candidates {
        candidate.doubts.extend(spelled.doubt());
    }
    let opaque = opaque(text, guesses.failures);
    guesses.candidates.push(opaque);
    guesses.candidates
}

/// What a bare string in a record is taken for: the best reading of at least [`READ_FROM`], else opaque, with the reasons as doubts.
pub fn identify(text: &str) -> Identified {
    let mut candidates = classify(text);
    let best = if candidates[0].confidence >= READ_FROM { 0 } else { candidates.len() - 1 };
    candidates.swap_remove(best)
}

#[derive(Default)]
struct Guesses {
    candidates: Vec<Identified>,
    /// Why the text is not what it looked like.
    failures: Vec<CodeFault>,
}

impl Guesses {
    fn guess(&mut self, scheme: Scheme, confidence: u8, text: &str) {
        match parse(scheme, "", text) {
            Ok(identified) => self.found(confidence, identified),
            Err(faults) => self.failures.extend(faults),
        }
    }

    /// Like [`Self::guess`], where failing means nothing: too many texts have this shape.
    fn maybe(&mut self, scheme: Scheme, confidence: u8, text: &str) {
        if let Ok(identified) = parse(scheme, "", text) {
            self.found(confidence, identified);
        }
    }

    fn found(&mut self, confidence: u8, identified: Identified) {
        let confidence = if identified.doubts.is_empty() { confidence } else { confidence.saturating_sub(DOUBT) };
        self.candidates.push(Identified { confidence, ..identified });
    }

    /// Spellings that say themselves what they are.
    fn spelled_out(&mut self, text: &str) {
        if text.split_once(':').is_some_and(|(name, _)| name.parse::<Scheme>().is_ok()) {
            match text.parse::<Identified>() {
                Ok(identified) => self.found(100, identified),
                Err(faults) => self.failures.extend(faults),
            }
        } else if resolvable::is_web(text) {
            self.guess(Scheme::Url, 95, text);
        } else if resolvable::strip_prefix_ignoring_case(text, "urn:").is_some() || text.contains("://") {
            self.guess(Scheme::Uri, 95, text);
        } else {
            match gs1::read(text) {
                Found::Unit(unit) => self.found(99, unit.into()),
                Found::Malformed(faults) => self.failures.extend(faults),
                Found::Nothing => {}
            }
            if text.contains(':') {
                self.maybe(Scheme::Uri, ANY_URI, text);
            }
        }
    }

    /// Numbers, and the few letters that belong to a scheme.
    fn by_shape(&mut self, text: &str) {
        let numeric = text.bytes().all(|b| b.is_ascii_digit());
        match text.len() {
            8 if numeric => self.maybe(Scheme::Gtin, 45, text),
            12 if numeric => self.maybe(Scheme::Gtin, 60, text),
            13 if numeric => self.thirteen(text),
            14 if numeric => self.guess(Scheme::Gtin, 90, text),
            17 if numeric => self.seventeen(text),
            18 => self.eighteen(text, numeric),
            20 if numeric => self.twenty(text),
            24 if numeric && calendar::is_day(&text[..8]) => self.maybe(Scheme::Vet24, 85, text),
            32 if numeric && is_pesticide(text) => self.maybe(Scheme::Pesticide32, 85, text),
            _ => self.by_prefix(text),
        }
    }

    /// A location number has the same shape and check as a trade item's, and is far rarer on goods.
    fn thirteen(&mut self, text: &str) {
        self.guess(Scheme::Gtin, 90, text);
        self.maybe(Scheme::Gln, 30, text);
    }

    /// Neither has a check digit, so a record keeps such a number opaque and only a search tries them.
    fn seventeen(&mut self, text: &str) {
        self.maybe(Scheme::Organic, 40, text);
        self.maybe_equipment(text);
    }

    /// Subjects, logistic units and equipment share this length with resident identity numbers, which no other check outweighs.
    fn eighteen(&mut self, text: &str, numeric: bool) {
        if resident_id::is_valid(text) {
            return;
        }
        let looks_like_a_subject = text.get(2..8).is_some_and(region::ever);
        if looks_like_a_subject {
            self.guess(Scheme::Uscc, 98, text);
        } else {
            self.maybe(Scheme::Uscc, 98, text);
        }
        if numeric {
            self.guess(Scheme::Sscc, 70, text);
            self.maybe_equipment(text);
        }
    }

    fn maybe_equipment(&mut self, text: &str) {
        if matches!(&text[9..11], "19" | "20") {
            self.maybe(Scheme::Equipment, 35, text);
        }
    }

    fn twenty(&mut self, text: &str) {
        self.guess(Scheme::Mofcom20, 90, text);
        if text.starts_with('8') {
            self.guess(Scheme::Drug20, 80, text);
        }
    }

    fn by_prefix(&mut self, text: &str) {
        if resolvable::strip_prefix_ignoring_case(text, "SC").is_some() && text.len() == 16 {
            self.maybe(Scheme::Sc, 90, text);
        } else if text.starts_with("1.2.156.") {
            self.maybe(Scheme::Oid, 85, text);
        } else if ["10.", "20.", "86.", "88."].iter().any(|prefix| text.starts_with(prefix)) {
            self.maybe(Scheme::Handle, 75, text);
        }
    }
}

/// Class (PD, WP, temporary) and production type (own, commissioned, repacked) are 1, 2 or 3.
fn is_pesticide(text: &str) -> bool {
    [0, 7].iter().all(|at| matches!(text.as_bytes()[*at], b'1'..=b'3'))
}

/// A text that cannot even be kept as opaque, being empty, too long or unprintable, comes back as it is, and its doubts say so: whoever
/// takes records refuses it by them.
fn opaque(text: &str, failures: Vec<CodeFault>) -> Identified {
    let mut opaque = parse(Scheme::Opaque, "", text).unwrap_or_else(|faults| {
        let code = Code { scheme: Scheme::Opaque, issuer: String::new(), value: resident_id::mask(text).into_owned() };
        Identified { doubts: faults, ..Identified::new(code, String::new()) }
    });
    opaque.confidence = OPAQUE;
    opaque.doubts.extend(failures);
    opaque
}
