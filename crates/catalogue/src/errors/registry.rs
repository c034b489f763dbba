//! Areas, providers, subjects.

use crate::Message;

pub(crate) const REGISTRY: &[Message] = &[
    Message {
        code: "error.area.unknown",
        message_zh: "区域“{id}”未在本节点登记。",
        remedy_zh: "请核对区域代码；确为新设区域的，请由系统管理员先行添加。",
        message_en: "The area {id} is not registered at this node.",
        remedy_en: "Check its code; if the area is new, have the system administrator add it first.",
    },
    Message {
        code: "error.area.taken",
        message_zh: "区域代码“{id}”已被使用。区域代码一经使用，不再改作他用。",
        remedy_zh: "请使用已有区域，或者换用新的代码。",
        message_en: "The area id {id} is taken, and an id is never reused.",
        remedy_en: "Use the existing area, or choose another id.",
    },
    Message {
        code: "error.area.id_invalid",
        message_zh: "区域代码“{value}”不符合要求。",
        remedy_zh: "请使用 GB/T 2260 的 6、9 或 12 位数字代码，或者由小写字母、数字和连字符组成的本地代码，最长 32 个字符。",
        message_en: "The area id {value} is not well-formed.",
        remedy_en: "Use a GB/T 2260 code of 6, 9 or 12 digits, or a local id of lower-case letters, digits and hyphens, 32 characters at most.",
    },
    Message {
        code: "error.area.parent_unknown",
        message_zh: "上级区域“{value}”未在本节点登记。",
        remedy_zh: "请先添加上级区域，或者改为已登记的区域。",
        message_en: "The parent area {value} is not registered at this node.",
        remedy_en: "Add the parent first, or name one that is registered.",
    },
    Message {
        code: "error.provider.unknown",
        message_zh: "提供方“{id}”未在本节点登记。",
        remedy_zh: "请核对提供方编号；尚未登记的，请由系统管理员先行登记。",
        message_en: "The provider {id} is not registered at this node.",
        remedy_en: "Check the id; if it is new, have the system administrator register it first.",
    },
    Message {
        code: "error.provider.taken",
        message_zh: "提供方编号“{id}”已被使用。",
        remedy_zh: "请换用新的编号；需要更换令牌的，请使用“更换令牌”功能。",
        message_en: "The provider id {id} is taken.",
        remedy_en: "Choose another id; for a new token, rotate the existing provider's.",
    },
    Message {
        code: "error.provider.id_invalid",
        message_zh: "提供方编号“{value}”不符合要求。",
        remedy_zh: "请使用 2 至 39 个小写字母、数字或者连字符，并以字母或者数字开头。",
        message_en: "The provider id {value} is not well-formed.",
        remedy_en: "Use 2 to 39 lower-case letters, digits and hyphens, beginning with a letter or digit.",
    },
    Message {
        code: "error.provider.suspended",
        message_zh: "提供方“{id}”已被暂停，其提交暂不接收。",
        remedy_zh: "请联系本节点系统管理员了解暂停原因，恢复后重新提交。",
        message_en: "The provider {id} is suspended; its submissions are not taken.",
        remedy_en: "Ask this node's system administrator why, and submit again once it is active.",
    },
    Message {
        code: "error.subject.unknown",
        message_zh: "追溯主体“{id}”未在本节点登记。",
        remedy_zh: "请核对主体编号；尚未登记的，请先行登记。",
        message_en: "The subject {id} is not registered at this node.",
        remedy_en: "Check the id; if it is new, register it first.",
    },
    Message {
        code: "error.subject.kind_invalid",
        message_zh: "主体类型“{value}”不存在。",
        remedy_zh: "请填写下列之一：establishment（节点）、operator（经营者）、natural_person（自然人）。",
        message_en: "There is no kind of subject called {value}.",
        remedy_en: "Use one of: establishment, operator, natural_person.",
    },
    Message {
        code: "error.subject.transition",
        message_zh: "追溯主体当前状态为“{from}”，不能变更为“{to}”。",
        remedy_zh: "从当前状态可以变更为：{allowed}。",
        message_en: "The subject is {from} and cannot become {to}.",
        remedy_en: "From here it can become: {allowed}.",
    },
    Message {
        code: "error.category.unknown",
        message_zh: "品类“{value}”不在本节点的业务范围之内。",
        remedy_zh: "请填写下列之一：{allowed}。",
        message_en: "This node does not deal with the category {value}.",
        remedy_en: "Use one of: {allowed}.",
    },
    Message {
        code: "error.module.off",
        message_zh: "本节点未对品类“{category}”启用“{module}”模块。",
        remedy_zh: "需要使用的，请由系统管理员启用该模块。",
        message_en: "The module {module} is switched off at this node for the category {category}.",
        remedy_en: "Have the system administrator switch it on where it is needed.",
    },
];
