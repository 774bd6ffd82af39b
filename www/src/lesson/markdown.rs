//! The words of a lesson as elements.

use highwater::lesson::markdown::{Block, Span, blocks, spans};
use highwater::protocol::TopicPartition;
use highwater::view::View;
use yew::prelude::*;

use super::glossary::Word;
use super::link;
use crate::context::Page;
use crate::session::{Action, Selection};

/// A text as elements.
pub fn render(page: &Page, text: &str) -> Html {
    let mut html = Vec::new();
    let mut items = Vec::new();
    for block in blocks(text) {
        if let Block::Item(text) = &block {
            items.push(html! { <li>{ render_inline(page, text) }</li> });
            continue;
        }
        close(&mut items, &mut html);
        html.push(match block {
            Block::Paragraph(text) | Block::Item(text) => {
                html! { <p>{ render_inline(page, &text) }</p> }
            }
            // It scrolls sideways, so it can be reached by keyboard.
            Block::Code(_, code) => html! { <pre tabindex="0"><code>{ code }</code></pre> },
        });
    }
    close(&mut items, &mut html);
    html.into_iter().collect()
}

fn close(items: &mut Vec<Html>, html: &mut Vec<Html>) {
    if !items.is_empty() {
        html.push(html! { <ul>{ for items.drain(..) }</ul> });
    }
}

/// A text of one paragraph as elements that stand in a line.
pub fn render_inline(page: &Page, text: &str) -> Html {
    spans(text).into_iter().map(|span| draw(page, span)).collect()
}

/// A text of one paragraph without anything to press, as inside a button.
pub fn render_quiet(text: &str) -> Html {
    let quiet = |span| match span {
        Span::Plain(text) | Span::Bold(text) | Span::Thing(text, _) | Span::Term(text, _) => {
            html! { { text.to_owned() } }
        }
        Span::Lesson(text, _) | Span::Number(text, _) => html! { { text.to_owned() } },
        Span::Code(text) => html! { <code>{ text.to_owned() }</code> },
    };
    spans(text).into_iter().map(quiet).collect()
}

fn draw(page: &Page, span: Span<'_>) -> Html {
    match span {
        Span::Plain(text) | Span::Number(text, _) => html! { { text.to_owned() } },
        Span::Bold(text) => html! { <strong>{ text.to_owned() }</strong> },
        Span::Code(text) => html! { <code>{ text.to_owned() }</code> },
        Span::Term(words, term) => {
            html! { <Word words={words.to_owned()} term={term.to_owned()} /> }
        }
        Span::Lesson(text, id) => {
            let id = id.to_owned();
            let onclick = Callback::from(move |_: MouseEvent| link::write(Some(&id)));
            html! { <button type="button" class="lesson-word" {onclick}>{ text.to_owned() }</button> }
        }
        Span::Thing(text, thing) => match selection(&page.snapshot.view, thing) {
            None => html! { <strong>{ text.to_owned() }</strong> },
            Some(selection) => {
                let onclick = page.on::<MouseEvent>(Action::Select(Some(selection)));
                let title = page.say("lesson-show");
                html! {
                    <button type="button" class="lesson-word" {onclick} {title}>{ text.to_owned() }</button>
                }
            }
        },
    }
}

/// What a name means on the stage: a node, a partition, a topic's first partition, a group's first
/// consumer.
fn selection(view: &View, name: &str) -> Option<Selection> {
    if let Some(id) = name.strip_prefix("broker ") {
        let broker = view.brokers.iter().find(|broker| broker.id.0.to_string() == id)?;
        return Some(Selection::Node(broker.id));
    }
    let producer = view.producers.iter().find(|it| &*it.name == name).map(|it| it.id);
    let consumer = view.consumers.iter().find(|it| &*it.name == name || &*it.group == name);
    if let Some(id) = producer.or(consumer.map(|it| it.id)) {
        return Some(Selection::Node(id));
    }
    let (topic, partition) = match name.rsplit_once('-') {
        Some((topic, index)) if index.bytes().all(|b| b.is_ascii_digit()) => {
            (topic, index.parse().ok()?)
        }
        _ => (name, 0),
    };
    let topic = view.topics.iter().find(|it| &*it.name == topic)?;
    Some(Selection::Partition(TopicPartition::new(topic.id, partition)))
}
