//! Findings, scorecards, rules, and what the public says does not match. Both languages side by side.

/// Findings, scorecards, rules, and what the public says does not match.
pub struct Quality {
    pub title: &'static str,
}

/// 简体中文。
pub const ZH: Quality = Quality { title: "数据质量" };

/// English.
pub const EN: Quality = Quality { title: "Data quality" };
