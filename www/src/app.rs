//! The frame around everything: owns the session, drives it frame by frame, and hands a snapshot
//! to the components ten times a second.

use std::cell::RefCell;
use std::rc::Rc;

use gloo_render::{AnimationFrame, request_animation_frame};
use highwater::history::Scenario;
use yew::prelude::*;

use crate::context::Page;
use crate::lesson::LessonPane;
use crate::panels::{Bottom, Header, Side, Transport};
use crate::session::{Action, Session, Snapshot};
use crate::stage::{Painter, Stage};
use crate::text::Text;

/// Real time between two snapshots, in ms: panels are read by people.
const SNAPSHOT_EVERY_MS: f64 = 100.0;

/// What opens when the link names nothing else.
const DEFAULT_SCENARIO: &str = include_str!("../../scenarios/default.toml");

/// The session, shared between the app and the canvas.
pub type SharedSession = Rc<RefCell<Session>>;

/// What the app hears.
pub enum Message {
    /// The browser is about to paint.
    Frame(f64),
    /// A person wants something.
    Act(Action),
    /// Another language.
    Language(&'static str),
}

/// The root component.
pub struct App {
    session: SharedSession,
    painter: Painter,
    snapshot: Snapshot,
    snapshot_at_ms: f64,
    text: Text,
    _frame: AnimationFrame,
}

impl Component for App {
    type Message = Message;
    type Properties = ();

    fn create(ctx: &Context<Self>) -> Self {
        let scenario = Scenario::parse(DEFAULT_SCENARIO).expect("the default scenario is tested");
        let mut session = Session::new(scenario);
        let snapshot = session.snapshot();
        Self {
            session: Rc::new(RefCell::new(session)),
            painter: Painter::default(),
            snapshot,
            snapshot_at_ms: 0.0,
            text: Text::preferred(),
            _frame: next_frame(ctx),
        }
    }

    fn update(&mut self, ctx: &Context<Self>, message: Message) -> bool {
        match message {
            Message::Frame(now_ms) => {
                self._frame = next_frame(ctx);
                let mut session = self.session.borrow_mut();
                session.frame(now_ms);
                self.painter.paint(&session, now_ms);
                if now_ms - self.snapshot_at_ms < SNAPSHOT_EVERY_MS {
                    return false;
                }
                self.snapshot_at_ms = now_ms;
                self.snapshot = session.snapshot();
                true
            }
            Message::Act(action) => {
                let mut session = self.session.borrow_mut();
                session.act(action);
                self.snapshot = session.snapshot();
                true
            }
            Message::Language(code) => {
                self.text = Text::choose(code);
                true
            }
        }
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let handle = SessionHandle(self.session.clone());
        let page = Page {
            snapshot: self.snapshot.clone(),
            act: ctx.link().callback(Message::Act),
            text: self.text.clone(),
            set_language: ctx.link().callback(Message::Language),
        };
        html! {
            <ContextProvider<Page> context={page}>
                <Header />
                <main class="page">
                    <LessonPane session={handle.clone()} />
                    <Stage />
                    <Side session={handle.clone()} />
                    <Transport />
                    <Bottom session={handle} />
                </main>
            </ContextProvider<Page>>
        }
    }
}

/// The session as a property: equal while it is the same session.
#[derive(Clone)]
pub struct SessionHandle(pub SharedSession);

impl PartialEq for SessionHandle {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

fn next_frame(ctx: &Context<App>) -> AnimationFrame {
    let link = ctx.link().clone();
    request_animation_frame(move |now_ms| link.send_message(Message::Frame(now_ms)))
}
