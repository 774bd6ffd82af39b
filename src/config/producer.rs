//! `ProducerConfig`: what a producer works with, after Kafka's checks.

use super::choices::{Acks, Compression, PartitionerClass};
use super::classes::{Role, ensure_instances};
use super::client;
use super::definition::Scope;
use super::exception::ConfigException;
use super::properties::Properties;
use super::value::Value;
use super::values::{Values, typed_config};

const CLASSES: [&str; 2] = ["key.serializer", "value.serializer"];
const SERIALIZER: &str = "org.apache.kafka.common.serialization.StringSerializer";
const WRAPPER: &str = "Failed to construct kafka producer";

/// Brokers remember five batches of a producer, no more.
const MAX_IN_FLIGHT_FOR_IDEMPOTENCE: i32 = 5;

typed_config! {
    /// What a producer works with.
    ProducerConfig of Producer {
        acks: Acks = "acks",
        /// The effective one: silently off if other configs forbid it.
        enable_idempotence: bool = "enable.idempotence",
        retries: i32 = "retries",
        max_in_flight_requests_per_connection: i32 = "max.in.flight.requests.per.connection",
        batch_size: i32 = "batch.size",
        linger_ms: i64 = "linger.ms",
        buffer_memory: i64 = "buffer.memory",
        max_block_ms: i64 = "max.block.ms",
        max_request_size: i32 = "max.request.size",
        request_timeout_ms: i64 = "request.timeout.ms",
        /// The effective one: at least `linger.ms` + `request.timeout.ms`.
        delivery_timeout_ms: i64 = "delivery.timeout.ms",
        retry_backoff_ms: i64 = "retry.backoff.ms",
        retry_backoff_max_ms: i64 = "retry.backoff.max.ms",
        reconnect_backoff_ms: i64 = "reconnect.backoff.ms",
        reconnect_backoff_max_ms: i64 = "reconnect.backoff.max.ms",
        compression_type: Compression = "compression.type",
        partitioner_class: PartitionerClass = "partitioner.class",
        partitioner_ignore_keys: bool = "partitioner.ignore.keys",
        partitioner_adaptive_partitioning_enable: bool =
            "partitioner.adaptive.partitioning.enable",
        partitioner_availability_timeout_ms: i64 = "partitioner.availability.timeout.ms",
        metadata_max_age_ms: i64 = "metadata.max.age.ms",
        metadata_max_idle_ms: i64 = "metadata.max.idle.ms",
        transactional_id: Option<String> = "transactional.id",
        transaction_timeout_ms: i64 = "transaction.timeout.ms",
        /// Empty if the user set none and there is no `transactional.id`: Kafka
        /// then numbers its producers, `producer-1`, `producer-2`, ...
        client_id: String = "client.id",
    }
}

impl ProducerConfig {
    /// A producer of the simulation: like [`Self::construct`], but addresses
    /// and serializers need not be given.
    ///
    /// # Errors
    /// What Kafka would throw.
    pub fn from_properties(properties: &Properties) -> Result<Self, ConfigException> {
        Self::construct(&client::complete(properties, CLASSES, SERIALIZER))
    }

    /// `new KafkaProducer(properties)`.
    ///
    /// # Errors
    /// What Kafka would throw.
    pub fn construct(properties: &Properties) -> Result<Self, ConfigException> {
        client::ensure_classes(properties, CLASSES)?;
        let (mut values, mut notes) = parse_with_notes(properties)?;
        ensure_constructible(properties, &mut values, &mut notes)
            .map_err(|error| error.wrapped(WRAPPER))?;
        Ok(Self::fill(&values, notes))
    }

    /// `new ProducerConfig(properties)`: the values by name, after the checks
    /// that do not wait for the constructor of the client.
    ///
    /// # Errors
    /// What Kafka would throw.
    pub fn parse(properties: &Properties) -> Result<Values, ConfigException> {
        parse_with_notes(properties).map(|(values, _)| values)
    }
}

fn parse_with_notes(properties: &Properties) -> Result<(Values, Vec<String>), ConfigException> {
    let mut values = Values::parse(Scope::Producer, properties)?;
    let mut notes = Vec::new();
    client::post_process(properties, &mut values, &mut notes)?;
    check_idempotence(properties, &mut values, &mut notes)?;
    check_transactions(properties, &values)?;
    if let (false, Value::Text(id)) =
        (properties.is_explicit("client.id"), values.get("transactional.id"))
    {
        values.put("client.id", Value::Text(format!("producer-{id}")));
    }
    Ok((values, notes))
}

