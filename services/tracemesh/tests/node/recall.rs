//! Recall scope and outbreak at the terminal.

use std::fs::write;

use serde_json::json;

use crate::process::Node;
use crate::records::{harvest, juice};
use crate::session::{documents, lines, play};

#[test]
fn a_recall_and_an_outbreak_are_asked_for_at_the_terminal() {
    let node = Node::start();
    let folder = node.folder.path();
    let mut sale = juice("3", "juice-2", "=ticket");
    sale["class"] = json!("RETAIL");
    sale["event_time"] = json!("2025-10-03T08:00:00+08:00");
    sale["units"][0]["quantity"] = json!({"value": "0.5", "unit": "kg"});
    sale["units"][1]["quantity"] = json!({"value": "1", "unit": "斤"});
    lines(folder, "good.json", &[harvest("1", "lot-1"), juice("2", "lot-1", "juice-2"), sale]);
    write(folder.join("cases.csv"), "case,code\n4,opaque:91370600000000019G/=ticket\n").unwrap();
    write(folder.join("patients.csv"), "case,patient\n4,somebody\n").unwrap();
    play(
        &node,
        "
$ tracemesh send good.json
3 accepted, 0 duplicate, 0 rejected in [..] s
$ tracemesh recall scope opaque:91370600000000019G/lot-1 --local --xlsx scope.xlsx
          24.5 kg      local         370602  uscc:/91370600000000019G  苹果园
          24.5 kg      仍在持有 held; 产出 made 25, 售出 sold 0.5, 销毁 destroyed 0
完整 complete
! 3 units in 3 records, with 1 subjects, from 1 nodes
$ tracemesh recall scope opaque:91370600000000019G/nothing
? 1
$ tracemesh outbreak opaque:91370600000000019G/juice-2 --file cases.csv --local --limit 3 --xlsx outbreak.xlsx
1.000  batch    opaque:91370600000000019G/juice-2  苹果汁  4 5
1.000  product  苹果汁  苹果汁  4 5
1.000  subject  uscc:/91370600000000019G  苹果园  4 5
完整 complete
! 2 cases; 3 of 6 candidates, 3 explain all cases
$ tracemesh outbreak --file patients.csv
! tracemesh: patients.csv: [..]patient[..]
? 2
$ tracemesh outbreak area:370602@yesterday
! tracemesh: yesterday is no day: write YYYY-MM-DD, or FROM..TO
? 2
",
    );
    let scope = &documents(&node, "tracemesh recall scope opaque:91370600000000019G/lot-1 --local --json")[0];
    assert_eq!((scope["units"].as_array().unwrap().len(), &scope["holdings"][0]["held"]), (3, &json!("24.5")));
    assert_eq!((&scope["verdict"]["complete"], &scope["totals"]["units"]), (&json!(true), &json!(3)));
    let found =
        &documents(&node, "tracemesh outbreak opaque:91370600000000019G/juice-2 --local --json --exclude opaque:91370600000000019G/lot-1")
            [0];
    let candidate = &found["candidates"][0];
    assert_eq!((&candidate["kind"], &candidate["score"], &candidate["common"]), (&json!("batch"), &json!(1.0), &json!(true)));
    assert_eq!((&candidate["explains"], &found["cases"][0]["number"]), (&json!([1]), &json!(1)));
    assert_eq!(found["assumptions"]["without"], json!(["opaque:91370600000000019G/lot-1"]));
    for file in ["scope.xlsx", "outbreak.xlsx"] {
        assert!(std::fs::read(folder.join(file)).unwrap().starts_with(b"PK"));
    }
    node.stop();
}
