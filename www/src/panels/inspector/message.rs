//! A selected message of the network.

use highwater::view::MessageView;
use yew::prelude::*;

use super::facts::{Facts, partitions};
use super::heading;
use crate::context::Page;
use crate::stage::Names;

/// The message, as it was when it was clicked.
pub fn show(page: &Page, message: &MessageView) -> Html {
    let text = &page.text;
    let names = Names::of(&page.snapshot.view);
    let title = if message.is_request { "message-request" } else { "message-response" };
    let title = text.with(title, &[("api", message.api.to_owned())]);
    let mut facts = Facts::default()
        .add(page.say("message-from"), names.node(message.from))
        .add(page.say("message-to"), names.node(message.to))
        .add(page.say("message-sent"), moment(page, message.sent_us))
        .add(page.say("message-arrives"), moment(page, message.arrives_us))
        .add(page.say("message-flight"), text.span(message.arrives_us - message.sent_us))
        .add(
            page.say("message-size"),
            format!("{}\u{a0}{}", text.number(message.bytes.into()), page.say("unit-bytes")),
        );
    if message.records > 0 {
        facts = facts.add(page.say("message-records"), text.number(message.records.into()));
    }
    if let Some(tp) = message.tp {
        facts = facts.add_html(page.say("message-partition"), partitions(page, [tp].into_iter()));
    }
    if let Some(error) = message.error {
        facts = facts.add_html(
            page.say("message-error"),
            html! { <span class="bad">{ error.name() }</span> },
        );
    }
    html! {
        <>
            { heading(page.say("kind-message"), title, None) }
            { facts.draw() }
        </>
    }
}

fn moment(page: &Page, at_us: u64) -> String {
    page.text.clock(at_us)
}
