//! Commands back into the words they are read from.

use std::fmt::Write;

use super::handler;
use super::units::{Decimal, format_duration, format_rate};
use crate::cluster::Command;
use crate::config::{ClientLibrary, Properties};
use crate::consumer::{CommitStrategy, ConsumerSpec, SeekTo};
use crate::engine::NodeId;
use crate::producer::{Keys, ManualRecord, Pace, ProducerSpec, Transactions, Workload};
use crate::protocol::{ElectionType, HIGH_WATERMARK};
use crate::record::CompressionRatios;

/// A command as TOML, as [`super::parse_command`] reads it; what is default is left out.
pub fn to_toml(command: &Command) -> String {
    match command {
        Command::KillBroker(id) => format!("kill-broker = {}", id.0),
        Command::PowerOffBroker(id) => format!("power-off-broker = {}", id.0),
        Command::FillDisk(id) => format!("fill-disk = {}", id.0),
        Command::FreeDisk(id) => format!("free-disk = {}", id.0),
        Command::StopBroker(id) => format!("stop-broker = {}", id.0),
        Command::StartBroker(id) => format!("start-broker = {}", id.0),
        Command::KillController(number) => format!("kill-controller = {number}"),
        Command::StartController(number) => format!("start-controller = {number}"),
        Command::AddBroker => "add-broker = true".into(),
        Command::ElectPreferredLeaders => "elect-preferred-leaders = true".into(),
        Command::ElectLeader { topic, partition, election } => {
            let table = Table::default().text("topic", topic).bare("partition", partition);
            match election {
                ElectionType::Preferred => table,
                other => table.text("election", other.name()),
            }
            .of("elect-leader")
        }
        Command::AddPartitions { topic, partitions } => Table::default()
            .text("topic", topic)
            .bare("partitions", partitions)
            .of("add-partitions"),
        Command::DeleteTopic(topic) => format!("delete-topic = {}", quoted(topic)),
        Command::ReassignPartition { topic, partition, replicas } => {
            let replicas: Vec<String> = replicas.iter().map(NodeId::to_string).collect();
            Table::default()
                .text("topic", topic)
                .bare("partition", partition)
                .bare("replicas", format!("[{}]", replicas.join(", ")))
                .of("reassign-partition")
        }
        Command::CancelReassignment { topic, partition } => Table::default()
            .text("topic", topic)
            .bare("partition", partition)
            .of("cancel-reassignment"),
        Command::CreateTopic { name, partitions, replication_factor, config } => Table::default()
            .text("name", name)
            .bare_unless("partitions", partitions, &1)
            .bare_unless("replication-factor", replication_factor, &1)
            .properties("config", config)
            .of("create-topic"),
        Command::DeleteRecords { topic, partition, before } => {
            let table = Table::default().text("topic", topic);
            let table = table.bare_unless("partition", partition, &0);
            match before {
                Some(before) => table.bare_unless("before", before, &HIGH_WATERMARK),
                None => table,
            }
            .of("delete-records")
        }
        Command::SetTopicConfig { topic, key, value } => Table::default()
            .text("topic", topic)
            .text("key", key)
            .scalar("value", value.as_deref())
            .of("set-topic-config"),
        Command::SetBrokerConfig { key, value } => Table::default()
            .text("key", key)
            .scalar("value", value.as_deref())
            .of("set-broker-config"),
        Command::AddProducer(spec) => producer(spec).of("add-producer"),
        Command::AddConsumer(spec) => consumer(spec).of("add-consumer"),
        Command::CloseClient(name) => format!("close = {}", quoted(name)),
        Command::CrashClient(name) => format!("crash = {}", quoted(name)),
        Command::StartClient(name) => format!("start = {}", quoted(name)),
        Command::RemoveClient(name) => format!("remove = {}", quoted(name)),
        Command::SetClientConfig { client, key, value } => Table::default()
            .text("client", client)
            .text("key", key)
            .scalar("value", value.as_deref())
            .of("set-client-config"),
        Command::SetPace { producer, pace } => {
            let table = Table::default().text("producer", producer);
            match pace {
                Pace::Manual => table.text("pace", "manual").of("set-rate"),
                pace => table.pace(*pace).of("set-rate"),
            }
        }
        Command::SendRecord { producer, record } => send(producer, record).of("send"),
        Command::SetProcessing { consumer, processing_us } => Table::default()
            .text("consumer", consumer)
            .text("time", &format_duration(*processing_us))
            .of("set-processing"),
        Command::Seek { consumer, topic, partition, to } => {
            let partition = partition.map(|partition| partition.to_string());
            let to = match to {
                SeekTo::Beginning => "beginning".to_owned(),
                SeekTo::End => "end".to_owned(),
                SeekTo::Offset(offset) => offset.to_string(),
            };
            Table::default()
                .text("consumer", consumer)
                .text("topic", topic)
                .scalar("partition", partition.as_deref())
                .scalar("to", Some(&to))
                .of("seek")
        }
        Command::SetLibrary { client, library } => Table::default()
            .text("client", client)
            .text("library", library.name())
            .of("set-library"),
        Command::SetCommit { consumer, commit } => Table::default()
            .text("consumer", consumer)
            .text("commit", commit.name())
            .of("set-commit"),
        Command::SetHandler { consumer, handler } => {
            let table = Table::default().text("consumer", consumer);
            let handler = handler.as_deref().map(handler::write);
            handler.into_iter().fold(table, Table::and).of("set-handler")
        }
        Command::CutLink { from, to, both } => Table::default()
            .text("from", from)
            .text("to", to)
            .bare_unless("both", both, &true)
            .of("cut"),
        Command::HealLink { from, to } => {
            Table::default().text("from", from).text("to", to).of("heal")
        }
        Command::SlowNode { node, extra_us } => {
            Table::default().text("node", node).text("by", &format_duration(*extra_us)).of("slow")
        }
        Command::SlowLink { from, to, extra_us, both } => Table::default()
            .text("from", from)
            .text("to", to)
            .text("by", &format_duration(*extra_us))
            .bare_unless("both", both, &true)
            .of("slow-link"),
        Command::Pause { node, for_us } => {
            Table::default().text("node", node).text("for", &format_duration(*for_us)).of("pause")
        }
        Command::SlowDisk { broker, extra_us } => Table::default()
            .bare("broker", broker.0)
            .text("by", &format_duration(*extra_us))
            .of("slow-disk"),
    }
}

