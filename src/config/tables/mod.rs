//! The table: every config Kafka 4.3 defines. Those of clients and topics stand
//! in the order Kafka defines them: of two mistakes it reports the first.

mod admin;
mod broker_groups;
mod broker_log;
mod broker_network;
mod broker_replication;
mod broker_security;
mod broker_share;
mod broker_tiered;
mod consumer;
mod group;
mod producer;
mod sasl;
mod shared;
mod ssl;
mod topic;

use super::definition::{ConfigDef, DefaultValue, Importance, Kind, Scope, Unit};
use super::validator::Validator;

/// Every config of that scope.
#[must_use]
pub fn definitions(scope: Scope) -> &'static [ConfigDef] {
    match scope {
        Scope::Producer => &PRODUCER,
        Scope::Consumer => &CONSUMER,
        Scope::Broker => &BROKER,
        Scope::Topic => &TOPIC,
        Scope::Admin => &ADMIN,
        Scope::Group => &GROUP,
    }
}

/// The config of that name.
#[must_use]
pub fn find(scope: Scope, name: &str) -> Option<&'static ConfigDef> {
    definitions(scope).iter().find(|d| d.name == name)
}

type Parts = &'static [&'static [ConfigDef]];

const PRODUCER_PARTS: Parts = &[producer::BEFORE, ssl::CLIENT, sasl::CLIENT, producer::AFTER];
const CONSUMER_PARTS: Parts = &[consumer::BEFORE, ssl::CLIENT, sasl::CLIENT, consumer::AFTER];
const ADMIN_PARTS: Parts = &[admin::BEFORE, ssl::CLIENT, sasl::CLIENT, admin::AFTER];
const BROKER_PARTS: Parts = &[
    broker_replication::ROWS,
    broker_log::ROWS,
    broker_groups::ROWS,
    broker_share::ROWS,
    broker_network::ROWS,
    broker_tiered::ROWS,
    broker_security::ROWS,
];

static PRODUCER: [ConfigDef; length(PRODUCER_PARTS)] = table(Scope::Producer, PRODUCER_PARTS);
static CONSUMER: [ConfigDef; length(CONSUMER_PARTS)] = table(Scope::Consumer, CONSUMER_PARTS);
static ADMIN: [ConfigDef; length(ADMIN_PARTS)] = table(Scope::Admin, ADMIN_PARTS);
static BROKER: [ConfigDef; length(BROKER_PARTS)] = table(Scope::Broker, BROKER_PARTS);
static TOPIC: [ConfigDef; length(&[topic::ROWS])] = table(Scope::Topic, &[topic::ROWS]);
static GROUP: [ConfigDef; length(&[group::ROWS])] = table(Scope::Group, &[group::ROWS]);

const fn length(parts: Parts) -> usize {
    let (mut total, mut part) = (0, 0);
    while part < parts.len() {
        total += parts[part].len();
        part += 1;
    }
    total
}

/// Puts the parts together, all at compile time.
const fn table<const N: usize>(scope: Scope, parts: Parts) -> [ConfigDef; N] {
    let empty = ConfigDef::row(
        ("", Kind::String, DefaultValue::Null),
        Validator::Any,
        Importance::Low,
        Unit::None,
    );
    let mut rows = [empty; N];
    let (mut at, mut part) = (0, 0);
    while part < parts.len() {
        let mut row = 0;
        while row < parts[part].len() {
            rows[at] = parts[part][row].in_scope(scope);
            at += 1;
            row += 1;
        }
        part += 1;
    }
    rows
}

/// Rows, each: kind, flags (`modelled`, `internal`, `live`), name = default, [validator],
/// importance, unit. Or `shared`, flags (also `unmodelled`, and `high`, `medium`, `low` for another
/// importance) and the name of a row that tables share.
macro_rules! rows {
    (
        $(#[$meta:meta])* $rows:ident:
        $($kind:ident $($flag:ident)* $name:literal $(= $default:tt [$validator:expr]
            $importance:ident $unit:ident)?;)*
    ) => {
        $(#[$meta])*
        pub(super) const $rows: &[$crate::config::ConfigDef] = &[$(
            $crate::config::tables::row!(
                $kind $name $(= $default [$validator] $importance $unit)?
            )
            $(.$flag())*
        ),*];
    };
}
use rows;

macro_rules! row {
    (shared $name:literal) => {
        $crate::config::tables::shared::row($name)
    };
    (
        $kind:ident $name:literal = $default:tt [$validator:expr]
        $importance:ident $unit:ident
    ) => {
        $crate::config::ConfigDef::row(
            ($name, $crate::config::Kind::$kind, $crate::config::tables::default!($default)),
            $validator,
            $crate::config::Importance::$importance,
            $crate::config::Unit::$unit,
        )
    };
}
use row;

macro_rules! default {
    (null) => {
        $crate::config::DefaultValue::Null
    };
    (required) => {
        $crate::config::DefaultValue::Required
    };
    ($text:literal) => {
        $crate::config::DefaultValue::Text($text)
    };
}
use default;

#[cfg(test)]
mod tests;
