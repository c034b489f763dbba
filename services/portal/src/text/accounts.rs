//! Who may sign in. Both languages side by side.

/// Who may sign in.
pub struct Accounts {
    pub title: &'static str,
}

/// 简体中文。
pub const ZH: Accounts = Accounts { title: "用户管理" };

/// English.
pub const EN: Accounts = Accounts { title: "Users" };
