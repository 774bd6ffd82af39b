//! A command in short English, for the trace and the event log.

use std::fmt;

use crate::producer::Pace;

use super::Command;

impl fmt::Display for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::KillBroker(id) => write!(f, "kill broker {}", id.0),
            Self::PowerOffBroker(id) => write!(f, "power off broker {}", id.0),
            Self::StopBroker(id) => write!(f, "stop broker {}", id.0),
            Self::StartBroker(id) => write!(f, "start broker {}", id.0),
            Self::AddBroker => f.write_str("add a broker"),
            Self::CreateTopic { name, partitions, replication_factor, .. } => write!(
                f,
                "create topic {name}: partitions {partitions}, replication factor {replication_factor}"
            ),
            Self::SetTopicConfig { topic, key, value } => {
                write!(f, "topic {topic}: ")?;
                assignment(f, key, value.as_deref())
            }
            Self::SetBrokerConfig { key, value } => {
                f.write_str("brokers: ")?;
                assignment(f, key, value.as_deref())
            }
            Self::ElectPreferredLeaders => f.write_str("elect preferred leaders"),
            Self::AddProducer(spec) => write!(f, "add producer {}", spec.name),
            Self::AddConsumer(spec) => write!(f, "add consumer {}", spec.name),
            Self::CloseClient(name) => write!(f, "close {name}"),
            Self::CrashClient(name) => write!(f, "crash {name}"),
            Self::StartClient(name) => write!(f, "start {name}"),
            Self::RemoveClient(name) => write!(f, "remove {name}"),
            Self::SetClientConfig { client, key, value } => {
                write!(f, "{client}: ")?;
                assignment(f, key, value.as_deref())
            }
            Self::SetPace { producer, pace } => match pace {
                Pace::Manual => write!(f, "{producer}: send on command only"),
                Pace::Every(us) => write!(f, "{producer}: send every {us} µs"),
                Pace::Poisson(us) => write!(f, "{producer}: send every {us} µs on average"),
            },
            Self::SendRecord { producer, .. } => write!(f, "{producer}: send a record"),
            Self::SetProcessing { consumer, processing_us } => {
                write!(f, "{consumer}: {processing_us} µs a record")
            }
            Self::SetCommit { consumer, commit } => {
                write!(f, "{consumer}: commit {}", commit.name())
            }
            Self::CutLink { from, to, both: true } => {
                write!(f, "cut the network between {from} and {to}")
            }
            Self::CutLink { from, to, both: false } => {
                write!(f, "cut the network from {from} to {to}")
            }
            Self::HealLink { from, to } => {
                write!(f, "heal the network between {from} and {to}")
            }
            Self::SlowNode { node, extra_us } => {
                write!(f, "add {extra_us} µs to every packet of {node}")
            }
            Self::SlowLink { from, to, extra_us, both: true } => {
                write!(f, "add {extra_us} µs to every packet between {from} and {to}")
            }
            Self::SlowLink { from, to, extra_us, both: false } => {
                write!(f, "add {extra_us} µs to every packet from {from} to {to}")
            }
            Self::Pause { node, for_us } => write!(f, "pause {node} for {for_us} µs"),
            Self::SlowDisk { broker, extra_us } => {
                write!(f, "add {extra_us} µs to every write of broker {}", broker.0)
            }
            Self::FillDisk(id) => write!(f, "fill the disk of broker {}", id.0),
            Self::FreeDisk(id) => write!(f, "make room on the disk of broker {}", id.0),
        }
    }
}

fn assignment(f: &mut fmt::Formatter<'_>, key: &str, value: Option<&str>) -> fmt::Result {
    match value {
        Some(value) => write!(f, "{key}={value}"),
        None => write!(f, "{key} back to its default"),
    }
}
