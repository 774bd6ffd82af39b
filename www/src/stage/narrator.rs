//! Tells what happens, for those who do not see it: one quiet sentence at a time.

use yew::prelude::*;

use crate::clock;
use crate::context::use_page;
use crate::panels::mark_label;

use super::names::Names;

/// Real time between two sentences, in ms: a screen reader has to get to the end of one.
const QUIET_MS: f64 = 4_000.0;

struct Told {
    at_us: u64,
    when_ms: f64,
    words: AttrValue,
}

/// The live region.
#[component]
pub fn Narrator() -> Html {
    let page = use_page();
    let told = use_mut_ref(|| Told { at_us: 0, when_ms: 0.0, words: AttrValue::default() });
    let mut told = told.borrow_mut();
    let now_ms = clock::now_ms();
    // An earlier mark than the last one told: another run.
    if page.view.at_us < told.at_us {
        told.at_us = 0;
    }
    if now_ms - told.when_ms >= QUIET_MS {
        let news: Vec<_> = page.marks.iter().filter(|mark| mark.at_us > told.at_us).collect();
        // Of many, the weightiest says most.
        if let Some(mark) = news.iter().max_by_key(|mark| mark.weight()) {
            told.words = mark_label(&page.text, Names::of(&page.view), mark).into();
            told.when_ms = now_ms;
            told.at_us = news.last().map_or(told.at_us, |mark| mark.at_us);
        }
    }
    html! { <p class="hidden" aria-live="polite">{ told.words.clone() }</p> }
}
