//! The goals of a lesson, as a list that turns green.

use std::rc::Rc;

use yew::prelude::*;

use super::catalogue::Lesson;
use super::file::Goal;
use super::judge::GoalState;
use super::markdown;
use crate::context::{Page, use_page};

/// What the list needs.
#[derive(Clone, Properties)]
pub struct Props {
    /// The lesson.
    pub lesson: Rc<Lesson>,
    /// How far each goal is, and whether it has failed before.
    pub states: Vec<(GoalState, bool)>,
}

impl PartialEq for Props {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.lesson, &other.lesson) && self.states == other.states
    }
}

/// The list.
#[component]
pub fn Goals(props: &Props) -> Html {
    let page = use_page();
    let goals = props.lesson.file.goals.iter().zip(&props.states);
    html! {
        <section class="lesson-goals">
            <h3>{ page.say("lesson-goals") }</h3>
            <ul>
                { for goals.map(|(goal, (state, failed))| item(&page, &props.lesson, goal, *state, *failed)) }
            </ul>
        </section>
    }
}

fn item(page: &Page, lesson: &Lesson, goal: &Goal, state: GoalState, failed: bool) -> Html {
    let words = lesson.words(page.text.code());
    let (class, said) = match state {
        GoalState::Waiting => ("goal", "lesson-goal-open"),
        GoalState::Active { .. } => ("goal goal-active", "lesson-goal-active"),
        GoalState::Met(_) => ("goal goal-met", "lesson-goal-met"),
    };
    let detail = match state {
        GoalState::Waiting => None,
        GoalState::Met(at_us) => {
            Some(page.text.with("lesson-goal-met-at", &[("time", page.text.clock(at_us))]))
        }
        GoalState::Active { step, done } => goal.steps.get(step).map(|target| {
            let counter = page.say(&format!("lesson-counter-{}", target.counter.name()));
            let numbers = [("done", done.to_string()), ("target", target.target.to_string())];
            format!("{counter}: {}", page.text.with("lesson-goal-progress", &numbers))
        }),
    };
    let failure = failed && matches!(state, GoalState::Active { step: 0, .. });
    let reason = words.section(&format!("goal.{}.failed", goal.id)).to_owned();
    html! {
        <li class={class} data-goal={goal.id.clone()}>
            <span class="goal-mark" aria-hidden="true"></span>
            <div>
                <span class="hidden">{ page.say(said) }{ ": " }</span>
                { markdown::render_inline(words.section(&format!("goal.{}", goal.id))) }
                if let Some(detail) = detail {
                    <p class="goal-detail">{ detail }</p>
                }
                if failure {
                    <p class="goal-detail goal-failed">
                        { page.text.with("lesson-goal-failed", &[("reason", reason)]) }
                    </p>
                }
            </div>
        </li>
    }
}
