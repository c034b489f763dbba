//! Names that sound right and belong to nobody: a city's word, two syllables of good luck, and what the business does.
//!
//! Some people have names that old character sets lack (䶮 㛃 𠮷), as people do.

use super::country::{Area, City};
use super::dice::Dice;
use super::subjects::Trade;

const FIRST: [&str; 16] = ["绿", "康", "鑫", "惠", "福", "沃", "瑞", "恒", "嘉", "万", "宏", "和", "金", "天", "春", "永"];
const SECOND: [&str; 16] = ["源", "润", "盛", "民", "泰", "丰", "祥", "达", "农", "园", "佳", "兴", "华", "隆", "顺", "旺"];
const SURNAMES: [&str; 16] = ["王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙", "马", "朱", "胡", "林"];
const GIVEN: [&str; 16] =
    ["秀英", "建国", "桂兰", "䶮", "玉梅", "志强", "海燕", "㛃", "红霞", "永刚", "吉祥", "𠮷", "春花", "大伟", "淑珍", "小军"];
const ROADS: [&str; 8] = ["人民路", "解放路", "建设大街", "工业一路", "滨河路", "振兴街", "沿江路", "文化西路"];

/// Coprime to 256, so that the first 256 names of a kind differ.
const STRIDE: usize = 37;

/// The name of the `nth` subject of its trade in a city; `start` is the city's own throw for this trade.
pub fn subject(trade: Trade, city: &City, county: &Area, start: usize, nth: usize) -> String {
    let at = (start + nth * STRIDE) % 256;
    let town = city.node.name_zh.trim_end_matches('市');
    let word = city.words[nth % city.words.len()];
    let luck = [FIRST[at / 16], SECOND[at % 16]].concat();
    let person = [SURNAMES[at / 16], GIVEN[at % 16]].concat();
    match trade {
        Trade::Farm => format!("{town}{word}{luck}生猪养殖专业合作社"),
        Trade::Grower => format!("{town}{word}{luck}粮蔬种植专业合作社"),
        Trade::Slaughterhouse => format!("{town}{luck}肉类屠宰有限公司"),
        Trade::Processor => format!("{town}{word}{luck}食品加工有限公司"),
        Trade::Distillery => format!("{town}{word}{luck}酒业有限公司"),
        Trade::DrugMaker => format!("{town}{luck}制药有限公司"),
        Trade::Carrier => format!("{town}{luck}冷链物流有限公司"),
        Trade::Market => format!("{town}{word}农产品批发市场有限公司"),
        Trade::Wholesaler => format!("{town}{luck}农产品商贸有限公司"),
        Trade::Stall => format!("{}{person}鲜品店", county.name_zh),
        Trade::Supermarket => format!("{town}{word}超市有限公司{}{luck}店", county.name_zh),
        Trade::Canteen => format!("{town}市{}第{}中学", county.name_zh, nth + 1),
        Trade::DrugDealer => format!("{town}{luck}医药有限公司"),
        Trade::Pharmacy => format!("{town}{luck}大药房有限公司"),
        Trade::Platform => format!("{town}{luck}信息科技有限公司"),
    }
}

pub fn address(city: &City, county: &Area, dice: &mut Dice) -> String {
    format!("{}{}{}{}{}号", city.province.name_zh, city.node.name_zh, county.name_zh, dice.pick(&ROADS), dice.between(1, 299))
}

/// A switchboard, never a person's own telephone.
pub fn telephone(city: &City, dice: &mut Dice) -> String {
    format!("{}-8{:06}", city.dialling, dice.below(1_000_000))
}

/// 鲁Q·A1234
pub fn plate(city: &City, dice: &mut Dice) -> String {
    let letter = *dice.pick(b"ABCDEFGHJK");
    format!("{}·{}{:04}", city.plate, char::from(letter), dice.below(10_000))
}
