//! A code whose scheme somebody named. The scheme is a promise: where its rules do not hold, the code is refused with every reason, and
//! never taken for something else. Two things are no breach of it. A GS1 unit may be spelled as a URN, link or element string, and an
//! address or URI that names a unit *is* that unit: otherwise one thing would have two keys.

use crate::code::{Code, Identified};
use crate::fault::CodeFault;
use crate::gs1::{self, Found};
use crate::resident_id;
use crate::scheme::Scheme;
use crate::spelling::{self, ISSUER_BYTES, Spelled, VALUE_BYTES};
use crate::{national, resolvable, uscc};

type Faults = Vec<CodeFault>;

/// Reads a value of a named scheme and brings it into canonical form, or says everything that is wrong with it.
///
/// The issuer is kept only where the scheme needs one. A value has at most 1,000 bytes, an issuer 200.
pub fn parse(scheme: Scheme, issuer: &str, value: &str) -> Result<Identified, Faults> {
    let issuer = spelling::normalise(issuer);
    let value = spelling::normalise(value);
    let faults = text_faults(&issuer.text, &value.text);
    if !faults.is_empty() {
        return Err(faults);
    }
    let mut identified = read(scheme, &value.text)?;
    identified.doubts.extend(value.doubt());
    Ok(issued(identified, issuer))
}

fn text_faults(issuer: &str, value: &str) -> Faults {
    let mut faults = spelling::text_faults("issuer.text", issuer, ISSUER_BYTES);
    faults.extend(spelling::text_faults("value.text", value, VALUE_BYTES));
    if value.is_empty() {
        faults.push(CodeFault::new("value.empty", "there is nothing"));
    }
    faults
}

fn issued(mut identified: Identified, issuer: Spelled) -> Identified {
    if !identified.code.scheme.is_globally_unique() {
        identified.doubts.extend(issuer.doubt());
        identified.code.issuer = resident_id::mask(&issuer.text).into_owned();
    }
    identified
}

fn read(scheme: Scheme, value: &str) -> Result<Identified, Faults> {
    let number = &spelling::ungrouped(value);
    match scheme {
        Scheme::Uscc => uscc::check(number).map(|uscc| of(scheme, uscc.text).doubting(uscc.doubt)),
        Scheme::Mofcom20 => national::mofcom20(number).map(|value| of(scheme, value)),
        Scheme::Drug20 => national::drug20(number).map(|value| of(scheme, value)),
        Scheme::Vet24 => national::vet24(number).map(|value| of(scheme, value)),
        Scheme::Pesticide32 => national::pesticide32(number).map(|value| of(scheme, value)),
        Scheme::Seed => national::seed(number).map(|value| of(scheme, value)),
        Scheme::Equipment => national::equipment(number).map(|value| of(scheme, value)),
        Scheme::Sc => national::sc(number).map(|value| of(scheme, value)),
        Scheme::Organic => national::organic(number).map(|value| of(scheme, value)),
        Scheme::Ecode => resolvable::ecode(number).map(|value| of(scheme, value)),
        Scheme::Handle => resolvable::handle(value).map(|value| of(scheme, value)),
        Scheme::Oid => resolvable::oid(value).map(oid),
        Scheme::Gtin | Scheme::Sscc | Scheme::Gln => gs1_key(scheme, value, number),
        Scheme::Uri | Scheme::Url => address(scheme, value),
        Scheme::Opaque => Ok(opaque(value)),
    }
}

fn gs1_key(scheme: Scheme, value: &str, number: &str) -> Result<Identified, Faults> {
    match gs1::read(value) {
        Found::Unit(unit) if unit.scheme == scheme => Ok(unit.into()),
        Found::Unit(unit) => Err(vec![CodeFault::new("scheme.other", format!("the text names a {}, not a {scheme}", unit.scheme))]),
        Found::Malformed(faults) => Err(faults),
        Found::Nothing => gs1::plain(scheme, number).map(Identified::from),
    }
}

/// A malformed EPC URN or Digital Link is still a URI, and is kept as one: who captured it cannot mend it.
fn address(scheme: Scheme, value: &str) -> Result<Identified, Faults> {
    let canonical = if scheme == Scheme::Url || resolvable::is_web(value) {
        of(Scheme::Url, resolvable::url(value)?)
    } else {
        of(Scheme::Uri, resolvable::uri(value)?)
    };
    match (gs1::read(value), resolvable::oid_of_urn(value)) {
        (Found::Unit(unit), _) => Ok(unit.into()),
        (Found::Malformed(faults), _) => Ok(canonical.doubting(faults)),
        (Found::Nothing, Some(arcs)) => Ok(oid(arcs)),
        (Found::Nothing, None) => Ok(canonical),
    }
}

fn oid(value: String) -> Identified {
    let doubt = resolvable::oid_doubt(&value);
    of(Scheme::Oid, value).doubting(doubt)
}

/// Text that only its issuer understands. A person's number in it is masked here, so that none gets into an index or a key.
fn opaque(value: &str) -> Identified {
    let masked = resident_id::mask(value);
    let personal = (masked != value).then(|| CodeFault::new("opaque.personal", "what may be a person's number was masked"));
    of(Scheme::Opaque, masked.into_owned()).doubting(personal)
}

fn of(scheme: Scheme, value: String) -> Identified {
    Identified::new(Code { scheme, issuer: String::new(), value }, String::new())
}

impl Identified {
    fn doubting(mut self, doubts: impl IntoIterator<Item = CodeFault>) -> Self {
        self.doubts.extend(doubts);
        self
    }
}

impl From<gs1::Unit> for Identified {
    fn from(unit: gs1::Unit) -> Self {
        Identified::new(Code { scheme: unit.scheme, issuer: String::new(), value: unit.value }, unit.batch)
    }
}
