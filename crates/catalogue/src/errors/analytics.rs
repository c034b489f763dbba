//! Figures, and what may be asked of them.

use crate::Message;

pub(crate) const ANALYTICS: &[Message] = &[
    Message {
        code: "error.figures.dimension_unknown",
        message_zh: "没有名为“{value}”的统计维度。",
        remedy_zh: "请选用下列维度：{allowed}。",
        message_en: "There is no dimension {value}.",
        remedy_en: "Use these: {allowed}.",
    },
    Message {
        code: "error.figures.subjects_range",
        message_zh: "主体数按日或者按月去重统计，不能对任意时段求和。",
        remedy_zh: "请将起止日期设为同一天，或者设为一个完整的月。",
        message_en: "Distinct subjects are counted for a day or a month; there is no such figure for another range.",
        remedy_en: "Ask for a single day, or for one whole month.",
    },
    Message {
        code: "error.figures.range_reversed",
        message_zh: "起始日期 {from} 晚于截止日期 {to}。",
        remedy_zh: "请调整起止日期的先后。",
        message_en: "The range begins on {from}, after it ends on {to}.",
        remedy_en: "Swap the two dates.",
    },
    Message {
        code: "error.figures.origin_unknown",
        message_zh: "没有来自节点“{origin}”的统计数据。",
        remedy_zh: "请核对节点编号，并在连接状态中确认该节点是否已经报送。",
        message_en: "There are no figures of the node {origin}.",
        remedy_en: "Check its id, and see under links whether it has sent any.",
    },
    Message {
        code: "error.figures.month_unknown",
        message_zh: "节点“{origin}”没有 {month} 的统计数据。",
        remedy_zh: "请先列出该节点已有的月份。",
        message_en: "The node {origin} has no figures for {month}.",
        remedy_en: "List the months that it has.",
    },
    Message {
        code: "error.figures.hash_mismatch",
        message_zh: "节点“{origin}”{month} 的统计数据与其公布的校验值不一致，未予采用。",
        remedy_zh: "请重新获取；仍不一致的，请联系该节点核查。",
        message_en: "The figures of {origin} for {month} do not match the hash that it announced; they were not kept.",
        remedy_en: "Pull them again; if they still differ, have that node look into it.",
    },
];
