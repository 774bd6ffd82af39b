//! What a config is: name, type, default and validator.

use super::validator::Validator;

/// Whose config it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// `ProducerConfig`
    Producer,
    /// `ConsumerConfig`
    Consumer,
    /// `KafkaConfig`: `server.properties`
    Broker,
    /// `LogConfig`: what `kafka-topics.sh --config` takes
    Topic,
    /// `AdminClientConfig`: what the command line tools take
    Admin,
    /// `GroupConfig`: `kafka-configs.sh --entity-type groups`
    Group,
}

impl Scope {
    /// Every scope, in the order of the tables.
    pub const ALL: [Self; 6] =
        [Self::Producer, Self::Consumer, Self::Broker, Self::Topic, Self::Admin, Self::Group];
}

/// The type of a value: `ConfigDef.Type`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Kind {
    Boolean,
    String,
    Int,
    Short,
    Long,
    Double,
    List,
    Class,
    Password,
}

impl Kind {
    /// As Kafka spells it in messages: `INT`, `LONG`, ...
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Boolean => "BOOLEAN",
            Self::String => "STRING",
            Self::Int => "INT",
            Self::Short => "SHORT",
            Self::Long => "LONG",
            Self::Double => "DOUBLE",
            Self::List => "LIST",
            Self::Class => "CLASS",
            Self::Password => "PASSWORD",
        }
    }
}

/// What holds when the user says nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DefaultValue {
    /// No default: the user has to set it.
    Required,
    /// Java's `null`: unset.
    Null,
    /// As it would stand in a `.properties` file.
    Text(&'static str),
}

/// How much Kafka's documentation thinks of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs)]
pub enum Importance {
    High,
    Medium,
    Low,
}

/// What a number counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Unit {
    None,
    Ms,
    Seconds,
    Minutes,
    Hours,
    Bytes,
    Ratio,
    Count,
}

/// When a change takes effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Dynamic {
    /// At once: `kafka-configs.sh --alter` will do.
    Live,
    /// When the client is built anew.
    ClientRestart,
    /// When the broker is started again.
    BrokerRestart,
}

/// One row of the table.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ConfigDef {
    /// The key, as Kafka spells it.
    pub name: &'static str,
    /// Whose config it is.
    pub scope: Scope,
    /// The type of its value.
    pub kind: Kind,
    /// What holds when nothing is set.
    pub default: DefaultValue,
    /// Which values are accepted.
    pub validator: Validator,
    /// How much Kafka's documentation thinks of it.
    pub importance: Importance,
    /// What its number counts.
    pub unit: Unit,
    /// When a change takes effect.
    pub dynamic: Dynamic,
    /// Whether the model acts on it.
    pub modelled: bool,
    /// Kafka defines it without documenting it.
    pub internal: bool,
}

impl ConfigDef {
    /// A row as the tables write it; [`Self::in_scope`] completes it.
    pub(super) const fn row(
        (name, kind, default): (&'static str, Kind, DefaultValue),
        validator: Validator,
        importance: Importance,
        unit: Unit,
    ) -> Self {
        Self {
            name,
            scope: Scope::Broker,
            kind,
            default,
            validator,
            importance,
            unit,
            dynamic: Dynamic::BrokerRestart,
            modelled: false,
            internal: false,
        }
    }

    /// The model acts on it.
    pub(super) const fn modelled(mut self) -> Self {
        self.modelled = true;
        self
    }

    /// Others that share the row act on it, these do not.
    pub(super) const fn unmodelled(mut self) -> Self {
        self.modelled = false;
        self
    }

    /// Of medium importance, where others that share the row have it differently.
    pub(super) const fn medium(mut self) -> Self {
        self.importance = Importance::Medium;
        self
    }

    /// The same, of low importance.
    pub(super) const fn low(mut self) -> Self {
        self.importance = Importance::Low;
        self
    }

    /// Kafka defines it without documenting it.
    pub(super) const fn internal(mut self) -> Self {
        self.internal = true;
        self
    }

    /// A broker config that `kafka-configs.sh` changes on a running broker.
    pub(super) const fn live(mut self) -> Self {
        self.dynamic = Dynamic::Live;
        self
    }

    /// Clients read their configs once, topics and groups follow theirs at
    /// once; only brokers have both kinds, marked row by row.
    pub(super) const fn in_scope(mut self, scope: Scope) -> Self {
        self.scope = scope;
        self.dynamic = match scope {
            Scope::Producer | Scope::Consumer | Scope::Admin => Dynamic::ClientRestart,
            Scope::Topic | Scope::Group => Dynamic::Live,
            Scope::Broker => self.dynamic,
        };
        self
    }
}
