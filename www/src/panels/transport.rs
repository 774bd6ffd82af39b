//! Time: play, pause, step, speed, the virtual clock, and below them the timeline.

use wasm_bindgen::JsCast;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use super::icons::{Icon, icon_button, primary_button};
use super::speed;
use super::timeline::timeline;
use crate::context::Page;
use crate::session::Action;

/// The transport bar.
pub fn transport(page: &Page) -> Html {
    let (icon, id, toggle) = if page.playing {
        (Icon::Pause, "transport-pause", Action::Pause)
    } else {
        (Icon::Play, "transport-play", Action::Play)
    };
    html! {
        <section class="transport" aria-label={page.say("transport-label")}>
            <div class="transport-buttons">
                { primary_button(icon, page.say(id), page.on(toggle)) }
                { icon_button(Icon::Step, page.say("transport-step"), page.on(Action::Step)) }
                <button type="button" class="button" title={page.say("transport-next-why")} onclick={page.on(Action::NextNotable)}>
                    { Icon::Next.draw() }
                    <span>{ page.say("transport-next") }</span>
                </button>
            </div>
            <output class="transport-clock" aria-label={page.say("transport-clock")}>
                { page.text.clock(page.view.at_us) }
            </output>
            { timeline(page) }
            { speed_control(page) }
        </section>
    }
}

fn speed_control(page: &Page) -> Html {
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
    // Whoever opens the console may set any speed.
    let is_other = speed::STOPS.iter().all(|(stop, _)| *stop != page.speed);
    let change = |icon, id, speed| icon_button(icon, page.say(id), page.on(Action::Speed(speed)));
    html! {
        <div class="speed">
            if page.behind {
                <span class="speed-behind" title={page.say("speed-behind-why")}>{ page.say("speed-behind") }</span>
            }
            { change(Icon::Minus, "speed-slower", speed::slower(page.speed)) }
            <label class="speed-label">
                <span class="hidden">{ page.say("speed-label") }</span>
                <select {onchange}>
                    { for speed::STOPS.map(option) }
                    if is_other {
                        <option value={page.speed.to_string()} selected=true>
                            { page.text.with("speed-other", &[("factor", speed::factor(page.speed))]) }
                        </option>
                    }
                </select>
            </label>
            { change(Icon::Add, "speed-faster", speed::faster(page.speed)) }
        </div>
    }
}
