//! Rejected: the traceability units of a record and their quantities.

use crate::Message;

pub(crate) const UNITS: &[Message] = &[
    Message {
        code: "record.units.missing",
        message_zh: "记录中没有追溯单元“units”。",
        remedy_zh: "请至少填写一个追溯单元及其角色和编码。",
        message_en: "The record has no units.",
        remedy_en: "Name at least one unit with its role and code.",
    },
    Message {
        code: "record.units.too_many",
        message_zh: "一条记录的追溯单元过多（{value} 个），超过本节点的上限。",
        remedy_zh: "请拆分为若干条记录，或者按批次、按包装填写。",
        message_en: "The record has {value} units, more than this node takes.",
        remedy_en: "Split it into several records, or name batches or containers instead of items.",
    },
    Message {
        code: "record.units.role.missing",
        message_zh: "追溯单元没有填写角色（{field}）。",
        remedy_zh: "请填写下列之一：INPUT（投入）、OUTPUT（产出）、OBSERVED（经手）、CONTAINER（包装）、CONTENT（内装物）。",
        message_en: "The unit does not say its role ({field}).",
        remedy_en: "Use one of INPUT, OUTPUT, OBSERVED, CONTAINER, CONTENT.",
    },
    Message {
        code: "record.units.role.unknown",
        message_zh: "追溯单元角色“{value}”不存在（{field}）。",
        remedy_zh: "请填写下列之一：INPUT（投入）、OUTPUT（产出）、OBSERVED（经手）、CONTAINER（包装）、CONTENT（内装物）。",
        message_en: "There is no role {value} ({field}).",
        remedy_en: "Use one of INPUT, OUTPUT, OBSERVED, CONTAINER, CONTENT.",
    },
    Message {
        code: "record.units.granularity.unknown",
        message_zh: "追溯单元粒度“{value}”不存在（{field}）。",
        remedy_zh: "请填写下列之一：ITEM（单品）、BATCH（批次）、CLASS（品种）；不能确定的，请留空。",
        message_en: "There is no granularity {value} ({field}).",
        remedy_en: "Use one of ITEM, BATCH, CLASS, or leave it out.",
    },
    Message {
        code: "record.units.code.missing",
        message_zh: "追溯单元没有编码（{field}）。",
        remedy_zh: "请填写追溯码；没有追溯码的，填写本方的批次号。",
        message_en: "The unit has no code ({field}).",
        remedy_en: "Give its trace code, or your own batch number where it has none.",
    },
    Message {
        code: "record.units.quantity.missing",
        message_zh: "填写了计量单位，却没有数量（{field}）。",
        remedy_zh: "请补充数量；没有数量的，请去掉计量单位。",
        message_en: "There is a unit of measure and no quantity ({field}).",
        remedy_en: "Add the value, or leave the unit of measure out.",
    },
    Message {
        code: "record.units.quantity.malformed",
        message_zh: "数量“{value}”不符合要求（{field}）。",
        remedy_zh: "请填写不带符号、千分位、单位和指数的十进制数，例如 12.5；单位另填。",
        message_en: "The quantity {value} is not a plain decimal ({field}).",
        remedy_en: "Write it without sign, separators, exponent or unit, such as 12.5; the unit has its own field.",
    },
    Message {
        code: "record.units.quantity.negative",
        message_zh: "数量“{value}”为负数（{field}）。",
        remedy_zh: "退货请使用类别 RETURN，冲减请提交更正后的修订，数量一律不得为负。",
        message_en: "The quantity {value} is negative ({field}).",
        remedy_en: "Use the class RETURN for goods that come back and a revision for a correction; quantities are never negative.",
    },
    Message {
        code: "record.units.quantity.digits",
        message_zh: "数量“{value}”的位数过多（{field}）。",
        remedy_zh: "整数不得超过 15 位，小数不得超过 6 位；请换用较大的计量单位或者四舍五入。",
        message_en: "The quantity {value} has too many digits ({field}).",
        remedy_en: "At most 15 digits before the point and 6 after it: choose a larger unit of measure, or round.",
    },
];
