//! `group_state.json`: scripts of requests to a group coordinator, and what it answers and has
//! after each.

mod classic;
mod consumer;
mod world;

use serde_json::Value as Json;

use crate::json::{list, text};
use crate::tally::Tally;

pub fn run(vectors: &Json) -> Tally {
    let mut tally = Tally::default();
    for case in list(&vectors["cases"]) {
        let protocol = text(&case["protocol"]);
        let name = format!("case {} {protocol} {}", case["id"], text(&case["name"]));
        match protocol {
            "classic" => tally.count(&name, &classic::check(case)),
            "consumer" => tally.count(&name, &consumer::check(case)),
            _ => tally.cannot_express(&case["id"].to_string(), &format!("protocol {protocol}")),
        }
    }
    tally
}