/// Idempotence needs retries, `acks=all` and few requests in flight. Who asked
/// for it gets an exception; who merely has it by default loses it silently,
/// but too many requests in flight are an exception for both.
fn check_idempotence(
    properties: &Properties,
    values: &mut Values,
    notes: &mut Vec<String>,
) -> Result<(), ConfigException> {
    let acks: Acks = values.take("acks");
    let acks_number = if acks == Acks::All { "-1" } else { acks.as_str() };
    values.put("acks", Value::Text(acks_number.to_owned()));
    if !values.take::<bool>("enable.idempotence") {
        return Ok(());
    }
    let asked_for = properties.is_explicit("enable.idempotence");
    let mut reasons = Vec::new();
    if values.take::<i32>("retries") == 0 {
        if asked_for {
            return Err(ConfigException::about(
                "retries",
                "Must set retries to non-zero when using the idempotent producer.",
            ));
        }
        reasons.push("retries=0".to_owned());
    }
    if acks != Acks::All {
        if asked_for {
            return Err(ConfigException::about(
                "acks",
                "Must set acks to all in order to use the idempotent producer. \
                 Otherwise we cannot guarantee idempotence.",
            ));
        }
        reasons.push(format!("acks={acks}"));
    }
    let in_flight: i32 = values.take("max.in.flight.requests.per.connection");
    if in_flight > MAX_IN_FLIGHT_FOR_IDEMPOTENCE {
        return Err(ConfigException::about(
            "max.in.flight.requests.per.connection",
            format!(
                "To use the idempotent producer, max.in.flight.requests.per.connection must be \
                 set to at most 5. Current value is {in_flight}."
            ),
        ));
    }
    if !reasons.is_empty() {
        let because = reasons.join(" and ");
        notes.push(format!("enable.idempotence switched off because {because}"));
        values.put("enable.idempotence", Value::Boolean(false));
    }
    Ok(())
}

fn check_transactions(properties: &Properties, values: &Values) -> Result<(), ConfigException> {
    if properties.is_explicit("transactional.id") && !values.take::<bool>("enable.idempotence") {
        return Err(ConfigException::about(
            "transactional.id",
            "Cannot set a transactional.id without also enabling idempotence.",
        ));
    }
    if values.take::<bool>("transaction.two.phase.commit.enable")
        && properties.is_explicit("transaction.timeout.ms")
    {
        return Err(ConfigException::about(
            "transaction.timeout.ms",
            "Cannot set transaction.timeout.ms when transaction.two.phase.commit.enable is set \
             to true. Transactions will not expire with two-phase commit enabled.",
        ));
    }
    Ok(())
}

/// What `KafkaProducer`'s constructor does, in its order.
fn ensure_constructible(
    properties: &Properties,
    values: &mut Values,
    notes: &mut Vec<String>,
) -> Result<(), ConfigException> {
    for (name, role) in [
        ("metric.reporters", Role::Reporter),
        ("partitioner.class", Role::Partitioner),
        ("key.serializer", Role::Serializer),
        ("value.serializer", Role::Serializer),
        ("interceptor.classes", Role::ProducerInterceptor),
    ] {
        ensure_instances(values, name, role)?;
    }
    configure_delivery_timeout(properties, values, notes)?;
    client::ensure_servers(values)
}

/// A record has to live long enough to linger and to be sent once.
fn configure_delivery_timeout(
    properties: &Properties,
    values: &mut Values,
    notes: &mut Vec<String>,
) -> Result<(), ConfigException> {
    const NAME: &str = "delivery.timeout.ms";
    let longest = i64::from(i32::MAX);
    let linger = values.take::<i64>("linger.ms").min(longest);
    let needed = (linger + values.take::<i64>("request.timeout.ms")).min(longest);
    if values.take::<i64>(NAME) >= needed {
        return Ok(());
    }
    if properties.is_explicit(NAME) {
        return Err(ConfigException::about(
            NAME,
            "delivery.timeout.ms should be equal to or larger than linger.ms + request.timeout.ms",
        ));
    }
    notes.push(format!("delivery.timeout.ms raised to {needed}: linger.ms + request.timeout.ms"));
    values.put(NAME, Value::Long(needed));
    Ok(())
}
