//! Rejected: the submission cannot be read.

use crate::Message;

pub(crate) const READING: &[Message] = &[
    Message {
        code: "record.empty",
        message_zh: "提交内容为空，没有任何记录。",
        remedy_zh: "请检查导出程序是否写出了数据，再重新提交。",
        message_en: "The submission is empty.",
        remedy_en: "Check that your export wrote its data, and submit again.",
    },
    Message {
        code: "record.syntax",
        message_zh: "提交内容不是合格的 JSON 文本：{value}。",
        remedy_zh: "请检查所指行列处的括号、引号、逗号以及是否被截断，建议由程序库生成 JSON，不要手工拼接。",
        message_en: "The submission is not JSON: {value}.",
        remedy_en: "Look at that line and column for a bracket, quote or comma, or a cut; let a library write the JSON.",
    },
    Message {
        code: "record.broken_array",
        message_zh: "数组或者文档从此处起不完整：{value}。此前的各条已分别处理，其余部分作为一次提交被拒绝。",
        remedy_zh: "请从损坏处起重新生成并提交其余记录；已经处理的记录重复提交只计一次。",
        message_en: "The array or document is broken from here on: {value}. What stood before was taken one by one; the rest is refused.",
        remedy_en: "Write the rest anew and submit it; records that were taken already count once however often they come.",
    },
    Message {
        code: "record.trailing",
        message_zh: "记录结束之后还有多余内容：{value}。",
        remedy_zh: "请每次提交一条记录；多条记录的，使用数组或者每行一条的格式。",
        message_en: "Something follows the end of the record: {value}.",
        remedy_en: "Submit one record at a time, or several as an array or one a line.",
    },
    Message {
        code: "record.not_utf8",
        message_zh: "提交内容不是 UTF-8 编码：{value}。",
        remedy_zh: "请将导出编码改为 UTF-8；使用 GBK 或者 GB18030 的系统，请先转换编码。",
        message_en: "The submission is not UTF-8: {value}.",
        remedy_en: "Export as UTF-8; convert first if your system writes GBK or GB18030.",
    },
    Message {
        code: "record.too_deep",
        message_zh: "内容嵌套层数过多，最多 64 层。",
        remedy_zh: "请减少扩展字段“extension”中的嵌套层数。",
        message_en: "Objects and arrays are nested more than 64 levels deep.",
        remedy_en: "Flatten what stands in extension.",
    },
    Message {
        code: "record.not_protobuf",
        message_zh: "提交内容不是 TraceRecord 的 protobuf 编码：{value}。",
        remedy_zh: "请使用公布的 proto 文件生成编码程序；提交 JSON 的，请将 content-type 设为 application/json。",
        message_en: "The submission is not a TraceRecord in protobuf: {value}.",
        remedy_en: "Encode it with the published proto file, or set content-type to application/json if it is JSON.",
    },
    Message {
        code: "record.not_an_object",
        message_zh: "一条记录应当是一个 JSON 对象，收到的是：{value}。",
        remedy_zh: "请用花括号将记录的各字段括起来。",
        message_en: "A record is a JSON object; this is {value}.",
        remedy_en: "Put the record's fields into braces.",
    },
    Message {
        code: "record.too_large",
        message_zh: "单条记录大小为 {value} 字节，超过本节点的上限。",
        remedy_zh: "请减少单条记录的追溯单元或者扩展内容，附件请以网址引用。",
        message_en: "The record has {value} bytes, more than this node takes.",
        remedy_en: "Put fewer units or less extension into one record, and refer to attachments by address.",
    },
    Message {
        code: "record.too_many_pieces",
        message_zh: "一次提交的记录超过 10 万条，超出部分未予接收。",
        remedy_zh: "请将未接收的记录另行分批提交。",
        message_en: "One body holds more than 100,000 records; the rest was not taken.",
        remedy_en: "Submit the rest in further batches.",
    },
    Message {
        code: "record.and_more",
        message_zh: "问题过多，其余 {value} 项不再逐一列出。",
        remedy_zh: "请先改正已列出的问题，再次提交后查看其余各项。",
        message_en: "There is more: {value} further points are not listed.",
        remedy_en: "Mend those that are listed, submit again, and see what is left.",
    },
];
