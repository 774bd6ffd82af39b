//! `ConsumerConfig`: what a consumer works with, after Kafka's checks.

use super::choices::{AutoOffsetReset, GroupProtocol, IsolationLevel};
use super::classes::{Role, ensure_instances};
use super::client;
use super::definition::Scope;
use super::exception::ConfigException;
use super::properties::Properties;
use super::value::Value;
use super::values::{Values, typed_config};

const CLASSES: [&str; 2] = ["key.deserializer", "value.deserializer"];
const DESERIALIZER: &str = "org.apache.kafka.common.serialization.StringDeserializer";
const WRAPPER: &str = "Failed to construct kafka consumer";
const MAX_NAME_LENGTH: usize = 249;

/// What a consumer of one protocol may not set, the other protocol's business.
const NOT_WITH_CLASSIC: &[&str] =
    &["group.remote.assignor", "share.acknowledgement.mode", "share.acquire.mode"];
const NOT_WITH_CONSUMER: &[&str] = &[
    "partition.assignment.strategy",
    "heartbeat.interval.ms",
    "session.timeout.ms",
    "share.acknowledgement.mode",
    "share.acquire.mode",
];

typed_config! {
    /// What a consumer works with.
    ConsumerConfig of Consumer {
        group_id: Option<String> = "group.id",
        group_protocol: GroupProtocol = "group.protocol",
        group_remote_assignor: Option<String> = "group.remote.assignor",
        group_instance_id: Option<String> = "group.instance.id",
        session_timeout_ms: i64 = "session.timeout.ms",
        heartbeat_interval_ms: i64 = "heartbeat.interval.ms",
        max_poll_interval_ms: i64 = "max.poll.interval.ms",
        max_poll_records: i32 = "max.poll.records",
        partition_assignment_strategy: Vec<String> = "partition.assignment.strategy",
        /// The effective one: silently off without a `group.id`.
        enable_auto_commit: bool = "enable.auto.commit",
        auto_commit_interval_ms: i64 = "auto.commit.interval.ms",
        auto_offset_reset: AutoOffsetReset = "auto.offset.reset",
        isolation_level: IsolationLevel = "isolation.level",
        fetch_min_bytes: i32 = "fetch.min.bytes",
        fetch_max_wait_ms: i64 = "fetch.max.wait.ms",
        fetch_max_bytes: i32 = "fetch.max.bytes",
        max_partition_fetch_bytes: i32 = "max.partition.fetch.bytes",
        client_rack: String = "client.rack",
        request_timeout_ms: i64 = "request.timeout.ms",
        default_api_timeout_ms: i64 = "default.api.timeout.ms",
        retry_backoff_ms: i64 = "retry.backoff.ms",
        retry_backoff_max_ms: i64 = "retry.backoff.max.ms",
        reconnect_backoff_ms: i64 = "reconnect.backoff.ms",
        reconnect_backoff_max_ms: i64 = "reconnect.backoff.max.ms",
        metadata_max_age_ms: i64 = "metadata.max.age.ms",
        allow_auto_create_topics: bool = "allow.auto.create.topics",
        exclude_internal_topics: bool = "exclude.internal.topics",
        check_crcs: bool = "check.crcs",
        /// Empty if the user set none and there is no `group.instance.id`: Kafka
        /// then numbers its consumers, `consumer-<group.id>-1`, ...
        client_id: String = "client.id",
    }
}

impl ConsumerConfig {
    /// A consumer of the simulation: like [`Self::construct`], but addresses
    /// and deserializers need not be given.
    ///
    /// # Errors
    /// What Kafka would throw.
    pub fn from_properties(properties: &Properties) -> Result<Self, ConfigException> {
        Self::construct(&client::complete(properties, CLASSES, DESERIALIZER))
    }

    /// `new KafkaConsumer(properties)`.
    ///
    /// # Errors
    /// What Kafka would throw.
    pub fn construct(properties: &Properties) -> Result<Self, ConfigException> {
        client::ensure_classes(properties, CLASSES)?;
        let (values, notes) = parse_with_notes(properties)?;
        let config = Self::fill(&values, notes);
        config.ensure_constructible(&values).map_err(|error| error.wrapped(WRAPPER))?;
        Ok(config)
    }

    /// `new ConsumerConfig(properties)`: the values by name, after the checks
    /// that do not wait for the constructor of the client.
    ///
    /// # Errors
    /// What Kafka would throw.
    pub fn parse(properties: &Properties) -> Result<Values, ConfigException> {
        parse_with_notes(properties).map(|(values, _)| values)
    }

