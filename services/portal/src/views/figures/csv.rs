//! The same rows as a file that Excel opens: UTF-8 with its mark, quoted, ids and all, and the entry that they are true of in every row.

use tracemesh_proto::analytics::v1::GetAggregatesResponse;

use crate::views::figures::Look;
use crate::views::figures::lines::{self, Line};
use crate::views::{moment, table};

/// Both tables, one below the other, told apart by the first column.
pub fn csv(answer: &GetAggregatesResponse, look: &Look) -> String {
    let as_of = answer.as_of.clone().unwrap_or_default();
    let time = moment::from_wire(as_of.time.as_ref()).map_or_else(String::new, |at| at.to_string());
    let entry = format!("{}/{}/{}", as_of.journal, as_of.epoch, as_of.seq);
    let mut file = String::from("\u{feff}by,id,name,records,weight_kg,late,silent,day,as_of,entry\r\n");
    let [first, last] = moment::days(look.days.count(), look.now);
    let days = if first == last { last } else { format!("{first}/{last}") };
    let (area, category) = (lines::by_area(answer, look), lines::by_category(&answer.rows, look));
    for (by, line) in area.iter().map(|line| ("area", line)).chain(category.iter().map(|line| ("category", line))) {
        let cells = cells(by, line, &[&days, &time, &entry]);
        file.push_str(&table::line(cells.into_iter()));
    }
    file
}

fn cells(by: &str, line: &Line, common: &[&str]) -> Vec<String> {
    let known = |number: String| if line.is_known() { number } else { String::new() };
    let weight = line.sums.weight.map_or_else(String::new, |weight| weight.to_string());
    let numbers = [line.sums.records.to_string(), weight, line.sums.late.to_string()].map(known);
    let named = [by, &line.id, &line.name].map(str::to_owned).into_iter();
    let silent = line.silent.clone().unwrap_or_default();
    named.chain(numbers).chain([silent]).chain(common.iter().map(|cell| (*cell).to_owned())).collect()
}
