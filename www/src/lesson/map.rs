//! The map: what this is, which lessons there are, chapter by chapter, and what is done of them.

use std::rc::Rc;

use yew::prelude::*;

use super::catalogue::Entry;
use super::glossary::Words;
use super::link;
use super::progress::{self, Progress};
use crate::context::{Page, use_page};

mod keep;
use keep::Keep;

/// What it needs.
#[derive(Clone, Properties)]
pub struct Props {
    /// All lessons.
    pub lessons: Rc<Vec<Entry>>,
    /// Told when somebody wants to read Kafka's words.
    pub ask_words: Callback<()>,
}

impl PartialEq for Props {
    fn eq(&self, other: &Self) -> bool {
        // Whom to tell never changes.
        Rc::ptr_eq(&self.lessons, &other.lessons)
    }
}

/// The map.
#[component]
pub fn LessonMap(props: &Props) -> Html {
    let page = use_page();
    let changed = use_force_update();
    let lessons: Vec<(&Entry, Progress)> =
        props.lessons.iter().map(|entry| (entry, progress::load(&entry.id))).collect();
    let chapters = lessons.chunk_by(|one, other| one.0.chapter() == other.0.chapter());
    let changed = Callback::from(move |()| changed.force_update());
    html! {
        <div class="lesson lesson-welcome">
            <h2>{ page.say("lesson-none-title") }</h2>
            <p>{ page.say("lesson-none-text") }</p>
            { next(&page, &lessons) }
            { for chapters.map(|lessons| chapter(&page, lessons)) }
            <Words ask={props.ask_words.clone()} />
            <Keep lessons={props.lessons.clone()} {changed} />
        </div>
    }
}

/// Where to begin, or to go on.
fn next(page: &Page, lessons: &[(&Entry, Progress)]) -> Html {
    let Some((entry, _)) = lessons.iter().find(|(_, progress)| !progress.done) else {
        return html! { <p class="lesson-all-done">{ page.say("lesson-all-done") }</p> };
    };
    let is_first = lessons.iter().all(|(_, progress)| *progress == Progress::default());
    let label = page.say(if is_first { "lesson-begin" } else { "lesson-go-on" });
    let title = entry.title(page.text.code());
    html! {
        <button type="button" class="button primary lesson-go" onclick={open(entry)}>
            { format!("{label}: {} {title}", entry.id) }
        </button>
    }
}

fn chapter(page: &Page, lessons: &[(&Entry, Progress)]) -> Html {
    let done = lessons.iter().filter(|(_, progress)| progress.done).count();
    let number = lessons.first().map_or("", |(entry, _)| entry.chapter());
    let id = format!("chapter-{number}");
    let numbers = [("done", done.to_string()), ("all", lessons.len().to_string())];
    html! {
        <section aria-labelledby={id.clone()} class="lesson-chapter">
            <h3 {id}>
                { page.say(&format!("lesson-chapter-{number}")) }
                <span class="lesson-count">{ page.text.with("lesson-done-of", &numbers) }</span>
            </h3>
            <ul class="lesson-list">{ for lessons.iter().map(|(entry, it)| item(page, entry, it)) }</ul>
        </section>
    }
}

fn item(page: &Page, entry: &Entry, progress: &Progress) -> Html {
    let state = match progress {
        Progress { done: true, .. } => Some(("lesson-done", "lesson-done")),
        Progress { predicted: Some(_), .. } => Some(("lesson-started", "lesson-started")),
        _ => None,
    };
    html! {
        <li>
            <button type="button" class="lesson-link" onclick={open(entry)}>
                <span class="lesson-number">{ entry.id.clone() }</span>
                <span class="lesson-title">{ entry.title(page.text.code()).to_owned() }</span>
                if let Some((class, text)) = state {
                    <span {class}>{ page.say(text) }</span>
                }
            </button>
        </li>
    }
}

fn open(entry: &Entry) -> Callback<MouseEvent> {
    let id = entry.id.clone();
    Callback::from(move |_| link::write(Some(&id)))
}
