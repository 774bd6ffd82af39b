//! `configs.json`: Kafka's definitions of its configs, and which properties
//! its clients accept, with what effect or which exception.

use std::collections::BTreeSet;

use highwater::config::{
    ConfigDef, ConfigException, ConsumerConfig, DefaultValue, ProducerConfig, Properties, Scope,
    Value, Values, definitions, find,
};
use serde_json::Value as Json;

use crate::json::{list, text};
use crate::tally::Tally;

/// Sets of definitions that are a whole table of ours; the other sets are
/// parts of what a broker reads.
const WHOLE: &[(&str, Scope)] = &[
    ("producer", Scope::Producer),
    ("consumer", Scope::Consumer),
    ("admin", Scope::Admin),
    ("topic (LogConfig)", Scope::Topic),
    ("GroupConfig", Scope::Group),
    ("broker, everything merged (AbstractKafkaConfig)", Scope::Broker),
];

pub fn run(vectors: &Json) -> Tally {
    let mut tally = Tally::default();
    let mut configs = 0;
    for set in list(&vectors["definitions"]) {
        configs += list(&set["configs"]).len();
        tally.count(&format!("definitions of {}", set["set"]), &check_set(set));
    }
    println!("configs.json: {configs} definitions compared");
    for case in list(&vectors["cases"]) {
        tally.count(&format!("case {}", case["id"]), &check_case(case));
    }
    tally
}

/// `org.apache.kafka.common.KafkaException` is `KafkaException`.
fn simple_name(class: &str) -> &str {
    class.rsplit(['.', '$']).next().unwrap_or(class)
}

// Definitions

fn check_set(set: &Json) -> Vec<String> {
    let name = text(&set["set"]);
    let whole = WHOLE.iter().find(|(whole, _)| *whole == name);
    let scope = whole.map_or(Scope::Broker, |(_, scope)| *scope);
    let mut wrong = Vec::new();
    let mut names = BTreeSet::new();
    for config in list(&set["configs"]) {
        let name = text(&config["name"]);
        names.insert(name);
        match find(scope, name) {
            None => wrong.push(format!("{name} is missing")),
            Some(ours) => wrong.extend(check_definition(ours, config)),
        }
    }
    if whole.is_some() {
        let ours = definitions(scope).iter();
        let invented = ours.filter(|d| !names.contains(d.name));
        wrong.extend(invented.map(|d| format!("{} is none of Kafka's", d.name)));
        if definitions(scope).len() != names.len() {
            wrong.push("some name stands twice".to_owned());
        }
    }
    wrong
}

fn check_definition(ours: &ConfigDef, kafkas: &Json) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut compare = |what: &str, ours_is: String, kafkas_is: String| {
        if ours_is != kafkas_is {
            let name = ours.name;
            wrong.push(format!("{name}: {what} is {ours_is}, not {kafkas_is}"));
        }
    };
    compare("type", ours.kind.name().into(), text(&kafkas["type"]).into());
    compare(
        "importance",
        format!("{:?}", ours.importance).to_uppercase(),
        text(&kafkas["importance"]).into(),
    );
    compare("validator", ours.validator.to_string(), text(&kafkas["validator"]).into());
    compare("internal", ours.internal.to_string(), (kafkas["internal"] == true).to_string());
    let default = match &kafkas["default"] {
        Json::String(text) if text.starts_with("<NO DEFAULT") => {
            ours.default == DefaultValue::Required
        }
        default => {
            ours.default != DefaultValue::Required && is_equal(&ours.default_value(), default)
        }
    };
    if !default {
        let (name, ours) = (ours.name, ours.default);
        wrong.push(format!("{name}: default is {ours:?}, not {}", kafkas["default"]));
    }
    wrong
}

