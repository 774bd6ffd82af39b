//! Code in the words of a lesson: config files hold what Kafka takes, other code is whole, and
//! clients of Go are told what librdkafka knows.

use super::librdkafka;
use crate::config::{
    BrokerConfig, ConfigException, ConsumerConfig, ProducerConfig, Properties, Scope, check_known,
};

/// The names of config files, as samples name them in their first line.
const FILES: [(&str, Scope); 3] = [
    ("producer.properties", Scope::Producer),
    ("consumer.properties", Scope::Consumer),
    ("server.properties", Scope::Broker),
];

/// Kafka's own commands, of those that lessons show.
const TOOLS: [&str; 10] = [
    "kafka-configs.sh",
    "kafka-console-consumer.sh",
    "kafka-console-producer.sh",
    "kafka-consumer-groups.sh",
    "kafka-delete-records.sh",
    "kafka-leader-election.sh",
    "kafka-producer-perf-test.sh",
    "kafka-reassign-partitions.sh",
    "kafka-server-stop.sh",
    "kafka-topics.sh",
];

/// Complains of the first thing that is wrong with a sample in this language.
pub(super) fn check(language: &str, code: &str) -> Result<(), String> {
    match language {
        "properties" => properties(code),
        "go" => whole(code).and_then(|()| go(code)),
        "java" => whole(code),
        "sh" => shell(code),
        other => Err(format!("`{other}` is no language of samples: properties, go, java or sh")),
    }
}

/// A config file: each line is a config that Kafka has, with a value that it takes.
fn properties(code: &str) -> Result<(), String> {
    let head = code.lines().next().filter(|line| line.starts_with('#')).unwrap_or_default();
    let named = FILES.iter().find(|(name, _)| head.contains(name));
    let (_, scope) = named.ok_or(
        "a config file names itself in its first line: `# Java, producer.properties`, \
         consumer.properties or server.properties",
    )?;
    let mut config = Properties::new();
    for line in code.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty()) {
        let (key, value) = line.split_once('=').ok_or_else(|| format!("`{line}` lacks its `=`"))?;
        config.set(key.trim(), value.trim());
    }
    let read = || -> Result<(), ConfigException> {
        check_known(*scope, &config)?;
        match scope {
            Scope::Producer => ProducerConfig::from_properties(&config).map(drop),
            Scope::Consumer => ConsumerConfig::from_properties(&config).map(drop),
            _ => BrokerConfig::from_properties(&config).map(drop),
        }
    };
    read().map_err(|error| error.message)
}

/// Commands are Kafka's.
fn shell(code: &str) -> Result<(), String> {
    for word in code.lines().filter_map(|line| line.split_whitespace().next()) {
        if word.starts_with("kafka-") && !TOOLS.contains(&word) {
            return Err(format!(
                "Kafka has no `{word}`, or src/lesson/samples.rs does not list it"
            ));
        }
    }
    Ok(())
}

/// What opens a bracket closes it, and quotes end on their line.
fn whole(code: &str) -> Result<(), String> {
    let mut open = Vec::new();
    for line in code.lines().map(without_comment) {
        let mut is_quoted = false;
        let mut signs = line.chars();
        while let Some(sign) = signs.next() {
            match sign {
                '\\' if is_quoted => {
                    signs.next();
                }
                '"' => is_quoted = !is_quoted,
                _ if is_quoted => {}
                '(' | '[' | '{' => open.push(sign),
                ')' | ']' | '}' => {
                    let closes = match open.pop() {
                        Some('(') => ')',
                        Some('[') => ']',
                        Some(_) => '}',
                        None => return Err(format!("`{sign}` closes nothing in `{line}`")),
                    };
                    if closes != sign {
                        return Err(format!("`{closes}` is missing before `{sign}` in `{line}`"));
                    }
                }
                _ => {}
            }
        }
        if is_quoted {
            return Err(format!("a quote does not end in `{line}`"));
        }
    }
    match open.pop() {
        Some(sign) => Err(format!("`{sign}` is never closed")),
        None => Ok(()),
    }
}

