//! Small tables of what there is to know: names left, values right.

use highwater::engine::NodeId;
use highwater::protocol::TopicPartition;
use yew::prelude::*;

use crate::context::Page;
use crate::session::Selection;
use crate::stage::Names;

/// A list of names and values.
#[derive(Default)]
pub struct Facts(Vec<(String, Html)>);

impl Facts {
    /// Adds a value.
    pub fn add(mut self, name: String, value: impl Into<String>) -> Self {
        let value: String = value.into();
        self.0.push((name, html! { { value } }));
        self
    }

    /// Adds anything.
    pub fn add_html(mut self, name: String, value: Html) -> Self {
        self.0.push((name, value));
        self
    }

    /// The list.
    pub fn draw(self) -> Html {
        let row = |(name, value)| html! { <div><dt>{ name }</dt><dd>{ value }</dd></div> };
        html! { <dl class="facts">{ for self.0.into_iter().map(row) }</dl> }
    }
}

/// Numbers of brokers, as Kafka's tools list them.
pub fn numbers(ids: &[NodeId]) -> String {
    ids.iter().map(NodeId::to_string).collect::<Vec<_>>().join(", ")
}

/// Partitions, each a button that selects it.
pub fn partitions(page: &Page, list: impl Iterator<Item = TopicPartition>) -> Html {
    let names = Names::of(&page.snapshot.view);
    let chip = |tp: TopicPartition| {
        let class = classes!("chip", format!("hue-{}", names.hue(tp)));
        html! {
            <button type="button" {class} onclick={page.select(Selection::Partition(tp))}>
                { names.partition(tp) }
            </button>
        }
    };
    let chips: Vec<Html> = list.map(chip).collect();
    if chips.is_empty() {
        return html! { { page.say("inspector-none") } };
    }
    html! { <span class="chips">{ for chips.into_iter() }</span> }
}
