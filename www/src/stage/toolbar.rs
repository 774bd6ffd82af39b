//! What the stage shows: layers of messages, internal topics, the table.

use yew::prelude::*;

use crate::context::Page;
use crate::session::{Action, Display, Layer};

/// The switches below the stage; the table is open, or not, and can be opened or closed.
pub fn toolbar(page: &Page, table: bool, toggle_table: Callback<MouseEvent>) -> Html {
    let display = page.display;
    let switch = |label: String, class: &'static str, on: bool, then: Display| {
        html! {
            <button
                type="button"
                class={classes!("switch", class)}
                aria-pressed={on.to_string()}
                onclick={page.on(Action::Display(then))}
            >
                <span class="switch-sign"></span>
                { label }
            </button>
        }
    };
    let layer = |layer: Layer| {
        let on = display.shows(layer);
        let label = page.say(&format!("layer-{}", layer.name()));
        switch(label, layer.name(), on, display.with(layer, !on))
    };
    let internal = display.with_internal_topics(!display.internal_topics);
    html! {
        <div class="toolbar" role="group" aria-label={page.say("toolbar-label")}>
            { for Layer::ALL.map(layer) }
            <span class="toolbar-gap"></span>
            { switch(page.say("toolbar-internal"), "internal", display.internal_topics, internal) }
            <button
                type="button"
                class="switch table"
                aria-expanded={table.to_string()}
                aria-controls="twin"
                onclick={toggle_table}
            >
                <span class="switch-sign"></span>
                { page.say("toolbar-table") }
            </button>
        </div>
    }
}
