//! The lesson beside the stage: a question, something to do, goals judged on what happened, hints,
//! and what to take away.

mod catalogue;
mod condition;
mod file;
mod goals;
mod judge;
mod link;
mod markdown;
#[cfg(test)]
mod played;
mod progress;
mod reader;
mod welcome;
mod words;

use std::rc::Rc;

use gloo_events::EventListener;
use yew::prelude::*;

use crate::app::SessionHandle;
use crate::context::{Page, Pane, Shell, use_page};
use crate::session::Action;

use catalogue::{Lesson, lessons};
use goals::Goals;
use judge::{Facts, Judge};
use progress::Progress;
use welcome::Welcome;

/// What the lesson needs.
#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// The session, to judge goals by.
    pub session: SessionHandle,
}

/// A lesson that is open.
#[derive(Clone)]
struct Open {
    lesson: Rc<Lesson>,
    progress: Progress,
    /// Answered since it was opened.
    has_predicted: bool,
    hints_shown: usize,
}

impl Open {
    fn new(lesson: Rc<Lesson>) -> Self {
        let progress = progress::load(&lesson.file.id);
        Self { lesson, progress, has_predicted: false, hints_shown: 0 }
    }
}

/// The lesson pane.
#[component]
pub fn LessonPane(props: &Props) -> Html {
    let page = use_page();
    let all = use_memo((), |()| lessons().into_iter().map(Rc::new).collect::<Vec<_>>());
    let open = use_state(|| None::<Open>);
    let judge = use_mut_ref(Judge::default);
    let linked = use_state(link::read);
    use_address(linked.clone());
    {
        let (all, open, act) = (all.clone(), open.clone(), page.act.clone());
        let (set_shell, shell) = (page.set_shell.clone(), page.shell);
        use_effect_with((*linked).clone(), move |id| {
            let lesson = id.as_ref().and_then(|id| all.iter().find(|l| l.file.id == *id));
            if let Some(scenario) = lesson.and_then(|lesson| lesson.scenario()) {
                // The question comes before anything runs.
                act.emit(Action::Open(Box::new(scenario)));
                act.emit(Action::Pause);
                set_shell.emit(Shell { lesson_open: true, pane: Pane::Lesson, ..shell });
                show_tabs();
            }
            open.set(lesson.cloned().map(Open::new));
        });
    }
    let Some(now) = &*open else {
        return html! { <Welcome lessons={all} /> };
    };
    let facts = Facts { view: &page.snapshot.view, verdict: &page.snapshot.verdict };
    if now.has_predicted {
        let session = props.session.0.borrow();
        judge.borrow_mut().look(&now.lesson.file, facts, session.run().log().iter().rev());
    } else {
        *judge.borrow_mut() = Judge::default();
    }
    let judge = judge.borrow();
    remember(now, &judge);
    let words = now.lesson.words(page.text.code());
    html! {
        <article class="lesson">
            <p class="lesson-place">
                { place(&page, &now.lesson) }
            </p>
            <h2>{ markdown::render_inline(words.title) }</h2>
            { markdown::render(words.section("intro")) }
            { prediction(&page, &open, now) }
            if now.has_predicted {
                { markdown::render(words.section("predict.answer")) }
                <Goals lesson={now.lesson.clone()} states={states(&judge, now)} />
                if judge.is_done() {
                    { take_away(&page, now) }
                } else {
                    { hints(&page, &open, now, judge.hints(&now.lesson.file, facts)) }
                }
            }
            { buttons(&page, &linked, &open, now) }
        </article>
    }
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

/// On a phone the lesson stands below the stage, under the tabs; elsewhere there are none.
fn show_tabs() {
    let document = web_sys::window().and_then(|window| window.document());
    let tabs = document.and_then(|document| document.query_selector(".phone-tabs").ok()?);
    if let Some(tabs) = tabs {
        tabs.scroll_into_view();
    }
}

fn place(page: &Page, lesson: &Lesson) -> String {
    let chapter = page.say(&format!("lesson-chapter-{}", lesson.file.chapter));
    let number = lesson.file.id.clone();
    page.text.with("lesson-place", &[("chapter", chapter), ("number", number)])
}

fn states(judge: &Judge, open: &Open) -> Vec<(judge::GoalState, bool)> {
    let goals = 0..open.lesson.file.goals.len();
    goals.map(|index| (judge.state(index), judge.has_failed(index))).collect()
}

/// Keeps what was met, also when the lesson is begun anew later.
fn remember(open: &Open, judge: &Judge) {
    let mut progress = open.progress.clone();
    for (index, goal) in open.lesson.file.goals.iter().enumerate() {
        let met = matches!(judge.state(index), judge::GoalState::Met(_));
        if met && !progress.met.contains(&goal.id) {
            progress.met.push(goal.id.clone());
        }
    }
    if progress != open.progress && progress != progress::load(&open.lesson.file.id) {
        progress::save(&open.lesson.file.id, &progress);
    }
}

fn prediction(page: &Page, state: &UseStateHandle<Option<Open>>, open: &Open) -> Html {
    let words = open.lesson.words(page.text.code());
    let answer = |option: &String| words.section(&format!("predict.{option}"));
    if open.has_predicted {
        let chosen = open.progress.predicted.as_ref();
        let Some(chosen) = chosen else { return html! {} };
        let text = page.text.with("lesson-predicted", &[("answer", answer(chosen).to_owned())]);
        return html! { <p class="lesson-predicted">{ text }</p> };
    }
    let option = |option: &String| {
        let (state, open, act, chosen) =
            (state.clone(), open.clone(), page.act.clone(), option.clone());
        let onclick = Callback::from(move |_: MouseEvent| {
            let mut open = open.clone();
            open.progress.predicted = Some(chosen.clone());
            open.has_predicted = true;
            progress::save(&open.lesson.file.id, &open.progress);
            state.set(Some(open));
            act.emit(Action::Play);
        });
        html! {
            <li>
                <button type="button" class="lesson-option" {onclick}>
                    { markdown::render_inline(answer(option)) }
                </button>
            </li>
        }
    };
    html! {
        <section class="lesson-predict">
            <h3>{ page.say("lesson-predict") }</h3>
            { markdown::render(words.section("predict")) }
            <ul>{ for open.lesson.file.predict.options.iter().map(option) }</ul>
        </section>
    }
}

fn hints(
    page: &Page,
    state: &UseStateHandle<Option<Open>>,
    open: &Open,
    fitting: Vec<String>,
) -> Html {
    if fitting.is_empty() {
        return html! {};
    }
    let words = open.lesson.words(page.text.code());
    let shown = open.hints_shown.min(fitting.len());
    let (state, next) = (state.clone(), Open { hints_shown: shown + 1, ..open.clone() });
    let onclick = Callback::from(move |_: MouseEvent| state.set(Some(next.clone())));
    let hint = |id: &String| {
        html! { <div class="lesson-hint">{ markdown::render(words.section(&format!("hint.{id}"))) }</div> }
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
    let is_right = open.progress.predicted.as_ref() == Some(&open.lesson.file.predict.right);
    html! {
        <section class="lesson-take-away">
            <p>{ page.say(if is_right { "lesson-prediction-right" } else { "lesson-prediction-wrong" }) }</p>
            <h3>{ page.say("lesson-take-away") }</h3>
            { markdown::render(words.section("take-away")) }
        </section>
    }
}

fn buttons(
    page: &Page,
    linked: &UseStateHandle<Option<String>>,
    state: &UseStateHandle<Option<Open>>,
    open: &Open,
) -> Html {
    let leave = {
        let (linked, act) = (linked.clone(), page.act.clone());
        Callback::from(move |_: MouseEvent| {
            link::write(None);
            linked.set(None);
            act.emit(Action::Play);
        })
    };
    let restart = {
        let (state, act, lesson) = (state.clone(), page.act.clone(), open.lesson.clone());
        Callback::from(move |_: MouseEvent| {
            let Some(scenario) = lesson.scenario() else { return };
            act.emit(Action::Open(Box::new(scenario)));
            act.emit(Action::Pause);
            state.set(Some(Open::new(lesson.clone())));
        })
    };
    html! {
        <p class="buttons lesson-buttons">
            if open.has_predicted {
                <button type="button" class="button" onclick={restart}>{ page.say("lesson-restart") }</button>
            }
            <button type="button" class="button" onclick={leave}>{ page.say("lesson-sandbox") }</button>
        </p>
    }
}