/// A line of Go or Java up to its comment.
fn without_comment(line: &str) -> &str {
    let is_code = |at: &usize| line[..*at].matches('"').count().is_multiple_of(2);
    let comment = line.match_indices("//").map(|(at, _)| at).find(is_code);
    line[..comment.unwrap_or(line.len())].trim_end()
}

/// The maps of configs in Go: `kafka.ConfigMap{ "acks": "all", }`.
fn go(code: &str) -> Result<(), String> {
    const MAP: &str = "kafka.ConfigMap{";
    let mut rest = code;
    while let Some((before, after)) = rest.split_once(MAP) {
        let end = after.find('}').unwrap_or(after.len());
        let call = before.rsplit("kafka.New").next().filter(|_| before.contains("kafka.New"));
        let client = match call.map(|call| call.starts_with("Consumer")) {
            Some(true) => librdkafka::Client::Consumer,
            _ => librdkafka::Client::Producer,
        };
        config_map(client, &after[..end])?;
        rest = &after[end..];
    }
    Ok(())
}

fn config_map(client: librdkafka::Client, body: &str) -> Result<(), String> {
    let is_many = body.contains('\n');
    let lines = body.lines().map(|line| without_comment(line).trim());
    for line in lines.filter(|line| !line.is_empty()) {
        if is_many && !line.ends_with(',') {
            return Err(format!("Go wants a comma at the end of `{line}`"));
        }
        let entry = line.trim_end_matches(',');
        let pair = entry.strip_prefix('"').and_then(|entry| entry.split_once("\":"));
        let (key, value) = pair.ok_or_else(|| format!("`{entry}` is no `\"key\": value`"))?;
        librdkafka::check(client, key, value.trim())?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn config_files_hold_what_kafka_takes() {
        let of = |rest: &str| check("properties", &format!("# Java, producer.properties\n{rest}"));
        assert_eq!(of("acks=all\nlinger.ms=20"), Ok(()));
        for (rest, named) in [
            ("ack=all", "did you mean 'acks'"),
            ("acks=some", "acks"),
            ("linger.ms=soon", "linger.ms"),
            ("acks", "lacks its `=`"),
            // Kafka holds them against each other, too.
            ("acks=1\nenable.idempotence=true", "idempotent"),
            ("session.timeout.ms=6000", "session.timeout.ms"),
        ] {
            let error = of(rest).expect_err(rest);
            assert!(error.contains(named), "{rest}: {error}");
        }
        assert!(check("properties", "acks=all").is_err(), "it does not say which file it is");
    }

    #[test]
    fn commands_are_kafkas() {
        assert_eq!(check("sh", "# why\nkafka-topics.sh --list \\\n  --topic orders"), Ok(()));
        let error = check("sh", "kafka-topic.sh --list").expect_err("no such tool");
        assert!(error.contains("kafka-topic.sh"), "{error}");
        assert!(check("rust", "").is_err(), "no language of samples");
    }

    #[test]
    fn go_is_whole_and_its_keys_are_librdkafkas() {
        let of = |map: &str| check("go", &format!("c, err := kafka.NewConsumer(&{map})"));
        assert_eq!(of("kafka.ConfigMap{\n    \"group.id\": \"a\", // why\n}"), Ok(()));
        for (map, named) in [
            ("kafka.ConfigMap{\n    \"group.id\": \"a\"\n}", "comma"),
            ("kafka.ConfigMap{\"max.poll.records\": 5}", "librdkafka has no `max.poll.records`"),
            ("kafka.ConfigMap{\"linger.ms\": 5}", "producers"),
            ("kafka.ConfigMap{\"session.timeout.ms\": \"long\"}", "session.timeout.ms"),
            ("kafka.ConfigMap{\"group.id\": \"a}", "quote"),
            ("kafka.ConfigMap{\"group.id\": \"a\"", "closed"),
        ] {
            let error = match map.ends_with('"') {
                true => check("go", map),
                false => of(map),
            }
            .expect_err(map);
            assert!(error.contains(named), "{map}: {error}");
        }
    }
}
