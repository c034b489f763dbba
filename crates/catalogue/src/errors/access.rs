//! Who is calling, and what that caller may not do.

use crate::Message;

pub(crate) const ACCESS: &[Message] = &[
    Message {
        code: "error.access.sign_in_needed",
        message_zh: "该操作需要登录，并须具有下列身份之一：{needs}。",
        remedy_zh: "请登录，或者在请求头 Authorization 中以 Bearer 方式附上访问令牌。",
        message_en: "This call needs a caller that is signed in as one of: {needs}.",
        remedy_en: "Sign in, or send a token in the header Authorization: Bearer.",
    },
    Message {
        code: "error.access.role_needed",
        message_zh: "“{name}”不具有该操作所需的任何一种身份：{needs}。",
        remedy_zh: "请换用具有相应身份的账号或者令牌，或者向安全管理员申请授权。",
        message_en: "{name} has none of the roles that this call needs: {needs}.",
        remedy_en: "Use an account or token with such a role, or ask the security administrator for it.",
    },
    Message {
        code: "error.access.nobody",
        message_zh: "该操作未声明访问规则，不对任何人开放。",
        remedy_zh: "请将所调用的接口名称告知本节点运行维护人员。",
        message_en: "This call declares no access rule and is open to nobody.",
        remedy_en: "Tell whoever runs this node which call it was.",
    },
    Message {
        code: "error.access.token_invalid",
        message_zh: "访问令牌无法识别，或者已经作废。",
        remedy_zh: "请核对令牌是否完整；令牌遗失或者作废的，请由系统管理员重新签发。",
        message_en: "The token is not known, or no longer valid.",
        remedy_en: "Check that the token is complete; if it is lost or replaced, have the system administrator issue a new one.",
    },
    Message {
        code: "error.access.token_expired",
        message_zh: "访问令牌已过有效期。",
        remedy_zh: "请重新登录或者重新取得令牌；反复出现的，请检查两台机器的时钟是否一致。",
        message_en: "The token has expired.",
        remedy_en: "Sign in again or get a new token; if it keeps happening, compare the clocks of the two machines.",
    },
    Message {
        code: "error.access.certificate_unknown",
        message_zh: "客户端证书不是由本节点认可的机构签发，或者不含节点身份。",
        remedy_zh: "请使用建立连接时上级签发的证书；证书过期的，请重新加入。",
        message_en: "The client certificate was not issued by an authority that this node knows, or names no node.",
        remedy_en: "Use the certificate that the parent issued on joining; if it has expired, join again.",
    },
    Message {
        code: "error.access.area",
        message_zh: "区域“{area}”不在当前身份的权限范围之内。",
        remedy_zh: "请在权限范围内的区域中查询或者办理；需要扩大范围的，请向安全管理员申请。",
        message_en: "The area {area} lies outside your scope.",
        remedy_en: "Stay within your areas, or ask the security administrator to widen them.",
    },
    Message {
        code: "error.access.category",
        message_zh: "品类“{category}”不在当前身份的权限范围之内。",
        remedy_zh: "请在权限范围内的品类中查询或者办理；需要扩大范围的，请向安全管理员申请。",
        message_en: "The category {category} lies outside your scope.",
        remedy_en: "Stay within your categories, or ask the security administrator to widen them.",
    },
    Message {
        code: "error.access.other_provider",
        message_zh: "提供方只能查看和办理本方的记录，不能涉及提供方“{provider}”。",
        remedy_zh: "请去掉提供方条件，或者填写本方编号。",
        message_en: "A provider sees and handles its own records alone, not those of {provider}.",
        remedy_en: "Leave the provider out, or name your own.",
    },
    Message {
        code: "error.access.acting_for",
        message_zh: "“{name}”不得代提供方“{provider}”提交。",
        remedy_zh: "请由该提供方使用自己的令牌提交，或者由系统管理员代为提交。",
        message_en: "{name} may not submit for the provider {provider}.",
        remedy_en: "Have the provider submit with its own token, or the system administrator on its behalf.",
    },
    Message {
        code: "error.access.administrators",
        message_zh: "系统管理员、安全管理员、审计管理员三种身份不得由同一人兼任。",
        remedy_zh: "请将三种身份分别授予不同的人员。",
        message_en: "Nobody may hold more than one of the three administrator roles: system, security, audit.",
        remedy_en: "Give each of the three roles to a different person.",
    },
    Message {
        code: "error.access.sign_in_link",
        message_zh: "登录链接无效：已经使用过、已过有效期，或者并非本节点签发。",
        remedy_zh: "请由运行维护人员在节点所在机器上运行 tracemesh sign-in，重新生成登录链接。",
        message_en: "The sign-in link is not valid: used already, out of date, or not of this node.",
        remedy_en: "Have whoever runs the node make a new one at its own machine: tracemesh sign-in.",
    },
    Message {
        code: "error.access.operator_needed",
        message_zh: "该操作只能由运行维护人员在节点所在机器上办理，“{name}”不能办理。",
        remedy_zh: "请在节点所在机器上，以启动节点的用户运行相应的 tracemesh 命令。",
        message_en: "Only the operator at the node's own machine may do this, not {name}.",
        remedy_en: "Run the tracemesh command on the node's own machine, as the user who started the node.",
    },
    Message {
        code: "error.access.session_ended",
        message_zh: "登录已经失效。",
        remedy_zh: "请重新登录。登录状态最长保持十二小时。",
        message_en: "Your session has ended.",
        remedy_en: "Sign in again. A session lasts twelve hours at most.",
    },
];
