//! The classes a config may name. The model loads none; a name outside this
//! list is to it what a class that is not on the class path is to Kafka.

const PACKAGES: &[(&str, &[&str])] = &[
    ("org.apache.kafka.clients.producer.", &["RoundRobinPartitioner"]),
    (
        "org.apache.kafka.clients.consumer.",
        &["RangeAssignor", "RoundRobinAssignor", "StickyAssignor", "CooperativeStickyAssignor"],
    ),
    (
        "org.apache.kafka.common.security.",
        &[
            "authenticator.DefaultKafkaPrincipalBuilder",
            "oauthbearer.DefaultJwtRetriever",
            "oauthbearer.DefaultJwtValidator",
        ],
    ),
];

/// Types that have both a serializer and a deserializer.
const SERDES: &[&str] = &[
    "Boolean",
    "ByteArray",
    "ByteBuffer",
    "Bytes",
    "Double",
    "Float",
    "Integer",
    "List",
    "Long",
    "Short",
    "String",
    "UUID",
    "Void",
];

/// Whether Kafka ships such a class.
pub(super) fn exists(name: &str) -> bool {
    if let Some(class) = name.strip_prefix("org.apache.kafka.common.serialization.") {
        return class
            .strip_suffix("Serializer")
            .or_else(|| class.strip_suffix("Deserializer"))
            .is_some_and(|of| SERDES.contains(&of));
    }
    PACKAGES.iter().any(|(package, classes)| {
        name.strip_prefix(package).is_some_and(|class| classes.contains(&class))
    })
}

/// Whether Kafka ships such an assignor for classic groups.
pub(super) fn is_assignor(name: &str) -> bool {
    name.ends_with("Assignor") && exists(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kafka_ships_these_and_not_those() {
        assert!(exists("org.apache.kafka.common.serialization.StringSerializer"));
        assert!(exists("org.apache.kafka.common.serialization.UUIDDeserializer"));
        assert!(is_assignor("org.apache.kafka.clients.consumer.StickyAssignor"));
        assert!(!exists("org.apache.kafka.clients.producer.internals.DefaultPartitioner"));
        assert!(!is_assignor("range"));
    }
}