fn producer(spec: &ProducerSpec) -> Table {
    let Workload { pace, keys, value_bytes, limit, partition, compression_ratios, transactions } =
        &spec.workload;
    let default = Transactions::default();
    let mut table = Table::default().text("name", &spec.name).text("topic", &spec.topic);
    table = table.pace(*pace);
    if let Keys::Uniform { prefix, count } = keys {
        table = table.bare("keys", count);
        if &**prefix != Keys::PREFIX {
            table = table.text("key-prefix", prefix);
        }
    }
    table
        .bare_unless("value-bytes", value_bytes, &Workload::VALUE_BYTES)
        .bare_if("limit", limit.as_ref())
        .bare_if("partition", partition.as_ref())
        .bare_if("compression-ratio", ratios(*compression_ratios))
        .bare_unless("transaction-records", &transactions.records, &default.records)
        .bare_unless("abort-every", &transactions.abort_every, &default.abort_every)
        .client(spec.client)
        .properties("config", &spec.config)
}

/// The codecs whose ratio is not the default.
fn ratios(ratios: CompressionRatios) -> Option<String> {
    let default = CompressionRatios::default();
    let told: Vec<String> = CompressionRatios::CODECS
        .into_iter()
        .filter(|&codec| ratios.permille(codec) != default.permille(codec))
        .map(|codec| format!("{codec} = {}", Decimal(ratios.permille(codec))))
        .collect();
    (!told.is_empty()).then(|| format!("{{ {} }}", told.join(", ")))
}

