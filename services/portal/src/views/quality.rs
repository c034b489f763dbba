//! Data quality: the work list, scorecards, the catalogue of rules, and what the public says does not match.

pub mod dry_run;
pub mod finding;
pub mod findings;
pub mod mismatches;
pub mod receipt;
pub mod rules;
pub mod scorecard;

use tracemesh_access::Role;

use crate::views::candidates::escaped;
use crate::views::cell::Cell;
use crate::views::form::Entries;
use crate::views::reader::Reader;
use crate::views::sheet::Way;

/// The pages of this part for whoever reads, the one at `current` being where one is.
pub fn tabs(current: &str, reader: &Reader) -> Vec<Way> {
    let text = &reader.text().quality;
    let pages = [
        (true, findings::HREF, text.findings),
        (true, scorecard::HREF, text.scorecard),
        (true, rules::HREF, text.rules),
        (reader.principal.has(Role::Regulator), mismatches::HREF, text.mismatches),
    ];
    let offered = pages.into_iter().filter(|(offered, ..)| *offered);
    offered.map(|(_, href, name)| Way::to(href, name).here(href == current)).collect()
}

/// A record's receipt as a link to its page.
pub fn receipt(id: &str) -> Cell {
    match id.split('/').collect::<Vec<_>>().as_slice() {
        [journal, epoch, seq] => Cell::said(id).to(format!("/console/receipts/{}/{}/{}", escaped(journal), escaped(epoch), escaped(seq))),
        _ => Cell::said(id),
    }
}

/// `href?name=value…` of what the address asks for, with one of it set anew; a page begins anew with it.
pub fn asking(href: &str, names: &[&str], query: &Entries, name: &str, value: &str) -> String {
    let kept = names.iter().map(|known| (*known, if *known == name { value.to_owned() } else { query.get(known) }));
    let pairs: Vec<_> = kept.filter(|(_, value)| !value.is_empty()).map(|(name, value)| format!("{name}={}", escaped(&value))).collect();
    if pairs.is_empty() { href.to_owned() } else { format!("{href}?{}", pairs.join("&")) }
}
