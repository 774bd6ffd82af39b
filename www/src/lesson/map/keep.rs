//! Progress taken along, brought back, forgotten.

use std::rc::Rc;

use wasm_bindgen::JsCast;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::context::use_page;
use crate::lesson::catalogue::Entry;
use crate::lesson::progress;

/// What it needs.
#[derive(Clone, Properties)]
pub struct Props {
    /// All lessons.
    pub lessons: Rc<Vec<Entry>>,
    /// Told when what is kept has changed.
    pub changed: Callback<()>,
}

impl PartialEq for Props {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.lessons, &other.lessons)
    }
}

/// The buttons, behind a line that opens.
#[component]
pub fn Keep(props: &Props) -> Html {
    let page = use_page();
    let said = use_state(|| None::<&'static str>);
    let is_sure = use_state(|| false);
    let text = progress::export(&props.lessons);
    let address = format!("data:text/plain;charset=utf-8,{}", js_sys::encode_uri_component(&text));
    let import = {
        let (said, changed) = (said.clone(), props.changed.clone());
        Callback::from(move |event: Event| {
            let input = event.target().and_then(|it| it.dyn_into::<HtmlInputElement>().ok());
            let file = input.as_ref().and_then(|input| input.files()?.get(0));
            let Some(file) = file else { return };
            let (said, changed) = (said.clone(), changed.clone());
            spawn_local(async move {
                let text = JsFuture::from(file.text()).await.ok().and_then(|it| it.as_string());
                let is_taken = text.is_some_and(|text| progress::import(&text));
                said.set(Some(if is_taken { "lesson-imported" } else { "lesson-not-imported" }));
                changed.emit(());
            });
        })
    };
    let reset = {
        let (said, is_sure) = (said.clone(), is_sure.clone());
        let (lessons, changed) = (props.lessons.clone(), props.changed.clone());
        Callback::from(move |_: MouseEvent| {
            if *is_sure {
                progress::reset(&lessons);
                said.set(Some("lesson-forgotten"));
                changed.emit(());
            }
            is_sure.set(!*is_sure);
        })
    };
    html! {
        <details class="lesson-keep">
            <summary>{ page.say("lesson-progress") }</summary>
            <p>{ page.say("lesson-progress-text") }</p>
            <p class="buttons">
                <a class="button" href={address} download="highwater-progress.txt">{ page.say("lesson-export") }</a>
                <label class="button lesson-import">
                    { page.say("lesson-import") }
                    <input type="file" accept=".txt,text/plain" class="hidden" onchange={import} />
                </label>
                <button type="button" class="button" onclick={reset}>
                    { page.say(if *is_sure { "lesson-reset-sure" } else { "lesson-reset" }) }
                </button>
            </p>
            <p role="status">{ said.map(|id| page.say(id)).unwrap_or_default() }</p>
        </details>
    }
}
