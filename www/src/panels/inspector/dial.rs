//! A number of the application's or the network's: no Kafka config, so no table describes it.

use yew::prelude::*;

use super::knob::value_of;

/// What a dial needs.
#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// Its id in the document.
    pub id: AttrValue,
    /// Its name.
    pub name: AttrValue,
    /// What it means.
    pub meaning: AttrValue,
    /// What follows the number.
    #[prop_or_default]
    pub unit: AttrValue,
    /// The value now.
    pub value: AttrValue,
    /// What is said of a value that will not do.
    pub complaint: AttrValue,
    /// A lesson locks it.
    #[prop_or_default]
    pub locked: bool,
    /// Takes a value; `false` when it will not do.
    pub take: Callback<String, bool>,
}

/// The dial.
#[component]
pub fn Dial(props: &Props) -> Html {
    let typed = use_state(|| None::<String>);
    let is_wrong = use_state(|| false);
    {
        let (typed, is_wrong) = (typed.clone(), is_wrong.clone());
        use_effect_with(props.value.clone(), move |_| {
            typed.set(None);
            is_wrong.set(false);
        });
    }
    let onchange = {
        let (take, current) = (props.take.clone(), props.value.clone());
        let (typed, is_wrong) = (typed.clone(), is_wrong.clone());
        Callback::from(move |event: Event| {
            let value = value_of(&event).trim().to_owned();
            let is_same = value == *current;
            let is_taken = is_same || take.emit(value.clone());
            is_wrong.set(!is_taken);
            typed.set((!is_same).then_some(value));
        })
    };
    let oninput = {
        let typed = typed.clone();
        Callback::from(move |event: InputEvent| typed.set(Some(value_of(&event))))
    };
    let about = format!("{}-about", props.id);
    let value = (*typed).clone().map_or(props.value.clone(), AttrValue::from);
    html! {
        <div class={classes!("knob", props.locked.then_some("knob-locked"))}>
            <div class="knob-line">
                <label for={props.id.clone()} class="knob-plain">{ props.name.clone() }</label>
                <input id={props.id.clone()} type="text" inputmode="decimal" {value} {onchange} {oninput}
                    autocomplete="off" disabled={props.locked} aria-describedby={about.clone()}
                    aria-invalid={is_wrong.to_string()} />
                <span class="knob-unit">{ props.unit.clone() }</span>
            </div>
            <p class="knob-about" id={about}>{ props.meaning.clone() }</p>
            if *is_wrong {
                <p class="knob-error" role="alert">{ props.complaint.clone() }</p>
            }
        </div>
    }
}
