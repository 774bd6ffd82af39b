//! On a phone: which panel stands below the stage.

use yew::prelude::*;

use crate::context::{Page, Pane, Shell};

/// The switch between panels; the style sheet shows it where there is room for one panel only.
pub fn tabs(page: &Page) -> Html {
    let tab = |pane: Pane| {
        let set_shell = page.set_shell.clone();
        let shell = Shell { pane, ..page.shell };
        html! {
            <button
                type="button"
                aria-pressed={(page.shell.pane == pane).to_string()}
                onclick={Callback::from(move |_| set_shell.emit(shell))}
            >
                { page.say(&format!("pane-{}", pane.name())) }
            </button>
        }
    };
    html! {
        <div class="segments phone-tabs" role="group" aria-label={page.say("tabs-label")}>
            { for Pane::ALL.map(tab) }
        </div>
    }
}
