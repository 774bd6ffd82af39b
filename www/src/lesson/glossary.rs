//! Kafka's words: a list behind a line that opens, and each where a lesson uses it.

use std::rc::Rc;

use highwater::lesson::{Glossary, Term};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::markdown;
use crate::context::use_page;
use crate::files::Files;

/// The glossary in the page's language; empty until it is there.
pub type Shared = Rc<Glossary>;

/// Fetches the glossary in a language once it is wanted, and again in another one.
#[hook]
pub fn use_glossary(files: &Files, code: &'static str, is_wanted: bool) -> Shared {
    let glossary = use_state(Shared::default);
    let (kept, files) = (glossary.clone(), files.clone());
    use_effect_with((code, is_wanted), move |(code, is_wanted)| {
        if !is_wanted {
            return;
        }
        let name = format!("lessons/glossary.{code}.md");
        spawn_local(async move {
            // Without it words are words.
            if let Ok(text) = files.read(&name).await {
                kept.set(Rc::new(Glossary::parse(&text)));
            }
        });
    });
    (*glossary).clone()
}

/// What the list needs.
#[derive(Clone, PartialEq, Properties)]
pub struct ListProps {
    /// Told when somebody wants to read it.
    pub ask: Callback<()>,
}

/// All of it.
#[component]
pub fn Words(props: &ListProps) -> Html {
    let onclick = props.ask.reform(|_: MouseEvent| ());
    let page = use_page();
    let glossary = use_context::<Shared>().unwrap_or_default();
    let row = |term: &Term| {
        html! {
            <>
                <dt>
                    { term.name.clone() }
                    if !term.said.is_empty() {
                        <span class="quiet">{ " · " }{ term.said.clone() }</span>
                    }
                </dt>
                <dd>{ markdown::render_quiet(&term.meaning) }</dd>
            </>
        }
    };
    html! {
        <details class="lesson-keep lesson-glossary">
            <summary {onclick}>{ page.say("lesson-glossary") }</summary>
            <dl>{ for glossary.terms.iter().map(row) }</dl>
        </details>
    }
}

/// What a word in a text needs.
#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// As it stands in the text.
    pub words: AttrValue,
    /// The term's name.
    pub term: AttrValue,
}

/// A word in a text: pressed, it says what it means, there and then.
#[component]
pub fn Word(props: &Props) -> Html {
    let page = use_page();
    let glossary = use_context::<Shared>().unwrap_or_default();
    let is_open = use_state(|| false);
    let Some(term) = glossary.find(&props.term) else {
        return html! { { props.words.clone() } };
    };
    let onclick = {
        let is_open = is_open.clone();
        Callback::from(move |_: MouseEvent| is_open.set(!*is_open))
    };
    html! {
        <>
            <button type="button" class="lesson-word lesson-term" {onclick}
                aria-expanded={is_open.to_string()} title={page.say("lesson-term-show")}>
                { props.words.clone() }
            </button>
            if *is_open {
                <span class="lesson-meaning">{ meaning(term) }</span>
            }
        </>
    }
}

fn meaning(term: &Term) -> Html {
    let name = if term.said.is_empty() { &term.name } else { &term.said };
    let meaning = markdown::render_quiet(&term.meaning);
    html! { <><strong>{ name.clone() }</strong>{ ": " }{ meaning }</> }
}
