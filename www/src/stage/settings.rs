//! Effective times from explicit configs: what a ring counts down from.

/// A time in µs: the explicit value, or this default in ms.
pub fn time_us(configs: &[(String, String)], name: &str, default_ms: u64) -> u64 {
    let explicit = explicit(configs, name).and_then(|value| value.parse::<u64>().ok());
    explicit.unwrap_or(default_ms) * 1000
}

/// A producer's acks, as Kafka spells it.
pub fn acks(configs: &[(String, String)]) -> &str {
    match explicit(configs, "acks") {
        None | Some("-1") => "all",
        Some(value) => value,
    }
}

fn explicit<'a>(configs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    configs.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}

/// Default of `linger.ms`.
pub const LINGER_MS: u64 = 5;
/// Default of `session.timeout.ms`.
pub const SESSION_MS: u64 = 45_000;
/// Default of `max.poll.interval.ms`.
pub const POLL_MS: u64 = 300_000;
/// Default of `auto.commit.interval.ms`.
pub const COMMIT_MS: u64 = 5_000;
