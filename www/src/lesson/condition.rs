//! What a view says of a client's configs.

use highwater::config::{DefaultValue, Scope, find};
use highwater::view::View;

/// The value of a client's config: the one that was set, else the default. `None`: no such client,
/// no such config, or no value.
pub fn client_config(view: &View, client: &str, config: &str) -> Option<String> {
    let producer = view.producers.iter().find(|producer| &*producer.name == client);
    let consumer = view.consumers.iter().find(|consumer| &*consumer.name == client);
    let (scope, set) = match (producer, consumer) {
        (Some(producer), _) => (Scope::Producer, &producer.config),
        (None, Some(consumer)) => (Scope::Consumer, &consumer.config),
        (None, None) => return None,
    };
    if let Some((_, value)) = set.iter().find(|(name, _)| name == config) {
        return Some(value.clone());
    }
    match find(scope, config)?.default {
        DefaultValue::Text(text) => Some(text.to_owned()),
        DefaultValue::Null | DefaultValue::Required => None,
    }
}
