//! What the user set explicitly.

use crate::engine::SortedMap;

/// What the user set explicitly, in order; values as text, as in a
/// `.properties` file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Properties {
    set: SortedMap<String, Option<String>>,
}

impl Properties {
    /// Nothing set.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets a config; what was there before gives way.
    pub fn set(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.set.insert(name.into(), Some(value.into()));
    }

    /// Sets a config to Java's `null`, which a program can do and a file cannot.
    pub fn set_null(&mut self, name: impl Into<String>) {
        self.set.insert(name.into(), None);
    }

    /// The same as [`Self::set`], to be chained.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.set(name, value);
        self
    }

    /// The text that was set, if one was.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.set.get(name)?.as_deref()
    }

    /// Sets (`Some`) or removes (`None`) a value.
    pub fn assign(&mut self, name: &str, value: Option<&str>) {
        match value {
            Some(value) => self.set(name, value),
            None => {
                self.remove(name);
            }
        }
    }

    /// Back to the default.
    pub fn remove(&mut self, name: &str) -> Option<String> {
        self.set.remove(name)?
    }

    /// Whether the user set it: Kafka's `originals().containsKey(name)`.
    #[must_use]
    pub fn is_explicit(&self, name: &str) -> bool {
        self.set.contains_key(name)
    }

    /// Names and texts, ordered by name; a `null` shows as an empty text.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.set.iter().map(|(name, value)| (name.as_str(), value.as_deref().unwrap_or_default()))
    }

    /// How many are set.
    #[must_use]
    pub fn len(&self) -> usize {
        self.set.len()
    }

    /// Whether none is set.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.set.is_empty()
    }
}

impl<N: Into<String>, V: Into<String>> FromIterator<(N, V)> for Properties {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(pairs: I) -> Self {
        let mut properties = Self::new();
        for (name, value) in pairs {
            properties.set(name, value);
        }
        properties
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn explicit_is_what_was_set_even_to_its_default() {
        let mut properties = Properties::new().with("acks", "all").with("a.first", "1");
        properties.set_null("retries");
        assert!(properties.is_explicit("acks") && properties.is_explicit("retries"));
        assert!(!properties.is_explicit("linger.ms"));
        assert_eq!(properties.get("retries"), None);
        let names: Vec<_> = properties.iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["a.first", "acks", "retries"]);
        assert_eq!(properties.remove("acks").as_deref(), Some("all"));
        assert_eq!(properties.len(), 2);
    }
}
