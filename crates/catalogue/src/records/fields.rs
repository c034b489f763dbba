//! Rejected: rules that hold for fields of any name.

use crate::Message;

pub(crate) const FIELDS: &[Message] = &[
    Message {
        code: "record.duplicate_key",
        message_zh: "字段“{field}”出现了两次。",
        remedy_zh: "请只保留一个；同一字段的下划线写法与驼峰写法视为同一字段。",
        message_en: "The field {field} stands there twice.",
        remedy_en: "Keep one; the spellings with underscores and in camelCase are the same field.",
    },
    Message {
        code: "record.mistyped",
        message_zh: "字段“{field}”的值类型不对：“{value}”。",
        remedy_zh: "请对照接口说明，改为该字段规定的类型。",
        message_en: "The value of {field} has the wrong type: {value}.",
        remedy_en: "Change it to the type that the contract gives for this field.",
    },
    Message {
        code: "record.text.too_long",
        message_zh: "字段“{field}”的内容过长。",
        remedy_zh: "请缩短该字段；需要保留全文的，请放入扩展字段“extension”。",
        message_en: "The text of {field} is too long.",
        remedy_en: "Shorten it, or keep the whole text in extension.",
    },
    Message {
        code: "record.text.nul",
        message_zh: "字段“{field}”含有空字符（U+0000），无法存储。",
        remedy_zh: "请在导出时去除空字符，通常来自定长字段的填充。",
        message_en: "The text of {field} holds the character U+0000, which cannot be stored.",
        remedy_en: "Strip it on export; it usually pads a field of fixed width.",
    },
    Message {
        code: "record.date.malformed",
        message_zh: "字段“{field}”的值“{value}”不是有效日期。",
        remedy_zh: "请按“年-月-日”的格式填写真实存在的日期，例如 2026-03-31。",
        message_en: "The value {value} of {field} is not a day of the calendar.",
        remedy_en: "Write it as YYYY-MM-DD, such as 2026-03-31.",
    },
    Message {
        code: "record.money.malformed",
        message_zh: "字段“{field}”的金额“{value}”不符合要求。",
        remedy_zh: "请填写不带符号、千分位和单位的十进制数，整数不超过 15 位，小数不超过 6 位，例如 12.50。",
        message_en: "The amount {value} of {field} is not well-formed.",
        remedy_en: "Write a plain decimal without sign, separators or currency, at most 15 + 6 digits, such as 12.50.",
    },
    Message {
        code: "record.code.scheme.unknown",
        message_zh: "字段“{field}”的编码类型“{value}”不存在。",
        remedy_zh: "请使用接口说明中列出的编码类型；不能确定的，请留空，由系统识别。",
        message_en: "The scheme {value} of {field} does not exist.",
        remedy_en: "Use a scheme of the contract, or leave it empty and the code is classified.",
    },
    Message {
        code: "record.code.broken",
        message_zh: "字段“{field}”的编码“{value}”不符合其编码类型的规则。",
        remedy_zh: "请对照标签或者证照核对编码；不能确定编码类型的，请留空，由系统识别。",
        message_en: "The code {value} of {field} breaks a rule of its scheme.",
        remedy_en: "Check it against the label or licence, or leave the scheme empty and the code is classified.",
    },
    Message {
        code: "record.code.value.missing",
        message_zh: "字段“{field}”有编码类型或者发码机构，却没有码值。",
        remedy_zh: "请填写码值；没有编码的，请整体去掉该字段。",
        message_en: "The code at {field} has a scheme or an issuer and no value.",
        remedy_en: "Add the value, or leave the whole code out.",
    },
];
