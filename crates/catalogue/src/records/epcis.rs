//! Rejected: EPCIS documents and events.

use crate::Message;

pub(crate) const EPCIS: &[Message] = &[
    Message {
        code: "record.epcis.event_id.missing",
        message_zh: "EPCIS 事件没有“eventID”。",
        remedy_zh: "请为每个事件填写全局唯一的 eventID，例如 urn:uuid 形式的标识。",
        message_en: "The EPCIS event has no eventID.",
        remedy_en: "Give each event a globally unique eventID, such as a urn:uuid.",
    },
    Message {
        code: "record.epcis.type.unknown",
        message_zh: "EPCIS 事件类型“{value}”不存在。",
        remedy_zh: "请使用下列之一：ObjectEvent、AggregationEvent、AssociationEvent、TransactionEvent、TransformationEvent。",
        message_en: "There is no EPCIS event type {value}.",
        remedy_en: "Use one of ObjectEvent, AggregationEvent, AssociationEvent, TransactionEvent, TransformationEvent.",
    },
    Message {
        code: "record.epcis.action.missing",
        message_zh: "EPCIS 事件没有填写“action”。",
        remedy_zh: "请填写 ADD、OBSERVE 或者 DELETE；TransformationEvent 不需要填写。",
        message_en: "The EPCIS event has no action.",
        remedy_en: "Say ADD, OBSERVE or DELETE; a TransformationEvent alone needs none.",
    },
    Message {
        code: "record.epcis.action.unknown",
        message_zh: "EPCIS 事件的“action”值“{value}”不存在。",
        remedy_zh: "请填写 ADD、OBSERVE 或者 DELETE。",
        message_en: "There is no action {value} in EPCIS.",
        remedy_en: "Say ADD, OBSERVE or DELETE.",
    },
    Message {
        code: "record.epcis.no_events",
        message_zh: "EPCIS 文档中没有事件列表。",
        remedy_zh: "请将事件放入 epcisBody 的 eventList；只提交一个事件的，放入 epcisBody 的 event。",
        message_en: "The EPCIS document has no list of events.",
        remedy_en: "Put events into epcisBody.eventList, or a single one into epcisBody.event.",
    },
];
