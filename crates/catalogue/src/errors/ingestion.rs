//! Submissions, receipts, dead letters, and the chain around a code.

use crate::Message;

pub(crate) const INGESTION: &[Message] = &[
    Message {
        code: "error.submission.nothing",
        message_zh: "正文中没有可以识别的记录，未接收任何内容。",
        remedy_zh: "请提交一条 JSON 记录、记录数组，或者每行一条记录的文本，并核对 Content-Type。",
        message_en: "Nothing in the body could be taken for a record; nothing was taken.",
        remedy_en: "Send one JSON record, an array of records, or one record a line, and check Content-Type.",
    },
    Message {
        code: "error.submission.provider_missing",
        message_zh: "未指明提交属于哪个提供方。",
        remedy_zh: "请使用提供方自己的令牌提交，或者由系统管理员在字段“provider”中指明。",
        message_en: "Nothing says which provider the submission belongs to.",
        remedy_en: "Submit with the provider's own token, or have the system administrator name it in the field provider.",
    },
    Message {
        code: "error.intake.unwritable",
        message_zh: "日志暂时无法写入，本次提交未被接收。",
        remedy_zh: "请保留原始数据，稍后原样重新提交；重复提交的内容只计一次。",
        message_en: "The journal cannot be written at present; nothing of this submission was taken.",
        remedy_en: "Keep the data and send the same again in a while; what is sent twice counts once.",
    },
    Message {
        code: "error.intake.busy",
        message_zh: "等待处理的提交已达上限，本次提交未被接收。",
        remedy_zh: "请稍后原样重新提交，并在收到回执之后再提交下一批。",
        message_en: "Too many submissions are waiting; nothing of this one was taken.",
        remedy_en: "Send the same again in a while, and wait for receipts before the next batch.",
    },
    Message {
        code: "error.intake.stopped",
        message_zh: "本节点的接收服务正在停止或者重新启动，本次提交未被接收。",
        remedy_zh: "请稍后原样重新提交；重复提交的内容只计一次。",
        message_en: "This node's intake is stopping or starting again; nothing of this submission was taken.",
        remedy_en: "Send the same again in a while; what is sent twice counts once.",
    },
    Message {
        code: "error.intake.quarantined",
        message_zh: "本节点的历史与上级所存不一致，暂停接收：{detail}。",
        remedy_zh: "请联系本节点运行维护人员：经上级批准重新同步之后恢复接收。",
        message_en: "This node's history does not agree with what its parent holds; it takes nothing: {detail}.",
        remedy_en: "Tell whoever runs this node: intake goes on after a resync that the parent has approved.",
    },
    Message {
        code: "error.receipt.unknown",
        message_zh: "没有编号为“{id}”的回执，或者当前身份无权查看。",
        remedy_zh: "请核对回执编号；提供方只能查询本方的回执。",
        message_en: "There is no receipt {id}, or you may not see it.",
        remedy_en: "Check its id; a provider sees its own receipts alone.",
    },
    Message {
        code: "error.receipt.id_invalid",
        message_zh: "“{value}”不是回执编号。",
        remedy_zh: "回执编号的形式为“节点.服务/世代/序号”，例如 xiamen.ingestion/1/42。",
        message_en: "{value} is not the id of a receipt.",
        remedy_en: "A receipt's id is NODE.SERVICE/EPOCH/SEQ, such as xiamen.ingestion/1/42.",
    },
    Message {
        code: "error.receipt.body_gone",
        message_zh: "回执“{id}”的原始内容已按照保存期限或者删除要求清除，仅保留校验值。",
        remedy_zh: "需要原始内容的，请向提交该记录的提供方索取，并与回执中的校验值核对。",
        message_en: "The original of {id} was removed when its time was over or by order; its hash remains.",
        remedy_en: "Ask the provider that submitted it, and compare with the hash on the receipt.",
    },
    Message {
        code: "error.dead_letter.unknown",
        message_zh: "没有编号为“{id}”的被拒提交，或者当前身份无权查看。",
        remedy_zh: "请核对编号；只有被拒绝的提交才在此列。",
        message_en: "There is no rejected submission {id}, or you may not see it.",
        remedy_en: "Check its id; only rejected submissions are listed here.",
    },
    Message {
        code: "error.dead_letter.redriven",
        message_zh: "被拒提交“{id}”已经重新提交过，结果见回执“{receipt}”。",
        remedy_zh: "请查看该回执；仍被拒绝的，请对新的被拒提交重新提交。",
        message_en: "The rejected submission {id} was redriven already; see the receipt {receipt}.",
        remedy_en: "Look at that receipt; if it was rejected again, redrive the new one.",
    },
    Message {
        code: "error.trace.code_unknown",
        message_zh: "没有查到与“{code}”有关的追溯记录。",
        remedy_zh: "请核对追溯码是否完整；刚刚提交的记录，请稍后再查。",
        message_en: "No trace record mentions {code}.",
        remedy_en: "Check that the code is complete; if the record was only just submitted, try again in a moment.",
    },
    Message {
        code: "error.trace.code_invalid",
        message_zh: "“{value}”不能作为追溯码查询。",
        remedy_zh: "请输入追溯码、EPC 标识、GS1 数字链接，或者“类型:发码机构/码值#批次”的完整形式。",
        message_en: "{value} cannot be looked up as a code.",
        remedy_en: "Enter a trace code, an EPC URN, a GS1 Digital Link, or the full form SCHEME:ISSUER/VALUE#BATCH.",
    },
];