fn consumer(spec: &ConsumerSpec) -> Table {
    let topics: Vec<String> = spec.topics.iter().map(|topic| quoted(topic)).collect();
    let mut table = Table::default()
        .text("name", &spec.name)
        .text("group", &spec.group)
        .bare("topics", format!("[{}]", topics.join(", ")));
    if spec.processing_us > 0 {
        table = table.text("processing", &format_duration(spec.processing_us));
    }
    if spec.commit != CommitStrategy::Auto {
        table = table.text("commit", spec.commit.name());
    }
    table = table.bare_if("handler", spec.handler.as_deref().map(|it| handler::write(it).braces()));
    table.client(spec.client).properties("config", &spec.config)
}

fn send(producer: &str, record: &ManualRecord) -> Table {
    let mut table = Table::default().text("producer", producer);
    table = table.bare_if("partition", record.partition.as_ref());
    for (name, bytes) in [("key", &record.key), ("value", &record.value)] {
        if let Some(bytes) = bytes {
            table = table.text(name, &String::from_utf8_lossy(bytes));
        }
    }
    let headers: Properties = record
        .headers
        .iter()
        .map(|(name, value)| (&**name, String::from_utf8_lossy(value).into_owned()))
        .collect();
    table.properties("headers", &headers)
}

/// An inline table being written.
#[derive(Default)]
pub(super) struct Table(Vec<String>);

impl Table {
    pub(super) fn bare(mut self, key: &str, value: impl std::fmt::Display) -> Self {
        self.0.push(format!("{key} = {value}"));
        self
    }

    fn client(self, client: ClientLibrary) -> Self {
        match client {
            ClientLibrary::Java => self,
            other => self.text("client", other.name()),
        }
    }

    pub(super) fn bare_if(self, key: &str, value: Option<impl std::fmt::Display>) -> Self {
        match value {
            Some(value) => self.bare(key, value),
            None => self,
        }
    }

    pub(super) fn bare_unless<T: std::fmt::Display + PartialEq>(
        self,
        key: &str,
        value: &T,
        default: &T,
    ) -> Self {
        self.bare_if(key, (value != default).then_some(value))
    }

    pub(super) fn text(self, key: &str, value: &str) -> Self {
        self.bare(key, quoted(value))
    }

    fn scalar(self, key: &str, value: Option<&str>) -> Self {
        self.bare_if(key, value.map(scalar))
    }

    fn pace(self, pace: Pace) -> Self {
        match pace {
            Pace::Manual => self,
            Pace::Every(us) => self.text("rate", &format_rate(us)),
            Pace::Poisson(us) => self.text("rate", &format_rate(us)).text("pace", "poisson"),
        }
    }

    pub(super) fn properties(self, key: &str, properties: &Properties) -> Self {
        if properties.is_empty() {
            return self;
        }
        let inner = Self(
            properties
                .iter()
                .map(|(name, value)| format!("{} = {}", quoted(name), scalar(value)))
                .collect(),
        );
        self.bare(key, inner.braces())
    }

    fn and(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }

    pub(super) fn braces(&self) -> String {
        format!("{{ {} }}", self.0.join(", "))
    }

    fn of(&self, word: &str) -> String {
        format!("{word} = {}", self.braces())
    }
}

/// A number or truth value as it is, anything else in quotes.
fn scalar(value: &str) -> String {
    let is_number = value.parse::<i64>().is_ok_and(|number| number.to_string() == value);
    match is_number || value == "true" || value == "false" {
        true => value.to_owned(),
        false => quoted(value),
    }
}

/// A text in quotes, as TOML and JSON write it.
pub fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            // Writing into a text cannot fail.
            c if c.is_control() => drop(write!(quoted, "\\u{:04X}", u32::from(c))),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}
