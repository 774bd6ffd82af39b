//! The library that a client is written with. Both speak Kafka's protocol; what they do by default
//! and between two calls of the application is not the same.
//!
//! What a librdkafka client is configured with is put into the words of the Java client, defaults
//! included (librdkafka 2.x, CONFIGURATION.md); what only librdkafka has is read here.

use super::definition::Scope;
use super::exception::ConfigException;
use super::properties::Properties;

/// A client library.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub enum ClientLibrary {
    /// Apache Kafka's own.
    #[default]
    Java,
    /// librdkafka, and what is built upon it: confluent-kafka for Python, Go, .NET and others.
    Librdkafka,
}

/// How librdkafka chooses partitions (`partitioner`).
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum LibrdkafkaPartitioner {
    /// CRC32 of the key; without a key, or with an empty one, at random.
    ConsistentRandom,
    /// As the Java client: murmur2 of the key; without a key at random.
    Murmur2Random,
    /// At random, key or not.
    Random,
}

const PARTITIONERS: [(&str, LibrdkafkaPartitioner); 3] = [
    ("consistent_random", LibrdkafkaPartitioner::ConsistentRandom),
    ("murmur2_random", LibrdkafkaPartitioner::Murmur2Random),
    ("random", LibrdkafkaPartitioner::Random),
];

/// Configs that the Java client does not have.
const OWN: [&str; 3] = ["enable.auto.offset.store", "partitioner", "sticky.partitioning.linger.ms"];

/// Other names of what both have.
const ALIASES: [(&str, &str); 6] = [
    ("queue.buffering.max.ms", "linger.ms"),
    ("message.timeout.ms", "delivery.timeout.ms"),
    ("message.send.max.retries", "retries"),
    ("request.required.acks", "acks"),
    ("max.in.flight", "max.in.flight.requests.per.connection"),
    ("message.max.bytes", "max.request.size"),
];

/// Configs of the Java client that librdkafka does not have.
const NOT_ITS: [&str; 6] = [
    "partitioner.class",
    "partitioner.ignore.keys",
    "partitioner.adaptive.partitioning.enable",
    "buffer.memory",
    "max.block.ms",
    "max.poll.records",
];

/// Its defaults where the Java client has others.
const PRODUCER_DEFAULTS: [(&str, &str); 4] = [
    ("enable.idempotence", "false"),
    ("batch.size", "1000000"),
    ("max.request.size", "1000000"),
    ("delivery.timeout.ms", "300000"),
];

/// The Java classes of its assignors.
const ASSIGNORS: [(&str, &str); 3] = [
    ("range", "org.apache.kafka.clients.consumer.RangeAssignor"),
    ("roundrobin", "org.apache.kafka.clients.consumer.RoundRobinAssignor"),
    ("cooperative-sticky", "org.apache.kafka.clients.consumer.CooperativeStickyAssignor"),
];

impl ClientLibrary {
    /// Both, by the names of scenario files.
    pub const ALL: [(&str, Self); 2] = [("java", Self::Java), ("librdkafka", Self::Librdkafka)];

    /// Its name in scenario files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Java => "java",
            Self::Librdkafka => "librdkafka",
        }
    }

    /// What is left of a client's configs without those that only this library knows.
    #[must_use]
    pub fn without_own(self, config: &Properties) -> Properties {
        let is_own =
            |name: &str| OWN.contains(&name) || ALIASES.iter().any(|(alias, _)| *alias == name);
        let all = config.iter().filter(|(name, _)| self == Self::Java || !is_own(name));
        all.collect()
    }

    /// A client's configs in the words of the Java client, the library's defaults included.
    ///
    /// # Errors
    /// What this library does not know, or would not take.
    pub fn in_java(self, scope: Scope, config: &Properties) -> Result<Properties, ConfigException> {
        if self == Self::Java {
            return Ok(config.clone());
        }
        if let Some(name) = NOT_ITS.into_iter().find(|name| config.is_explicit(name)) {
            let message = format!("No such configuration property in librdkafka: \"{name}\"");
            return Err(ConfigException::about(name, message));
        }
        let mut java = self.without_own(config);
        for (alias, name) in ALIASES {
            if let Some(value) = config.get(alias) {
                java.set(name, value);
            }
        }
        match scope {
            Scope::Producer => {
                self.partitioner(config)?;
                self.sticky_ms(config)?;
                producer_in_java(&mut java);
            }
            Scope::Consumer => {
                self.stores_when_handed_over(config)?;
                consumer_in_java(&mut java)?;
            }
            _ => {}
        }
        Ok(java)
    }

    /// A client's configs as its knobs show them: what is set, and what this library sets.
    #[must_use]
    pub fn shown(self, scope: Scope, config: &Properties) -> Properties {
        self.in_java(scope, config).unwrap_or_else(|_| config.clone())
    }

    /// `partitioner`; `None`: the library of the Java client.
    ///
    /// # Errors
    /// There is no such partitioner.
    pub fn partitioner(
        self,
        config: &Properties,
    ) -> Result<Option<LibrdkafkaPartitioner>, ConfigException> {
        if self == Self::Java {
            return Ok(None);
        }
        let name = config.get("partitioner").unwrap_or("consistent_random");
        match PARTITIONERS.iter().find(|(known, _)| *known == name) {
            Some((_, partitioner)) => Ok(Some(*partitioner)),
            None => {
                let names = PARTITIONERS.map(|(name, _)| name).join(", ");
                let message = format!("Invalid value {name} for partitioner: one of {names}");
                Err(ConfigException::about("partitioner", message))
            }
        }
    }

    /// `sticky.partitioning.linger.ms`: how long records without a key go to one partition.
    ///
    /// # Errors
    /// That is no number of ms.
    pub fn sticky_ms(self, config: &Properties) -> Result<u64, ConfigException> {
        const NAME: &str = "sticky.partitioning.linger.ms";
        let text = config.get(NAME).unwrap_or("10");
        text.parse().ok().filter(|&ms| ms <= 900_000).ok_or_else(|| {
            ConfigException::about(NAME, format!("Invalid value {text} for {NAME}: 0 to 900000"))
        })
    }

    /// `enable.auto.offset.store`: an offset counts as consumed, and may be committed, as soon as
    /// the application has the message in its hands. False also for the Java client, which has
    /// nothing of the kind.
    ///
    /// # Errors
    /// That is neither true nor false.
    pub fn stores_when_handed_over(self, config: &Properties) -> Result<bool, ConfigException> {
        const NAME: &str = "enable.auto.offset.store";
        match config.get(NAME).unwrap_or("true") {
            _ if self == Self::Java => Ok(false),
            "true" => Ok(true),
            "false" => Ok(false),
            other => {
                let message = format!("Invalid value {other} for {NAME}: true or false");
                Err(ConfigException::about(NAME, message))
            }
        }
    }
}

