//! The lesson beside the stage: a question, something to do, goals judged on what happened, hints,
//! and what to take away. While no lesson is open: the map of all.

mod catalogue;
mod glossary;
mod goals;
mod link;
mod map;
mod markdown;
mod open;
mod progress;
mod steps;

use std::rc::Rc;

use gloo_events::EventListener;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::context::{Page, Pane, Shell, use_page};
use crate::files::Files;
use crate::scroll;
use crate::session::Action;

use catalogue::{Entry, Lesson, entries};
use map::LessonMap;
use open::Open;

/// What was fetched, or why it was not.
type Fetched<T> = Option<Result<T, String>>;

/// What the lesson pane needs.
#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// The files beside the page.
    pub files: Files,
}

/// The lesson pane.
#[component]
pub fn LessonPane(props: &Props) -> Html {
    let page = use_page();
    let catalogue = use_state(|| Fetched::<Rc<Vec<Entry>>>::None);
    let open = use_state(|| Fetched::<Open>::None);
    let linked = use_state(link::read);
    let words_asked = use_state(bool::default);
    let is_wanted = *words_asked || linked.is_some();
    let glossary = glossary::use_glossary(&props.files, page.text.code(), is_wanted);
    use_address(linked.clone());
    {
        let (catalogue, files) = (catalogue.clone(), props.files.clone());
        use_effect_with((), move |()| {
            spawn_local(async move { catalogue.set(Some(entries(&files).await)) });
        });
    }
    {
        let entry = match &*catalogue {
            Some(Ok(all)) => all.iter().find(|it| Some(&it.id) == linked.as_ref()).cloned(),
            _ => None,
        };
        let (open, page, files) = (open.clone(), page.clone(), props.files.clone());
        use_effect_with(entry, move |entry| match entry.clone() {
            None => {
                if open.is_some() {
                    to_top();
                }
                open.set(None);
            }
            Some(entry) => spawn_local(async move {
                let lesson = Lesson::fetch(&files, &entry).await.map(Rc::new);
                // Somebody may have gone elsewhere meanwhile.
                if link::read().as_ref() == Some(&entry.id) {
                    if let Ok(lesson) = &lesson {
                        begin(&page, lesson);
                        show(&page);
                    }
                    open.set(Some(lesson.map(Open::new)));
                }
            }),
        });
    }
    let all = match &*catalogue {
        None => return html! { <p class="quiet">{ page.say("lesson-loading") }</p> },
        Some(Err(reason)) => return failure(&page, reason),
        Some(Ok(all)) => all.clone(),
    };
    let content = match &*open {
        None => {
            let ask_words = Callback::from(move |()| words_asked.set(true));
            html! { <LessonMap lessons={all} {ask_words} /> }
        }
        Some(Err(reason)) => failure(&page, reason),
        Some(Ok(now)) => open::show(&page, &all, &open, now),
    };
    html! {
        <ContextProvider<glossary::Shared> context={glossary}>{ content }</ContextProvider<glossary::Shared>>
    }
}

/// Puts the lesson's cluster on the stage; time waits, for the question comes before anything runs.
fn begin(page: &Page, lesson: &Lesson) {
    let (scenario, file) = (Box::new(lesson.scenario.clone()), lesson.file.clone());
    page.act.emit(Action::OpenLesson(scenario, file));
}

/// Makes the lesson visible: it may be closed, or under another tab.
fn show(page: &Page) {
    page.set_shell.emit(Shell { lesson_open: true, pane: Pane::Lesson, ..page.shell });
    scroll::to_pane();
    to_top();
}

fn to_top() {
    scroll::to_top("pane-lesson");
}

fn failure(page: &Page, reason: &str) -> Html {
    let text = page.text.with("lesson-not-loaded", &[("reason", reason.to_owned())]);
    html! { <p class="lesson-failure" role="alert">{ text }</p> }
}

/// Whoever changes the address by hand, by a link or by going back means that lesson.
#[hook]
fn use_address(linked: UseStateHandle<Option<String>>) {
    use_effect_with((), move |()| {
        let listener = web_sys::window().map(|window| {
            EventListener::new(&window, "hashchange", move |_| linked.set(link::read()))
        });
        move || drop(listener)
    });
}
