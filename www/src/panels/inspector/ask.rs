//! A small form that asks the cluster for something: its fields, its button, and what Kafka
//! answers when it will not.

use highwater::cluster::Command;
use highwater::events::CommandWords;
use yew::prelude::*;

use super::knob::value_of;
use crate::context::use_page;
use crate::panels::order;
use crate::session::Action;

/// A field of the form.
#[derive(Clone, PartialEq)]
pub struct Field {
    /// What it is called: the id of a text.
    pub name: &'static str,
    /// What stands in it before anything is typed.
    pub value: String,
    /// What an empty field means.
    pub hint: String,
}

impl Field {
    /// A field with a value to change.
    pub fn of(name: &'static str, value: String) -> Self {
        Self { name, value, hint: String::new() }
    }
}

/// What the form needs.
#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// Its fields; none, and the form is a button.
    #[prop_or_default]
    pub fields: Vec<Field>,
    /// What its button says: the id of a text.
    pub say: &'static str,
    /// What cannot be taken back looks so.
    #[prop_or_default]
    pub grave: bool,
    /// The command of what is in the fields; `Err`: it will not do, and the id of the reason.
    pub make: Callback<Vec<String>, Result<Command, &'static str>>,
}

/// What became of the last request.
#[derive(Clone, PartialEq)]
enum Asked {
    /// Nobody asked for anything.
    Nothing,
    /// What was typed will not do.
    Wrong(&'static str),
    /// The cluster was asked for this.
    For(CommandWords),
}

/// The form.
#[component]
pub fn Ask(props: &Props) -> Html {
    let page = use_page();
    let typed = use_state(|| vec![None::<String>; props.fields.len()]);
    let asked = use_state(|| Asked::Nothing);
    {
        // What changed meanwhile takes the place of what was typed.
        let (typed, count) = (typed.clone(), props.fields.len());
        use_effect_with(props.fields.clone(), move |_| typed.set(vec![None; count]));
    }
    let values = props.fields.iter().zip(typed.iter());
    let values: Vec<String> = values
        .map(|(field, typed)| typed.as_ref().unwrap_or(&field.value).trim().to_owned())
        .collect();
    let onsubmit = {
        let (page, make, asked, values) =
            (page.clone(), props.make.clone(), asked.clone(), values.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            asked.set(match make.emit(values.clone()) {
                Ok(command) if !order::allows(&page, &command) => Asked::Wrong("action-locked"),
                Ok(command) => {
                    let words = command.words();
                    page.act.emit(Action::Ask(command));
                    Asked::For(words)
                }
                Err(reason) => Asked::Wrong(reason),
            });
        })
    };
    let locked = props.make.emit(values.clone()).is_ok_and(|it| !order::allows(&page, &it));
    let complaint = match (&*asked, &page.snapshot.refused) {
        (Asked::Wrong(reason), _) => Some(page.say(reason)),
        (Asked::For(words), Some(refused)) if *words == refused.0 => Some(refused.1.to_string()),
        _ => None,
    };
    let field = |(index, field): (usize, &Field)| {
        let typed = typed.clone();
        let oninput = Callback::from(move |event: InputEvent| {
            let mut now = (*typed).clone();
            now[index] = Some(value_of(&event));
            typed.set(now);
        });
        html! {
            <label>
                <span>{ page.say(field.name) }</span>
                <input type="text" value={values[index].clone()} placeholder={field.hint.clone()}
                    {oninput} autocomplete="off" spellcheck="false"
                    aria-invalid={complaint.is_some().to_string()} />
            </label>
        }
    };
    html! {
        <form class="ask" {onsubmit}>
            { for props.fields.iter().enumerate().map(field) }
            <button type="submit" class={classes!("button", props.grave.then_some("grave"))}
                aria-disabled={locked.then_some("true")}>
                { page.say(props.say) }
            </button>
            if let Some(complaint) = &complaint {
                <p class="knob-error" role="alert">{ complaint.clone() }</p>
            }
        </form>
    }
}
