//! The library that a client is written with.

use std::sync::Arc;

use highwater::cluster::Command;
use highwater::config::ClientLibrary;
use wasm_bindgen::JsCast;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use super::locks::Locks;
use crate::context::Page;
use crate::session::Action;

/// A choice of libraries; `chosen` is the name of the present one.
pub fn show(page: &Page, client: &Arc<str>, chosen: &'static str) -> Html {
    let (act, name) = (page.act.clone(), client.clone());
    let onchange = Callback::from(move |event: Event| {
        let select = event.target().and_then(|t| t.dyn_into::<HtmlSelectElement>().ok());
        let value = select.map(|select| select.value()).unwrap_or_default();
        let library = ClientLibrary::ALL.into_iter().find(|(name, _)| *name == value);
        if let Some((_, library)) = library {
            act.emit(Action::Command(Command::SetLibrary { client: name.clone(), library }));
        }
    });
    let option = |(name, _): (&'static str, ClientLibrary)| {
        html! {
            <option value={name} selected={name == chosen}>
                { page.say(&format!("library-{name}")) }
            </option>
        }
    };
    let id = format!("dial-library-{client}");
    let about = format!("{id}-about");
    html! {
        <div class="knob knob-wide" data-knob="library">
            <div class="knob-line">
                <label for={id.clone()} class="knob-plain">{ page.say("knob-library") }</label>
                <select {id} {onchange} disabled={Locks::of(page).locks("set-library")} aria-describedby={about.clone()}>
                    { for ClientLibrary::ALL.map(option) }
                </select>
            </div>
            <p class="knob-about" id={about}>{ page.say("knob-library-meaning") }</p>
        </div>
    }
}
