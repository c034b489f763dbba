//! What quality finds: `finding.*`, one message for each kind. Each says what does not go together and asks; none accuses.

use crate::Message;

pub(crate) const FINDINGS: &[Message] = &[
    Message {
        code: "finding.quantity_balance",
        message_zh: "该批次记录的使用或者销售数量多于来源数量（{against}），涉及 {records} 条记录。",
        remedy_zh: "请核对数量和计量单位；有误的提交更正记录，另有来源的补录，均无误的说明原因。",
        message_en: "More of this batch was used or sold than came in ({against}); {records} records.",
        remedy_en: "Check the quantities and their measures; correct what is wrong, submit a source that is missing, or explain.",
    },
    Message {
        code: "finding.identical_weights",
        message_zh: "同一主体当日连续多笔重量相同（{value}，{against}），涉及 {records} 条记录。",
        remedy_zh: "请核对是否由电子秤直接采集；手工录入的请改用秤，确属定量包装的请说明。",
        message_en: "Several sales of one day in a row have the same weight ({value}, {against}); {records} records.",
        remedy_en: "Check whether the scale was read; if the goods come in fixed portions, explain.",
    },
    Message {
        code: "finding.price_far_off",
        message_zh: "单价 {value} 与当日当地同类商品的中位价 {against} 相差较大，涉及 {records} 条记录。",
        remedy_zh: "请核对单价、计量单位和商品名称；有误的提交更正记录，无误的说明原因。",
        message_en: "The price {value} is far from the day's median of the same product in the area, {against}; {records} records.",
        remedy_en: "Check the price, its measure and the product; correct what is wrong, or explain.",
    },
    Message {
        code: "finding.code_reuse",
        message_zh: "单品追溯码“{value}”重复使用（{against}）。",
        remedy_zh: "请核对赋码和销售记录；误传的作废重复记录，退货后再售的补录退货记录。",
        message_en: "The code {value} of a single item was used more than once ({against}).",
        remedy_en: "Check where it was given and sold; void what was sent twice, or submit the return that is missing.",
    },
    Message {
        code: "finding.sale_before_entry",
        message_zh: "售出时间 {value} 早于该追溯单元的产生时间 {against}，涉及 {records} 条记录。",
        remedy_zh: "请核对双方记录的时间和时区；有误的提交更正记录。",
        message_en: "It was sold at {value}, before it came into being at {against}; {records} records.",
        remedy_en: "Check the times on both sides and their offsets, and correct what is wrong.",
    },
    Message {
        code: "finding.species_mismatch",
        message_zh: "产品“{value}”与其来源“{against}”的品种不对应，涉及 {records} 条记录。",
        remedy_zh: "请核对来源追溯码和商品名称；有误的提交更正记录，混合加工的补录其他来源。",
        message_en: "The product {value} does not correspond to what it was made from, {against}; {records} records.",
        remedy_en: "Check the code of the source and the name of the product; correct what is wrong, or add the other sources of a mixture.",
    },
    Message {
        code: "finding.shared_certificate",
        message_zh: "证明编号“{value}”被多个主体用于首环节货物（{against}），涉及 {records} 条记录。",
        remedy_zh: "请核对证明编号及其核发对象；填错的提交更正记录，合作社等共用的说明原因。",
        message_en: "The certificate {value} stands under the first-mile goods of several subjects ({against}); {records} records.",
        remedy_en: "Check the number and to whom it was issued; correct a number that is wrong, or explain a common one.",
    },
    Message {
        code: "finding.packing_violation",
        message_zh: "单品的包装关系前后不一致：“{value}”与“{against}”，涉及 {records} 条记录。",
        remedy_zh: "请补录拆包记录，或者更正包装关系；已销毁的码不得再用。",
        message_en: "The packing of an item does not go together: {value} and {against}; {records} records.",
        remedy_en: "Submit the unpacking that is missing, or correct the packing; a code that was destroyed is not used again.",
    },
    Message {
        code: "finding.missing_field",
        message_zh: "{records} 条记录缺少法定事项：{against}。",
        remedy_zh: "请以更正记录补齐，并在源头系统中设为必填。",
        message_en: "{records} records lack what the law asks for: {against}.",
        remedy_en: "Fill it in by corrections, and make the fields mandatory where the records come from.",
    },
    Message {
        code: "finding.broken_hop",
        message_zh: "“{value}”的来源没有记录，记录所载的来源为“{against}”，涉及 {records} 条记录。",
        remedy_zh: "请该来源补录其记录，或者核实来源追溯码；来自其他地区的请说明。",
        message_en: "Nothing here records where {value} comes from; its record names {against}; {records} records.",
        remedy_en: "Have that source submit its record, or check the code of the source; explain where it lies elsewhere.",
    },
];
