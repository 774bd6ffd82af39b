//! A whole set of values: what the user set, parsed, over the defaults.

use super::definition::{ConfigDef, DefaultValue, Scope};
use super::exception::ConfigException;
use super::properties::Properties;
use super::tables;
use super::value::Value;
use crate::engine::SortedMap;

/// The values of one client, broker or topic: Kafka's `AbstractConfig`.
#[derive(Clone, Debug, PartialEq)]
pub struct Values {
    scope: Scope,
    set: SortedMap<&'static str, Value>,
}

impl Values {
    /// `ConfigDef.parse`: every definition in Kafka's order, so that of two
    /// mistakes the one Kafka reports is reported. Unknown keys are passed
    /// over, see [`check_known`](super::check_known).
    ///
    /// # Errors
    /// A required config is missing, or a value is of the wrong type or out of range.
    pub fn parse(scope: Scope, properties: &Properties) -> Result<Self, ConfigException> {
        let mut set = SortedMap::new();
        for definition in tables::definitions(scope) {
            let name = definition.name;
            if properties.is_explicit(name) {
                let value = match properties.get(name) {
                    Some(text) => Value::parse(name, text, definition.kind)?,
                    None => Value::Null,
                };
                definition.validator.ensure_valid(name, &value)?;
                set.insert(name, value);
            } else if definition.default == DefaultValue::Required {
                let message = format!(
                    "Missing required configuration \"{name}\" which has no default value."
                );
                return Err(ConfigException::about(name, message));
            }
        }
        Ok(Self { scope, set })
    }

    /// Whose values these are.
    #[must_use]
    pub const fn scope(&self) -> Scope {
        self.scope
    }

    /// The value that holds, set or default; `Null` for an unknown name.
    #[must_use]
    pub fn get(&self, name: &str) -> Value {
        match self.set.get(name) {
            Some(value) => value.clone(),
            None => tables::find(self.scope, name).map_or(Value::Null, ConfigDef::default_value),
        }
    }

    /// Puts another value in its place, as Kafka does after parsing.
    pub(super) fn put(&mut self, name: &'static str, value: Value) {
        self.set.insert(name, value);
    }

    /// The value as a field's type; see [`FromValue`] for what does not fit.
    pub(super) fn take<T: FromValue>(&self, name: &str) -> T {
        T::from_value(self.get(name))
    }
}

impl ConfigDef {
    /// The default, parsed; `Null` if there is none.
    #[must_use]
    pub fn default_value(&self) -> Value {
        match self.default {
            DefaultValue::Text(text) => {
                Value::parse(self.name, text, self.kind).unwrap_or(Value::Null)
            }
            DefaultValue::Null | DefaultValue::Required => Value::Null,
        }
    }
}

/// From a parsed value to the type of a field. The tables say which kind a
/// config is of, and a test holds the fields to it; what does not fit all the
/// same (a `null` where Kafka would throw a `NullPointerException` later)
/// becomes the type's zero.
pub(super) trait FromValue: Sized {
    fn from_value(value: Value) -> Self;
}

impl FromValue for bool {
    fn from_value(value: Value) -> Self {
        value == Value::Boolean(true)
    }
}

/// Int and short configs too: times are `i64` whatever Kafka's type is.
impl FromValue for i64 {
    fn from_value(value: Value) -> Self {
        match value {
            Value::Long(n) => n,
            Value::Int(n) => n.into(),
            Value::Short(n) => n.into(),
            _ => 0,
        }
    }
}

impl FromValue for i32 {
    fn from_value(value: Value) -> Self {
        match value {
            Value::Int(n) => n,
            Value::Short(n) => n.into(),
            _ => 0,
        }
    }
}

impl FromValue for i16 {
    fn from_value(value: Value) -> Self {
        match value {
            Value::Short(n) => n,
            _ => 0,
        }
    }
}

impl FromValue for String {
    fn from_value(value: Value) -> Self {
        match value {
            Value::Text(text) => text,
            _ => Self::new(),
        }
    }
}

impl FromValue for Vec<String> {
    fn from_value(value: Value) -> Self {
        match value {
            Value::List(items) => items,
            _ => Self::new(),
        }
    }
}

impl<T: FromValue> FromValue for Option<T> {
    fn from_value(value: Value) -> Self {
        (value != Value::Null).then(|| T::from_value(value))
    }
}

/// Writes a struct whose fields are configs, and how to fill it from values.
macro_rules! typed_config {
    (
        $(#[$meta:meta])*
        $name:ident of $scope:ident {
            $($(#[$field_meta:meta])* $field:ident: $type:ty = $key:literal,)*
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq)]
        pub struct $name {
            $(
                #[doc = concat!("`", $key, "`")]
                $(#[$field_meta])*
                pub $field: $type,
            )*
            /// What was changed silently, for people: one sentence each.
            pub notes: Vec<String>,
        }

        impl $name {
            /// The configs that are fields here: what the model acts on.
            pub const FIELDS: &'static [&'static str] = &[$($key),*];

            fn fill(values: &$crate::config::Values, notes: Vec<String>) -> Self {
                debug_assert!(matches!(values.scope(), $crate::config::Scope::$scope));
                Self { $($field: values.take($key),)* notes }
            }
        }
    };
}
pub(super) use typed_config;
