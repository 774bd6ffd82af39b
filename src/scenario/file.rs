//! A scenario back into the file it can be read from.

use std::fmt::Write;

use super::write::{quoted, to_toml};
use super::{Scenario, format_duration};

impl Scenario {
    /// The scenario as TOML, as [`Scenario::parse`] reads it. What is done at time 0 is written as
    /// commands, too.
    pub fn to_toml(&self) -> String {
        let mut file = String::new();
        self.write(&mut file).expect("a text takes all that is written to it");
        file
    }

    fn write(&self, file: &mut String) -> std::fmt::Result {
        let time = |us: u64| quoted(&format_duration(us));
        if !self.title.is_empty() {
            writeln!(file, "title = {}", quoted(&self.title))?;
        }
        writeln!(file, "seed = {}", self.setup.seed)?;
        writeln!(file, "warm-up = {}", time(self.warm_up_us))?;
        writeln!(file, "speed = {}", time(self.speed_us_per_s))?;
        let network = &self.setup.network;
        writeln!(file, "\n[network]")?;
        writeln!(file, "latency = {}", time(network.latency_us))?;
        writeln!(file, "jitter = {}", time(network.jitter_us))?;
        writeln!(file, "between-brokers = {}", time(network.apart_us))?;
        writeln!(file, "bandwidth-per-second = \"{}B\"", network.bandwidth_bytes_per_s)?;
        writeln!(file, "\n[cluster]")?;
        if self.setup.controllers > 1 {
            writeln!(file, "controllers = {}", self.setup.controllers)?;
        }
        writeln!(file, "brokers = {}", self.setup.brokers.len())?;
        let racks: Option<Vec<String>> =
            self.setup.brokers.iter().map(|broker| Some(quoted(broker.rack.as_ref()?))).collect();
        if let Some(racks) = racks {
            writeln!(file, "racks = [{}]", racks.join(", "))?;
        }
        for (name, value) in self.setup.broker_config.iter() {
            writeln!(file, "config.{} = {}", quoted(name), quoted(value))?;
        }
        for (name, level) in self.setup.features.to_properties().iter() {
            writeln!(file, "features.{} = {level}", quoted(name))?;
        }
        for (at_us, command) in self.script() {
            writeln!(file, "\n[[at]]\ntime = {}\n{}", time(at_us), to_toml(command))?;
        }
        Ok(())
    }
}
