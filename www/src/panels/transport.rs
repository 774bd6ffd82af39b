//! Time: play, pause, step, speed, the virtual clock, and below them the timeline.

use wasm_bindgen::JsCast;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use super::icons::{Icon, IconButton};
use super::speed;
use super::timeline::Timeline;
use crate::context::use_page;
use crate::session::Action;

/// The transport bar.
#[component]
pub fn Transport() -> Html {
    let page = use_page();
    let (icon, id, toggle) = if page.playing {
        (Icon::Pause, "transport-pause", Action::Pause)
    } else {
        (Icon::Play, "transport-play", Action::Play)
    };
    html! {
        <section class="transport" aria-label={page.say("transport-label")}>
            <div class="transport-buttons">
                <IconButton icon={icon} class="primary" label={page.say(id)} onclick={page.on(toggle)} />
                <IconButton icon={Icon::Step} label={page.say("transport-step")} onclick={page.on(Action::Step)} />
                <button type="button" class="button" title={page.say("transport-next-why")} onclick={page.on(Action::NextNotable)}>
                    { Icon::Next.draw() }
                    <span>{ page.say("transport-next") }</span>
                </button>
            </div>
            <output class="transport-clock" aria-label={page.say("transport-clock")}>
                { page.text.clock(page.view.at_us) }
            </output>
            <Timeline />
            <SpeedControl />
        </section>
    }
}

#[component]
fn SpeedControl() -> Html {
    let page = use_page();
    let onchange = {
        let act = page.act.clone();
        Callback::from(move |event: Event| {
            let select =
                event.target().and_then(|target| target.dyn_into::<HtmlSelectElement>().ok());
            if let Some(speed) = select.and_then(|select| select.value().parse().ok()) {
                act.emit(Action::Speed(speed));
            }
        })
    };
    let option = |(stop, id): (u64, &str)| {
        html! {
            <option value={stop.to_string()} selected={stop == page.speed}>{ page.say(id) }</option>
        }
    };
    html! {
        <div class="speed">
            if page.behind {
                <span class="speed-behind" title={page.say("speed-behind-why")}>{ page.say("speed-behind") }</span>
            }
            <IconButton
                icon={Icon::Minus}
                label={page.say("speed-slower")}
                onclick={page.on(Action::Speed(speed::slower(page.speed)))}
            />
            <label class="speed-label">
                <span class="hidden">{ page.say("speed-label") }</span>
                <select {onchange}>{ for speed::STOPS.map(option) }</select>
            </label>
            <IconButton
                icon={Icon::Add}
                label={page.say("speed-faster")}
                onclick={page.on(Action::Speed(speed::faster(page.speed)))}
            />
        </div>
    }
}
