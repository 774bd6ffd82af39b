//! Why the last command was refused, until it is read.

use yew::prelude::*;

use super::icons::{Icon, IconButton};
use crate::context::use_page;
use crate::session::Action;

/// The notice; empty while there is nothing to say.
#[component]
pub fn Notice() -> Html {
    let page = use_page();
    html! {
        <div class="notice-room" role="status">
            if let Some(refusal) = &page.refusal {
                <p class="notice">
                    <span>{ refusal.to_string() }</span>
                    <IconButton
                        icon={Icon::Close}
                        label={page.say("notice-dismiss")}
                        onclick={page.on(Action::Dismiss)}
                    />
                </p>
            }
        </div>
    }
}
