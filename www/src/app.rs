//! The frame around everything: owns the session, and hands a snapshot to the components ten times
//! a second. The frames in between (see [`FrameLoop`]) are the canvas's alone.

use std::cell::RefCell;
use std::rc::Rc;

use gloo_events::EventListener;
use highwater::history::Scenario;
use js_sys::{Function, Promise};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::KeyboardEvent;
use yew::prelude::*;

use crate::clock;
use crate::context::{Page, Pane, Shell};
use crate::files::Files;
use crate::frame_loop::FrameLoop;
use crate::lesson::LessonPane;
use crate::panels::{Bottom, header, inspector, keys, notice, tabs, transport};
use crate::scroll;
use crate::session::{Action, Session, Snapshot};
use crate::stage::{Painter, Stage};
use crate::text::Text;
use crate::theme::Theme;

/// What opens when the link names nothing else.
const DEFAULT_SCENARIO: &str = include_str!("../../scenarios/default.toml");

/// Narrower than this, the lesson opens on demand: CSS px.
const LESSON_FITS_PX: f64 = 1200.0;

/// What the app hears.
pub enum Message {
    /// A tenth of a second went by.
    Tick,
    /// A person wants something.
    Act(Action),
    /// Another language.
    Language(&'static str),
    /// Its texts are there, or not to be had.
    Text(Result<Text, String>),
    /// The texts with what configs mean.
    Explained(Text),
    /// The module's second half is there, or will be loaded when it is needed.
    Whole,
    /// Another arrangement.
    Shell(Shell),
    /// A key was pressed somewhere.
    Key(KeyboardEvent),
}

/// What the app begins with.
#[derive(Clone, PartialEq, Properties)]
pub struct Opening {
    /// The texts in the first language.
    pub text: Text,
    /// The others.
    pub files: Files,
    /// Loads the module's second half, which the panels are in; gives back a promise.
    pub rest: Function,
}

/// The root component.
pub struct App {
    session: SessionHandle,
    painter: PainterHandle,
    snapshot: Snapshot,
    text: Text,
    shell: Shell,
    render_began_ms: Option<f64>,
    /// Something was selected: its panel is shown from its beginning.
    bring_up: bool,
    /// The panels can be shown.
    is_whole: bool,
    /// Made once: components that got them are not rendered again for a new one.
    act: Callback<Action>,
    set_language: Callback<&'static str>,
    set_shell: Callback<Shell>,
    _frames: FrameLoop,
    _keys: Option<EventListener>,
    _scheme: Option<EventListener>,
}

impl Component for App {
    type Message = Message;
    type Properties = Opening;

    fn create(ctx: &Context<Self>) -> Self {
        let scenario = Scenario::parse(DEFAULT_SCENARIO).expect("the default scenario is tested");
        let mut session = Session::new(scenario);
        let snapshot = session.snapshot();
        let session = SessionHandle(Rc::new(RefCell::new(session)));
        crate::api::expose(&session);
        let painter = PainterHandle::default();
        let theme = Theme::remembered();
        theme.apply();
        let text = ctx.props().text.clone();
        name_language(text.code());
        explain(ctx, &text);
        complete(ctx);
        Self {
            snapshot,
            text,
            shell: Shell { lesson_open: is_wide(), pane: Pane::Side, theme },
            render_began_ms: None,
            bring_up: false,
            is_whole: false,
            act: ctx.link().callback(Message::Act),
            set_language: ctx.link().callback(Message::Language),
            set_shell: ctx.link().callback(Message::Shell),
            _frames: FrameLoop::start(
                session.clone(),
                painter.clone(),
                ctx.link().callback(|()| Message::Tick),
            ),
            _keys: listen_to_keys(ctx.link().callback(Message::Key)),
            _scheme: listen_to_scheme(painter.clone()),
            session,
            painter,
        }
    }

