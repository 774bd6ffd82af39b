//! The classes a config may name. The model loads none; a name outside this
//! list is to it what a class that is not on the class path is to Kafka.

use super::exception::ConfigException;
use super::value::Value;
use super::values::Values;

/// What a class is good for, and Kafka's interface for that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Serializer,
    Deserializer,
    Partitioner,
    Assignor,
    Reporter,
    ProducerInterceptor,
    ConsumerInterceptor,
    ReplicaSelector,
    /// Nothing that clients make an instance of.
    Other,
}

impl Role {
    const fn interface(self) -> &'static str {
        match self {
            Self::Serializer => "org.apache.kafka.common.serialization.Serializer",
            Self::Deserializer => "org.apache.kafka.common.serialization.Deserializer",
            Self::Partitioner => "org.apache.kafka.clients.producer.Partitioner",
            Self::Assignor => "org.apache.kafka.clients.consumer.ConsumerPartitionAssignor",
            Self::Reporter => "org.apache.kafka.common.metrics.MetricsReporter",
            Self::ProducerInterceptor => "org.apache.kafka.clients.producer.ProducerInterceptor",
            Self::ConsumerInterceptor => "org.apache.kafka.clients.consumer.ConsumerInterceptor",
            Self::ReplicaSelector => "org.apache.kafka.common.replica.ReplicaSelector",
            Self::Other => "java.lang.Object",
        }
    }
}

const CLASSES: &[(&str, Role)] = &[
    ("org.apache.kafka.clients.producer.RoundRobinPartitioner", Role::Partitioner),
    ("org.apache.kafka.clients.consumer.RangeAssignor", Role::Assignor),
    ("org.apache.kafka.clients.consumer.RoundRobinAssignor", Role::Assignor),
    ("org.apache.kafka.clients.consumer.StickyAssignor", Role::Assignor),
    ("org.apache.kafka.clients.consumer.CooperativeStickyAssignor", Role::Assignor),
    ("org.apache.kafka.common.metrics.JmxReporter", Role::Reporter),
    ("org.apache.kafka.common.replica.LeaderSelector", Role::ReplicaSelector),
    ("org.apache.kafka.common.replica.RackAwareReplicaSelector", Role::ReplicaSelector),
    ("org.apache.kafka.common.security.authenticator.DefaultKafkaPrincipalBuilder", Role::Other),
    ("org.apache.kafka.common.security.oauthbearer.DefaultJwtRetriever", Role::Other),
    ("org.apache.kafka.common.security.oauthbearer.DefaultJwtValidator", Role::Other),
    ("java.lang.Object", Role::Other),
    ("java.lang.String", Role::Other),
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

/// What the class is good for, if there is such a class.
pub(super) fn role(name: &str) -> Option<Role> {
    if let Some(class) = name.strip_prefix("org.apache.kafka.common.serialization.") {
        let (of, role) = match class.strip_suffix("Deserializer") {
            Some(of) => (of, Role::Deserializer),
            None => (class.strip_suffix("Serializer")?, Role::Serializer),
        };
        return SERDES.contains(&of).then_some(role);
    }
    CLASSES.iter().find(|(class, _)| *class == name).map(|&(_, role)| role)
}

/// `AbstractConfig.getConfiguredInstance` and `getConfiguredInstances`, as a
/// client's constructor calls them: the classes exist and fit.
pub(super) fn ensure_instances(
    values: &Values,
    name: &str,
    wanted: Role,
) -> Result<(), ConfigException> {
    let classes = match values.get(name) {
        Value::Text(class) => vec![class],
        Value::List(classes) => classes,
        _ => Vec::new(),
    };
    for class in classes {
        let message = match role(&class) {
            Some(role) if role == wanted => continue,
            Some(_) => format!("class {class} is not an instance of {}", wanted.interface()),
            None if wanted == Role::Assignor => {
                format!("{class} ClassNotFoundException exception occurred")
            }
            None => format!("Class {class} cannot be found"),
        };
        return Err(ConfigException::new("KafkaException", name, message));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kafka_ships_these_and_not_those() {
        let serde = |class: &str| role(&format!("org.apache.kafka.common.serialization.{class}"));
        assert_eq!(serde("StringSerializer"), Some(Role::Serializer));
        assert_eq!(serde("UUIDDeserializer"), Some(Role::Deserializer));
        assert_eq!(serde("CharSerializer"), None);
        assert_eq!(role("org.apache.kafka.clients.consumer.StickyAssignor"), Some(Role::Assignor));
        assert_eq!(role("range"), None);
    }
}
