use std::collections::BTreeSet;

use super::{definitions, find};
use crate::config::{
    BrokerConfig, ConsumerConfig, DefaultValue, Dynamic, Kind, ProducerConfig, Scope, TopicConfig,
    Unit, Value,
};

#[test]
fn every_name_stands_once_and_is_found() {
    for scope in Scope::ALL {
        let mut names = BTreeSet::new();
        for definition in definitions(scope) {
            assert_eq!(definition.scope, scope);
            assert!(names.insert(definition.name), "{}", definition.name);
            assert_eq!(find(scope, definition.name), Some(definition));
        }
    }
    assert_eq!(find(Scope::Topic, "linger.ms"), None);
}

#[test]
fn defaults_are_of_their_kind_and_valid() {
    for definition in Scope::ALL.into_iter().flat_map(definitions) {
        let value = definition.default_value();
        let is_text = matches!(definition.default, DefaultValue::Text(_));
        assert_eq!(value != Value::Null, is_text, "{}", definition.name);
        if is_text {
            let valid = definition.validator.ensure_valid(definition.name, &value);
            assert_eq!(valid, Ok(()), "{}", definition.name);
        }
    }
}

#[test]
fn units_go_with_numbers_and_with_names() {
    for definition in Scope::ALL.into_iter().flat_map(definitions) {
        let (name, unit) = (definition.name, definition.unit);
        let number = matches!(definition.kind, Kind::Int | Kind::Short | Kind::Long | Kind::Double);
        assert!(number || unit == Unit::None, "{name}");
        if name.ends_with(".ms") {
            assert_eq!(unit, Unit::Ms, "{name}");
        }
    }
}

/// What the typed configs hold is what the table calls modelled.
#[test]
fn fields_and_modelled_rows_are_the_same() {
    // Other units of times that the broker's fields hold in milliseconds.
    let synonyms = [
        "log.retention.minutes",
        "log.retention.hours",
        "log.roll.hours",
        "log.roll.jitter.hours",
        "log.flush.scheduler.interval.ms",
    ];
    for (scope, fields, more) in [
        (Scope::Producer, ProducerConfig::FIELDS, &[][..]),
        (Scope::Consumer, ConsumerConfig::FIELDS, &[]),
        (Scope::Broker, BrokerConfig::FIELDS, &synonyms),
        (Scope::Topic, TopicConfig::FIELDS, &[]),
        (Scope::Admin, &[], &[]),
        (Scope::Group, &[], &[]),
    ] {
        let fields: BTreeSet<_> = fields.iter().chain(more).copied().collect();
        let modelled = definitions(scope).iter().filter(|d| d.modelled);
        assert_eq!(modelled.map(|d| d.name).collect::<BTreeSet<_>>(), fields);
    }
}

#[test]
fn changes_take_effect_as_in_life() {
    let dynamic = |scope, name| find(scope, name).map(|d| d.dynamic);
    assert_eq!(dynamic(Scope::Producer, "linger.ms"), Some(Dynamic::ClientRestart));
    assert_eq!(dynamic(Scope::Topic, "retention.ms"), Some(Dynamic::Live));
    assert_eq!(dynamic(Scope::Broker, "log.retention.ms"), Some(Dynamic::Live));
    assert_eq!(dynamic(Scope::Broker, "log.retention.hours"), Some(Dynamic::BrokerRestart));
    assert_eq!(dynamic(Scope::Broker, "replica.lag.time.max.ms"), Some(Dynamic::BrokerRestart));
}
