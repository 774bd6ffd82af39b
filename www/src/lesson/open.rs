//! A lesson that is open.

use std::rc::Rc;

use yew::prelude::*;

use super::catalogue::{Entry, Lesson};
use super::progress::{self, Progress};
use super::{Fetched, begin, goals, markdown, steps, to_top};
use crate::context::Page;
use crate::session::{Action, LessonNow};

/// A lesson that is open.
#[derive(Clone)]
pub struct Open {
    pub(super) lesson: Rc<Lesson>,
    pub(super) progress: Progress,
    hints_shown: usize,
}

impl Open {
    /// Just opened.
    pub fn new(lesson: Rc<Lesson>) -> Self {
        Self { progress: progress::load(&lesson.file.id), lesson, hints_shown: 0 }
    }
}

/// Where it is kept.
pub type Kept = UseStateHandle<Fetched<Open>>;

/// The lesson.
pub fn show(page: &Page, all: &Rc<Vec<Entry>>, kept: &Kept, open: &Open) -> Html {
    let lesson = &open.lesson;
    let words = lesson.words(page.text.code());
    // The session may not have it yet, or no more.
    let now = page.snapshot.lesson.as_ref().filter(|now| now.file.id == lesson.file.id);
    let begun = now.filter(|now| now.begun);
    if let Some(now) = begun {
        remember(open, now);
    }
    html! {
        <article class="lesson">
            <p class="lesson-place">{ place(page, lesson) }</p>
            <h2>{ markdown::render_quiet(&words.title) }</h2>
            { markdown::render(page, words.section("intro")) }
            if let Some(now) = begun {
                { predicted(page, open) }
                { markdown::render(page, words.section("predict.answer")) }
                { goals::goals(page, lesson, &now.states) }
                if now.is_done() {
                    { take_away(page, open) }
                } else {
                    { hints(page, kept, open, &now.hints) }
                }
                { buttons(page, kept, open) }
            } else {
                { predict(page, kept, open) }
            }
            { steps::steps(page, all, &lesson.file.id) }
        </article>
    }
}

fn place(page: &Page, lesson: &Lesson) -> String {
    let chapter = page.say(&format!("lesson-chapter-{}", lesson.file.chapter()));
    let number = lesson.file.id.clone();
    page.text.with("lesson-place", &[("chapter", chapter), ("number", number)])
}

/// Keeps what was met, also when the lesson is begun anew later.
fn remember(open: &Open, now: &LessonNow) {
    let kept = progress::load(&open.lesson.file.id);
    let mut progress = kept.clone();
    progress.predicted = open.progress.predicted.clone();
    for (goal, state) in open.lesson.file.goals.iter().zip(&now.states) {
        if state.is_met() && !progress.met.contains(&goal.id) {
            progress.met.push(goal.id.clone());
        }
    }
    progress.done |= now.is_done();
    if progress != kept {
        progress::save(&open.lesson.file.id, &progress);
    }
}

fn predicted(page: &Page, open: &Open) -> Html {
    let words = open.lesson.words(page.text.code());
    let Some(chosen) = &open.progress.predicted else { return html! {} };
    let answer = words.section(&format!("predict.{chosen}"));
    let text = page.text.with("lesson-predicted", &[("answer", answer.to_owned())]);
    html! { <p class="lesson-predicted">{ markdown::render_quiet(&text) }</p> }
}

fn predict(page: &Page, kept: &Kept, open: &Open) -> Html {
    let words = open.lesson.words(page.text.code());
    let option = |option: &String| {
        let (kept, open, act, chosen) =
            (kept.clone(), open.clone(), page.act.clone(), option.clone());
        let onclick = Callback::from(move |_: MouseEvent| {
            let mut open = open.clone();
            open.progress.predicted = Some(chosen.clone());
            progress::save(&open.lesson.file.id, &open.progress);
            kept.set(Some(Ok(open)));
            act.emit(Action::BeginLesson);
        });
        html! {
            <li>
                <button type="button" class="lesson-option" {onclick}>
                    { markdown::render_quiet(words.section(&format!("predict.{option}"))) }
                </button>
            </li>
        }
    };
    html! {
        <section class="lesson-predict">
            <h3>{ page.say("lesson-predict") }</h3>
            { markdown::render(page, words.section("predict")) }
            <ul>{ for open.lesson.file.predict.options.iter().map(option) }</ul>
        </section>
    }
}

fn hints(page: &Page, kept: &Kept, open: &Open, fitting: &[String]) -> Html {
    if fitting.is_empty() {
        return html! {};
    }
    let words = open.lesson.words(page.text.code());
    let shown = open.hints_shown.min(fitting.len());
    let (kept, next) = (kept.clone(), Open { hints_shown: shown + 1, ..open.clone() });
    let onclick = Callback::from(move |_: MouseEvent| kept.set(Some(Ok(next.clone()))));
    let hint = |id: &String| {
        html! {
            <div class="lesson-hint">
                { markdown::render(page, words.section(&format!("hint.{id}"))) }
            </div>
        }
    };
    html! {
        <section class="lesson-hints" aria-live="polite">
            { for fitting.iter().take(shown).map(hint) }
            if shown < fitting.len() {
                <button type="button" class="button primary" {onclick}>
                    { page.say(if shown == 0 { "lesson-hint" } else { "lesson-next-hint" }) }
                </button>
            }
        </section>
    }
}

fn take_away(page: &Page, open: &Open) -> Html {
    let words = open.lesson.words(page.text.code());
    let right = &open.lesson.file.predict.right;
    let said = if open.progress.predicted.as_ref() == Some(right) {
        page.say("lesson-prediction-right")
    } else {
        let answer = words.section(&format!("predict.{right}")).to_owned();
        page.text.with("lesson-prediction-wrong", &[("answer", answer)])
    };
    html! {
        <section class="lesson-take-away">
            <p>{ markdown::render_quiet(&said) }</p>
            <h3>{ page.say("lesson-take-away") }</h3>
            { markdown::render(page, words.section("take-away")) }
        </section>
    }
}

fn buttons(page: &Page, kept: &Kept, open: &Open) -> Html {
    let restart = {
        let (kept, page, lesson) = (kept.clone(), page.clone(), open.lesson.clone());
        Callback::from(move |_: MouseEvent| {
            begin(&page, &lesson);
            to_top();
            kept.set(Some(Ok(Open::new(lesson.clone()))));
        })
    };
    html! {
        <p class="buttons lesson-buttons">
            <button type="button" class="button" onclick={restart}>{ page.say("lesson-restart") }</button>
        </p>
    }
}
