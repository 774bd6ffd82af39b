//! The stage: three columns of cards, the canvas over them, and what a click on it means.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

use highwater::cluster::Command;
use highwater::view::View;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, HtmlCanvasElement, MouseEvent, ResizeObserver};
use yew::prelude::*;

use super::broker_card::broker_card;
use super::consumer_card::consumer_card;
use super::controller_card::controller_card;
use super::narrator::Narrator;
use super::producer_card::producer_card;
use super::specs;
use super::toolbar::toolbar;
use super::twin::twin;
use crate::app::{PainterHandle, SessionHandle};
use crate::context::{Page, use_page};
use crate::panels::icons::Icon;
use crate::panels::order::order_icon;
use crate::session::{Action, Display};

/// What the stage needs.
#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// The session, for what a click hits.
    pub session: SessionHandle,
    /// Paints the canvas.
    pub painter: PainterHandle,
}

/// The stage.
#[component]
pub fn Stage(props: &Props) -> Html {
    let page = use_page();
    let content = use_node_ref();
    let canvas = use_node_ref();
    use_painter(&props.painter, &content, &canvas);
    let observer = use_observer(&props.painter);
    use_effect_with(shape(&page.view, page.display), {
        let (painter, content) = (props.painter.clone(), content.clone());
        move |_| {
            painter.0.borrow_mut().measure_later();
            observe_cards(observer.as_ref().as_ref(), &content);
        }
    });
    let onclick = click_handler(&page, props);
    let table = use_state(|| false);
    let toggle_table = {
        let table = table.clone();
        Callback::from(move |_| table.set(!*table))
    };
    let view = &page.view;
    html! {
        <section class="stage" aria-label={page.say("stage-label")}>
            <div class="stage-scroll">
                <div class="stage-content" ref={content} {onclick}>
                    <div class="column column-producers">
                        { heading(&page, "stage-producers", "add-producer", specs::producer(view).map(Command::AddProducer), html! {}) }
                        { for view.producers.iter().map(|it| producer_card(&page, it)) }
                        if view.producers.is_empty() {
                            <p class="column-empty">{ page.say("stage-no-producers") }</p>
                        }
                    </div>
                    <div class="column column-brokers">
                        { heading(&page, "stage-brokers", "add-broker", Some(Command::AddBroker), controller_card(&page)) }
                        { for view.brokers.iter().map(|it| broker_card(&page, it)) }
                    </div>
                    <div class="column column-consumers">
                        { heading(&page, "stage-consumers", "add-consumer", specs::consumer(view).map(Command::AddConsumer), html! {}) }
                        { for view.consumers.iter().map(|it| consumer_card(&page, it)) }
                        if view.consumers.is_empty() {
                            <p class="column-empty">{ page.say("stage-no-consumers") }</p>
                        }
                    </div>
                    <canvas class="stage-canvas" ref={canvas} aria-hidden="true"></canvas>
                </div>
            </div>
            if *table {
                { twin(&page) }
            }
            { toolbar(&page, *table, toggle_table) }
            <Narrator />
        </section>
    }
}

fn heading(page: &Page, title: &str, add: &str, command: Option<Command>, more: Html) -> Html {
    html! {
        <div class="column-head">
            <h2>{ page.say(title) }</h2>
            { more }
            if let Some(command) = command {
                { order_icon(page, Icon::Add, page.say(add), command) }
            }
        </div>
    }
}

/// Hands canvas and content to the painter once they are there.
#[hook]
fn use_painter(painter: &PainterHandle, content: &NodeRef, canvas: &NodeRef) {
    let (painter, content, canvas) = (painter.clone(), content.clone(), canvas.clone());
    use_effect_with((), move |()| {
        let canvas = canvas.cast::<HtmlCanvasElement>();
        if let (Some(content), Some(canvas)) = (content.cast::<Element>(), canvas) {
            painter.0.borrow_mut().attach(content, canvas);
        }
    });
}

/// Has the painter measure anew whenever a card or the stage gets another size.
#[hook]
fn use_observer(painter: &PainterHandle) -> std::rc::Rc<Option<ResizeObserver>> {
    let painter = painter.clone();
    use_memo((), move |()| {
        let resized = Closure::<dyn FnMut()>::new(move || {
            // While a frame is painted nothing is observed, so it is never borrowed here.
            if let Ok(mut painter) = painter.0.try_borrow_mut() {
                painter.measure_later();
            }
        });
        // The page lives as long as its stage.
        ResizeObserver::new(resized.into_js_value().unchecked_ref()).ok()
    })
}

fn observe_cards(observer: Option<&ResizeObserver>, content: &NodeRef) {
    let (Some(observer), Some(content)) = (observer, content.cast::<Element>()) else { return };
    observer.disconnect();
    observer.observe(&content);
    // A head grows when a controller has something to say, and moves the cards below it.
    let parts = ".card, .card-controller, .column-head";
    let Ok(cards) = content.query_selector_all(parts) else { return };
    for card in (0..cards.length()).filter_map(|index| cards.get(index)) {
        observer.observe(card.unchecked_ref());
    }
}

/// Changes whenever slots come or go.
fn shape(view: &View, display: Display) -> u64 {
    let mut hasher = DefaultHasher::new();
    display.internal_topics.hash(&mut hasher);
    for topic in &view.topics {
        (topic.id.0, topic.partitions.len()).hash(&mut hasher);
        for partition in &topic.partitions {
            (&partition.adding, &partition.removing).hash(&mut hasher);
        }
    }
    for broker in &view.brokers {
        (broker.id, broker.process as u8, broker.replicas.len()).hash(&mut hasher);
        for replica in &broker.replicas {
            replica.in_isr.hash(&mut hasher);
        }
    }
    for producer in &view.producers {
        (producer.id, producer.process as u8).hash(&mut hasher);
    }
    for consumer in &view.consumers {
        (consumer.id, consumer.process as u8, consumer.assignment.len()).hash(&mut hasher);
        let clocks = [
            consumer.poll_deadline_us.is_some(),
            consumer.session_deadline_us.is_some(),
            consumer.auto_commit_due_us.is_some(),
        ];
        clocks.hash(&mut hasher);
    }
    hasher.finish()
}

/// A click on a token or a cell goes through the canvas to the cards below: it reaches the content
/// after the card's own handler, and what was hit wins.
fn click_handler(page: &Page, props: &Props) -> Callback<MouseEvent> {
    let act = page.act.clone();
    let (session, painter) = (props.session.clone(), props.painter.clone());
    Callback::from(move |event: MouseEvent| {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let on_control = target
            .is_some_and(|target| matches!(target.closest(".icon-button, .owned"), Ok(Some(_))));
        // A key on a focused button makes a click too, with no place and a count of 0.
        if on_control || event.detail() == 0 {
            return;
        }
        let place = (f64::from(event.client_x()), f64::from(event.client_y()));
        let hit = painter.0.borrow().hit(&session.0.borrow(), place);
        if let Some(selection) = hit {
            act.emit(Action::Select(Some(selection)));
        }
    })
}
