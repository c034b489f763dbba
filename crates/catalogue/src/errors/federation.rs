//! Links between nodes.

use crate::Message;

pub(crate) const FEDERATION: &[Message] = &[
    Message {
        code: "error.node.id_invalid",
        message_zh: "节点编号“{value}”不符合要求。",
        remedy_zh: "请使用 2 至 39 个小写字母、数字或者连字符，以字母或者数字开头，且不含部门名称。",
        message_en: "The node id {value} is not well-formed.",
        remedy_en: "Use 2 to 39 lower-case letters, digits and hyphens, beginning with a letter or digit, and no department's name.",
    },
    Message {
        code: "error.link.parent_exists",
        message_zh: "本节点已经接入上级节点“{parent}”。",
        remedy_zh: "需要更换上级的，请先断开现有连接。",
        message_en: "This node has the parent {parent} already.",
        remedy_en: "Leave it first, if the parent is to change.",
    },
    Message {
        code: "error.link.invitation_invalid",
        message_zh: "邀请码无效：已经使用过、已过七日有效期，或者并非发给本节点。",
        remedy_zh: "请核对邀请码是否完整；仍然无效的，请上级节点重新邀请。",
        message_en: "The invitation is not valid: used already, older than seven days, or made for another node.",
        remedy_en: "Check that the code is complete; if it is, ask the parent for a new invitation.",
    },
    Message {
        code: "error.link.fingerprint",
        message_zh: "“{url}”出示的证书与邀请码中的指纹不符，未建立连接。",
        remedy_zh: "请核对上级地址；地址无误的，可能有人冒充上级，请当面核实。",
        message_en: "The certificate shown at {url} does not have the fingerprint of the invitation; no link was made.",
        remedy_en: "Check the parent's address; if it is right, somebody may pose as the parent: verify in person.",
    },
    Message {
        code: "error.link.unreachable",
        message_zh: "无法连接上级节点“{url}”：{detail}。",
        remedy_zh: "请检查地址、网络和防火墙；本节点的接收不受影响，恢复后自动补传。",
        message_en: "The parent at {url} cannot be reached: {detail}.",
        remedy_en: "Check the address, the network and the firewall; intake goes on, and the rest is sent once it is back.",
    },
    Message {
        code: "error.link.child_unknown",
        message_zh: "没有名为“{id}”的下级节点。",
        remedy_zh: "请在连接状态中核对下级节点编号。",
        message_en: "There is no child node {id}.",
        remedy_en: "See the list of links for the ids of the children.",
    },
    Message {
        code: "error.link.child_taken",
        message_zh: "下级节点“{id}”已经接入或者已受邀请。",
        remedy_zh: "请在连接状态中查看；需要重新接入的，请先撤销原有连接。",
        message_en: "The child node {id} is linked or invited already.",
        remedy_en: "See the list of links; to enrol it anew, revoke the old link first.",
    },
    Message {
        code: "error.link.not_quarantined",
        message_zh: "节点“{id}”未被隔离，无须重新同步。",
        remedy_zh: "请在连接状态中确认需要处理的节点。",
        message_en: "The node {id} is not quarantined; there is nothing to approve.",
        remedy_en: "See the list of links for the node that needs it.",
    },
    Message {
        code: "error.link.quarantined",
        message_zh: "节点“{id}”因历史不一致已被隔离：{detail}。",
        remedy_zh: "请查明原因，由系统管理员批准重新同步。",
        message_en: "The node {id} is quarantined because its history does not agree: {detail}.",
        remedy_en: "Find out why, and have the system administrator approve a resync.",
    },
    Message {
        code: "error.link.version",
        message_zh: "对方节点的软件版本 {version} 与本节点相差过大，不能互通。",
        remedy_zh: "请将版本较旧的一方升级到相邻版本。",
        message_en: "The other node runs version {version}, which is too far from this one's.",
        remedy_en: "Upgrade the older side until the two are neighbours.",
    },
    Message {
        code: "error.link.purpose",
        message_zh: "与节点“{id}”的连接不包含“{purpose}”用途。",
        remedy_zh: "需要使用的，请由上级节点在连接设置中增加该用途。",
        message_en: "The link with {id} is not meant for {purpose}.",
        remedy_en: "Where it is needed, have the parent add this purpose to the link.",
    },
    Message {
        code: "error.link.too_many_questions",
        message_zh: "节点“{id}”的查询过于频繁，本次未予答复。",
        remedy_zh: "请稍后重试；需要提高限额的，请联系对方节点。",
        message_en: "The node {id} asks too often; this question was not answered.",
        remedy_en: "Try again later, or have the other node raise the limit.",
    },
];
