//! The chain as regulators see it. Both languages side by side.

/// The chain as regulators see it.
pub struct Explorer {
    pub title: &'static str,
}

/// 简体中文。
pub const ZH: Explorer = Explorer { title: "追溯查询" };

/// English.
pub const EN: Explorer = Explorer { title: "Trace" };
