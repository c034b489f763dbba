//! Every word of the pages, one table for each language. A text that one language lacks does not compile.
//!
//! Numbers stand in texts as `{n}`, other values by name; [`fill`] puts them in. Words for values of the protocol (stages, categories,
//! states) are lists that are looked up; a value that we have no word for is shown as it came.

mod accounts;
mod emergency;
mod en;
mod form;
mod mismatch;
mod quality;
mod trace;
mod zh;

pub use en::EN;
pub use zh::ZH;

use crate::views::number::grouped;

/// The table of one language.
pub struct Text {
    pub site: Site,
    pub search: Search,
    pub chain: Chain,
    pub unknown_code: UnknownCode,
    pub failure: Failure,
    pub sign_in: SignIn,
    pub console: Console,
    pub standing: Standing,
    pub intake: Intake,
    pub figures: Figures,
    pub nodes: Nodes,
    pub form: form::Form,
    pub emergency: emergency::Emergency,
    pub mismatch: mismatch::Mismatch,
    pub quality: quality::Quality,
    pub trace: trace::Explorer,
    pub accounts: accounts::Accounts,
    pub trouble: Trouble,
    pub words: Words,
    pub time: Time,
}

/// What stands around every page.
pub struct Site {
    pub platform: &'static str,
    pub skip: &'static str,
    pub other_language: &'static str,
    pub large_type: &'static str,
    pub normal_type: &'static str,
    pub to_console: &'static str,
    pub footer: &'static str,
}

/// The public front page.
pub struct Search {
    pub title: &'static str,
    pub lead: &'static str,
    pub label: &'static str,
    pub placeholder: &'static str,
    pub button: &'static str,
    pub hint: &'static str,
    /// Stages of a chain, as an illustration.
    pub sketch: &'static [&'static str],
    pub where_title: &'static str,
    pub where_items: &'static [&'static str],
    pub shows_title: &'static str,
    pub shows_items: &'static [&'static str],
    pub hidden: &'static str,
    pub empty: &'static str,
    pub too_long: &'static str,
}

/// The page of one code.
pub struct Chain {
    pub nameless: &'static str,
    pub code: &'static str,
    pub batch: &'static str,
    pub complete: &'static str,
    pub complete_why: &'static str,
    pub incomplete: &'static str,
    pub incomplete_why: &'static str,
    pub origin: &'static str,
    pub origin_unknown: &'static str,
    pub earliest: &'static str,
    pub and_more: Counted,
    pub inspection: &'static str,
    pub passed: Counted,
    pub failed: Counted,
    pub not_inspected: &'static str,
    pub failed_title: &'static str,
    pub failed_why: Counted,
    pub result_pass: &'static str,
    pub result_fail: &'static str,
    pub records: &'static str,
    pub records_of: Counted,
    pub from_platforms: Counted,
    pub as_of: &'static str,
    pub as_of_why: &'static str,
    pub steps: &'static str,
    pub here: &'static str,
    pub times: Counted,
    pub more: Counted,
    pub recorded_at: &'static str,
    pub missing_step: &'static str,
    pub silent_step: &'static str,
    pub silent_step_since: &'static str,
    pub mesh_silent: &'static str,
    pub too_long: &'static str,
    pub something_missing: &'static str,
    pub evidence: &'static str,
    pub others: &'static str,
    pub others_lead: &'static str,
    pub scope_title: &'static str,
    pub scope: &'static str,
    pub place_unknown: &'static str,
    pub time_unknown: &'static str,
}

/// The page for a code that nobody knows.
pub struct UnknownCode {
    pub title: &'static str,
    pub lead: &'static str,
    pub reasons_title: &'static str,
    pub reasons: &'static [&'static str],
    pub next_title: &'static str,
    pub next: &'static [&'static str],
    pub not_proof: &'static str,
    pub read_as: &'static str,
    pub silent: &'static str,
    pub silent_since: &'static str,
    pub silent_more: Counted,
}

/// Pages for what went wrong.
pub struct Failure {
    pub not_found: &'static str,
    pub not_found_why: &'static str,
    pub broken: &'static str,
    pub broken_why: &'static str,
    pub busy: &'static str,
    pub busy_why: &'static str,
    pub no_answer: &'static str,
    pub no_answer_why: &'static str,
    pub bad_code: &'static str,
    pub bad_code_why: &'static str,
    pub refused: &'static str,
    pub refused_why: &'static str,
    pub unreachable: &'static str,
    pub unreachable_why: &'static str,
    pub home: &'static str,
    pub retry: &'static str,
}

