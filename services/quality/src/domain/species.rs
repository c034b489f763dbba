//! What goods are, by words in their names, and what may become of what. The table is ours, short, and says nothing about what it does not know:
//! a detector that guesses accuses.

/// A kind and the words that name it.
const KINDS: [(&str, &[&str]); 21] = [
    ("pork", &["猪", "五花肉", "前腿肉", "后腿肉", "里脊", "肋排", "pork"]),
    ("beef", &["牛肉", "牛腩", "牛腱", "肉牛", "活牛", "beef"]),
    ("mutton", &["羊肉", "羊排", "羊腿", "活羊", "mutton", "lamb"]),
    ("chicken", &["鸡肉", "鸡胸", "鸡腿", "鸡翅", "肉鸡", "活鸡", "白条鸡", "chicken"]),
    ("duck", &["鸭", "duck"]),
    ("egg", &["鸡蛋", "鸭蛋", "egg"]),
    ("milk", &["牛奶", "牛乳", "生鲜乳", "milk"]),
    ("fish", &["鱼", "fish"]),
    ("shrimp", &["虾", "shrimp"]),
    ("garlic", &["大蒜", "蒜"]),
    ("cucumber", &["黄瓜"]),
    ("tomato", &["番茄", "西红柿"]),
    ("cabbage", &["大白菜", "白菜"]),
    ("potato", &["马铃薯", "土豆"]),
    ("pepper", &["辣椒"]),
    ("aubergine", &["茄子"]),
    ("carrot", &["胡萝卜"]),
    ("apple", &["苹果"]),
    ("grain", &["高粱", "小麦", "玉米", "大米", "稻谷"]),
    ("liquor", &["白酒", "liquor"]),
    (SEASONING, &["酱", "调味", "鱼香", "sauce"]),
];

/// A sauce of anything may be made of anything: a name that speaks of one says nothing.
const SEASONING: &str = "seasoning";

/// What becomes of a kind beside itself.
const BECOMES: [(&str, &str); 2] = [("grain", "liquor"), ("chicken", "egg")];

/// The kinds that a product's name speaks of, in the order of the table; a mixture has several.
pub fn kinds_of(name: &str) -> Vec<&'static str> {
    let named = KINDS.iter().filter(|(_, words)| words.iter().any(|word| name.contains(word)));
    let kinds: Vec<&str> = named.map(|(kind, _)| *kind).collect();
    if kinds.contains(&SEASONING) { Vec::new() } else { kinds }
}

/// Whether goods of one name may become goods of the other; whatever is not known may.
pub fn can_become(from: &str, to: &str) -> bool {
    let (from, to) = (kinds_of(from), kinds_of(to));
    from.is_empty() || to.is_empty() || from.iter().any(|from| to.iter().any(|to| from == to || BECOMES.contains(&(from, to))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_become_of_what() {
        assert!(can_become("生猪", "猪白条") && can_become("猪白条", "五花肉") && can_become("高粱", "浓香型白酒 52度"));
        assert!(!can_become("活牛", "五花肉") && !can_become("胡萝卜", "大蒜"));
        assert!(can_become("不知名的东西", "五花肉") && can_become("活牛", ""));
    }

    #[test]
    fn a_name_may_speak_of_several_kinds_or_of_none() {
        assert_eq!(kinds_of("胡萝卜"), ["carrot"]);
        assert_eq!(kinds_of("鸡蛋"), ["egg"]);
        assert_eq!(kinds_of("猪肉牛肉丸"), ["pork", "beef"]);
        assert_eq!(kinds_of("鱼香肉丝酱"), [""; 0]);
        assert!(can_become("活牛", "猪肉牛肉丸") && can_become("生猪", "猪肉牛肉丸") && !can_become("活羊", "猪肉牛肉丸"));
    }
}
