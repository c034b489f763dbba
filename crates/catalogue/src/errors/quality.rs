//! Findings and reports of mismatches, and what may be done with them.

use crate::Message;

pub(crate) const QUALITY: &[Message] = &[
    Message {
        code: "error.finding.unknown",
        message_zh: "没有编号为“{id}”的问题，或者您无权查看。",
        remedy_zh: "请在问题列表中核对编号。",
        message_en: "There is no finding {id}, or you may not see it.",
        remedy_en: "Look for it in the list of findings.",
    },
    Message {
        code: "error.finding.transition",
        message_zh: "处于“{from}”状态的问题不能变为“{to}”。",
        remedy_zh: "目前可以变为：{allowed}。",
        message_en: "A finding that is {from} cannot become {to}.",
        remedy_en: "From here it can become: {allowed}.",
    },
    Message {
        code: "error.mismatch.unknown",
        message_zh: "没有编号为“{number}”的反馈。",
        remedy_zh: "请核对提交时给出的编号。",
        message_en: "There is no report with the number {number}.",
        remedy_en: "Check the number that you were given.",
    },
];
