//! What the public says does not match: taken from anybody, as many as somebody can read, answered by a regulator under a number.

use std::time::Duration;

use prost::Message;
use tracemesh_access::Principal;
use tracemesh_chassis::error::Violation;
use tracemesh_chassis::keys::random_secret;
use tracemesh_store::page;

use super::Quality;
use super::entries::Cause;
use super::findings::{not_allowed, text_faults};
use crate::api;
use crate::domain::mismatch::{ANSWER_CHARS_MOST, Answer, CODE_BYTES_MOST, Mismatch, TEXT_CHARS_MOST, masked};
use crate::error::QualityError;
use crate::store;
use crate::store::mismatches::Kept;

const PAGE_USUAL: u32 = 50;
const PAGE_MOST: u32 = 500;

const MINUTE: i64 = 60 * 1_000_000;
const HOUR: i64 = 60 * MINUTE;

/// Characters of a number's secret part: 60 bits, which nobody guesses at the rate at which pages answer.
const SECRET_CHARS: usize = 10;

/// A page of reports.
#[derive(Debug, Default)]
pub struct Reports {
    pub mismatches: Vec<Mismatch>,
    pub next_page_token: String,
}

impl Quality {
    /// Keeps a report, with what may be a person's number in it masked; answers its number.
    pub async fn report(&self, caller: &Principal, code: &str, text: &str) -> Result<String, QualityError> {
        let mut faults = text_faults("text", text, text.chars().count(), TEXT_CHARS_MOST);
        faults.extend(text_faults("code", code, code.len(), CODE_BYTES_MOST));
        if !faults.is_empty() {
            return Err(QualityError::Invalid(faults));
        }
        let (now, code) = (self.clock.now_micros(), masked(code));
        let tx = self.db.begin().await?;
        let minute = store::mismatches::nth_last(&tx, None, now - MINUTE, self.settings.mismatches_a_minute).await?;
        let hour = store::mismatches::nth_last(&tx, Some(&code), now - HOUR, self.settings.mismatches_of_a_code).await?;
        let again = [minute.map(|at| at + MINUTE), hour.map(|at| at + HOUR)].into_iter().flatten().max();
        if let Some(again) = again {
            return Err(QualityError::TooManyMismatches { pause: Duration::from_micros(u64::try_from(again - now).unwrap_or(0)) });
        }
        let number = format!("{}-M-{}", self.node.id, random_secret().chars().take(SECRET_CHARS).collect::<String>());
        let mismatch = Mismatch { number: number.clone(), code, text: masked(text), at: now, answer: None };
        store::mismatches::add(&tx, &mismatch).await?;
        let cause = Cause { actor: caller.clone(), why: "", at: now };
        let entry =
            self.entry("mismatch.reported", &cause, self.labels(), Vec::new(), api::mismatches::document(&mismatch).encode_to_vec());
        self.commit(tx, &[entry]).await?;
        Ok(number)
    }

    pub async fn mismatch(&self, number: &str) -> Result<Mismatch, QualityError> {
        let found = store::mismatches::get(self.db.read(), number).await?;
        found.ok_or_else(|| QualityError::NoMismatch(number.to_owned()))
    }

    /// An answer takes the place of an earlier one.
    pub async fn answer(&self, caller: &Principal, number: &str, zh: &str, en: &str) -> Result<Mismatch, QualityError> {
        let mut faults = text_faults("answer_zh", zh, zh.chars().count(), ANSWER_CHARS_MOST);
        faults.extend(text_faults("answer_en", en, en.chars().count(), ANSWER_CHARS_MOST));
        if !faults.is_empty() {
            return Err(QualityError::Invalid(faults));
        }
        let now = self.clock.now_micros();
        let tx = self.db.begin().await?;
        let found = store::mismatches::get(&tx, number).await?;
        let mut mismatch = found.ok_or_else(|| QualityError::NoMismatch(number.to_owned()))?;
        let answer = Answer { zh: zh.to_owned(), en: en.to_owned(), at: now };
        store::mismatches::answer(&tx, number, &answer).await?;
        mismatch.answer = Some(answer);
        let cause = Cause { actor: caller.clone(), why: "", at: now };
        let entry =
            self.entry("mismatch.answered", &cause, self.labels(), Vec::new(), api::mismatches::document(&mismatch).encode_to_vec());
        self.commit(tx, &[entry]).await?;
        Ok(mismatch)
    }

    /// The oldest first: somebody waits for each.
    pub async fn mismatches(&self, state: &str, page_size: u32, page_token: &str) -> Result<Reports, QualityError> {
        let kept = match state {
            "" | "open" => Some(Kept::Open),
            "answered" => Some(Kept::Answered),
            "all" => Some(Kept::All),
            _ => None,
        };
        let after = position(page_token);
        let (Some(kept), Some((at, number))) = (kept, &after) else {
            let state = kept.is_none().then(|| not_allowed("state", state, &["open", "answered", "all"]));
            let token = after.is_none().then(|| Violation::new("page_token", "error.request.page_token").with("value", page_token));
            return Err(QualityError::Invalid(state.into_iter().chain(token).collect()));
        };
        let size = page::size(page_size, PAGE_USUAL, PAGE_MOST);
        let mismatches = store::mismatches::page(self.db.read(), kept, (*at, number), size.into()).await?;
        let full = mismatches.last().filter(|_| mismatches.len() as u32 == size);
        let next_page_token = full.map_or_else(String::new, |last| page::token([&last.at.to_string(), &last.number]));
        Ok(Reports { mismatches, next_page_token })
    }
}

/// Where a page begins; `None` for a token of another list.
fn position(token: &str) -> Option<(i64, String)> {
    match page::position::<2>(token) {
        Ok(None) => Some((i64::MIN, String::new())),
        Ok(Some([at, number])) => Some((at.parse().ok()?, number)),
        Err(_) => None,
    }
}
