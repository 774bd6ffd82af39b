//! The event log speaks the chosen language alone.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use highwater::cluster::Command;
use highwater::engine::NodeId;
use highwater::history::{Run, Scenario};
use highwater::trace::is_notable;

use super::*;

/// Ids of messages, the first text in quotes behind any of these calls of the model's sources.
fn ids(file: &str, calls: &[&str]) -> BTreeSet<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../src").join(file);
    let source = fs::read_to_string(path).expect("a source of the model");
    let behind = calls.iter().flat_map(|call| source.split(*call).skip(1));
    let first = |rest: &str| rest.split('"').nth(1).map(str::to_owned);
    behind.filter_map(first).filter(|id| !id.contains(' ')).collect()
}

#[test]
fn every_message_of_the_model_has_words_in_both_languages() {
    let sides = ["nodes", "brokers", "clients", "groups", "transactions", "handlers"];
    let sources = sides.map(|side| format!("trace/describe/{side}.rs"));
    let events: BTreeSet<_> =
        sources.iter().flat_map(|file| ids(file, &[".say(", ".say_of("])).collect();
    let commands = ids("cluster/command_text.rs", &["say("]);
    assert!(events.len() > 40 && commands.len() > 20, "the search finds them");
    for text in [Text::of("en"), Text::of("ru")] {
        let wanted = events
            .iter()
            .map(|id| format!("event-{id}"))
            .chain(commands.iter().map(|id| format!("command-{id}")));
        let missing: Vec<_> = wanted.filter(|id| !text.has(id)).collect();
        assert_eq!(missing, Vec::<String>::new(), "{}", text.code());
    }
}

#[test]
fn a_russian_line_has_russian_in_it() {
    let scenario = Scenario::parse(include_str!("../../../../scenarios/default.toml"));
    let mut run = Run::new(scenario.expect("the default scene parses"));
    let names = |from: &str, to: &str| (from.into(), to.into());
    let (from, to) = names("broker 2", "broker 3");
    let commands = [
        Command::KillBroker(NodeId(1)),
        Command::SlowNode { node: "broker 2".into(), extra_us: 30_000 },
        Command::SlowNode { node: "broker 2".into(), extra_us: 0 },
        Command::CrashClient("billing-1".into()),
        Command::StartBroker(NodeId(1)),
        Command::StartClient("billing-1".into()),
        Command::CutLink { from, to, both: true },
        Command::HealLink { from: "broker 2".into(), to: "broker 3".into() },
        Command::SetClientConfig { client: "checkout".into(), key: "acks".into(), value: None },
        Command::StopBroker(NodeId(2)),
        Command::AddBroker,
        Command::RemoveClient("billing-2".into()),
        Command::ElectPreferredLeaders,
        Command::SlowDisk { broker: NodeId(3), extra_us: 50_000 },
        Command::SlowDisk { broker: NodeId(3), extra_us: 0 },
        Command::Pause { node: "broker 3".into(), for_us: 60_000_000 },
        Command::Pause { node: "broker 3".into(), for_us: 0 },
    ];
    for (turn, command) in commands.into_iter().enumerate() {
        run.run_until((turn as u64 + 1) * 12_000_000, u64::MAX);
        run.apply(command).expect("it makes sense");
    }
    run.run_until(260_000_000, u64::MAX);
    let text = Text::of("ru");
    let is_russian = |c: char| ('а'..='я').contains(&c);
    let mut told = BTreeSet::new();
    for event in run.log().iter() {
        assert!(is_notable(&event.event, |_| false));
        let Told { words, .. } = tell(&run, &text, event);
        if let Event::CommandApplied(applied) = &event.event
            && !applied.message.starts_with("config")
        {
            assert!(command(&text, applied).chars().any(is_russian), "{words}");
        }
        told.insert(describe(event, run.cluster()).message);
        assert!(
            words.chars().any(is_russian) || matches!(event.event, Event::ConfigChanged { .. }),
            "{words}"
        );
        // Times: the point is a comma, and nothing takes no time longer.
        assert!(!words.contains(" s ") && !words.contains("0.0"), "{words}");
        for english in [" at ", "nobody", "none", "epoch {", "kill", " the ", "back to", "member "]
        {
            assert!(!words.contains(english), "`{english}` in: {words}");
        }
    }
    assert!(told.len() > 15, "it is a colourful run: {told:?}");
}
