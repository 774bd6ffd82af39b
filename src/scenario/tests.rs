//! Every mistake is named with its place and the way out; every command can be written back.

use super::*;
use crate::consumer::CommitStrategy;
use crate::engine::NodeId;
use crate::producer::{Keys, Pace};

/// What is wrong with a scenario, a line each.
fn errors(text: &str) -> Vec<String> {
    let errors = Scenario::parse(text).expect_err("the scenario is wrong");
    errors.iter().map(|e| format!("{}:{} {}", e.line, e.column, e.message)).collect()
}

/// The only thing wrong with a scenario of `text`, a topic, a producer and a consumer.
fn error_of(text: &str) -> String {
    let scene = "[[topic]]
name = \"orders\"
\
                 [[producer]]
name = \"checkout\"
topic = \"orders\"
\
                 [[consumer]]
name = \"billing-1\"
group = \"billing\"
topics = [\"orders\"]
";
    let errors = errors(&format!(
        "{text}
{scene}"
    ));
    assert_eq!(errors.len(), 1, "{errors:#?}");
    errors.into_iter().next().unwrap()
}

#[test]
fn an_empty_file_is_three_brokers() {
    let scenario = Scenario::parse("").unwrap();
    assert_eq!((scenario.setup.brokers.len(), scenario.setup.seed), (3, 1));
    assert!(scenario.opening.is_empty() && scenario.commands.is_empty());
}

#[test]
fn the_scenarios_of_the_project_are_right() {
    for text in [
        include_str!("../../scenarios/acks-1.toml"),
        include_str!("../../scenarios/at-work.toml"),
        include_str!("../../scenarios/default.toml"),
        include_str!("../../scenarios/idle-week.toml"),
    ] {
        Scenario::parse(text).unwrap();
    }
}

#[test]
fn syntax() {
    assert_eq!(errors("title = \"x\nseed = 1"), ["1:11 invalid basic string, expected `\"`"]);
    assert_eq!(
        errors("seed = \n[cluster]"),
        ["1:8 string values must be quoted, expected literal string"]
    );
    assert_eq!(
        errors("a = 1\n\nä = 2\n= 3")[0],
        "3:1 invalid unquoted key, expected letters, numbers, `-`, `_`"
    );
}

#[test]
fn unknown_keys() {
    assert_eq!(
        errors("[clutser]"),
        ["1:2 there is no key `clutser` here; did you mean `cluster`?"]
    );
    assert_eq!(
        errors("[network]\nlatencey = \"1ms\""),
        ["2:1 there is no key `latencey` here; did you mean `latency`?"]
    );
    assert_eq!(
        errors("[network]\ndelay = \"1ms\""),
        ["2:1 there is no key `delay` here; the keys are latency, jitter, \
         between-brokers, bandwidth-per-second"]
    );
    assert_eq!(
        errors("cluster = { broker = 3 }"),
        ["1:13 there is no key `broker` here; did you mean `brokers`?"]
    );
    assert_eq!(
        errors("[[topic]]\nname = \"a\"\npartition = 3"),
        ["3:1 there is no key `partition` here; did you mean `partitions`?"]
    );
    assert_eq!(
        error_of("[[producer]]\nname = \"p\"\ntopic = \"orders\"\nrates = \"1/s\""),
        "4:1 there is no key `rates` here; did you mean `rate`?"
    );
    assert_eq!(
        error_of(
            "[[consumer]]\nname = \"c\"\ngroup = \"g\"\ntopics = [\"orders\"]\ncomit = \"after\""
        ),
        "5:1 there is no key `comit` here; did you mean `commit`?"
    );
    assert_eq!(
        error_of("[[at]]\ntime = \"1s\"\nkill-brokr = 1"),
        "3:1 there is no key `kill-brokr` here; did you mean `kill-broker`?"
    );
    assert_eq!(
        error_of("[[at]]\ntime = \"1s\"\nsend = { producer = \"checkout\", keys = \"a\" }"),
        "3:33 there is no key `keys` here; did you mean `key`?"
    );
}

#[test]
fn values() {
    assert_eq!(
        error_of("warm-up = \"5 parsecs\""),
        "1:11 `warm-up` wants a time with its unit, such as \"20ms\", \"1.5s\" or \"7d\", \
         not \"5 parsecs\""
    );
    assert_eq!(
        error_of("warm-up = 5"),
        "1:11 `warm-up` wants a time with its unit, such as \"20ms\", \"1.5s\" or \"7d\", not 5"
    );
    assert_eq!(
        error_of("[network]\nbandwidth-per-second = \"125 Mbit\""),
        "2:24 `bandwidth-per-second` wants a size with its unit, such as \"100B\", \"16KiB\" or \
         \"125MB\", not \"125 Mbit\""
    );
    assert_eq!(error_of("title = 5"), "1:9 `title` wants a text in quotes, not 5");
    assert_eq!(error_of("seed = -1"), "1:8 `seed` wants a whole number from 0 on, not -1");
    assert_eq!(
        error_of("[cluster]\nbrokers = 100"),
        "2:11 `brokers` wants a whole number from 1 to 95, not 100"
    );
    assert_eq!(
        error_of("network = [\n  1,\n]"),
        "1:11 `network` wants a table, such as { ... }, not this array"
    );
    assert_eq!(
        error_of("[[at]]\ntime = \"1s\"\nadd-broker = false"),
        "3:14 `add-broker` wants true, not false"
    );
    assert_eq!(
        error_of(
            "[[at]]\ntime = \"1s\"\nset-commit = { consumer = \"billing-1\", commit = \"late\" }"
        ),
        "3:49 `commit` wants one of \"auto\", \"before\", \"before-sync\", \"before-async\", \
         \"after\", \"after-sync\", \"after-async\", \"never\", not \"late\""
    );
    assert_eq!(
        error_of("[[at]]\ntime = \"1s\"\nset-rate = { producer = \"checkout\", rate = \"20\" }"),
        "3:44 `rate` wants a rate, such as \"20/s\", \"5/m\" or \"1/10s\", not \"20\""
    );
    assert_eq!(
        error_of("[cluster]\nbrokers = 3\nracks = [\"a\", \"b\"]"),
        "3:9 2 racks for 3 brokers; name one rack a broker"
    );
}

#[test]
fn what_is_missing() {
    assert_eq!(
        error_of("[[at]]\nkill-broker = 1"),
        "1:1 `time` is missing; add for example `time = \"10s\"`"
    );
    assert_eq!(
        errors("seed = 1\n\n  [[topic]]\npartitions = 3"),
        ["3:3 `name` is missing; add for example `name = \"orders\"`"]
    );
    assert_eq!(
        error_of("[[producer]]\nname = \"p\"\ntopic = \"\""),
        "3:9 `topic` wants a name in quotes, not \"\""
    );
    assert_eq!(
        error_of("[[consumer]]\nname = \"c\"\ngroup = \"g\""),
        "1:1 `topics` is missing; add for example `topics = [\"orders\"]`"
    );
    assert_eq!(
        error_of("[[producer]]\nname = \"p\"\ntopic = \"orders\"\npace = \"poisson\""),
        "4:8 `pace` needs a `rate`; add for example `rate = \"20/s\"`"
    );
    assert_eq!(
        error_of("[[at]]\ntime = \"1s\"\nslow = { node = \"broker 1\" }"),
        "3:8 `by` is missing; add for example `by = \"50ms\"`"
    );
    assert_eq!(
        errors("[topic]\nname = \"orders\""),
        ["1:1 write `[[topic]]` with two brackets, once for each topic"]
    );
}

#[test]
fn one_command_a_table() {
    assert_eq!(
        error_of("[[at]]\ntime = \"1s\"\nkill-broker = 1\nstart-broker = 2"),
        "4:1 one command a table: `kill-broker` and `start-broker` want two"
    );
    let none = error_of("[[at]]\ntime = \"1s\"");
    assert!(none.starts_with("1:1 no command here; the commands are kill-broker, "), "{none}");
    let none = parse_command("").unwrap_err();
    assert!(none[0].message.starts_with("no command here"), "{none:?}");
}

#[test]
fn names_that_nobody_bears() {
    assert_eq!(
        error_of("[[producer]]\nname = \"p\"\ntopic = \"order\""),
        "3:9 there is no topic order; did you mean orders?"
    );
    assert_eq!(
        error_of("[[producer]]\nname = \"p\"\ntopic = \"payments\""),
        "3:9 there is no topic payments; there is orders"
    );
    assert_eq!(
        error_of("[[consumer]]\nname = \"checkout\"\ngroup = \"g\"\ntopics = [\"orders\"]"),
        "2:8 two clients are named checkout; give each its own name"
    );
    assert_eq!(
        error_of("[[topic]]\nname = \"a\"\nreplication-factor = 4"),
        "3:22 replication-factor 4 is more than the 3 brokers; lower it or add brokers"
    );
    let command = |text: &str| error_of(&format!("[[at]]\ntime = \"1s\"\n{text}"));
    assert_eq!(command("kill-broker = 4"), "3:15 there is no broker 4; the brokers are 1 to 3");
    assert_eq!(
        command("crash = \"chekout\""),
        "3:9 there is no client chekout; did you mean checkout?"
    );
    assert_eq!(
        command("send = { producer = \"billing-1\" }"),
        "3:21 billing-1 is a consumer; name a producer"
    );
    assert_eq!(
        command("cut = { from = \"broker 1\", to = \"broker 9\" }"),
        "3:33 there is no broker 9; the brokers are 1 to 3"
    );
    assert_eq!(
        command("slow = { node = \"nobody\", by = \"1s\" }"),
        "3:17 there is no client nobody; there is billing-1, checkout; other nodes are \
         \"controller\", \"broker 1\" and so on"
    );
    assert_eq!(
        command("add-producer = { name = \"controller\", topic = \"orders\" }"),
        "3:25 controller is no name for a client: nodes of the cluster bear it"
    );
}

#[test]
fn who_comes_later_is_no_stranger() {
    let text = "[[at]]\ntime = \"9s\"\nkill-broker = 4\n\
                [[at]]\ntime = \"3s\"\nadd-broker = true\n\
                [[at]]\ntime = \"2s\"\nadd-producer = { name = \"p\", topic = \"a\" }\n\
                [[at]]\ntime = \"4s\"\ncreate-topic = { name = \"a\", replication-factor = 4 }";
    let scenario = Scenario::parse(text).unwrap();
    let times: Vec<_> = scenario.commands.iter().map(|(at_us, _)| at_us / 1_000_000).collect();
    assert_eq!(times, [2, 3, 4, 9]);
}

#[test]
fn configs_in_kafkas_words() {
    assert_eq!(
        error_of("[[producer]]\nname = \"p\"\ntopic = \"orders\"\nconfig = { \"acks\" = 2 }"),
        "4:21 ConfigException: Invalid value 2 for configuration acks: String must be one of: all, -1, 0, 1"
    );
    assert_eq!(
        error_of(
            "[[producer]]\nname = \"p\"\ntopic = \"orders\"\n[producer.config]\nlinger.sm = 5"
        ),
        "5:13 ConfigException: Unknown configuration 'linger.sm'; did you mean 'linger.ms'?"
    );
    assert_eq!(
        error_of(
            "[[at]]\ntime = \"1s\"\nset-topic-config = { topic = \"orders\", key = \"retention\" }"
        ),
        "3:46 ConfigException: Unknown configuration 'retention'; did you mean 'retention.ms'?"
    );
    assert_eq!(
        error_of(
            "[[at]]\ntime = \"1s\"\nset-client-config = { client = \"checkout\", key = \"acks\", value = \"two\" }"
        ),
        "3:66 ConfigException: Invalid value two for configuration acks: String must be one of: all, -1, 0, 1"
    );
}

#[test]
fn dots_in_configs_need_no_quotes() {
    let text = "[[topic]]\nname = \"a\"\n[[producer]]\nname = \"p\"\ntopic = \"a\"\n\
                [producer.config]\nlinger.ms = 7\nmax.in.flight.requests.per.connection = 1";
    let Command::AddProducer(spec) = &Scenario::parse(text).unwrap().opening[1] else { panic!() };
    assert_eq!(spec.config.get("linger.ms"), Some("7"));
    assert_eq!(spec.config.get("max.in.flight.requests.per.connection"), Some("1"));
}

#[test]
fn all_mistakes_at_once_in_order() {
    let text = "seed = \"x\"\n[[topic]]\nname = \"a\"\n[[producer]]\nname = \"p\"\ntopic = \"b\"\n\
                rate = 5\nconfig = { \"acks\" = \"7\" }\n[[at]]\ntime = \"1s\"\nkill-broker = 7";
    let places: Vec<String> =
        errors(text).iter().map(|e| e.split(' ').next().unwrap().to_owned()).collect();
    assert_eq!(places, ["1:8", "6:9", "7:8", "8:21", "11:15"]);
}

#[test]
fn every_command_can_be_written_back() {
    for text in [
        "kill-broker = 1",
        "stop-broker = 2",
        "start-broker = 3",
        "add-broker = true",
        "create-topic = { name = \"a\" }",
        "create-topic = { name = \"a\", partitions = 6, replication-factor = 3, \
         config = { \"cleanup.policy\" = \"compact\", \"min.insync.replicas\" = 2 } }",
        "set-topic-config = { topic = \"a\", key = \"min.insync.replicas\", value = 2 }",
        "set-topic-config = { topic = \"a\", key = \"min.insync.replicas\" }",
        "set-broker-config = { key = \"unclean.leader.election.enable\", value = true }",
        "elect-preferred-leaders = true",
        "elect-leader = { topic = \"a\", partition = 0 }",
        "elect-leader = { topic = \"a\", partition = 2, election = \"unclean\" }",
        "add-partitions = { topic = \"a\", partitions = 6 }",
        "delete-topic = \"a\"",
        "reassign-partition = { topic = \"a\", partition = 0, replicas = [2, 3, 1] }",
        "cancel-reassignment = { topic = \"a\", partition = 0 }",
        "add-producer = { name = \"p\", topic = \"a\" }",
        "add-producer = { name = \"p\", topic = \"a\", rate = \"20/s\", pace = \"poisson\", \
         keys = 5, key-prefix = \"\", value-bytes = 0, limit = 9, partition = 0, \
         compression-ratio = { gzip = 0.25, zstd = 1.5 }, \
         config = { \"acks\" = 1 } }",
        "add-consumer = { name = \"c\", group = \"g\", topics = [\"a\", \"b\"] }",
        "add-consumer = { name = \"c\", group = \"g\", topics = [\"a\"], processing = \"5ms\", \
         commit = \"after-async\", config = { \"auto.offset.reset\" = \"earliest\" } }",
        "add-producer = { name = \"p\", topic = \"a\", client = \"librdkafka\", \
         config = { \"partitioner\" = \"murmur2_random\" } }",
        "add-consumer = { name = \"c\", group = \"g\", topics = [\"a\"], client = \"librdkafka\", \
         config = { \"enable.auto.offset.store\" = false } }",
        "close = \"c\"",
        "crash = \"c\"",
        "start = \"c\"",
        "remove = \"c\"",
        "set-client-config = { client = \"p\", key = \"client.id\", value = \"007\" }",
        "set-rate = { producer = \"p\", rate = \"1/11s\" }",
        "set-rate = { producer = \"p\", pace = \"manual\" }",
        "send = { producer = \"p\" }",
        "send = { producer = \"p\", partition = 2, key = \"\", value = \"a \\\"b\\\"\\n\\\\\\u0001ü\", \
         headers = { \"trace id\" = 7 } }",
        "set-processing = { consumer = \"c\", time = \"2s\" }",
        "set-commit = { consumer = \"c\", commit = \"before-sync\" }",
        "seek = { consumer = \"c\", topic = \"a\", partition = 0, to = 100 }",
        "seek = { consumer = \"c\", topic = \"a\", to = \"beginning\" }",
        "seek = { consumer = \"c\", topic = \"a\", to = \"end\" }",
        "set-library = { client = \"c\", library = \"librdkafka\" }",
        "set-handler = { consumer = \"c\" }",
        "set-handler = { consumer = \"c\", on-error = \"stop\", spread = \"exponential\", \
         fail-keys = \"key-1*\", fail-values = \"*bad*\", fail-every = 7, fail-times = 2, \
         outage = { from = \"20s\", until = \"35s\" }, fail-time = \"2s\", attempts = 3, \
         backoff = \"500ms\", idempotent = true }",
        "add-consumer = { name = \"c\", group = \"g\", topics = [\"a\"], handler = { detached = true } }",
        "add-consumer = { name = \"c\", group = \"g\", topics = [\"a\"], handler = { \
         on-error = \"dead-letter\", fail-every = 7, dead-letter-topic = \"a-dead-letter\", \
         producer = { \"acks\" = 1 } } }",
        "add-consumer = { name = \"c\", group = \"g\", topics = [\"a\"], commit = \"never\", \
         handler = { on-error = \"skip\", output-topic = \"b\", \
         producer = { \"transactional.id\" = \"c\" } } }",
        "add-producer = { name = \"p\", topic = \"a\", rate = \"1/s\", transaction-records = 5, \
         abort-every = 3, config = { \"transactional.id\" = \"p\" } }",
        "set-handler = { consumer = \"c\", on-error = \"retry-topics\", \
         dead-letter-topic = \"d\", retry-topics = [\"r1\", \"r2\"], \
         retry-delays = [\"5s\", \"30s\"] }",
        "set-handler = { consumer = \"c\", on-error = \"retry-in-order\", \
         retry-topics = [\"r\"], retry-delays = [\"5s\"], retries = 3, \
         redirect-topic = \"q\" }",
        "cut = { from = \"broker 1\", to = \"controller\" }",
        "cut = { from = \"broker 1\", to = \"p\", both = false }",
        "heal = { from = \"broker 1\", to = \"p\" }",
        "slow = { node = \"broker 1\", by = \"0us\" }",
        "slow-link = { from = \"broker 1\", to = \"p\", by = \"80ms\" }",
        "slow-link = { from = \"broker 1\", to = \"p\", by = \"80ms\", both = false }",
        "pause = { node = \"p\", for = \"20s\" }",
        "slow-disk = { broker = 1, by = \"50ms\" }",
        "fill-disk = 1",
        "free-disk = 1",
        "power-off-broker = 1",
    ] {
        let command = parse_command(text).unwrap_or_else(|errors| panic!("{text}: {errors:?}"));
        assert_eq!(to_toml(&command), text);
    }
}

#[test]
fn words_that_mean_the_same() {
    let command = parse_command("set-commit = { consumer = \"c\", commit = \"after\" }").unwrap();
    let commit = CommitStrategy::AfterSync;
    assert_eq!(command, Command::SetCommit { consumer: "c".into(), commit });
    let command =
        parse_command("set-rate = { producer = \"p\", rate = \"2/s\", pace = \"steady\" }");
    let pace = Pace::Every(500_000);
    assert_eq!(command.unwrap(), Command::SetPace { producer: "p".into(), pace });
    let text = "add-producer = { name = \"p\", topic = \"a\", keys = 3 }";
    let Command::AddProducer(spec) = parse_command(text).unwrap() else { panic!() };
    assert_eq!(spec.workload.keys, Keys::Uniform { prefix: "key-".into(), count: 3 });
    assert_eq!(parse_command("kill-broker = 3").unwrap(), Command::KillBroker(NodeId(3)));
}

/// A consumer whose handler is written so; what is wrong with it.
fn handler_error(handler: &str) -> String {
    let topics = "[[topic]]\nname = \"orders-retry\"\n";
    let consumer = "[[consumer]]\nname = \"c\"\ngroup = \"g\"\ntopics = [\"orders\"]\n";
    error_of(&format!("{topics}{consumer}handler = {{ {handler} }}"))
}

#[test]
fn handlers_that_make_no_sense() {
    assert_eq!(
        handler_error("on-error = \"panic\""),
        "7:24 `on-error` wants one of \"stop\", \"skip\", \"dead-letter\", \"retry-topics\", \
         \"retry-in-order\", not \"panic\""
    );
    assert_eq!(
        handler_error("on-error = \"dead-letter\""),
        "7:11 the handler writes to topic orders-dead-letter, which is not there; add a [[topic]] \
         of that name"
    );
    assert_eq!(
        handler_error("retry-delays = \"5s\""),
        "7:13 `retry-delays` goes with `on-error = \"retry-topics\"` or `\"retry-in-order\"`"
    );
    assert_eq!(
        handler_error(
            "detached = true, on-error = \"dead-letter\", dead-letter-topic = \"orders-retry\""
        ),
        "7:41 a detached worker has nobody who could stop or write for it; leave `on-error` out, \
         or write `on-error = \"skip\"`"
    );
    assert_eq!(
        handler_error("outage = { from = \"9s\", until = \"8s\" }"),
        "7:45 an outage ends after it began; let `until` be later than `from`"
    );
    assert_eq!(
        handler_error("fail-times = 2"),
        "7:26 `fail-times` says how often a record fails; say which ones, as in \
         `fail-keys = \"key-7\"`, `fail-values = \"*bad*\"` or `fail-every = 10`"
    );
    assert_eq!(
        handler_error("on-error = \"dead-letter\", dead-letter-topic = \"orders\""),
        "7:11 orders would be two things at once; give each its own topic"
    );
    assert_eq!(
        handler_error("producer = { transactional.id = \"a\" }"),
        "7:45 results and offsets go into a transaction together, and nothing else does: \
         `transactional.id` needs an `output-topic`, and `on-error` is \"stop\" or \"skip\""
    );
    assert_eq!(
        handler_error("output-topic = \"orders-retry\", producer = { transactional.id = \"a\" }"),
        "3:1 offsets are committed with the transactions of the handler's producer; write `commit = \
         \"never\"`"
    );
    assert_eq!(
        error_of(
            "[[topic]]\nname = \"a\"\n[[producer]]\nname = \"p\"\ntopic = \"a\"\nabort-every = 3"
        ),
        "6:15 `abort-every` needs a transactional id; add for example `config = { transactional.id \
         = \"payments\" }`"
    );
    assert_eq!(
        handler_error("fail-key = \"a\""),
        "7:13 there is no key `fail-key` here; did you mean `fail-keys`?"
    );
    assert_eq!(
        error_of(
            "[[at]]\ntime = \"1s\"\nset-handler = { consumer = \"billing-1\", on-error = \"dead-letter\" }"
        ),
        "3:15 `dead-letter-topic` is missing; add for example `dead-letter-topic = \
         \"orders-dead-letter\"`"
    );
}
