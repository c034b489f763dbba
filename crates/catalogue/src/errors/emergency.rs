//! Incidents and orders.

use crate::Message;

pub(crate) const EMERGENCY: &[Message] = &[
    Message {
        code: "error.incident.unknown",
        message_zh: "没有编号为“{id}”的事件，或者您无权查看。",
        remedy_zh: "请在事件列表中核对编号。",
        message_en: "There is no incident {id}, or you may not see it.",
        remedy_en: "Check its id in the list of incidents.",
    },
    Message {
        code: "error.incident.closed",
        message_zh: "事件“{id}”已经结案。",
        remedy_zh: "出现新情况的，请另立事件。",
        message_en: "The incident {id} is closed.",
        remedy_en: "Where something new has come up, open another one.",
    },
    Message {
        code: "error.incident.unfinished",
        message_zh: "事件“{id}”尚不能结案，缺少：{missing}。",
        remedy_zh: "final report 表示终报，closed orders 表示全部指令办结；请完成后再结案。",
        message_en: "The incident {id} cannot be closed yet: it lacks {missing}.",
        remedy_en: "File its final report and close its orders first.",
    },
    Message {
        code: "error.emergency.elsewhere",
        message_zh: "“{id}”属于节点“{node}”，本节点不能变更。",
        remedy_zh: "请联系该节点办理；需要由本节点处置的，请另立事件或者另行起草指令。",
        message_en: "{id} belongs to the node {node} and cannot be changed here.",
        remedy_en: "Turn to that node; to act from here, open an incident or draft an order of your own.",
    },
    Message {
        code: "error.order.unknown",
        message_zh: "没有编号为“{id}”的指令，或者您无权查看。",
        remedy_zh: "请在指令列表中核对编号。",
        message_en: "There is no order {id}, or you may not see it.",
        remedy_en: "Check its id in the list of orders.",
    },
    Message {
        code: "error.order.state",
        message_zh: "指令“{id}”当前状态为“{state}”，不能如此办理。",
        remedy_zh: "请刷新后按指令的当前状态办理。",
        message_en: "The order {id} is {state}; this cannot be done to it now.",
        remedy_en: "Look at it again, and do what its state allows.",
    },
    Message {
        code: "error.order.same_person",
        message_zh: "指令“{id}”的前一环节（{did}）由“{name}”办理，本环节须由他人办理。",
        remedy_zh: "起草、审核、签发须由三人分别办理，请由其他有权限的人员办理。",
        message_en: "{name} has {did} the order {id}; this step is another person's.",
        remedy_en: "Draft, review and signature are of three different people: ask somebody else who may.",
    },
    Message {
        code: "error.order.number_taken",
        message_zh: "文号“{number}”已经使用。文号一经使用，不再重复。",
        remedy_zh: "请换用新的文号，或者留空由系统编号。",
        message_en: "The document number {number} is taken, and a number is never reused.",
        remedy_en: "Choose another one, or leave it to the node's own series.",
    },
    Message {
        code: "error.order.establishment_unknown",
        message_zh: "指令“{order}”在本节点的名单中没有“{establishment}”。",
        remedy_zh: "请对照指令的主体名单核对；属于下级节点的，由该节点办理。",
        message_en: "The order {order} has nobody called {establishment} among this node's establishments.",
        remedy_en: "Check the list of the order; those of a node below are that node's.",
    },
    Message {
        code: "error.order.not_theirs",
        message_zh: "“{name}”无权代表“{establishment}”答复。",
        remedy_zh: "请由为该主体报送数据的提供方答复，或者由经办人员代为登记。",
        message_en: "{name} does not answer for {establishment}.",
        remedy_en: "Its own provider may, or an official on its behalf.",
    },
    Message {
        code: "error.order.waiting",
        message_zh: "指令“{order}”尚有 {count} 个单位未确认，例如：{some}。",
        remedy_zh: "请先取得确认；确需办结的，请写明理由。",
        message_en: "{count} have not acknowledged the order {order} yet, such as {some}.",
        remedy_en: "Reach them first, or say why the order ends all the same.",
    },
    Message {
        code: "error.order.nothing_known",
        message_zh: "没有任何记录涉及该事件的追溯码，指令没有可以送达的对象。",
        remedy_zh: "请核对事件的追溯码。",
        message_en: "No record names the codes of this incident, so that the order would reach nobody.",
        remedy_en: "Check the codes of the incident.",
    },
];
