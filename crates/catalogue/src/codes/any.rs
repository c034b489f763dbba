//! Rules for codes of every scheme.

use crate::Message;

pub(crate) const ANY: &[Message] = &[
    Message {
        code: "code.scheme.unknown",
        message_zh: "“{value}”中的编码类型不存在（{field}）。",
        remedy_zh: "请按“类型:发码机构/码值#批次”的形式填写，并使用接口说明中列出的编码类型。",
        message_en: "The scheme of {value} does not exist ({field}).",
        remedy_en: "Write SCHEME:ISSUER/VALUE#BATCH with a scheme of the contract.",
    },
    Message {
        code: "code.scheme.other",
        message_zh: "编码“{value}”属于另一种类型，与填写的编码类型不符（{field}）。",
        remedy_zh: "请改正编码类型，或者留空由系统识别。",
        message_en: "The code {value} is of another scheme than the one that was named ({field}).",
        remedy_en: "Correct the scheme, or leave it empty and the code is classified.",
    },
    Message {
        code: "code.issuer.text",
        message_zh: "发码机构过长，或者含有控制字符（{field}）。",
        remedy_zh: "请填写发码机构的统一社会信用代码，去除换行、制表等不可见字符。",
        message_en: "The issuer is too long or holds a control character ({field}).",
        remedy_en: "Use the issuer's unified social credit code, without line breaks or tabs.",
    },
    Message {
        code: "code.value.empty",
        message_zh: "码值为空（{field}）。",
        remedy_zh: "请填写码值；没有编码的，请整体去掉该字段。",
        message_en: "The code's value is empty ({field}).",
        remedy_en: "Fill it in, or leave the whole code out.",
    },
    Message {
        code: "code.value.text",
        message_zh: "码值过长，或者含有控制字符（{field}）。",
        remedy_zh: "请核对是否误将其他内容写入码值，并去除换行、制表等不可见字符。",
        message_en: "The code's value is too long or holds a control character ({field}).",
        remedy_en: "Check that nothing else got into it, and remove line breaks and tabs.",
    },
    Message {
        code: "code.batch.text",
        message_zh: "批次号过长，或者含有控制字符，未予采用（{field}）。",
        remedy_zh: "请缩短批次号，并去除换行、制表等不可见字符。",
        message_en: "The batch is too long or holds a control character, and was left out ({field}).",
        remedy_en: "Shorten it, and remove line breaks and tabs.",
    },
    Message {
        code: "code.batch.conflict",
        message_zh: "编码中所含批次与记录填写的批次不一致，以编码为准（{field}）。",
        remedy_zh: "请核对货物标签，改正其中一处。",
        message_en: "The code names another batch than the record; that of the code was taken ({field}).",
        remedy_en: "Check the label and correct one of the two.",
    },
    Message {
        code: "code.spelling.normalised",
        message_zh: "编码“{value}”中的全角字符、不间断空格或者零宽字符已按半角处理（{field}）。",
        remedy_zh: "请在源系统中以半角录入编码，避免从文档中复制。",
        message_en: "Full-width, no-break or zero-width characters in {value} were replaced ({field}).",
        remedy_en: "Enter codes in plain characters at their source; do not copy them out of documents.",
    },
    Message {
        code: "code.opaque.personal",
        message_zh: "编码中疑似含有个人证件号码，已作遮盖处理（{field}）。",
        remedy_zh: "请勿以个人证件号码作为追溯码或者批次号，请改用不含个人信息的编号。",
        message_en: "The code seems to hold a person's number, which was masked ({field}).",
        remedy_en: "Never use a person's number as a trace code or batch; choose one that says nothing about a person.",
    },
];
