//! Publishing rules and trying them.

use crate::Message;

pub(crate) const RULES: &[Message] = &[
    Message {
        code: "error.rules.fault",
        message_zh: "规则有误（{field}）：{problem}。",
        remedy_zh: "请按规则文件的写法修改后重试；一次会列出全部错误。",
        message_en: "The rule has a fault at {field}: {problem}.",
        remedy_en: "Mend it as rule files are written, and try again; all faults are listed at once.",
    },
    Message {
        code: "error.rules.weakened",
        message_zh: "上级节点的下列规则会被放宽：{rules}。",
        remedy_zh: "本节点可以增加规则或者从严规定，不能放宽上级的规则；请删去或者从严修改所列规则。",
        message_en: "These rules of the node above would be weakened: {rules}.",
        remedy_en: "A node may add rules and sharpen them; take the listed ones out, or ask for at least as much.",
    },
    Message {
        code: "error.rules.instant_passed",
        message_zh: "生效时刻“{instant}”已过。",
        remedy_zh: "请填写将来的时刻，或者不填而尽快生效。",
        message_en: "The instant {instant} has passed.",
        remedy_en: "Name one that is to come, or none for the earliest possible.",
    },
    Message {
        code: "error.rules.days",
        message_zh: "试运行的日期范围至多 {limit} 天，且起始日不得晚于截止日。",
        remedy_zh: "请缩短日期范围。",
        message_en: "A dry run takes at most {limit} days, from the first to the last.",
        remedy_en: "Ask for fewer days.",
    },
];
