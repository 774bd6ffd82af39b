//! What Kafka throws when a config will not do.

use std::fmt;

/// Kafka's own exception: its class and its message, word for word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigException {
    /// Simple name of the class: `ConfigException`,
    /// `InvalidConfigurationException`, `IllegalArgumentException`, ...
    pub class: &'static str,
    /// The message.
    pub message: String,
    /// The key it is about, if it is about one.
    pub name: Option<String>,
    /// The message of the `KafkaException` it comes wrapped in, when a client's
    /// constructor throws it: `Failed to construct kafka producer`.
    pub wrapper: Option<&'static str>,
}

impl ConfigException {
    /// An exception of that class.
    #[must_use]
    pub fn new(class: &'static str, name: &str, message: impl Into<String>) -> Self {
        Self { class, message: message.into(), name: Some(name.to_owned()), wrapper: None }
    }

    /// `new ConfigException(message)`, about the key `name`.
    #[must_use]
    pub fn about(name: &str, message: impl Into<String>) -> Self {
        Self::new("ConfigException", name, message)
    }

    /// `new ConfigException(name, value, message)`.
    #[must_use]
    pub fn invalid(name: &str, value: impl fmt::Display, reason: impl fmt::Display) -> Self {
        Self::about(name, format!("Invalid value {value} for configuration {name}: {reason}"))
    }

    /// The same, thrown inside a client's constructor.
    #[must_use]
    pub fn wrapped(mut self, wrapper: &'static str) -> Self {
        self.wrapper = Some(wrapper);
        self
    }
}

impl fmt::Display for ConfigException {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.class, self.message)
    }
}

impl std::error::Error for ConfigException {}
