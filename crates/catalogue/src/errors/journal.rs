//! Journals as others read them.

use crate::Message;

pub(crate) const JOURNAL: &[Message] = &[
    Message {
        code: "error.journal.unknown",
        message_zh: "本服务没有名为“{journal}”的日志。",
        remedy_zh: "请先列出日志名称，再按名称读取。",
        message_en: "This service keeps no journal {journal}.",
        remedy_en: "List the journals, and use one of their names.",
    },
    Message {
        code: "error.journal.epoch",
        message_zh: "日志“{journal}”的当前世代为 {epoch}，与请求的世代 {asked} 不同。",
        remedy_zh: "日志曾经从备份恢复：请由上级批准重新同步，之后从新的世代读取。",
        message_en: "The journal {journal} is in epoch {epoch}, not {asked}.",
        remedy_en: "It was restored from a backup: have a resync approved, then follow the new epoch.",
    },
    Message {
        code: "error.journal.beyond_end",
        message_zh: "日志“{journal}”到序号 {end} 为止，请求的位置 {asked} 在其之后。",
        remedy_zh: "日志短于已读到的位置，可能曾被恢复到较早的时点：请核对检查点，不要继续读取。",
        message_en: "The journal {journal} ends at {end}; the position {asked} lies beyond it.",
        remedy_en: "It is shorter than what was read before and may have been restored: compare checkpoints before going on.",
    },
    Message {
        code: "error.journal.entry_unknown",
        message_zh: "日志“{journal}”中没有序号为 {seq} 的条目。",
        remedy_zh: "请核对序号；序号自 1 起连续编排。",
        message_en: "The journal {journal} has no entry {seq}.",
        remedy_en: "Check the number; entries are numbered from 1 without gaps.",
    },
    Message {
        code: "error.journal.tree_size",
        message_zh: "日志“{journal}”的校验树现有 {size} 次提交，不能给出请求规模的证明。",
        remedy_zh: "请在现有规模之内请求，且旧规模不得大于新规模。",
        message_en: "The tree of {journal} has {size} commits; there is no proof for the sizes asked for.",
        remedy_en: "Ask within that size, the old size not above the new one.",
    },
    Message {
        code: "error.journal.fork",
        message_zh: "日志“{journal}”的历史与此前核验过的检查点不一致。",
        remedy_zh: "该来源已被隔离，请立即核查：查明原因并经批准后重新同步。",
        message_en: "The history of {journal} does not extend a checkpoint that was verified before.",
        remedy_en: "The source is quarantined; find out why at once, and resync after approval.",
    },
    Message {
        code: "error.journal.damaged",
        message_zh: "日志“{journal}”在序号 {seq} 处的内容与校验值不一致。",
        remedy_zh: "请执行日志核验，确定受影响的范围，并从备份恢复。",
        message_en: "The journal {journal} does not match its hashes at entry {seq}.",
        remedy_en: "Verify the journal to learn what is affected, and restore from a backup.",
    },
];
