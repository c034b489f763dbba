//! Who may sign in. Both languages side by side.

use crate::text::List;

/// Who may sign in.
pub struct Accounts {
    pub title: &'static str,
    pub accounts: &'static str,
    pub part: &'static str,
    pub name: &'static str,
    pub name_hint: &'static str,
    pub display_name: &'static str,
    pub roles: &'static str,
    pub roles_hint: &'static str,
    pub areas: &'static str,
    pub areas_hint: &'static str,
    pub categories: &'static str,
    pub categories_hint: &'static str,
    pub everything: &'static str,
    pub state: &'static str,
    pub appointed_at: &'static str,
    pub none: &'static str,
    pub none_why: &'static str,
    pub acts: &'static str,
    pub change: &'static str,
    pub appoint_title: &'static str,
    pub appoint_lead: &'static str,
    pub why: &'static str,
    pub appoint_do: &'static str,
    pub state_title: &'static str,
    pub state_lead: &'static str,
    pub new_state: &'static str,
    pub state_do: &'static str,
    pub link_title: &'static str,
    pub link: &'static str,
    pub link_why: &'static str,
    pub nothing_to_do: &'static str,
    pub csv: &'static str,
    pub states: List,
}

/// 简体中文。
pub const ZH: Accounts = Accounts {
    title: "用户管理",
    accounts: "用户",
    part: "登记服务",
    name: "账号",
    name_hint: "字母、数字或汉字，不含空格；用于记录谁办理了什么。",
    display_name: "姓名",
    roles: "角色",
    roles_hint: "起草、审核、签发须由三人分别担任；三种管理员互斥。",
    areas: "地区范围",
    areas_hint: "地区编号，含其下级；* 为全部。",
    categories: "品类范围",
    categories_hint: "品类代码；* 为全部。",
    everything: "全部",
    state: "状态",
    appointed_at: "任命时间",
    none: "还没有用户。",
    none_why: "由安全管理员在下方任命。",
    acts: "办理",
    change: "变更",
    appoint_title: "任命或变更",
    appoint_lead: "填写已有账号即为变更，其原有登录随即失效；不能变更本人的账号。",
    why: "理由",
    appoint_do: "任命",
    state_title: "停用或恢复",
    state_lead: "停用后其登录随即失效。",
    new_state: "改为",
    state_do: "办理",
    link_title: "{name} 的一次性登录链接",
    link: "登录链接",
    link_why: "只显示这一次，只能使用一次。请当面或经可靠渠道交给本人。",
    nothing_to_do: "审计管理员只能查看。",
    csv: "导出 CSV",
    states: &[("active", "启用"), ("suspended", "停用")],
};

/// English.
pub const EN: Accounts = Accounts {
    title: "Users",
    accounts: "Accounts",
    part: "The registry",
    name: "Account",
    name_hint: "Any script, without spaces: what the records call this person.",
    display_name: "Name",
    roles: "Roles",
    roles_hint: "Draft, review and signature of an order are of three people; the three administrators exclude each other.",
    areas: "Areas",
    areas_hint: "Ids of areas, with all below them; * is every area.",
    categories: "Categories",
    categories_hint: "Ids of categories; * is every category.",
    everything: "Everything",
    state: "State",
    appointed_at: "Appointed at",
    none: "There are no accounts yet.",
    none_why: "The security administrator appoints them below.",
    acts: "Act",
    change: "Change",
    appoint_title: "Appoint or change",
    appoint_lead: "With the name of an existing account it is changed and its sessions end. Nobody changes their own.",
    why: "Reason",
    appoint_do: "Appoint",
    state_title: "Suspend or take back",
    state_lead: "Sessions of a suspended account end at once.",
    new_state: "New state",
    state_do: "Set the state",
    link_title: "One-time sign-in link of {name}",
    link: "Sign-in link",
    link_why: "Shown this once and good for one use. Hand it over in person or by a channel that you trust.",
    nothing_to_do: "The audit administrator reads only.",
    csv: "Export CSV",
    states: &[("active", "Active"), ("suspended", "Suspended")],
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_know_the_same_words() {
        let keys = |list: List| list.iter().map(|(key, _)| *key).collect::<Vec<_>>();
        assert_eq!(keys(ZH.states), keys(EN.states));
    }
}
