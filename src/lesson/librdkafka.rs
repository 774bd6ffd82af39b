//! What librdkafka, and so confluent-kafka-go, takes of the configs that lessons show. Its list is
//! CONFIGURATION.md of librdkafka 2.x; another config of a lesson gets its line here.

/// Who takes a config.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) enum Client {
    Producer,
    Consumer,
}

#[derive(Copy, Clone, Debug)]
enum Kind {
    /// A whole number, from and to.
    Number(i64, i64),
    Switch,
    Text,
    OneOf(&'static [&'static str]),
}

use Client::{Consumer, Producer};
use Kind::{Number, OneOf, Switch, Text};

const BOTH: &[Client] = &[Producer, Consumer];
const DAY_MS: i64 = 86_400_000;
const MAX: i64 = 2_147_483_647;

const CONFIGS: [(&str, &[Client], Kind); 23] = [
    ("acks", &[Producer], OneOf(&["-1", "0", "1", "all"])),
    ("auto.commit.interval.ms", &[Consumer], Number(0, DAY_MS)),
    (
        "auto.offset.reset",
        &[Consumer],
        OneOf(&["smallest", "earliest", "beginning", "largest", "latest", "end", "error"]),
    ),
    ("batch.size", &[Producer], Number(1, MAX)),
    ("bootstrap.servers", BOTH, Text),
    ("client.id", BOTH, Text),
    ("client.rack", BOTH, Text),
    ("compression.type", &[Producer], OneOf(&["none", "gzip", "snappy", "lz4", "zstd"])),
    ("delivery.timeout.ms", &[Producer], Number(0, MAX)),
    ("enable.auto.commit", &[Consumer], Switch),
    ("enable.auto.offset.store", &[Consumer], Switch),
    ("enable.idempotence", &[Producer], Switch),
    ("group.id", &[Consumer], Text),
    ("heartbeat.interval.ms", &[Consumer], Number(1, 3_600_000)),
    ("linger.ms", &[Producer], Number(0, 900_000)),
    ("max.in.flight.requests.per.connection", BOTH, Number(1, 1_000_000)),
    ("max.poll.interval.ms", &[Consumer], Number(1, DAY_MS)),
    ("message.timeout.ms", &[Producer], Number(0, MAX)),
    (
        "partitioner",
        &[Producer],
        OneOf(&[
            "random",
            "consistent",
            "consistent_random",
            "murmur2",
            "murmur2_random",
            "fnv1a",
            "fnv1a_random",
        ]),
    ),
    (
        "partition.assignment.strategy",
        &[Consumer],
        OneOf(&["range", "roundrobin", "cooperative-sticky", "range,roundrobin"]),
    ),
    ("request.timeout.ms", &[Producer], Number(1, 900_000)),
    ("retries", &[Producer], Number(0, MAX)),
    ("session.timeout.ms", &[Consumer], Number(1, 3_600_000)),
];

/// Complains unless it is a config of that client, with a value, as Go writes it, that it takes.
pub(super) fn check(client: Client, key: &str, value: &str) -> Result<(), String> {
    let found = CONFIGS.iter().find(|(name, ..)| *name == key);
    let (_, clients, kind) = found.ok_or_else(|| {
        format!("librdkafka has no `{key}`, or src/lesson/librdkafka.rs does not list it")
    })?;
    if !clients.contains(&client) {
        let whose = if client == Consumer { "producers" } else { "consumers" };
        return Err(format!("`{key}` is a config of {whose}"));
    }
    let text = value.strip_prefix('"').and_then(|value| value.strip_suffix('"'));
    let number = text.unwrap_or(value).parse::<i64>();
    let fits = match kind {
        Number(from, to) => number.is_ok_and(|number| (*from..=*to).contains(&number)),
        Switch => matches!(text.unwrap_or(value), "true" | "false"),
        Text => text.is_some_and(|text| !text.is_empty()),
        OneOf(words) => words.contains(&text.unwrap_or(value)),
    };
    if fits { Ok(()) } else { Err(format!("`{key}` does not take {value}")) }
}
