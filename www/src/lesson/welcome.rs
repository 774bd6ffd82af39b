//! What stands in the lesson pane while no lesson is open: what this is, and which lessons there
//! are.

use std::rc::Rc;

use yew::prelude::*;

use super::catalogue::Lesson;
use super::{link, progress};
use crate::context::use_page;

/// What it needs.
#[derive(Clone, Properties)]
pub struct Props {
    /// All lessons.
    pub lessons: Rc<Vec<Rc<Lesson>>>,
}

impl PartialEq for Props {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.lessons, &other.lessons)
    }
}

/// The welcome.
#[component]
pub fn Welcome(props: &Props) -> Html {
    let page = use_page();
    let item = |lesson: &Rc<Lesson>| {
        let id = lesson.file.id.clone();
        let done = progress::load(&id).met.len() == lesson.file.goals.len();
        let open = {
            let id = id.clone();
            Callback::from(move |_| link::write(Some(&id)))
        };
        html! {
            <li>
                <button type="button" class="lesson-link" onclick={open}>
                    <span class="lesson-number">{ id }</span>
                    <span class="lesson-title">{ lesson.words(page.text.code()).title }</span>
                    if done {
                        <span class="lesson-done">{ page.say("lesson-done") }</span>
                    }
                </button>
            </li>
        }
    };
    html! {
        <div class="lesson lesson-welcome">
            <h2>{ page.say("lesson-none-title") }</h2>
            <p>{ page.say("lesson-none-text") }</p>
            <h3>{ page.say("lesson-list") }</h3>
            <ul class="lesson-list">{ for props.lessons.iter().map(item) }</ul>
        </div>
    }
}
