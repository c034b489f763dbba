//! What the crate promises to the rest of the house, seen from outside.

#[path = "codes/check_digits.rs"]
mod check_digits;
#[path = "codes/classification.rs"]
mod classification;
#[path = "codes/exact_form.rs"]
mod exact_form;
#[path = "codes/robustness.rs"]
mod robustness;
#[path = "codes/rules.rs"]
mod rules;
#[path = "codes/unit_keys.rs"]
mod unit_keys;
