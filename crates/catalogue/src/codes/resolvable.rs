//! Rules for identifiers that a resolver answers for: Ecode, Handle, OID, addresses.

use crate::Message;

pub(crate) const RESOLVABLE: &[Message] = &[
    Message {
        code: "code.ecode.form",
        message_zh: "“{value}”不是 Ecode 编码（{field}）。",
        remedy_zh: "Ecode 由版本、编码体系标识和主码组成（GB/T 31866），请核对标签。",
        message_en: "{value} is not an Ecode ({field}).",
        remedy_en: "An Ecode is a version, a numbering system and a main code (GB/T 31866); check the label.",
    },
    Message {
        code: "code.handle.form",
        message_zh: "“{value}”不是 Handle 标识（{field}）。",
        remedy_zh: "Handle 由以点分隔的数字前缀、斜线和后缀组成，例如 86.1000.1/abc。",
        message_en: "{value} is not a Handle ({field}).",
        remedy_en: "A Handle is a prefix of dotted digits, a slash and a suffix, such as 86.1000.1/abc.",
    },
    Message {
        code: "code.oid.form",
        message_zh: "“{value}”不是 OID 标识（{field}）。",
        remedy_zh: "OID 由以点分隔的数字组成，首位为 0、1 或 2，例如 1.2.156.1000.1。",
        message_en: "{value} is not an object identifier ({field}).",
        remedy_en: "It is digits separated by dots, the first 0, 1 or 2, such as 1.2.156.1000.1.",
    },
    Message {
        code: "code.oid.arc",
        message_zh: "OID“{value}”不在中国的分支 1.2.156 之下（{field}）。",
        remedy_zh: "请核对前几位数字；确为境外标识的，无须修改。",
        message_en: "The object identifier {value} is not under 1.2.156, the arc of China ({field}).",
        remedy_en: "Check its first digits; leave it if it is meant to be foreign.",
    },
    Message {
        code: "code.uri.form",
        message_zh: "“{value}”不是合格的 URI（{field}）。",
        remedy_zh: "请检查是否缺少“类型:”前缀，或者含有空格。",
        message_en: "{value} is not a URI ({field}).",
        remedy_en: "Look for a scheme and colon at its beginning, and for spaces.",
    },
    Message {
        code: "code.url.form",
        message_zh: "“{value}”不是合格的网址（{field}）。",
        remedy_zh: "请填写以 http:// 或者 https:// 开头、不含空格的完整网址。",
        message_en: "{value} is not a web address ({field}).",
        remedy_en: "Give the whole address, beginning with http:// or https:// and without spaces.",
    },
];
