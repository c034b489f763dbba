//! What the public says does not match. Both languages side by side.

use crate::text::List;

/// What the public says does not match.
pub struct Mismatch {
    pub ask_title: &'static str,
    pub ask_lead: &'static str,
    pub text: &'static str,
    pub text_hint: &'static str,
    pub send: &'static str,
    pub number_title: &'static str,
    pub number: &'static str,
    pub ask: &'static str,
    pub thanks: &'static str,
    pub keep: &'static str,
    pub title: &'static str,
    pub code: &'static str,
    pub said: &'static str,
    pub at: &'static str,
    pub state: &'static str,
    pub answer: &'static str,
    pub answered_at: &'static str,
    pub no_answer: &'static str,
    pub unknown: &'static str,
    pub unknown_why: &'static str,
    pub link: &'static str,
    pub trouble: &'static str,
    pub states: List,
}

/// 简体中文。
pub const ZH: Mismatch = Mismatch {
    ask_title: "与实物不符？",
    ask_lead: "手中商品与本页所示不符的，请告诉我们。提交后得到一个编号，可凭编号查询答复；不需要留下姓名和电话。",
    text: "哪里不符",
    text_hint: "最多 1000 字；请勿填写身份证号、电话等个人信息。",
    send: "提交",
    number_title: "查询答复",
    number: "编号",
    ask: "查询",
    thanks: "已经收到，谢谢",
    keep: "请记下编号，可凭它查询答复：",
    title: "不符反映",
    code: "追溯码",
    said: "反映内容",
    at: "提交时间",
    state: "状态",
    answer: "答复",
    answered_at: "答复时间",
    no_answer: "正在核实，尚未答复。",
    unknown: "没有这个编号",
    unknown_why: "请核对编号是否抄写完整。",
    link: "不符反映查询",
    trouble: "反映暂时无法提交或查询，请稍后再试。",
    states: &[("open", "核实中"), ("answered", "已答复")],
};

/// English.
pub const EN: Mismatch = Mismatch {
    ask_title: "Does it not match what you hold?",
    ask_lead: "If what you hold is not what this page says, tell us. You get a number to ask with; no name or phone number is needed.",
    text: "What does not match",
    text_hint: "At most 1,000 characters; please leave out personal data.",
    send: "Send",
    number_title: "Ask for the answer",
    number: "Number",
    ask: "Ask",
    thanks: "We have it, thank you",
    keep: "Please keep this number; you can ask for the answer with it:",
    title: "Mismatch report",
    code: "Trace code",
    said: "What was said",
    at: "Sent at",
    state: "State",
    answer: "Answer",
    answered_at: "Answered at",
    no_answer: "It is being looked into; there is no answer yet.",
    unknown: "There is no such number",
    unknown_why: "Please check whether the number was copied whole.",
    link: "Mismatch reports",
    trouble: "Reports cannot be sent or asked for right now. Please try again later.",
    states: &[("open", "Being looked into"), ("answered", "Answered")],
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
