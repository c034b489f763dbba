//! A check under way: the circumstances, and what was found so far.

use jiff::civil::Date;

use super::Checked;
use crate::amount::Amount;
use crate::event_time::calendar_day;
use crate::path::Path;
use crate::reasons::{self, Reason};
use crate::received::Received;
use crate::record::TraceRecord;
use crate::tally::Tally;
use crate::violation::Violation;

pub(super) struct Checking<'a> {
    pub(super) at: &'a Received<'a>,
    faults: Tally,
    findings: Tally,
}

impl<'a> Checking<'a> {
    pub(super) fn new(at: &'a Received<'a>, faults: Tally, findings: Tally) -> Self {
        Self { at, faults, findings }
    }

    /// The record cannot be accepted.
    pub(super) fn refuse(&mut self, reason: Reason, field: &Path<'_>, value: &str) {
        self.faults.push(Violation::new(reason, field.to_string(), value));
    }

    /// A field that must be there is not, unless the reader has already said what stands there instead.
    pub(super) fn missing(&mut self, reason: Reason, field: &Path<'_>) {
        if !self.faults.explains(&field.to_string()) {
            self.refuse(reason, field, "");
        }
    }

    /// The record can be accepted, and the provider should know.
    pub(super) fn warn(&mut self, reason: Reason, field: &Path<'_>, value: &str) {
        self.findings.push(Violation::new(reason, field.to_string(), value));
    }

    pub(super) fn size(&mut self, bytes: usize) {
        if bytes > self.at.limits.record_bytes {
            self.refuse(reasons::TOO_LARGE, &Path::Root, &bytes.to_string());
        }
    }

    /// Any text: bounded, and free of the one character that databases refuse.
    pub(super) fn text(&mut self, field: &Path<'_>, text: String) -> String {
        if text.len() > self.at.limits.text_bytes {
            self.refuse(reasons::TEXT_TOO_LONG, field, &text);
        }
        if text.contains('\0') {
            self.refuse(reasons::TEXT_NUL, field, &text);
        }
        text
    }

    /// A date, where one is given.
    pub(super) fn day(&mut self, field: &Path<'_>, text: &str) -> Option<Date> {
        let day = calendar_day(text);
        if day.is_none() && !text.is_empty() {
            self.refuse(reasons::DATE_MALFORMED, field, text);
        }
        day
    }

    /// An amount of money, where one is given.
    pub(super) fn money(&mut self, field: &Path<'_>, text: &str) -> Option<Amount> {
        let amount = Amount::parse(text).ok();
        if amount.is_none() && !text.is_empty() {
            self.refuse(reasons::MONEY_MALFORMED, field, text);
        }
        amount
    }

    pub(super) fn take_faults(&mut self) -> Vec<Violation> {
        std::mem::take(&mut self.faults).into_vec()
    }

    pub(super) fn verdict(&mut self, record: TraceRecord) -> Result<Checked, Vec<Violation>> {
        if !self.faults.is_empty() {
            return Err(self.take_faults());
        }
        Ok(Checked { record, findings: std::mem::take(&mut self.findings).into_vec() })
    }
}
