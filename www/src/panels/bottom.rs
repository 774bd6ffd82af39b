//! Below the stage: event log, verdict, metrics. Where there is room they stand side by side;
//! where there is not, a switch shows one of them.

use yew::prelude::*;

use super::event_log::EventLogPanel;
use super::metrics::MetricsPanel;
use super::verdict::verdict;
use crate::app::SessionHandle;
use crate::context::use_page;

/// What the bottom needs.
#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// The session, for the event log.
    pub session: SessionHandle,
}

/// The panels, by name.
const PANELS: [&str; 3] = ["events", "verdict", "metrics"];

/// The bottom panels.
#[component]
pub fn Bottom(props: &Props) -> Html {
    let page = use_page();
    let shown = use_state(|| "events");
    use_effect_with(page.shown_event, {
        let shown = shown.clone();
        move |event| {
            if event.is_some() {
                shown.set("events");
            }
        }
    });
    let switch = |name: &'static str| {
        let shown = shown.clone();
        let pressed = (*shown == name).to_string();
        html! {
            <button type="button" aria-pressed={pressed} onclick={Callback::from(move |_| shown.set(name))}>
                { page.say(&format!("tab-{name}")) }
            </button>
        }
    };
    let panel = |name: &'static str| {
        let class = classes!("bottom-panel", (*shown == name).then_some("is-shown"));
        let session = props.session.clone();
        html! {
            <section {class} data-panel={name} aria-labelledby={format!("{name}-title")}>
                <h2 id={format!("{name}-title")}>{ page.say(&format!("tab-{name}")) }</h2>
                {
                    match name {
                        "events" => html! { <EventLogPanel {session} /> },
                        "verdict" => verdict(&page),
                        _ => html! { <MetricsPanel {session} /> },
                    }
                }
            </section>
        }
    };
    html! {
        <div class="bottom">
            <div class="segments bottom-switch" role="group" aria-label={page.say("bottom-label")}>
                { for PANELS.map(switch) }
            </div>
            <div class="bottom-panels">{ for PANELS.map(panel) }</div>
        </div>
    }
}
