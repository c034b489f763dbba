//! Rules for codes of GS1: trade items, logistic units, locations, and the EPC and Digital Link forms of them.

use crate::Message;

pub(crate) const GS1: &[Message] = &[
    Message {
        code: "code.gtin.digits",
        message_zh: "商品条码（GTIN）应为 8、12、13 或 14 位数字，“{value}”不符（{field}）。",
        remedy_zh: "请重新扫描商品条码，不要手工补位。",
        message_en: "A GTIN has 8, 12, 13 or 14 digits; {value} has not ({field}).",
        remedy_en: "Scan the bar code again; do not pad it by hand.",
    },
    Message {
        code: "code.gtin.check",
        message_zh: "商品条码（GTIN）“{value}”的校验位不正确（{field}）。",
        remedy_zh: "请重新扫描商品条码；手工录入的，请逐位核对。",
        message_en: "The check digit of the GTIN {value} is wrong ({field}).",
        remedy_en: "Scan the bar code again, or compare it digit by digit.",
    },
    Message {
        code: "code.gtin.serial",
        message_zh: "商品序列号超过 20 个字符，或者含有 GS1 不允许的字符（{field}）。",
        remedy_zh: "请只使用 GS1 规定的字母、数字和标点，最多 20 个字符。",
        message_en: "The serial number is longer than 20 characters or holds one that GS1 does not allow ({field}).",
        remedy_en: "Use at most 20 of the letters, digits and punctuation of GS1.",
    },
    Message {
        code: "code.gs1.batch",
        message_zh: "批号超过 20 个字符，或者含有 GS1 不允许的字符（{field}）。",
        remedy_zh: "请只使用 GS1 规定的字母、数字和标点，最多 20 个字符；含汉字的批号请写入记录的“batch”字段。",
        message_en: "The lot is longer than 20 characters or holds one that GS1 does not allow ({field}).",
        remedy_en: "Use at most 20 of the letters, digits and punctuation of GS1; write any other batch into the record's field batch.",
    },
    Message {
        code: "code.sscc.digits",
        message_zh: "物流单元代码（SSCC）应为 18 位数字，“{value}”不符（{field}）。",
        remedy_zh: "请重新扫描物流标签；EPC 形式的，厂商代码与序列代码合计应为 17 位。",
        message_en: "An SSCC has 18 digits; {value} has not ({field}).",
        remedy_en: "Scan the logistic label again; in an EPC, company prefix and serial have 17 digits together.",
    },
    Message {
        code: "code.sscc.check",
        message_zh: "物流单元代码（SSCC）“{value}”的校验位不正确（{field}）。",
        remedy_zh: "请重新扫描物流标签；手工录入的，请逐位核对。",
        message_en: "The check digit of the SSCC {value} is wrong ({field}).",
        remedy_en: "Scan the logistic label again, or compare it digit by digit.",
    },
    Message {
        code: "code.gln.digits",
        message_zh: "全球位置码（GLN）应为 13 位数字，“{value}”不符（{field}）。",
        remedy_zh: "请核对位置码登记信息。",
        message_en: "A GLN has 13 digits; {value} has not ({field}).",
        remedy_en: "Check it against the registration of the location.",
    },
    Message {
        code: "code.gln.check",
        message_zh: "全球位置码（GLN）“{value}”的校验位不正确（{field}）。",
        remedy_zh: "请对照位置码登记信息逐位核对。",
        message_en: "The check digit of the GLN {value} is wrong ({field}).",
        remedy_en: "Compare it with the registration of the location digit by digit.",
    },
    Message {
        code: "code.gln.extension",
        message_zh: "位置码的扩展部分超过 20 个字符，或者含有 GS1 不允许的字符（{field}）。",
        remedy_zh: "请只使用 GS1 规定的字母、数字和标点，最多 20 个字符。",
        message_en: "The extension of the GLN is longer than 20 characters or holds one that GS1 does not allow ({field}).",
        remedy_en: "Use at most 20 of the letters, digits and punctuation of GS1.",
    },
    Message {
        code: "code.gs1.zero",
        message_zh: "“{value}”全部为 0，不是真实编码（{field}）。",
        remedy_zh: "没有编码的，请去掉该字段，不要以 0 填充。",
        message_en: "{value} is nothing but zeros and no real code ({field}).",
        remedy_en: "Leave the code out where there is none; do not fill it with zeros.",
    },
    Message {
        code: "code.gs1.link",
        message_zh: "GS1 数字链接“{value}”的路径编码有误（{field}）。",
        remedy_zh: "请检查其中的百分号转义是否完整，建议直接使用扫描所得的网址。",
        message_en: "The path of the GS1 Digital Link {value} is broken ({field}).",
        remedy_en: "Look for an incomplete percent escape; use the address as it was scanned.",
    },
    Message {
        code: "code.epc.form",
        message_zh: "“{value}”不是合格的 EPC 标识，按普通 URI 处理（{field}）。",
        remedy_zh: "请按 GS1 EPC 标签数据标准检查厂商代码与项目代码的位数，否则该单元不能与其他写法的同一编码相衔接。",
        message_en: "{value} is not a well-formed EPC and counts as a plain URI ({field}).",
        remedy_en: "Check the digits of company prefix and item against the EPC Tag Data Standard; as it is, the unit does not meet other spellings of the same code.",
    },
];
