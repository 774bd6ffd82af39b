//! What "add" adds: one more client like those that are there.

use std::sync::Arc;

use highwater::config::Properties;
use highwater::consumer::{CommitStrategy, ConsumerSpec};
use highwater::producer::{Keys, Pace, ProducerSpec, Workload};
use highwater::view::View;

/// One more producer, to the first topic.
pub fn producer(view: &View) -> Option<ProducerSpec> {
    Some(ProducerSpec {
        name: free_name(view, "producer"),
        topic: topic(view)?,
        workload: Workload {
            pace: Pace::Poisson(50_000),
            keys: Keys::Uniform { prefix: "key-".into(), count: 20 },
            value_bytes: 200,
            limit: None,
            partition: None,
            compression_ratios: Default::default(),
            transactions: Default::default(),
        },
        client: Default::default(),
        config: Properties::new(),
    })
}

/// One more consumer, in the group of the last one.
pub fn consumer(view: &View) -> Option<ConsumerSpec> {
    let like = view.consumers.last();
    let group = like.map_or_else(|| "group".into(), |consumer| consumer.group.clone());
    Some(ConsumerSpec {
        name: free_name(view, &group),
        group,
        topics: match like {
            Some(consumer) => consumer.topics.clone(),
            None => vec![topic(view)?],
        },
        processing_us: like.map_or(5_000, |consumer| consumer.processing_us),
        commit: CommitStrategy::Auto,
        handler: None,
        client: Default::default(),
        config: Properties::new(),
    })
}

fn topic(view: &View) -> Option<Arc<str>> {
    let topic = view.topics.iter().find(|topic| !topic.internal);
    topic.map(|topic| topic.name.clone())
}

fn free_name(view: &View, stem: &str) -> Arc<str> {
    let producers = view.producers.iter().map(|producer| &producer.name);
    let consumers = view.consumers.iter().map(|consumer| &consumer.name);
    let taken: Vec<_> = producers.chain(consumers).collect();
    let names = (1..).map(|number| Arc::<str>::from(format!("{stem}-{number}")));
    let mut free = names.skip_while(|name| taken.contains(&name));
    free.next().unwrap_or_else(|| stem.into())
}
