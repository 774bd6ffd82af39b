//! The goals of a lesson, as a list that turns green and leads back to the moment that met them.

use highwater::lesson::{Goal, GoalState};
use yew::prelude::*;

use super::catalogue::Lesson;
use super::markdown;
use crate::context::{Page, Pane, Shell};
use crate::session::Action;

/// The list.
pub fn goals(page: &Page, lesson: &Lesson, states: &[GoalState]) -> Html {
    let all = lesson.file.goals.iter().zip(states);
    html! {
        <section class="lesson-goals">
            <h3>{ page.say("lesson-goals") }</h3>
            <ul>{ for all.map(|(goal, state)| item(page, lesson, goal, *state)) }</ul>
        </section>
    }
}

fn item(page: &Page, lesson: &Lesson, goal: &Goal, state: GoalState) -> Html {
    let words = lesson.words(page.text.code());
    let (class, said) = match state {
        GoalState::Waiting => ("goal", "lesson-goal-open"),
        GoalState::Active { failed: true, .. } => ("goal goal-active", "lesson-goal-failed-now"),
        GoalState::Active { .. } => ("goal goal-active", "lesson-goal-active"),
        GoalState::Met { .. } => ("goal goal-met", "lesson-goal-met"),
    };
    html! {
        <li class={class} data-goal={goal.id.clone()}>
            <span class="goal-mark" aria-hidden="true"></span>
            <div>
                <span class="hidden">{ page.say(said) }{ ": " }</span>
                { markdown::render_inline(page, words.section(&format!("goal.{}", goal.id))) }
                { detail(page, lesson, goal, state) }
            </div>
        </li>
    }
}

fn detail(page: &Page, lesson: &Lesson, goal: &Goal, state: GoalState) -> Html {
    match state {
        GoalState::Waiting => html! {},
        GoalState::Met { at_us, event } => {
            let when = page.text.with("lesson-goal-met-at", &[("time", page.text.clock(at_us))]);
            let (act, set_shell) = (page.act.clone(), page.set_shell.clone());
            let shell = Shell { pane: Pane::Bottom, ..page.shell };
            let onclick = Callback::from(move |_: MouseEvent| {
                act.emit(Action::ShowEvent(event));
                set_shell.emit(shell);
            });
            html! {
                <p class="goal-detail">
                    <button type="button" class="lesson-word" {onclick}
                        title={page.say("lesson-goal-show")}>{ when }</button>
                </p>
            }
        }
        GoalState::Active { step, done, target, failed } => {
            let steps = goal.steps.len();
            let of = |id, done: i64, target: i64| {
                let numbers = [("done", done.to_string()), ("target", target.to_string())];
                page.text.with(id, &numbers)
            };
            let place = (steps > 1).then(|| of("lesson-goal-step", step as i64 + 1, steps as i64));
            let count = (target > 1).then(|| of("lesson-goal-progress", done, target));
            let parts: Vec<String> = place.into_iter().chain(count).collect();
            let reason = failed.then(|| {
                let words = lesson.words(page.text.code());
                let reason = words.section(&format!("goal.{}.failed", goal.id)).to_owned();
                page.text.with("lesson-goal-failed", &[("reason", reason)])
            });
            html! {
                <>
                    if !parts.is_empty() {
                        <p class="goal-detail">{ parts.join(" · ") }</p>
                    }
                    if let Some(reason) = reason {
                        <p class="goal-detail goal-failed">{ reason }</p>
                    }
                </>
            }
        }
    }
}