    fn update(&mut self, ctx: &Context<Self>, message: Message) -> bool {
        self.render_began_ms = Some(clock::now_ms());
        match message {
            Message::Tick => {}
            Message::Whole => self.is_whole = true,
            Message::Act(action) => {
                if matches!(action, Action::Select(Some(_))) {
                    self.shell.pane = Pane::Side;
                    self.bring_up = true;
                }
                self.session.0.borrow_mut().act(action);
            }
            Message::Key(event) => {
                let Some(action) = keys::action(&event, &self.snapshot) else { return false };
                event.prevent_default();
                self.session.0.borrow_mut().act(action);
            }
            Message::Language(code) => {
                let chosen = Text::choose(code, ctx.props().files.clone());
                ctx.link().send_future(async move { Message::Text(chosen.await) });
                return false;
            }
            Message::Text(Ok(text)) => {
                name_language(text.code());
                explain(ctx, &text);
                self.text = text;
            }
            Message::Explained(text) => {
                // Another language may have been chosen meanwhile.
                if text.code() == self.text.code() {
                    self.text = text;
                }
            }
            Message::Text(Err(reason)) => {
                let complaint = self.text.with("language-missing", &[("reason", reason)]);
                self.session.0.borrow_mut().act(Action::Complain(complaint.into()));
            }
            Message::Shell(shell) => {
                if shell.theme != self.shell.theme {
                    shell.theme.put_on();
                    self.painter.0.borrow_mut().forget_palette();
                }
                self.shell = shell;
            }
        }
        self.snapshot = self.session.0.borrow_mut().snapshot();
        true
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let session = &self.session;
        let page = Page {
            snapshot: self.snapshot.clone(),
            act: self.act.clone(),
            text: self.text.clone(),
            set_language: self.set_language.clone(),
            shell: self.shell,
            set_shell: self.set_shell.clone(),
        };
        let say = |id: &str| self.text.get(id);
        let lesson_state = if self.shell.lesson_open { "open" } else { "closed" };
        html! {
            <ContextProvider<Page> context={page.clone()}>
                { header(&page) }
                <main class="page" data-lesson={lesson_state} data-pane={self.shell.pane.name()}
                    aria-busy={(!self.is_whole).to_string()}>
                    <section class="pane pane-lesson" id="pane-lesson" aria-label={say("pane-lesson")}>
                        if self.is_whole {
                            <LessonPane files={ctx.props().files.clone()} />
                        }
                    </section>
                    <Stage session={session.clone()} painter={self.painter.clone()} />
                    <section class="pane pane-side" id="pane-side" aria-label={say("pane-side")}>
                        if self.is_whole { { inspector(&page, session) } }
                    </section>
                    { transport(&page) }
                    { notice(&page) }
                    { tabs(&page) }
                    <section class="pane pane-bottom" id="pane-bottom" aria-label={say("pane-bottom")}>
                        if self.is_whole {
                            <Bottom session={session.clone()} />
                        }
                    </section>
                </main>
            </ContextProvider<Page>>
        }
    }

    fn rendered(&mut self, _ctx: &Context<Self>, _first: bool) {
        if let Some(began_ms) = self.render_began_ms.take() {
            let took_ms = clock::now_ms() - began_ms;
            self.session.0.borrow_mut().frames.extend_last(took_ms);
        }
        if std::mem::take(&mut self.bring_up) {
            scroll::to_top("pane-side");
            scroll::to_pane();
        }
    }
}

/// The session as a property: equal while it is the same session.
#[derive(Clone)]
pub struct SessionHandle(pub Rc<RefCell<Session>>);

impl PartialEq for SessionHandle {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

/// The painter as a property: equal while it is the same painter.
#[derive(Clone, Default)]
pub struct PainterHandle(pub Rc<RefCell<Painter>>);

impl PartialEq for PainterHandle {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

fn listen_to_keys(heard: Callback<KeyboardEvent>) -> Option<EventListener> {
    let document = web_sys::window()?.document()?;
    Some(EventListener::new_with_options(
        &document,
        "keydown",
        gloo_events::EventListenerOptions::enable_prevent_default(),
        move |event| {
            if let Some(event) = event.dyn_ref::<KeyboardEvent>()
                && keys::is_ours(event)
            {
                heard.emit(event.clone());
            }
        },
    ))
}

/// The system went from light to dark, or back: the canvas has to read its colours anew.
fn listen_to_scheme(painter: PainterHandle) -> Option<EventListener> {
    let query = web_sys::window()?.match_media("(prefers-color-scheme: dark)").ok()??;
    let changed = move |_: &web_sys::Event| painter.0.borrow_mut().forget_palette();
    Some(EventListener::new(&query, "change", changed))
}

fn is_wide() -> bool {
    let width = web_sys::window().and_then(|window| window.inner_width().ok());
    width.and_then(|width| width.as_f64()).is_none_or(|width| width >= LESSON_FITS_PX)
}

/// Fetches what configs mean: the page begins without.
fn explain(ctx: &Context<App>, text: &Text) {
    let explained = text.clone().explained(ctx.props().files.clone());
    ctx.link().send_future(async move { Message::Explained(explained.await) });
}

/// Waits for the module's second half. If it did not come, whoever needs it loads it then.
fn complete(ctx: &Context<App>) {
    let promise = ctx.props().rest.call0(&JsValue::NULL);
    ctx.link().send_future(async move {
        if let Ok(promise) = promise {
            JsFuture::from(promise.unchecked_into::<Promise>()).await.ok();
        }
        Message::Whole
    });
}

/// Tells assistive technology and the browser's hyphenation which language the page speaks.
fn name_language(code: &str) {
    let document = web_sys::window().and_then(|window| window.document());
    if let Some(root) = document.and_then(|document| document.document_element()) {
        root.set_attribute("lang", code).ok();
    }
}
