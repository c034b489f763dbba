//! The chain as regulators see it. Both languages side by side.

use crate::text::{Counted, List};

/// The chain as regulators see it.
pub struct Explorer {
    pub title: &'static str,
    pub ask: &'static str,
    pub ask_hint: &'static str,
    pub direction: &'static str,
    pub look: &'static str,
    pub part: &'static str,
    pub none: &'static str,
    pub none_why: &'static str,
    pub chain: &'static str,
    pub drawn: Counted,
    pub legend_here: &'static str,
    pub legend_border: &'static str,
    pub legend_gap: &'static str,
    pub legend_many: &'static str,
    pub times: Counted,
    pub others: Counted,
    pub gap: &'static str,
    pub records: &'static str,
    pub when: &'static str,
    pub stage: &'static str,
    pub place: &'static str,
    pub node: &'static str,
    pub provider: &'static str,
    pub responsible: &'static str,
    pub source: &'static str,
    pub destination: &'static str,
    pub product: &'static str,
    pub units: &'static str,
    pub inspection: &'static str,
    pub csv: &'static str,
    pub more: Counted,
    pub look_at_scope: &'static str,
    pub public_page: &'static str,
    pub silent: &'static str,
    pub answered: Counted,
    pub not_answered: &'static str,
    pub directions: List,
    pub unit_roles: List,
}

/// 简体中文。
pub const ZH: Explorer = Explorer {
    title: "追溯查询",
    ask: "追溯码",
    ask_hint: "可写完整编码 SCHEME:ISSUER/VALUE#批次。",
    direction: "方向",
    look: "查询",
    part: "追溯索引",
    none: "没有平台知道这个追溯码。",
    none_why: "请核对追溯码；未应答的平台可能有记录。",
    chain: "追溯链",
    drawn: Counted {
        one: "追溯链图：{n} 条记录，自左至右为上游到下游；数据见下方记录表。",
        many: "追溯链图：{n} 条记录，自左至右为上游到下游；数据见下方记录表。",
    },
    legend_here: "所查单元",
    legend_border: "跨平台流转",
    legend_gap: "缺失的环节",
    legend_many: "框内为合并的同类记录数",
    times: Counted { one: "{n} 条", many: "{n} 条" },
    others: Counted { one: "其余 {n} 条", many: "其余 {n} 条" },
    gap: "此前没有记录",
    records: "记录",
    when: "时间",
    stage: "环节",
    place: "地点",
    node: "平台",
    provider: "服务商",
    responsible: "责任主体",
    source: "上一环节",
    destination: "下一环节",
    product: "品名",
    units: "单元与数量",
    inspection: "检验",
    csv: "导出 CSV",
    more: Counted { one: "另有 {n} 行，见导出的 CSV。", many: "另有 {n} 行，见导出的 CSV。" },
    look_at_scope: "查看影响范围",
    public_page: "公众查询页",
    silent: "平台",
    answered: Counted { one: "已应答，{n} 条记录", many: "已应答，{n} 条记录" },
    not_answered: "没有应答",
    directions: &[("both", "上游与下游"), ("up", "上游"), ("down", "下游")],
    unit_roles: &[("INPUT", "投入"), ("OUTPUT", "产出"), ("OBSERVED", "经手"), ("CONTAINER", "容器"), ("CONTENT", "装入")],
};

/// English.
pub const EN: Explorer = Explorer {
    title: "Trace",
    ask: "Trace code",
    ask_hint: "The exact form SCHEME:ISSUER/VALUE#BATCH can be used.",
    direction: "Direction",
    look: "Trace",
    part: "The trace index",
    none: "No node knows this code.",
    none_why: "Check the code; nodes that did not answer may have records.",
    chain: "The chain",
    drawn: Counted {
        one: "Drawing of the chain: {n} record, upstream on the left, downstream on the right. The table of records below has the same.",
        many: "Drawing of the chain: {n} records, upstream on the left, downstream on the right. The table of records below has the same.",
    },
    legend_here: "The unit asked for",
    legend_border: "Crosses from one node to another",
    legend_gap: "A missing hop",
    legend_many: "A box stands for the records of its kind",
    times: Counted { one: "{n} record", many: "{n} records" },
    others: Counted { one: "{n} more", many: "{n} more" },
    gap: "nothing before this",
    records: "Records",
    when: "Time",
    stage: "Stage",
    place: "Place",
    node: "Node",
    provider: "Provider",
    responsible: "Responsible",
    source: "One step back",
    destination: "One step forward",
    product: "Product",
    units: "Units and quantities",
    inspection: "Inspection",
    csv: "Export CSV",
    more: Counted { one: "{n} more row; see the CSV.", many: "{n} more rows; see the CSV." },
    look_at_scope: "Look at the scope",
    public_page: "The public page",
    silent: "Nodes",
    answered: Counted { one: "answered, {n} record", many: "answered, {n} records" },
    not_answered: "no answer",
    directions: &[("both", "Both ways"), ("up", "Upstream"), ("down", "Downstream")],
    unit_roles: &[("INPUT", "in"), ("OUTPUT", "out"), ("OBSERVED", "handled"), ("CONTAINER", "container"), ("CONTENT", "content")],
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_know_the_same_words() {
        let keys = |list: List| list.iter().map(|(key, _)| *key).collect::<Vec<_>>();
        for (zh, en) in [(ZH.directions, EN.directions), (ZH.unit_roles, EN.unit_roles)] {
            assert_eq!(keys(zh), keys(en));
        }
    }
}