/// Signing in and out.
pub struct SignIn {
    pub needed: &'static str,
    pub needed_why: &'static str,
    pub how: &'static str,
    pub bad_link: &'static str,
    pub bad_link_why: &'static str,
    pub title: &'static str,
    pub once: &'static str,
    pub enter: &'static str,
    pub out: &'static str,
    pub signed_out: &'static str,
    pub signed_out_why: &'static str,
}

/// What stands around every page of the console.
pub struct Console {
    pub name: &'static str,
    pub menu: &'static str,
    pub tabs: &'static str,
    pub next_page: &'static str,
    pub overview: &'static str,
    pub public_page: &'static str,
    pub definition: &'static str,
    pub close: &'static str,
    pub as_of: &'static str,
    pub reload: &'static str,
    pub table: &'static str,
    pub chart: &'static str,
}

/// The answer on top of the Overview: a sentence, and what it rests on.
pub struct Standing {
    pub question: &'static str,
    pub good: &'static str,
    pub attention: &'static str,
    pub bad: &'static str,
    pub unknown: &'static str,
    pub all_good: &'static str,
    pub no_children: &'static str,
    pub nothing_yet: &'static str,
    pub nothing_yet_why: &'static str,
    pub child_away: &'static str,
    pub child_quarantined: &'static str,
    pub child_behind: &'static str,
    pub parent_away: &'static str,
    pub parent_quarantined: &'static str,
    pub figures_missing: &'static str,
    pub many_rejected: &'static str,
    pub no_intake: &'static str,
}

/// Intake as it happens.
pub struct Intake {
    pub title: &'static str,
    pub lead: &'static str,
    pub rate: &'static str,
    pub rate_unit: &'static str,
    pub rate_def: &'static str,
    pub verdict: &'static str,
    pub recent: &'static str,
    pub accepted: &'static str,
    pub duplicate: &'static str,
    pub rejected: &'static str,
    pub accepted_def: &'static str,
    pub duplicate_def: &'static str,
    pub rejected_def: &'static str,
    pub minutes_ago: &'static str,
    pub now: &'static str,
    pub peak: &'static str,
    pub none: &'static str,
    pub none_why: &'static str,
    pub none_own: &'static str,
    pub none_own_why: &'static str,
    pub minute: &'static str,
    pub total: &'static str,
    pub ever: &'static str,
    pub up_to_entry: &'static str,
    pub share: &'static str,
    pub live: &'static str,
    pub paused: &'static str,
    pub lost: &'static str,
    pub pause: &'static str,
    pub resume: &'static str,
    pub still: &'static str,
}

/// The figures of today.
pub struct Figures {
    pub title: &'static str,
    pub title_week: &'static str,
    pub today: &'static str,
    pub week: &'static str,
    pub instead: &'static str,
    pub none_week: &'static str,
    pub by_area: &'static str,
    pub by_category: &'static str,
    pub area: &'static str,
    pub category: &'static str,
    pub records: &'static str,
    pub records_column: &'static str,
    pub records_unit: &'static str,
    pub records_def: &'static str,
    pub weight: &'static str,
    pub weight_def: &'static str,
    pub subjects: &'static str,
    pub subjects_unit: &'static str,
    pub subjects_def: &'static str,
    pub subjects_summed: &'static str,
    pub late: &'static str,
    pub late_column: &'static str,
    pub late_def: &'static str,
    pub late_share: &'static str,
    pub other_units: &'static str,
    pub own_area: &'static str,
    pub outside: &'static str,
    pub unstated: &'static str,
    pub none: &'static str,
    pub none_why: &'static str,
    pub csv: &'static str,
    pub filter: &'static str,
    pub clear: &'static str,
    pub missing_one: &'static str,
    pub stale_row: &'static str,
    pub silent_row: &'static str,
    pub never: &'static str,
    pub more: Counted,
    pub sort_by: &'static str,
}

/// The tree of nodes.
pub struct Nodes {
    pub title: &'static str,
    pub lead: &'static str,
    pub node: &'static str,
    pub tier: &'static str,
    pub state: &'static str,
    pub behind: &'static str,
    pub behind_def: &'static str,
    pub last_seen: &'static str,
    pub last_seen_def: &'static str,
    pub checkpoint: &'static str,
    pub checkpoint_def: &'static str,
    pub entries: Counted,
    pub commits: Counted,
    pub caught_up: &'static str,
    pub never: &'static str,
    pub parent: &'static str,
    pub no_parent: &'static str,
    pub none: &'static str,
    pub none_why: &'static str,
    pub more: Counted,
    pub second_hand: &'static str,
    pub out_of_reach: &'static str,
}

