//! The knobs of one owner: what matters first, what a lesson is about, what was set, and on demand
//! all the others that the model acts on.

use highwater::config::definitions;
use yew::prelude::*;

use super::knob::Knob;
use super::locks::Locks;
use super::owner::Owner;
use crate::session::Action;
use crate::text::Text;

/// What the knobs need.
#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// Whose configs they are.
    pub owner: Owner,
    /// What stands above them.
    pub title: AttrValue,
    /// All explicit configs of the owner.
    pub configs: Vec<(String, String)>,
    /// What matters first.
    pub first: &'static [&'static str],
    /// What Kafka makes of a config silently.
    #[prop_or_default]
    pub notes: Vec<(&'static str, AttrValue)>,
    /// Which of them a lesson locks.
    #[prop_or_default]
    pub locks: Locks,
    /// The language.
    pub text: Text,
    /// Says what a person wants.
    pub act: Callback<Action>,
}

/// The knobs.
#[component]
pub fn Knobs(props: &Props) -> Html {
    let Props { owner, title, configs, first, notes, locks, text, act } = props;
    let is_open = use_state(|| false);
    let is_set = |name: &str| configs.iter().any(|(key, _)| key == name);
    let matters = |name: &str| first.contains(&name) && !locks.is_any();
    let all = definitions(owner.scope()).iter().filter(|def| def.modelled && !def.internal);
    let others = all.map(|def| def.name).filter(|name| !first.contains(name));
    // In a lesson: what it is about, then what was set; what it locks would only be in the way.
    let (about, locked): (Vec<_>, Vec<_>) =
        first.iter().copied().chain(others).partition(|name| locks.unlocks(name));
    let (known, rest): (Vec<&'static str>, Vec<_>) =
        locked.into_iter().partition(|name| is_set(name) || matters(name));
    let shown = about.into_iter().chain(known);
    let knob = |name: &'static str| {
        let note = notes.iter().find(|(config, _)| *config == name).map(|(_, note)| note.clone());
        html! {
            <Knob key={name} owner={owner.clone()} {name} configs={configs.clone()} {note}
                locked={locks.locks(name)}
                text={text.clone()} act={act.clone()} />
        }
    };
    let toggle = {
        let is_open = is_open.clone();
        Callback::from(move |_: MouseEvent| is_open.set(!*is_open))
    };
    html! {
        <section class="knobs">
            <h3>{ title.clone() }</h3>
            <p class="quiet">{ text.get(owner.effect()) }</p>
            if locks.is_any() {
                <p class="knobs-locked">{ text.get("knobs-locked") }</p>
            }
            { for shown.map(knob) }
            if !rest.is_empty() {
                <button type="button" class="knobs-more" onclick={toggle}
                    aria-expanded={is_open.to_string()}>
                    { text.count("knob-more", rest.len() as u64) }{ " · " }
                    { text.get(if *is_open { "knob-hide" } else { "knob-show" }) }
                </button>
                if *is_open {
                    { for rest.into_iter().map(knob) }
                }
            }
        </section>
    }
}
