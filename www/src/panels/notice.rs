//! Why the last command was refused, or that a search found nothing, until it is read.

use yew::prelude::*;

use super::icons::{Icon, icon_button};
use crate::context::Page;
use crate::session::Action;

/// The notice; empty while there is nothing to say.
pub fn notice(page: &Page) -> Html {
    let refusal = page.refusal.as_ref().map(ToString::to_string);
    let nothing = || page.found_nothing.then(|| page.say("transport-nothing"));
    let calm = refusal.is_none().then_some("calm");
    html! {
        <div class="notice-room" role="status">
            if let Some(words) = refusal.or_else(nothing) {
                <p class={classes!("notice", calm)}>
                    <span>{ words }</span>
                    { icon_button(Icon::Close, page.say("notice-dismiss"), page.on(Action::Dismiss)) }
                </p>
            }
        </div>
    }
}