    fn ensure_group_id(&self) -> Result<(), ConfigException> {
        match &self.group_id {
            Some(id) if id.is_empty() => Err(ConfigException::new(
                "InvalidGroupIdException",
                "group.id",
                "The configured group.id should not be an empty string or whitespace.",
            )),
            _ => Ok(()),
        }
    }

    fn ensure_instance_id(&self) -> Result<(), ConfigException> {
        self.group_instance_id.as_deref().map_or(Ok(()), validate_instance_id)
    }

    /// What `KafkaConsumer`'s constructor does, in its order. Assignors and
    /// heartbeats are the classic protocol's, and heartbeats take a group.
    fn ensure_constructible(&self, values: &Values) -> Result<(), ConfigException> {
        self.ensure_group_id()?;
        self.ensure_instance_id()?;
        for (name, role) in [
            ("metric.reporters", Role::Reporter),
            ("interceptor.classes", Role::ConsumerInterceptor),
            ("key.deserializer", Role::Deserializer),
            ("value.deserializer", Role::Deserializer),
        ] {
            ensure_instances(values, name, role)?;
        }
        client::ensure_servers(values)?;
        if self.group_protocol == GroupProtocol::Consumer {
            return Ok(());
        }
        ensure_instances(values, "partition.assignment.strategy", Role::Assignor)?;
        if self.group_id.is_some() && self.heartbeat_interval_ms >= self.session_timeout_ms {
            return Err(ConfigException::new(
                "IllegalArgumentException",
                "heartbeat.interval.ms",
                "Heartbeat must be set lower than the session timeout",
            ));
        }
        Ok(())
    }
}

fn parse_with_notes(properties: &Properties) -> Result<(Values, Vec<String>), ConfigException> {
    let mut values = Values::parse(Scope::Consumer, properties)?;
    let mut notes = Vec::new();
    client::post_process(properties, &mut values, &mut notes)?;
    name_client(&mut values)?;
    check_auto_commit(properties, &mut values, &mut notes)?;
    check_protocol(properties, &values)?;
    Ok((values, notes))
}

fn name_client(values: &mut Values) -> Result<(), ConfigException> {
    if !values.take::<String>("client.id").is_empty() {
        return Ok(());
    }
    if let Value::Text(instance) = values.get("group.instance.id") {
        validate_instance_id(&instance)?;
        let id = format!("consumer-{}-{instance}", values.get("group.id"));
        values.put("client.id", Value::Text(id));
    }
    Ok(())
}

/// There is nothing to commit for without a group.
fn check_auto_commit(
    properties: &Properties,
    values: &mut Values,
    notes: &mut Vec<String>,
) -> Result<(), ConfigException> {
    const NAME: &str = "enable.auto.commit";
    if values.get("group.id") != Value::Null {
        return Ok(());
    }
    if !properties.is_explicit(NAME) {
        notes.push(format!("{NAME} switched off because there is no group.id"));
        values.put(NAME, Value::Boolean(false));
    } else if values.take(NAME) {
        return Err(ConfigException::new(
            "InvalidConfigurationException",
            NAME,
            "enable.auto.commit cannot be set to true when default group id (null) is used.",
        ));
    }
    Ok(())
}

fn check_protocol(properties: &Properties, values: &Values) -> Result<(), ConfigException> {
    let (protocol, unsupported) = match values.take("group.protocol") {
        GroupProtocol::Classic => ("CLASSIC", NOT_WITH_CLASSIC),
        GroupProtocol::Consumer => ("CONSUMER", NOT_WITH_CONSUMER),
    };
    let is_set = |name: &&&str| properties.get(name).is_some_and(|text| !text.trim().is_empty());
    let set: Vec<&str> = unsupported.iter().filter(is_set).copied().collect();
    match set.first() {
        None => Ok(()),
        Some(first) => {
            let names = set.join(", ");
            let message = format!("{names} cannot be set when group.protocol={protocol}");
            Err(ConfigException::about(first, message))
        }
    }
}

/// A group instance id is held to the rules for topic names.
fn validate_instance_id(id: &str) -> Result<(), ConfigException> {
    let legal = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    let length = id.encode_utf16().count();
    let reason = if id.is_empty() {
        "the empty string is not allowed".to_owned()
    } else if id == "." || id == ".." {
        format!("'{id}' is not allowed")
    } else if length > MAX_NAME_LENGTH {
        format!("the length of '{id}' is longer than the max allowed length {MAX_NAME_LENGTH}")
    } else if !id.chars().all(legal) {
        format!(
            "'{id}' contains one or more characters other than ASCII alphanumerics, '.', '_' and '-'"
        )
    } else {
        return Ok(());
    };
    Err(ConfigException::new(
        "InvalidConfigurationException",
        "group.instance.id",
        format!("Group instance id is invalid: {reason}"),
    ))
}
