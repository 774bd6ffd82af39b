//! Rules that producers and consumers share: `CommonClientConfigs`, `ClientUtils`.

use super::exception::ConfigException;
use super::properties::Properties;
use super::value::Value;
use super::values::Values;

/// Configs a client has to have, and that the simulation knows by itself.
/// `key.serializer` and its kin are looked at by the constructor first.
pub(super) fn complete(properties: &Properties, classes: [&str; 2], class: &str) -> Properties {
    let mut complete = properties.clone();
    if !complete.is_explicit("bootstrap.servers") {
        complete.set("bootstrap.servers", "localhost:9092");
    }
    for name in classes {
        if !complete.is_explicit(name) {
            complete.set(name, class);
        }
    }
    complete
}

/// The constructors' own check, before the properties are parsed.
pub(super) fn ensure_classes(
    properties: &Properties,
    classes: [&str; 2],
) -> Result<(), ConfigException> {
    match classes.into_iter().find(|name| properties.get(name).is_none()) {
        Some(name) => Err(ConfigException::invalid(name, "null", "must be non-null.")),
        None => Ok(()),
    }
}

/// What every client does to its parsed values: SASL needs a mechanism, an
/// initial backoff above its maximum switches exponential backoff off, and a
/// lone `reconnect.backoff.ms` is its own maximum.
pub(super) fn post_process(
    properties: &Properties,
    values: &mut Values,
    notes: &mut Vec<String>,
) -> Result<(), ConfigException> {
    if uses_sasl(values) && values.take::<String>("sasl.mechanism").is_empty() {
        return Err(ConfigException::invalid(
            "sasl.mechanism",
            "null",
            "When the security.protocol configuration enables SASL, mechanism must be \
             non-null and non-empty string.",
        ));
    }
    for (initial, max) in [
        ("retry.backoff.ms", "retry.backoff.max.ms"),
        ("socket.connection.setup.timeout.ms", "socket.connection.setup.timeout.max.ms"),
    ] {
        let (first, limit): (i64, i64) = (values.take(initial), values.take(max));
        if first > limit {
            notes.push(format!(
                "{initial} ({first}) is above {max} ({limit}): every wait is {limit} ms"
            ));
        }
    }
    if properties.is_explicit("reconnect.backoff.ms")
        && !properties.is_explicit("reconnect.backoff.max.ms")
    {
        let only: i64 = values.take("reconnect.backoff.ms");
        notes.push(format!(
            "reconnect.backoff.max.ms set to {only} because only reconnect.backoff.ms is set"
        ));
        values.put("reconnect.backoff.max.ms", Value::Long(only));
    }
    Ok(())
}

fn uses_sasl(values: &Values) -> bool {
    let protocol: String = values.take("security.protocol");
    ["SASL_PLAINTEXT", "SASL_SSL"].iter().any(|sasl| protocol.eq_ignore_ascii_case(sasl))
}

/// `ClientUtils.parseAndValidateAddresses`, and then what it takes to connect
/// there. Every host exists, but for those that are `.invalid` by decree (RFC 2606).
pub(super) fn ensure_servers(values: &Values) -> Result<(), ConfigException> {
    const NAME: &str = "bootstrap.servers";
    let mut resolved = 0;
    for url in values.take::<Vec<String>>(NAME) {
        let Some((host, port)) = host_and_port(&url) else {
            return Err(ConfigException::about(NAME, format!("Invalid url in {NAME}: {url}")));
        };
        if port.parse::<u16>().is_err() {
            return Err(ConfigException::about(NAME, format!("Invalid port in {NAME}: {url}")));
        }
        resolved += usize::from(!host.ends_with(".invalid"));
    }
    if resolved == 0 {
        let message = format!("No resolvable bootstrap urls given in {NAME}");
        return Err(ConfigException::about(NAME, message));
    }
    if uses_sasl(values) && values.get("sasl.jaas.config") == Value::Null {
        return Err(ConfigException::new(
            "IllegalArgumentException",
            "sasl.jaas.config",
            "Could not find a 'KafkaClient' entry in the JAAS configuration. \
             System property 'java.security.auth.login.config' is not set",
        ));
    }
    Ok(())
}

/// `.*?\[?([0-9a-zA-Z\-._%:]*)\]?:([0-9]+)`
fn host_and_port(url: &str) -> Option<(&str, &str)> {
    let (before, port) = url.rsplit_once(':')?;
    if port.is_empty() || !port.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let host = before.strip_suffix(']').unwrap_or(before);
    let of_host = |c: char| c.is_ascii_alphanumeric() || "-._%:".contains(c);
    let start = host
        .rfind(|c| !of_host(c))
        .map_or(0, |at| at + host[at..].chars().next().map_or(1, char::len_utf8));
    Some((&host[start..], port))
}

#[cfg(test)]
mod tests {
    use super::host_and_port;

    #[test]
    fn addresses() {
        assert_eq!(host_and_port("localhost:9092"), Some(("localhost", "9092")));
        assert_eq!(host_and_port("PLAINTEXT://b-1.x:1"), Some(("b-1.x", "1")));
        assert_eq!(host_and_port("[::1]:9092"), Some(("::1", "9092")));
        assert_eq!(host_and_port("é:1"), Some(("", "1")));
        assert_eq!(host_and_port("localhost"), None);
        assert_eq!(host_and_port("localhost:"), None);
    }
}
