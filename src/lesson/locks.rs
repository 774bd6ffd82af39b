//! What a lesson locks: all that it is not about, so that one thing changes at a time.

use super::file::LessonFile;
use crate::cluster::Command;
use crate::config::{Scope, find};
use crate::scenario::{command_words, to_toml};

/// Knobs that are no configs.
const DIALS: [&str; 3] = ["rate", "processing", "commit"];

/// The word under `unlocked` that lets a person give a command: a knob's name, or the command's own
/// word. `None`: it mends, and nothing locks that.
pub fn key_to(command: &Command) -> Option<String> {
    match command {
        Command::StartBroker(_)
        | Command::StartController(_)
        | Command::StartClient(_)
        | Command::HealLink { .. }
        | Command::FreeDisk(_)
        | Command::Pause { for_us: 0, .. }
        | Command::SlowNode { extra_us: 0, .. }
        | Command::SlowLink { extra_us: 0, .. }
        | Command::SlowDisk { extra_us: 0, .. } => None,
        Command::SetTopicConfig { key, .. }
        | Command::SetBrokerConfig { key, .. }
        | Command::SetClientConfig { key, .. } => Some(key.to_string()),
        Command::SetPace { .. } => Some("rate".to_owned()),
        Command::SetProcessing { .. } => Some("processing".to_owned()),
        Command::SetCommit { .. } => Some("commit".to_owned()),
        other => to_toml(other).split(' ').next().map(str::to_owned),
    }
}

/// Whether a word may stand under `unlocked`.
pub(super) fn is_key(word: &str) -> bool {
    let scopes = [Scope::Producer, Scope::Consumer, Scope::Topic, Scope::Broker];
    let is_config = scopes.iter().any(|scope| find(*scope, word).is_some());
    is_config || DIALS.contains(&word) || command_words().any(|known| known == word)
}

impl LessonFile {
    /// Whether a knob can be turned, or a command given, whose word this is.
    pub fn unlocks(&self, word: &str) -> bool {
        self.unlocked.as_ref().is_none_or(|words| words.iter().any(|known| known == word))
    }

    /// Whether a person may give this command.
    pub fn allows(&self, command: &Command) -> bool {
        self.unlocked.is_none() || key_to(command).is_none_or(|word| self.unlocks(&word))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::parse_command;

    #[test]
    fn each_command_has_its_word_and_what_mends_has_none() {
        for (text, word) in [
            ("kill-broker = 1", Some("kill-broker")),
            ("add-broker = true", Some("add-broker")),
            ("start-broker = 1", None),
            ("heal = { from = \"broker 1\", to = \"broker 2\" }", None),
            ("pause = { node = \"broker 1\", for = \"9s\" }", Some("pause")),
            ("pause = { node = \"broker 1\", for = \"0s\" }", None),
            ("set-client-config = { client = \"p\", key = \"acks\", value = 1 }", Some("acks")),
            ("set-rate = { producer = \"p\", rate = \"5/s\" }", Some("rate")),
        ] {
            let command = parse_command(text).unwrap_or_else(|e| panic!("{text}: {e:?}"));
            assert_eq!(key_to(&command).as_deref(), word, "{text}");
            assert!(word.is_none_or(is_key), "{text}");
        }
        assert!(!is_key("kill-brokr"));
    }
}
