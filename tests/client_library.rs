//! A client is written with another library, by command.

use highwater::cluster::{Cluster, ClusterSetup, Command};
use highwater::config::ClientLibrary;
use highwater::scenario::parse_command;

fn apply(cluster: &mut Cluster, text: &str) -> Result<(), String> {
    cluster.apply(parse_command(text).expect("a command"))
}

#[test]
fn a_client_is_written_with_another_library() {
    let mut cluster = Cluster::new(&ClusterSetup::default()).expect("the defaults are valid");
    apply(&mut cluster, "create-topic = { name = \"t\" }").unwrap();
    apply(&mut cluster, "add-producer = { name = \"p\", topic = \"t\" }").unwrap();
    while cluster.step(1_000_000) {}
    let shown = |cluster: &Cluster| {
        let producer = cluster.view().producers[0].clone();
        (producer.client, producer.idempotent, producer.config.len())
    };
    assert_eq!(shown(&cluster), ("java", true, 0));
    let library = ClientLibrary::Librdkafka;
    cluster.apply(Command::SetLibrary { client: "p".into(), library }).unwrap();
    while cluster.step(2_000_000) {}
    let (client, is_idempotent, shown_configs) = shown(&cluster);
    assert_eq!((client, is_idempotent), ("librdkafka", false));
    assert!(shown_configs > 0, "its defaults are shown");
    apply(&mut cluster, "set-library = { client = \"p\", library = \"java\" }").unwrap();
    let set = "set-client-config = { client = \"p\", key = \"max.block.ms\", value = 9 }";
    while cluster.step(3_000_000) {}
    apply(&mut cluster, set).unwrap();
    while cluster.step(4_000_000) {}
    let refused = apply(&mut cluster, "set-library = { client = \"p\", library = \"librdkafka\" }");
    assert!(refused.unwrap_err().contains("max.block.ms"));
}
