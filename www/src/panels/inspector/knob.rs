//! One config to turn: its name, its value, its default, what it means, and what Kafka says when a
//! value will not do.

use highwater::config::{ConfigDef, DefaultValue, Kind, PartitionerClass, Unit, Validator, find};
use wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use super::owner::Owner;
use crate::session::Action;
use crate::text::Text;

/// What a knob needs.
#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// Whose config it is.
    pub owner: Owner,
    /// Its name.
    pub name: &'static str,
    /// All explicit configs of the owner.
    pub configs: Vec<(String, String)>,
    /// What Kafka makes of it silently.
    #[prop_or_default]
    pub note: Option<AttrValue>,
    /// A lesson locks it.
    #[prop_or_default]
    pub locked: bool,
    /// The language.
    pub text: Text,
    /// Says what a person wants.
    pub act: Callback<Action>,
}

/// What was typed and not taken, and why.
#[derive(Clone, PartialEq)]
struct Refused {
    typed: String,
    reason: String,
}

/// The knob.
#[component]
pub fn Knob(props: &Props) -> Html {
    let Props { owner, name, configs, note, locked, text, act } = props;
    let typed = use_state(|| None::<String>);
    let refused = use_state(|| None::<Refused>);
    let Some(def) = find(owner.scope(), name) else { return html! {} };
    let default = default_text(def);
    let explicit = configs.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
    let is_changed = explicit.as_ref().is_some_and(|value| Some(value.as_str()) != default);
    let current = explicit.clone().or(default.map(str::to_owned)).unwrap_or_default();
    {
        // A value that came from elsewhere takes the place of what was typed.
        let (typed, refused) = (typed.clone(), refused.clone());
        use_effect_with(current.clone(), move |_| {
            typed.set(None);
            refused.set(None);
        });
    }
    let commit = {
        let (owner, configs, act) = (owner.clone(), configs.clone(), act.clone());
        let (typed, refused, current) = (typed.clone(), refused.clone(), current.clone());
        let name = *name;
        Callback::from(move |value: String| {
            let value = value.trim().to_owned();
            if value == current {
                typed.set(None);
                refused.set(None);
                return;
            }
            match owner.check(&with(&configs, name, &value)) {
                Ok(_) => {
                    refused.set(None);
                    act.emit(Action::Command(owner.set(name, Some(&value))));
                }
                Err(reason) => refused.set(Some(Refused { typed: value, reason })),
            }
        })
    };
    let reset = {
        let (owner, act, name) = (owner.clone(), act.clone(), *name);
        let (typed, refused) = (typed.clone(), refused.clone());
        Callback::from(move |_: MouseEvent| {
            typed.set(None);
            refused.set(None);
            act.emit(Action::Command(owner.set(name, None)));
        })
    };
    let id = format!("knob-{}-{}", owner.slug(), name.replace('.', "-"));
    let about = format!("{id}-about");
    let tried = refused.as_ref().map(|refused| refused.typed.clone());
    let shown = (*typed).clone().or(tried).unwrap_or(current);
    let field = Field {
        id: id.clone(),
        about: about.clone(),
        value: shown,
        is_wrong: refused.is_some(),
        locked: *locked,
        commit,
        typed: Callback::from(move |value| typed.set(Some(value))),
    };
    let class =
        classes!("knob", is_changed.then_some("knob-changed"), locked.then_some("knob-locked"));
    html! {
        <div {class} data-knob={*name}>
            <div class="knob-line">
                <label for={id}>{ for name.split_inclusive('.').map(|part| html! { <>{ part }<wbr /></> }) }</label>
                if explicit.is_some() && !locked {
                    <button type="button" class="knob-reset" onclick={reset}
                        aria-label={format!("{}: {name}", text.get("knob-reset"))}
                        title={text.get("knob-reset")}>{ "↺" }</button>
                }
                { field.draw(def) }
                <span class="knob-unit">{ unit(def, text) }</span>
            </div>
            <p class="knob-about" id={about}>
                if is_changed {
                    <span class="hidden">{ text.get("knob-changed") }{ ". " }</span>
                }
                if *locked {
                    { text.get("knob-locked") }{ " · " }
                }
                { default_words(def, text) }
                if let Some(meaning) = text.meaning(def) {
                    { " · " }{ meaning }
                }
            </p>
            if let Some(note) = note {
                <p class="knob-note">{ note.clone() }</p>
            }
            if let Some(refused) = &*refused {
                <p class="knob-error" role="alert">{ refused.reason.clone() }</p>
            }
        </div>
    }
}

