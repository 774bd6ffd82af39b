//! When nobody produces any more and all is mended, everything that was acknowledged is read.

use highwater::history::{Scenario, play_checked};
use highwater::trace::history_checks::{matters, unseen};

use super::story::SECOND;

/// The leader dies under acks=all, members come and go, and the producer stops after 400 records.
const STORY: &str = r#"
seed = 9
[[topic]]
name = "orders"
partitions = 3
replication-factor = 3
config = { "min.insync.replicas" = 2 }
[[producer]]
name = "shop"
topic = "orders"
rate = "20/s"
limit = 400
config = { "batch.size" = 300 }
[[consumer]]
name = "billing-1"
group = "billing"
topics = ["orders"]
processing = "30ms"
config = { "auto.offset.reset" = "earliest" }
[[consumer]]
name = "billing-2"
group = "billing"
topics = ["orders"]
processing = "30ms"
config = { "auto.offset.reset" = "earliest" }
[[at]]
time = "8s"
kill-broker = 1
[[at]]
time = "12s"
crash = "billing-2"
[[at]]
time = "15s"
start-broker = 1
[[at]]
time = "40s"
start = "billing-2"
"#;

#[test]
fn at_rest_all_is_seen() {
    let scenario = Scenario::parse(STORY).expect("a valid scenario");
    let unseen_after = |until_us| {
        let mut history = Vec::new();
        let played = play_checked(&scenario, until_us, |_, events| {
            history.extend(events.iter().filter(|event| matters(&event.event)).cloned());
        });
        let played = played.unwrap_or_else(|violation| panic!("{violation}"));
        unseen(&history, &played.cluster)
    };
    assert!(!unseen_after(30 * SECOND).is_empty(), "they lag behind");
    let unseen = unseen_after(120 * SECOND);
    assert!(unseen.is_empty(), "{unseen:?}");
}
