//! What a chain lacks: `missing.*`, one message for each kind of gap that a walk's verdict names.

use crate::Message;

pub(crate) const VERDICTS: &[Message] = &[
    Message {
        code: "missing.no_origin",
        message_zh: "“{unit}”的来源没有记录；最后一条记录所载的来源为“{detail}”。",
        remedy_zh: "请向该来源补录其产出或者进口的记录，或者核实记录中填写的来源。",
        message_en: "Nothing records where {unit} comes from; the last record names {detail} as its source.",
        remedy_en: "Have that source submit its record of production or import, or verify the source that was named.",
    },
    Message {
        code: "missing.no_origin.unnamed",
        message_zh: "“{unit}”的来源没有记录。",
        remedy_zh: "请向销售者或者当地监管部门询问，其能够查到记录中填写的来源。",
        message_en: "Nothing records where {unit} comes from.",
        remedy_en: "Ask the seller or the local authority, who can see which source the last record names.",
    },
    Message {
        code: "missing.node_silent",
        message_zh: "节点“{node}”没有答复（最后联系：{when}），其掌握的环节未列入。",
        remedy_zh: "请在连接状态中查看该节点，恢复后重新查询。",
        message_en: "The node {node} did not answer (last heard of: {when}); what it knows is not shown.",
        remedy_en: "See the node under links, and ask again once it is back.",
    },
    Message {
        code: "missing.node_closed",
        message_zh: "节点“{node}”不在可以查询的范围之内，其掌握的环节未列入：{detail}。",
        remedy_zh: "确需查询的，请通过共同的上级节点办理。",
        message_en: "The node {node} may not be asked from here; what it knows is not shown: {detail}.",
        remedy_en: "Where it is needed, go through the parent that both nodes have.",
    },
    Message {
        code: "missing.limit",
        message_zh: "查询达到上限而中止（{detail}），其后的环节未列入。",
        remedy_zh: "请缩小查询的方向或者层数，或者从链条中靠后的单元继续查询。",
        message_en: "The walk reached a limit and stopped ({detail}); what lies further is not shown.",
        remedy_en: "Ask for one direction or fewer hops, or go on from a unit further along the chain.",
    },
    Message {
        code: "missing.unknown_code",
        message_zh: "没有任何记录提到编码“{detail}”，结果不含该编码。",
        remedy_zh: "请核对该编码的书写；没有全国统一编码的，请写明编码的发出者。",
        message_en: "No record mentions the code {detail}: it is not in the answer.",
        remedy_en: "Check how the code is written; where it is not unique by itself, name its issuer too.",
    },
    Message {
        code: "missing.here_only",
        message_zh: "主体或者地点“{detail}”的到货只查了本节点的记录，其他节点的未列入。",
        remedy_zh: "请向该主体索取票证，按追溯码补充病例，或者在其所在地的节点查询。",
        message_en: "What came to {detail} was looked for in the records of this node alone; those of other nodes are not in the answer.",
        remedy_en: "Name cases by the trace codes on the receipts, or ask at the node where that is.",
    },
    Message {
        code: "missing.collision",
        message_zh: "“{unit}”的索引值与另一个编码相同，不属于本链条的记录已经剔除：{detail}。",
        remedy_zh: "结果不受影响，无须处理；该情形十分罕见，请告知本节点运行维护人员备查。",
        message_en: "The index key of {unit} is that of another code too; records that do not belong here were dropped: {detail}.",
        remedy_en: "The answer is right as it stands; the case is rare, so tell whoever runs this node.",
    },
];
