//! What forms say. Both languages side by side.

/// What forms say.
pub struct Form {
    pub optional: &'static str,
    pub no_answer: &'static str,
    pub gone: &'static str,
    pub refused: &'static str,
    pub not_now: &'static str,
    pub wrong: &'static str,
    pub signed_out: &'static str,
    pub broken: &'static str,
    pub unreadable: &'static str,
}

/// 简体中文。
pub const ZH: Form = Form {
    optional: "（可不填）",
    no_answer: "服务没有应答，尚不能确定是否已经办理。请先刷新查看，再决定是否重试。",
    gone: "已经找不到所办理的对象。",
    refused: "您的角色不能办理此项。",
    not_now: "在当前状态下不能办理此项。",
    wrong: "填写的内容有误，请按提示修改。",
    signed_out: "登录已过期，请重新登录后再办理。",
    broken: "服务的应答无法使用，请联系运行维护人员。",
    unreadable: "提交的表单无法读取。",
};

/// English.
pub const EN: Form = Form {
    optional: "(optional)",
    no_answer: "The service did not answer, so it is not known whether this was done. Reload and look before you try again.",
    gone: "What this is about is not there any more.",
    refused: "Your role may not do this.",
    not_now: "This is not possible in the present state.",
    wrong: "Something that was entered is wrong; please mend it.",
    signed_out: "Your session has ended. Please sign in again.",
    broken: "The answer of the service cannot be used. Please tell whoever runs the node.",
    unreadable: "The form that was sent cannot be read.",
};
