//! What an administrator does: move and elect, add and delete. Kafka's tools for it are
//! kafka-topics, kafka-reassign-partitions, kafka-leader-election and kafka-delete-records.

use highwater::cluster::Command;
use highwater::config::Properties;
use highwater::engine::NodeId;
use highwater::protocol::{ElectionType, TopicPartition};
use highwater::view::{PartitionView, TopicView};
use yew::prelude::*;

use super::ask::{Ask, Field};
use super::facts::{numbers, partitions};
use crate::context::Page;
use crate::session::Selection;

/// What is done to one partition.
pub fn partition(page: &Page, tp: TopicPartition, view: &PartitionView, topic: &TopicView) -> Html {
    let (topic, partition) = (topic.name.clone(), tp.partition);
    let is_moving = !(view.adding.is_empty() && view.removing.is_empty());
    let kept: Vec<NodeId> =
        view.replicas.iter().copied().filter(|id| !view.removing.contains(id)).collect();
    let name = topic.clone();
    let to_move = Callback::from(move |typed: Vec<String>| {
        let replicas = brokers(&typed[0]).ok_or("admin-replicas-invalid")?;
        Ok(Command::ReassignPartition { topic: name.clone(), partition, replicas })
    });
    let name = topic.clone();
    let cancel = move |_| Ok(Command::CancelReassignment { topic: name.clone(), partition });
    let elect = |election| {
        let topic = topic.clone();
        Callback::from(move |_| {
            Ok(Command::ElectLeader { topic: topic.clone(), partition, election })
        })
    };
    let name = topic.clone();
    let delete = move |typed: Vec<String>| {
        let before = match &*typed[0] {
            "" => None,
            offset => Some(offset.parse().map_err(|_| "admin-before-invalid")?),
        };
        Ok(Command::DeleteRecords { topic: name.clone(), partition, before })
    };
    let before =
        Field { name: "admin-before", value: String::new(), hint: page.say("admin-before-all") };
    html! {
        <section class="asks" key={format!("{topic}-{partition}")}>
            <h3>{ page.text.with("admin-partition", &[("partition", format!("{topic}-{partition}"))]) }</h3>
            <Ask key="move" fields={vec![Field::of("admin-replicas", numbers(&kept))]} say="admin-move" make={to_move} />
            if is_moving {
                <Ask key="cancel" say="admin-cancel-move" make={cancel} />
            }
            <Ask key="preferred" say="admin-elect-preferred" make={elect(ElectionType::Preferred)} />
            <Ask key="unclean" say="admin-elect-unclean" grave=true make={elect(ElectionType::Unclean)} />
            <Ask key="delete" fields={vec![before]} say="admin-delete-records" grave=true make={delete} />
        </section>
    }
}

/// What is done to a topic.
pub fn topic(page: &Page, topic: &TopicView) -> Html {
    let (name, to_delete) = (topic.name.clone(), topic.name.clone());
    let add = move |typed: Vec<String>| {
        let partitions = typed[0].parse().map_err(|_| "admin-number-invalid")?;
        Ok(Command::AddPartitions { topic: name.clone(), partitions })
    };
    let delete = move |_| Ok(Command::DeleteTopic(to_delete.clone()));
    let count = Field::of("admin-partitions", topic.partitions.len().to_string());
    let controller = page.snapshot.view.controllers.first();
    html! {
        <section class="asks" key={topic.name.to_string()}>
            <h3>{ page.text.with("admin-topic", &[("topic", topic.name.to_string())]) }</h3>
            <Ask key="add" fields={vec![count]} say="admin-add-partitions" make={add} />
            <Ask key="delete" say="admin-delete-topic" grave=true make={delete} />
            if let Some(controller) = controller {
                <button type="button" class="text-link" onclick={page.select(Selection::Node(controller.id))}>
                    { page.say("admin-all-topics") }
                </button>
            }
        </section>
    }
}

/// All topics, and one more.
pub fn topics(page: &Page) -> Html {
    let shown = page.snapshot.view.topics.iter().filter(|topic| !topic.internal);
    let row = |topic: &TopicView| {
        let all = (0..topic.partitions.len() as u16).map(|p| TopicPartition::new(topic.id, p));
        html! { <li key={topic.name.to_string()}>{ partitions(page, all) }</li> }
    };
    let rows: Vec<Html> = shown.map(row).collect();
    let create = |typed: Vec<String>| {
        let [name, partitions, factor] = &typed[..] else { return Err("admin-number-invalid") };
        let partitions = partitions.parse().map_err(|_| "admin-number-invalid")?;
        let replication_factor = factor.parse().map_err(|_| "admin-number-invalid")?;
        let config = Properties::default();
        Ok(Command::CreateTopic { name: (&**name).into(), partitions, replication_factor, config })
    };
    let fields = vec![
        Field::of("admin-name", String::new()),
        Field::of("admin-partitions", "3".to_owned()),
        Field::of("admin-factor", "3".to_owned()),
    ];
    html! {
        <section class="asks">
            <h3>{ page.say("admin-topics") }</h3>
            <ul class="asks">{ for rows.into_iter() }</ul>
            <Ask {fields} say="admin-create-topic" make={create} />
            <Ask say="admin-elect-all" make={|_| Ok(Command::ElectPreferredLeaders)} />
        </section>
    }
}

/// Numbers of brokers, by commas or spaces; none is for Kafka to refuse.
fn brokers(typed: &str) -> Option<Vec<NodeId>> {
    let numbers = typed.split([',', ' ']).filter(|number| !number.is_empty());
    numbers.map(|number| number.parse().ok().map(NodeId)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brokers_are_listed_by_commas_or_spaces() {
        let read = |typed| brokers(typed).map(|ids| ids.iter().map(|id| id.0).collect::<Vec<_>>());
        assert_eq!(read("3, 1,2"), Some(vec![3, 1, 2]));
        assert_eq!(read(" 4 5 "), Some(vec![4, 5]));
        assert_eq!(read(""), Some(vec![]));
        assert_eq!(read("1, two"), None);
        assert_eq!(read("-1"), None);
    }
}