/// The part of a knob that is turned.
struct Field {
    id: String,
    about: String,
    value: String,
    is_wrong: bool,
    locked: bool,
    commit: Callback<String>,
    typed: Callback<String>,
}

impl Field {
    fn draw(self, def: &ConfigDef) -> Html {
        match options(def) {
            Some(options) => self.select(&options),
            None => self.input(),
        }
    }

    fn select(self, options: &[&'static str]) -> Html {
        let commit = self.commit;
        let onchange = Callback::from(move |event: Event| {
            let select = event.target().and_then(|t| t.dyn_into::<HtmlSelectElement>().ok());
            if let Some(select) = select {
                commit.emit(select.value());
            }
        });
        let mut values: Vec<&str> = options.to_vec();
        if !values.contains(&self.value.as_str()) {
            values.push(&self.value);
        }
        let option = |value: &&str| {
            let value = (*value).to_owned();
            let label = match value.rsplit('.').next() {
                Some(class) if value.starts_with("org.") => class.to_owned(),
                _ if value.is_empty() => "–".to_owned(),
                _ => value.clone(),
            };
            let selected = value == self.value;
            html! { <option {selected} {value}>{ label }</option> }
        };
        html! {
            <select id={self.id} {onchange} disabled={self.locked} aria-describedby={self.about}
                aria-invalid={self.is_wrong.to_string()}>
                { for values.iter().map(option) }
            </select>
        }
    }

    fn input(self) -> Html {
        let (commit, typed) = (self.commit, self.typed);
        let onchange = Callback::from(move |event: Event| commit.emit(value_of(&event)));
        let oninput = Callback::from(move |event: InputEvent| typed.emit(value_of(&event)));
        html! {
            <input id={self.id} type="text" value={self.value} {onchange} {oninput}
                autocomplete="off" spellcheck="false" disabled={self.locked} aria-describedby={self.about}
                aria-invalid={self.is_wrong.to_string()} />
        }
    }
}

/// What stands in the field that an event comes from.
pub fn value_of(event: &web_sys::Event) -> String {
    let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
    input.map(|input| input.value()).unwrap_or_default()
}

fn with(configs: &[(String, String)], name: &str, value: &str) -> Vec<(String, String)> {
    let others = configs.iter().filter(|(key, _)| key != name).cloned();
    others.chain([(name.to_owned(), value.to_owned())]).collect()
}

/// The values there are, when there are few.
fn options(def: &ConfigDef) -> Option<Vec<&'static str>> {
    match (def.validator, def.kind) {
        (_, Kind::Boolean) => Some(vec!["true", "false"]),
        (Validator::OneOf(values) | Validator::OneOfIgnoringCase(values), _) => {
            // -1 is another way to write all.
            let is_alias = |value: &str| value == "-1" && values.contains(&"all");
            Some(values.iter().copied().filter(|value| !is_alias(value)).collect())
        }
        _ if def.name == "partitioner.class" => Some(vec![PartitionerClass::RoundRobin.as_str()]),
        (Validator::OffsetReset, _) => Some(vec!["latest", "earliest", "none"]),
        _ => None,
    }
}

fn default_text(def: &ConfigDef) -> Option<&'static str> {
    match def.default {
        DefaultValue::Text(text) => Some(text),
        DefaultValue::Null | DefaultValue::Required => None,
    }
}

fn default_words(def: &ConfigDef, text: &Text) -> String {
    match def.default {
        DefaultValue::Text(value) => {
            let unit = unit(def, text);
            let value =
                if unit.is_empty() { value.to_owned() } else { format!("{value}\u{a0}{unit}") };
            text.with("knob-default", &[("value", value)])
        }
        DefaultValue::Null => text.get("knob-default-null"),
        DefaultValue::Required => text.get("knob-required"),
    }
}

fn unit(def: &ConfigDef, text: &Text) -> String {
    match def.unit {
        Unit::Ms => text.get("unit-milliseconds"),
        Unit::Seconds => text.get("unit-seconds"),
        Unit::Minutes => text.get("unit-minutes"),
        Unit::Hours => text.get("unit-hours"),
        Unit::Bytes => text.get("unit-bytes"),
        Unit::None | Unit::Ratio | Unit::Count => String::new(),
    }
}
