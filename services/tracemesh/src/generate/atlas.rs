//! Five real cities of two provinces, their counties, and the platforms above them.
//!
//! Area codes are those of GB/T 2260 in force. Qingdao has province-level planning status (计划单列市): its area lies below the province's, its
//! node is linked to the nation's.

use super::country::{Area, City, Node};

/// The cities of each shape: farms are thickest in the first, the longest road ends in the last.
pub static CITY: [&City; 1] = [&QINGDAO];
pub static PROVINCE: [&City; 3] = [&LINYI, &WEIFANG, &JINAN];
pub static COUNTRY: [&City; 3] = [&LINYI, &QINGDAO, &NANJING];

pub const NATION: Area = Area { id: "CN", parent: "", kind: "nation", name_zh: "中国", name_en: "China" };
static SHANDONG: Area = Area { id: "370000", parent: "CN", kind: "province", name_zh: "山东省", name_en: "Shandong" };
static JIANGSU: Area = Area { id: "320000", parent: "CN", kind: "province", name_zh: "江苏省", name_en: "Jiangsu" };

pub const NATION_NODE: Node = Node { id: "nation", tier: "NATION", area: "CN", parent: None, name_zh: "国家平台", name_en: "Nation" };
pub const SHANDONG_NODE: Node =
    Node { id: "shandong", tier: "PROVINCE", area: "370000", parent: Some("nation"), name_zh: "山东省", name_en: "Shandong" };
pub const JIANGSU_NODE: Node =
    Node { id: "jiangsu", tier: "PROVINCE", area: "320000", parent: Some("nation"), name_zh: "江苏省", name_en: "Jiangsu" };

const fn city(id: &'static str, area: &'static str, parent: &'static str, name_zh: &'static str, name_en: &'static str) -> Node {
    Node { id, tier: "CITY", area, parent: Some(parent), name_zh, name_en }
}

const fn county(id: &'static str, parent: &'static str, name_zh: &'static str, name_en: &'static str) -> Area {
    Area { id, parent, kind: "county", name_zh, name_en }
}

static LINYI: City = City {
    node: city("linyi", "371300", "shandong", "临沂市", "Linyi"),
    province: &SHANDONG,
    plate: "鲁Q",
    dialling: "0539",
    counties: &[
        county("371302", "371300", "兰山区", "Lanshan"),
        county("371311", "371300", "罗庄区", "Luozhuang"),
        county("371312", "371300", "河东区", "Hedong"),
        county("371321", "371300", "沂南县", "Yinan"),
        county("371324", "371300", "兰陵县", "Lanling"),
    ],
    words: &["沂蒙", "沂河", "蒙山"],
};

static WEIFANG: City = City {
    node: city("weifang", "370700", "shandong", "潍坊市", "Weifang"),
    province: &SHANDONG,
    plate: "鲁G",
    dialling: "0536",
    counties: &[
        county("370702", "370700", "潍城区", "Weicheng"),
        county("370705", "370700", "奎文区", "Kuiwen"),
        county("370783", "370700", "寿光市", "Shouguang"),
        county("370784", "370700", "安丘市", "Anqiu"),
    ],
    words: &["鸢都", "白浪河", "渤海"],
};

static JINAN: City = City {
    node: city("jinan", "370100", "shandong", "济南市", "Jinan"),
    province: &SHANDONG,
    plate: "鲁A",
    dialling: "0531",
    counties: &[
        county("370102", "370100", "历下区", "Lixia"),
        county("370103", "370100", "市中区", "Shizhong"),
        county("370112", "370100", "历城区", "Licheng"),
        county("370113", "370100", "长清区", "Changqing"),
        county("370116", "370100", "莱芜区", "Laiwu"),
    ],
    words: &["泉城", "明湖", "齐鲁"],
};

static QINGDAO: City = City {
    node: city("qingdao", "370200", "nation", "青岛市", "Qingdao"),
    province: &SHANDONG,
    plate: "鲁B",
    dialling: "0532",
    counties: &[
        county("370202", "370200", "市南区", "Shinan"),
        county("370203", "370200", "市北区", "Shibei"),
        county("370211", "370200", "黄岛区", "Huangdao"),
        county("370214", "370200", "城阳区", "Chengyang"),
        county("370281", "370200", "胶州市", "Jiaozhou"),
    ],
    words: &["琴岛", "胶州湾", "浮山"],
};

static NANJING: City = City {
    node: city("nanjing", "320100", "jiangsu", "南京市", "Nanjing"),
    province: &JIANGSU,
    plate: "苏A",
    dialling: "025",
    counties: &[
        county("320102", "320100", "玄武区", "Xuanwu"),
        county("320104", "320100", "秦淮区", "Qinhuai"),
        county("320106", "320100", "鼓楼区", "Gulou"),
        county("320114", "320100", "雨花台区", "Yuhuatai"),
        county("320115", "320100", "江宁区", "Jiangning"),
    ],
    words: &["金陵", "钟山", "秦淮河"],
};