/// Why a part of a page has nothing to show.
pub struct Trouble {
    pub no_answer: &'static str,
    pub refused: &'static str,
    pub switched_off: &'static str,
    pub wrong: &'static str,
    pub rest_holds: &'static str,
    pub intake: &'static str,
    pub figures: &'static str,
    pub links: &'static str,
    pub trace: &'static str,
}

/// Words for the values of the protocol.
pub struct Words {
    pub stages: List,
    pub categories: List,
    pub schemes: List,
    pub evidence: List,
    pub units: List,
    pub tiers: List,
    pub roles: List,
    pub child_states: List,
    pub unnamed_stage: &'static str,
}

/// How times and spans are written.
pub struct Time {
    pub seconds_ago: Counted,
    pub minutes_ago: Counted,
    pub hours_ago: Counted,
    pub days_ago: Counted,
    pub just_now: &'static str,
    pub minutes: Counted,
    pub hours: Counted,
    pub days: Counted,
    pub less_than_a_minute: &'static str,
    /// strftime patterns.
    pub day: &'static str,
    pub day_and_minute: &'static str,
    /// Between two names in a row.
    pub comma: &'static str,
}

/// A text with a number in it, which English bends.
pub struct Counted {
    pub one: &'static str,
    pub many: &'static str,
}

impl Counted {
    /// The text for `n`, digits grouped.
    pub fn of(&self, n: u64) -> String {
        fill(if n == 1 { self.one } else { self.many }, &[("n", &grouped(n))])
    }
}

/// Words by the protocol's spelling.
pub type List = &'static [(&'static str, &'static str)];

/// The word for a value of the protocol, if there is one.
pub fn word(list: List, value: &str) -> Option<&'static str> {
    list.iter().find(|(key, _)| key.eq_ignore_ascii_case(value)).map(|(_, word)| *word)
}

/// Puts values into the `{names}` of a text. A value is never read for names again, whatever stands in it. The space in front of a value and
/// behind it falls away where it would stand between two Chinese characters.
pub fn fill(text: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, from_name)) = rest.split_once('{') {
        let (name, after) = from_name.split_once('}').unwrap_or((from_name, ""));
        join(&mut filled, before);
        join(&mut filled, values.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| value));
        rest = after;
    }
    join(&mut filled, rest);
    filled
}

fn join(left: &mut String, right: &str) {
    let (mut ends, mut begins) = (left.chars().rev(), right.chars());
    match (ends.next(), begins.next()) {
        (Some(' '), Some(next)) if is_chinese(next) && ends.next().is_some_and(is_chinese) => {
            left.pop();
            left.push_str(right);
        }
        (Some(last), Some(' ')) if is_chinese(last) && begins.next().is_some_and(is_chinese) => left.push_str(&right[1..]),
        _ => left.push_str(right),
    }
}

/// Han characters, those of the later planes too, and the punctuation that goes with them.
pub fn is_chinese(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ffef}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(list: List) -> Vec<&'static str> {
        list.iter().map(|(key, _)| *key).collect()
    }

    #[test]
    fn both_languages_know_the_same_words() {
        for (zh, en) in [
            (ZH.words.stages, EN.words.stages),
            (ZH.words.categories, EN.words.categories),
            (ZH.words.schemes, EN.words.schemes),
            (ZH.words.evidence, EN.words.evidence),
            (ZH.words.units, EN.words.units),
            (ZH.words.tiers, EN.words.tiers),
            (ZH.words.roles, EN.words.roles),
            (ZH.words.child_states, EN.words.child_states),
        ] {
            assert_eq!(keys(zh), keys(en));
        }
    }

    #[test]
    fn values_are_not_read_for_names() {
        assert_eq!(fill("{node}：{n} 条", &[("node", "{n}"), ("n", "3")]), "{n}：3 条");
    }

    #[test]
    fn no_space_stands_between_chinese_characters() {
        let said = |node: &str| fill("与 {node} 的连接中断", &[("node", node)]);
        assert_eq!([said("福建省"), said("fujian"), said("𠮷")], ["与福建省的连接中断", "与 fujian 的连接中断", "与𠮷的连接中断"]);
    }

    #[test]
    fn numbers_bend_the_english_text() {
        assert_eq!(EN.nodes.entries.of(1), "1 entry");
        assert_eq!(EN.nodes.entries.of(12_345), "12,345 entries");
        assert_eq!(ZH.nodes.entries.of(1), "1 条");
    }
}
