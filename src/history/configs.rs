//! Kafka configs in a scenario: `[producer.config]` and its sisters.
//!
//! Keys are written as in Kafka, quotes or not: TOML reads `linger.ms = 5` as a table `linger` with
//! a key `ms`, and this puts the names together again. Values are checked by Kafka's own rules, and
//! refused in Kafka's own words.

use std::ops::Range;

use toml::de::{DeTable, DeValue};

use super::fields::{Fields, Node};
use super::problems::Problems;
use crate::config::{BrokerConfig, ConfigException, Properties, Scope, TopicConfig, find, nearest};

/// Configs with the places of their keys.
#[derive(Clone, Debug, Default)]
pub(super) struct Configs {
    pub(super) properties: Properties,
    spans: Vec<(String, Range<usize>)>,
    /// Where mistakes are shown that no key of the table is to blame for.
    span: Range<usize>,
}

impl Configs {
    /// Reads the key `config` of a table.
    pub(super) fn read(
        fields: &mut Fields<'_, '_>,
        scope: Scope,
        problems: &mut Problems<'_>,
    ) -> Self {
        let mut configs = Self { span: fields.span.clone(), ..Self::default() };
        let Some(value) = fields.get("config") else { return configs };
        let Some(table) = value.get_ref().as_table() else {
            super::fields::wrong_kind("config", value, "a table of Kafka configs", problems);
            return configs;
        };
        configs.span = value.span();
        configs.flatten(table, "", problems);
        configs.check_names(scope, problems);
        configs
    }

    fn flatten(&mut self, table: &DeTable<'_>, prefix: &str, problems: &mut Problems<'_>) {
        for (key, value) in table.iter() {
            let name = format!("{prefix}{}", key.get_ref());
            match value.get_ref() {
                DeValue::Table(inner) => self.flatten(inner, &format!("{name}."), problems),
                _ => {
                    if let Some(text) = config_text(&name, value, problems) {
                        self.properties.set(name.clone(), text);
                        self.spans.push((name, key.span()));
                    }
                }
            }
        }
    }

    fn check_names(&mut self, scope: Scope, problems: &mut Problems<'_>) {
        for (name, span) in std::mem::take(&mut self.spans) {
            if find(scope, &name).is_some() {
                self.spans.push((name, span));
                continue;
            }
            let hint = nearest(scope, &name).map(|near| format!("; did you mean '{near}'?"));
            let message = format!("unknown configuration '{name}'{}", hint.unwrap_or_default());
            problems.add(span, message);
            self.properties.remove(&name);
        }
    }

    /// Checks values until Kafka is content, leaving out what it blames each time: so all mistakes
    /// come to light, not only the first.
    pub(super) fn check<T>(
        &self,
        problems: &mut Problems<'_>,
        construct: impl Fn(&Properties) -> Result<T, ConfigException>,
    ) {
        let mut properties = self.properties.clone();
        while let Err(error) = construct(&properties) {
            let blamed = error.name.clone().filter(|name| properties.is_explicit(name));
            let span = blamed.as_ref().and_then(|name| self.span_of(name));
            problems.add(span.unwrap_or_else(|| self.span.clone()), error.to_string());
            match blamed {
                Some(name) => properties.remove(&name),
                None => return,
            };
        }
    }

    /// Checks them as configs of a topic.
    pub(super) fn check_topic(&self, broker: Option<&BrokerConfig>, problems: &mut Problems<'_>) {
        if let Some(broker) = broker {
            self.check(problems, |properties| TopicConfig::from_properties(properties, broker));
        }
    }

    fn span_of(&self, name: &str) -> Option<Range<usize>> {
        self.spans.iter().find(|(known, _)| known == name).map(|(_, span)| span.clone())
    }
}

/// The text of a config value, as it would stand in a `.properties` file.
pub(super) fn config_text(
    name: &str,
    value: &Node<'_>,
    problems: &mut Problems<'_>,
) -> Option<String> {
    match value.get_ref() {
        DeValue::String(text) => Some(text.to_string()),
        DeValue::Integer(number) if number.radix() == 10 => Some(number.as_str().to_owned()),
        DeValue::Float(number) => Some(number.as_str().to_owned()),
        DeValue::Boolean(boolean) => Some(boolean.to_string()),
        DeValue::Array(items) => {
            let texts: Option<Vec<String>> =
                items.iter().map(|item| config_text(name, item, problems)).collect();
            Some(texts?.join(","))
        }
        _ => {
            let wanted = "a text, a number, true, false or a list";
            super::fields::wrong_kind(name, value, wanted, problems);
            None
        }
    }
}
