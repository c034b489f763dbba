//! What the ledger comes to, worked out by hand before the first run.

/// `DAY AREA CATEGORY CLASS PROVIDER: RECORDS records, LATE late, SUBJECTS subjects, AMOUNTS…`
pub const CELLS: [&str; 11] = [
    "2025-12-31 370602 FOOD RETAIL acme: 2 records, 0 late, 2 subjects, 1.5 kg",
    "2026-01-01 370602 FOOD RETAIL acme: 3 records, 1 late, 3 subjects, 4 kg",
    "2026-01-01 370602 FOOD RETAIL bolt: 4 records, 0 late, 2 subjects, 250.500000001 kg, 12 carton, 5 head",
    "2026-01-02 350203 DRUG RETAIL bolt: 4 records, 0 late, 3 subjects, 0 kg, 36 box, 7 tablet",
    "2026-01-02 350203 FOOD RETAIL acme: 1 records, 0 late, 1 subjects, 0 kg",
    "2026-01-02 370611 FOOD WHOLESALE acme: 2 records, 1 late, 2 subjects, 320 kg",
    "2026-01-02 UNKNOWN UNKNOWN TRANSPORT acme: 1 records, 0 late, 0 subjects, 0 kg, 4 ",
    "2026-01-03 370602 FOOD WHOLESALE acme: 1 records, 0 late, 1 subjects, 330 kg",
    "2026-01-03 370611 FOOD RETAIL bolt: 19 records, 5 late, 5 subjects, 2.1 kg",
    "2026-01-31 370602 FARM_PRODUCE PRODUCE acme: 4 records, 0 late, 2 subjects, 3505.45359237 kg",
    "2026-02-01 370602 FARM_PRODUCE PRODUCE acme: 1 records, 0 late, 1 subjects, 7 kg",
];

pub const EVER: &str = "total: 42 records, 7 late, ? subjects, 4420.553592371 kg, 4 , 36 box, 12 carton, 5 head, 7 tablet";

pub const JANUARY: &str = "total: 39 records, 7 late, 9 subjects, 4412.053592371 kg, 4 , 36 box, 12 carton, 5 head, 7 tablet";

pub const JANUARY_BY_AREA: [&str; 4] = [
    "350203: 5 records, 0 late, 4 subjects, 0 kg, 36 box, 7 tablet",
    "370602: 12 records, 1 late, 6 subjects, 4089.953592371 kg, 12 carton, 5 head",
    "370611: 21 records, 6 late, 5 subjects, 322.1 kg",
    "UNKNOWN: 1 records, 0 late, 0 subjects, 0 kg, 4 ",
];

pub const JANUARY_BY_CLASS: [&str; 4] = [
    "PRODUCE: 4 records, 0 late, 2 subjects, 3505.45359237 kg",
    "RETAIL: 31 records, 6 late, 7 subjects, 256.600000001 kg, 36 box, 12 carton, 5 head, 7 tablet",
    "TRANSPORT: 1 records, 0 late, 0 subjects, 0 kg, 4 ",
    "WHOLESALE: 3 records, 1 late, 3 subjects, 650 kg",
];

pub const JANUARY_OF_YANTAI: &str = "total: 33 records, 7 late, 7 subjects, 4412.053592371 kg, 12 carton, 5 head";

pub const JANUARY_OF_FOOD: &str = "total: 30 records, 7 late, 5 subjects, 906.600000001 kg, 12 carton, 5 head";

pub const SECOND_OF_JANUARY: &str = "total: 8 records, 1 late, 5 subjects, 320 kg, 4 , 36 box, 7 tablet";

pub const BY_MONTH: [&str; 3] = [
    "2025-12: 2 records, 0 late, 2 subjects, 1.5 kg",
    "2026-01: 39 records, 7 late, 9 subjects, 4412.053592371 kg, 4 , 36 box, 12 carton, 5 head, 7 tablet",
    "2026-02: 1 records, 0 late, 1 subjects, 7 kg",
];