fn is_equal(ours: &Value, kafkas: &Json) -> bool {
    match ours {
        Value::Null => kafkas.is_null(),
        Value::Boolean(b) => kafkas.as_bool() == Some(*b),
        Value::Int(n) => kafkas.as_i64() == Some(i64::from(*n)),
        Value::Short(n) => kafkas.as_i64() == Some(i64::from(*n)),
        Value::Long(n) => kafkas.as_i64() == Some(*n),
        Value::Double(n) => kafkas.as_f64() == Some(*n),
        Value::Text(text) => kafkas.as_str() == Some(text),
        Value::List(items) => kafkas.is_array() && items.iter().eq(list(kafkas)),
    }
}

// Cases

fn check_case(case: &Json) -> Vec<String> {
    let producer = text(&case["client"]) == "producer";
    let (config_class, client_class, serde) = if producer {
        ("ProducerConfig", "KafkaProducer", "serializer")
    } else {
        ("ConsumerConfig", "KafkaConsumer", "deserializer")
    };
    let given = properties(&case["properties"], serde);
    let (parsed, constructed, simulated) = if producer {
        (
            ProducerConfig::parse(&given),
            ProducerConfig::construct(&given).err(),
            ProducerConfig::from_properties(&given).err(),
        )
    } else {
        (
            ConsumerConfig::parse(&given),
            ConsumerConfig::construct(&given).err(),
            ConsumerConfig::from_properties(&given).err(),
        )
    };
    let mut wrong = Vec::new();
    let kafkas = &case[config_class];
    wrong.extend(check_outcome(config_class, parsed.as_ref().err(), kafkas));
    if let Ok(values) = &parsed {
        wrong.extend(check_effective(values, &kafkas["effective"]));
    }
    wrong.extend(check_outcome(client_class, constructed.as_ref(), &case[client_class]));
    // The simulation adds what is missing and is otherwise as strict.
    if !case["properties"].to_string().contains("<absent>") && simulated != constructed {
        wrong.push(format!("from_properties: {simulated:?}, construct: {constructed:?}"));
    }
    wrong
}

/// Addresses and (de)serializers are added unless given; `<absent>` takes away.
fn properties(given: &Json, serde: &str) -> Properties {
    let class = if serde == "serializer" { "StringSerializer" } else { "StringDeserializer" };
    let class = format!("org.apache.kafka.common.serialization.{class}");
    let mut properties = Properties::new()
        .with("bootstrap.servers", "127.0.0.1:1")
        .with(format!("key.{serde}"), class.as_str())
        .with(format!("value.{serde}"), class.as_str());
    for (name, value) in given.as_object().into_iter().flatten() {
        match value {
            Json::Null => properties.set_null(name),
            Json::String(text) if text == "<absent>" => {
                properties.remove(name);
            }
            Json::String(text) => properties.set(name, text),
            other => properties.set(name, other.to_string()),
        }
    }
    properties
}

fn check_outcome(class: &str, ours: Option<&ConfigException>, kafkas: &Json) -> Option<String> {
    let ours = ours.map(|e| (e.wrapper, e.class, e.message.as_str()));
    let (exception, message) = (simple_name(text(&kafkas["exception"])), text(&kafkas["message"]));
    let expected = match (text(&kafkas["outcome"]), kafkas["cause"].as_str()) {
        ("accepted", _) => None,
        (_, None) => Some((None, exception, message)),
        (_, Some(cause)) => {
            Some((Some(message), simple_name(cause), text(&kafkas["cause_message"])))
        }
    };
    (ours != expected).then(|| format!("{class}: {ours:?}, not {expected:?}"))
}

fn check_effective(values: &Values, kafkas: &Json) -> Vec<String> {
    let effective = kafkas.as_object().into_iter().flatten();
    effective
        .map(|(name, kafkas)| (name, values.get(name), kafkas))
        .filter(|(_, ours, kafkas)| !is_equal(ours, kafkas))
        .map(|(name, ours, kafkas)| format!("{name} is {ours}, not {kafkas}"))
        .collect()
}