fn set_default(java: &mut Properties, name: &str, value: &str) {
    if !java.is_explicit(name) {
        java.set(name, value);
    }
}

/// Idempotence brings the configs that it needs along, unless they are set.
fn producer_in_java(java: &mut Properties) {
    if java.is_explicit("transactional.id") {
        set_default(java, "enable.idempotence", "true");
    }
    if java.get("enable.idempotence") == Some("true") {
        set_default(java, "max.in.flight.requests.per.connection", "5");
    }
    for (name, value) in PRODUCER_DEFAULTS {
        set_default(java, name, value);
    }
    set_default(java, "max.in.flight.requests.per.connection", "1000000");
}

/// It hands one message over at a time.
fn consumer_in_java(java: &mut Properties) -> Result<(), ConfigException> {
    const STRATEGY: &str = "partition.assignment.strategy";
    java.set("max.poll.records", "1");
    set_default(java, "isolation.level", "read_committed");
    if java.get("group.protocol") == Some("consumer") && !java.is_explicit(STRATEGY) {
        return Ok(());
    }
    let names = java.get(STRATEGY).unwrap_or("range,roundrobin").to_owned();
    let mut classes = Vec::new();
    for name in names.split(',').map(str::trim) {
        let Some((_, class)) = ASSIGNORS.iter().find(|(known, _)| *known == name) else {
            let known = ASSIGNORS.map(|(name, _)| name).join(", ");
            let message = format!("Unsupported {STRATEGY}: {name}; there are {known}");
            return Err(ConfigException::about(STRATEGY, message));
        };
        classes.push(*class);
    }
    java.set(STRATEGY, classes.join(","));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{ConsumerConfig, ProducerConfig};

    const ITS: ClientLibrary = ClientLibrary::Librdkafka;

    #[test]
    fn the_defaults_of_librdkafka() {
        let java = ITS.in_java(Scope::Producer, &Properties::new()).unwrap();
        let config = ProducerConfig::from_properties(&java).unwrap();
        assert!(!config.enable_idempotence);
        assert_eq!(config.acks, crate::config::Acks::All);
        assert_eq!(config.linger_ms, 5);
        assert_eq!(config.max_in_flight_requests_per_connection, 1_000_000);
        let set = Properties::new().with("enable.idempotence", "true");
        let java = ITS.in_java(Scope::Producer, &set).unwrap();
        let config = ProducerConfig::from_properties(&java).unwrap();
        assert!(config.enable_idempotence);
        assert_eq!(config.max_in_flight_requests_per_connection, 5);
        let java = ITS.in_java(Scope::Consumer, &Properties::new().with("group.id", "g")).unwrap();
        let config = ConsumerConfig::from_properties(&java).unwrap();
        let names = config.partition_assignment_strategy;
        assert!(names.len() == 2 && names[1].ends_with("RoundRobinAssignor"), "{names:?}");
        assert_eq!(config.isolation_level, crate::config::IsolationLevel::ReadCommitted);
    }

    #[test]
    fn other_names_and_what_is_refused() {
        let set = Properties::new().with("queue.buffering.max.ms", "50");
        let java = ITS.in_java(Scope::Producer, &set).unwrap();
        assert_eq!(java.get("linger.ms"), Some("50"));
        for (scope, name, value) in [
            (Scope::Consumer, "max.poll.records", "5"),
            (Scope::Consumer, "enable.auto.offset.store", "perhaps"),
            (Scope::Consumer, "partition.assignment.strategy", "sticky"),
            (Scope::Producer, "partitioner", "best"),
            (Scope::Producer, "sticky.partitioning.linger.ms", "-1"),
        ] {
            let error = ITS.in_java(scope, &Properties::new().with(name, value)).unwrap_err();
            assert_eq!(error.name.as_deref(), Some(name));
        }
    }
}
