//! Administrative regions by their GB/T 2260 code, with those that no longer exist: a code printed on a label in 2015 keeps its meaning
//! after its county has become a district. The table and its sources stand in `data/regions.csv`; it is read once, into place.
//!
//! A region is not an area: areas are the registry's dated tree of who answers for what, and map regions onto it.

use std::sync::LazyLock;

/// One code. A code that was given out twice stands here with its last life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Region {
    /// Six digits: province, prefecture, county.
    pub code: &'static str,
    /// The name without those of the regions above it.
    pub name: &'static str,
    /// The month, `YYYY-MM`, of the first table that lists it; `None`: since 1980 or earlier.
    pub valid_from: Option<&'static str>,
    /// The month from which it is no longer listed; `None`: in force.
    pub valid_to: Option<&'static str>,
    /// The code that took over, where one did and we know it. It may have been abolished in its turn.
    pub successor: Option<&'static str>,
}

/// What every region of the table lies in.
pub const COUNTRY: &str = "CN";

/// Cities with the standing of a province in planning (计划单列市): assessed and addressed by the nation beside the provinces.
pub const PLAN_STATUS_CITIES: [&str; 5] = ["210200", "330200", "350200", "370200", "440300"];

static REGIONS: LazyLock<Vec<Region>> = LazyLock::new(|| {
    let lines = include_str!("../data/regions.csv").lines().filter(|line| line.starts_with(|c: char| c.is_ascii_digit()));
    lines.filter_map(region).collect()
});

/// Every region, in the order of the codes.
pub fn all() -> &'static [Region] {
    &REGIONS
}

/// The region of a six-digit code, in force or abolished.
pub fn lookup(code: &str) -> Option<&'static Region> {
    let regions = all();
    regions.binary_search_by(|region| region.code.cmp(code)).ok().map(|at| &regions[at])
}

/// Whether these six digits are or ever were a region.
pub fn ever(code: &str) -> bool {
    lookup(code).is_some()
}

/// What a region lies in by the table alone: county → prefecture where there is one → province → country. None for what was never a region.
pub fn parent(code: &str) -> Option<&'static str> {
    if !ever(code) {
        return None;
    }
    let above = [format!("{}00", &code[..4]), format!("{}0000", &code[..2])];
    let region = above.iter().filter(|above| *above != code && !code.ends_with("0000")).find_map(|above| lookup(above));
    Some(region.map_or(COUNTRY, |region| region.code))
}

/// Whether the code is one of [`PLAN_STATUS_CITIES`].
pub fn has_plan_status(code: &str) -> bool {
    PLAN_STATUS_CITIES.contains(&code)
}

fn region(line: &'static str) -> Option<Region> {
    let mut fields = line.split(',');
    let (code, name) = (fields.next()?, fields.next()?);
    let mut optional = || fields.next().filter(|field| !field.is_empty());
    Some(Region { code, name, valid_from: optional(), valid_to: optional(), successor: optional() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_refers_to_itself_alone() {
        assert!(all().len() > 7000);
        assert!(all().windows(2).all(|pair| pair[0].code < pair[1].code));
        for region in all() {
            assert!(region.code.len() == 6 && !region.name.is_empty(), "{region:?}");
            assert!(region.successor.is_none_or(ever), "{region:?}");
            assert!(region.successor.is_none() || region.valid_to.is_some(), "{region:?}");
        }
    }

    #[test]
    fn laiwu_became_a_part_of_jinan() {
        let laiwu = lookup("371200").unwrap();
        assert_eq!((laiwu.name, laiwu.valid_to, laiwu.successor), ("莱芜市", Some("2019-01"), Some("370100")));
        assert_eq!(lookup("371202").unwrap().successor, Some("370116"));
        assert_eq!(lookup("371203").unwrap().successor, Some("370117"));
        assert_eq!(lookup("370116").unwrap().name, "莱芜区");
    }

    #[test]
    fn regions_in_force_and_strangers() {
        let yantai = lookup("370600").unwrap();
        assert_eq!((yantai.name, yantai.valid_to), ("烟台市", None));
        assert!(ever("370681") && ever("710000") && ever("810000"));
        assert!(!ever("999999") && !ever("3706") && !ever(""));
    }

    #[test]
    fn the_table_is_a_tree() {
        assert_eq!(["370602", "370600", "370000"].map(|code| parent(code).unwrap()), ["370600", "370000", COUNTRY]);
        assert_eq!(parent("469001"), Some("469000"));
        assert_eq!((parent(COUNTRY), parent("999999")), (None, None));
    }

    #[test]
    fn plan_status_cities_are_in_force() {
        let names: Vec<_> = PLAN_STATUS_CITIES.iter().map(|code| lookup(code).unwrap()).map(|r| (r.name, r.valid_to)).collect();
        assert_eq!(names, ["大连市", "宁波市", "厦门市", "青岛市", "深圳市"].map(|name| (name, None)));
        assert!(has_plan_status("350200") && !has_plan_status("350100"));
    }
}
