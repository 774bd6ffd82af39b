//! Where to go from a lesson: the one before, the next, the map, the sandbox.

use yew::prelude::*;

use super::catalogue::Entry;
use super::link;
use crate::context::Page;
use crate::session::Action;

/// The ways.
pub fn steps(page: &Page, all: &[Entry], id: &str) -> Html {
    let at = all.iter().position(|entry| entry.id == id);
    let before = at.and_then(|at| all.get(at.checked_sub(1)?));
    let next = at.and_then(|at| all.get(at + 1));
    let way = |entry: Option<&Entry>, label: &str, class: &'static str| {
        let Some(entry) = entry.cloned() else { return html! { <span></span> } };
        let title = entry.title(page.text.code()).to_owned();
        let onclick = Callback::from(move |_: MouseEvent| link::write(Some(&entry.id)));
        html! {
            <button type="button" class={classes!("lesson-way", class)} {onclick}>
                <span class="lesson-way-label">{ page.say(label) }</span>
                { title }
            </button>
        }
    };
    let map = Callback::from(|_: MouseEvent| link::write(None));
    let sandbox = {
        let act = page.act.clone();
        Callback::from(move |_: MouseEvent| {
            act.emit(Action::LeaveLesson);
            link::write(None);
        })
    };
    html! {
        <nav class="lesson-steps" aria-label={page.say("lesson-steps")}>
            <div class="lesson-ways">
                { way(before, "lesson-previous", "lesson-way-before") }
                { way(next, "lesson-next", "lesson-way-next") }
            </div>
            <p class="buttons">
                <button type="button" class="button" onclick={map}>{ page.say("lesson-map") }</button>
                <button type="button" class="button" onclick={sandbox}
                    title={page.say("lesson-sandbox-why")}>{ page.say("lesson-sandbox") }</button>
            </p>
        </nav>
    }
}
