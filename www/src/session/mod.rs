//! A run on the screen: the model, its clock against the wall, and what is selected.
//!
//! The only place that owns the model. Components read a [`Snapshot`], taken a few times a second,
//! and say what they want as an [`Action`]; the canvas reads the session itself, every frame.

mod display;
mod frames;
mod lesson;
mod marks;
mod selection;

use std::rc::Rc;
use std::sync::Arc;

use highwater::cluster::Command;
use highwater::engine::Micros;
use highwater::events::{CommandWords, Event, EventId};
use highwater::history::{Progress, Run, Scenario};
use highwater::lesson::LessonFile;
use highwater::trace::{Snapshot as Metrics, Verdict};
use highwater::view::{MessageView, View};

pub use display::{Display, Layer};
pub use frames::FrameTimes;
pub use lesson::LessonNow;
pub use marks::{Mark, MarkClass, MarkKind, Marks};
pub use selection::{Flight, Selection};

use crate::bounds::within;
use crate::clock;
use lesson::OpenLesson;

/// Most real time the model may take of a frame, in ms; virtual time then runs slower than asked,
/// and the page says so.
const MODEL_BUDGET_MS: f64 = 5.0;

/// Events handled between two looks at the clock.
const EVENTS_A_LOOK: u64 = 1_000;

/// Most events of a warm-up: a scenario that asks for days opens before they are over.
const WARM_UP_EVENTS: u64 = 500_000;

/// How far it looks for the next notable event, in virtual µs: a cluster at peace has none for days.
const SEEK_US: Micros = 600_000_000;

/// Frames in a row that must fall short before the page says that it is behind.
const BEHIND_FRAMES: u32 = 12;

/// What a person wants.
#[derive(Clone, Debug)]
pub enum Action {
    /// Change the cluster.
    Command(Command),
    /// The same, by a form that says itself why it is refused.
    Ask(Command),
    /// Let time run.
    Play,
    /// Stop time.
    Pause,
    /// To the next arrival of a message, then pause.
    Step,
    /// Run fast to the next notable event, then pause.
    NextNotable,
    /// Virtual µs a real second.
    Speed(u64),
    /// Look at something.
    Select(Option<Selection>),
    /// Show an event in the event log, or go back to the newest.
    ShowEvent(Option<EventId>),
    /// Show or hide something.
    Display(Display),
    /// Say that something besides the cluster cannot be had.
    Complain(Rc<str>),
    /// The refusal was read.
    Dismiss,
    /// Throw the run away and start over with this scenario.
    Open(Box<Scenario>),
    /// Open a lesson with this scenario, warmed up; time waits for the prediction.
    OpenLesson(Box<Scenario>, Arc<LessonFile>),
    /// The prediction is made: judge from now on, and let time run.
    BeginLesson,
    /// Go on with the run as a sandbox: nothing is judged, nothing is locked.
    LeaveLesson,
}

/// What was asked for, and why it was refused.
pub type Refused = Rc<(CommandWords, String)>;

/// What components see.
#[derive(Clone)]
pub struct Snapshot {
    /// Grows with every snapshot.
    pub number: u64,
    /// The cluster.
    pub view: Rc<View>,
    /// What became of the records.
    pub verdict: Rc<Verdict>,
    /// Rates and latencies.
    pub metrics: Rc<Metrics>,
    /// Moments to find again, oldest first.
    pub marks: Rc<Vec<Mark>>,
    /// Whether time runs.
    pub playing: bool,
    /// Virtual µs a real second.
    pub speed: u64,
    /// The model cannot keep up with that speed.
    pub behind: bool,
    /// What is selected.
    pub selection: Option<Selection>,
    /// The event that the event log shows, and how often one was asked for.
    pub shown_event: Option<(EventId, u64)>,
    /// What is shown.
    pub display: Display,
    /// Why the last command was refused, or another complaint.
    pub refusal: Option<Rc<str>>,
    /// What a form asked for last, and why it was refused.
    pub refused: Option<Refused>,
    /// The search for the next notable event found none.
    pub found_nothing: bool,
    /// The lesson that is open.
    pub lesson: Option<Rc<LessonNow>>,
}

impl PartialEq for Snapshot {
    fn eq(&self, other: &Self) -> bool {
        self.number == other.number
    }
}

/// A run on the screen.
pub struct Session {
    run: Run,
    lesson: Option<OpenLesson>,
    view: Rc<View>,
    messages: Vec<MessageView>,
    marks: Marks,
    events_seen: u64,
    playing: bool,
    speed: u64,
    /// Runs as fast as it can to the next notable event, or to this time.
    seeking: Option<Micros>,
    found_nothing: bool,
    short_frames: u32,
    selection: Option<Selection>,
    shown_event: Option<(EventId, u64)>,
    display: Display,
    refusal: Option<Rc<str>>,
    /// What a form asked for last: the answer comes later.
    asked: Option<CommandWords>,
    refused: Option<Refused>,
    snapshots: u64,
    last_frame_ms: Option<f64>,
    /// Main-thread work of the last frames.
    pub frames: FrameTimes,
}

impl Session {
    /// Opens `scenario`, warmed up and running.
    pub fn new(scenario: Scenario) -> Self {
        Self::of(Run::new(scenario))
    }

    fn of(mut run: Run) -> Self {
        let scenario = run.scenario();
        let (warm_up_us, speed) = (scenario.warm_up_us, scenario.speed_us_per_s.max(1));
        run.run_until(warm_up_us, WARM_UP_EVENTS);
        let events_seen = run.log().iter().next_back().map_or(0, |event| event.id.0 + 1);
        Self {
            view: Rc::new(run.view()),
            messages: run.messages(),
            run,
            lesson: None,
            marks: Marks::default(),
            events_seen,
            playing: true,
            speed,
            seeking: None,
            found_nothing: false,
            short_frames: 0,
            selection: None,
            shown_event: None,
            display: Display::default(),
            refusal: None,
            asked: None,
            refused: None,
            snapshots: 0,
            last_frame_ms: None,
            frames: FrameTimes::default(),
        }
    }

    /// The run.
    pub fn run(&self) -> &Run {
        &self.run
    }

    /// The cluster now.
    pub fn view(&self) -> &Rc<View> {
        &self.view
    }

    /// What is on its way now.
    pub fn messages(&self) -> &[MessageView] {
        &self.messages
    }

    /// Whether time runs.
    pub fn playing(&self) -> bool {
        self.playing
    }

    /// Virtual µs a real second.
    pub fn speed(&self) -> u64 {
        self.speed
    }

    /// What is selected.
    pub fn selection(&self) -> Option<&Selection> {
        self.selection.as_ref()
    }

    /// What is shown.
    pub fn display(&self) -> Display {
        self.display
    }

    /// Lets virtual time pass for a frame at `frame_ms` of the browser's clock.
    pub fn frame(&mut self, frame_ms: f64) {
        // A tab that was hidden does not catch up: at most a tenth of a second a frame.
        let elapsed_ms = self.last_frame_ms.map_or(0.0, |last| within(frame_ms - last, 0.0, 100.0));
        self.last_frame_ms = Some(frame_ms);
        if let Some(until_us) = self.seeking {
            self.seek(until_us);
            return self.look();
        }
        if !self.playing {
            return;
        }
        let elapsed_us = (elapsed_ms * self.speed as f64 / 1000.0) as Micros;
        let short = self.run_for(elapsed_us);
        self.short_frames = if short { self.short_frames + 1 } else { 0 };
        self.look();
    }

    /// Runs for so long, or as far as the budget goes; tells whether it fell short.
    fn run_for(&mut self, elapsed_us: Micros) -> bool {
        let target_us = self.run.now() + elapsed_us;
        let until_ms = clock::now_ms() + MODEL_BUDGET_MS;
        while self.run_until(target_us, EVENTS_A_LOOK).exhausted {
            if clock::now_ms() > until_ms {
                return true;
            }
        }
        false
    }

    fn run_until(&mut self, until_us: Micros, events: u64) -> Progress {
        match self.lesson.as_mut().and_then(|lesson| lesson.judge.as_mut()) {
            Some(judge) => judge.run_until(&mut self.run, until_us, events),
            None => self.run.run_until(until_us, events),
        }
    }

    fn run_to_notable(&mut self, until_us: Micros, events: u64) -> Progress {
        match self.lesson.as_mut().and_then(|lesson| lesson.judge.as_mut()) {
            Some(judge) => judge.run_to_notable(&mut self.run, until_us, events),
            None => self.run.run_to_notable(until_us, events),
        }
    }

    /// Goes on towards the next notable event, as far as the budget of a frame goes.
    fn seek(&mut self, until_us: Micros) {
        let until_ms = clock::now_ms() + MODEL_BUDGET_MS;
        while self.run_to_notable(until_us, EVENTS_A_LOOK).exhausted {
            if clock::now_ms() > until_ms {
                return;
            }
        }
        self.seeking = None;
        self.found_nothing = self.run.now() >= until_us;
    }

    /// Takes the picture anew, and notes what happened.
    fn look(&mut self) {
        self.view = Rc::new(self.run.view());
        self.messages = self.run.messages();
        let log = self.run.log();
        let news = log.iter().rev().take_while(|event| event.id.0 >= self.events_seen).count();
        for event in log.iter().skip(log.len() - news) {
            self.events_seen = event.id.0 + 1;
            self.marks.see(event, self.run.cluster());
            if let Event::CommandRefused { command, reason } = &event.event
                && self.asked.as_ref() == Some(command)
            {
                self.refused = Some(Rc::new((command.clone(), reason.to_string())));
            }
        }
    }

    /// Does what a person wants.
    pub fn act(&mut self, action: Action) {
        match action {
            Action::Command(command) => {
                self.refusal = self.run.apply(command).err().map(Rc::from);
                self.look();
            }
            Action::Ask(command) => {
                let words = command.words();
                let refusal = self.run.apply(command).err();
                self.refused = refusal.map(|reason| Rc::new((words.clone(), reason)));
                self.asked = Some(words);
                self.look();
            }
            Action::Play => {
                self.stop();
                self.playing = true;
            }
            Action::Pause => self.stop(),
            Action::Step => {
                self.stop();
                self.step();
            }
            Action::NextNotable => {
                self.stop();
                self.seeking = Some(self.run.now() + SEEK_US);
            }
            Action::Speed(speed) => self.speed = speed,
            Action::Select(selection) => self.selection = selection,
            Action::ShowEvent(event) => {
                self.shown_event = event.map(|event| (event, self.snapshots));
            }
            Action::Display(display) => self.display = display,
            Action::Complain(reason) => self.refusal = Some(reason),
            Action::Dismiss => {
                self.refusal = None;
                self.found_nothing = false;
            }
            Action::Open(scenario) => {
                let snapshots = self.snapshots;
                let display = self.display;
                *self = Self { snapshots, display, ..Self::new(*scenario) };
            }
            Action::OpenLesson(scenario, file) => {
                let (snapshots, display) = (self.snapshots, self.display);
                let lesson = Some(OpenLesson { file, judge: None });
                let run = Run::with_counts(*scenario);
                *self = Self { snapshots, display, lesson, playing: false, ..Self::of(run) };
            }
            Action::BeginLesson => {
                if let Some(lesson) = &mut self.lesson {
                    lesson.begin(&self.run);
                    self.playing = true;
                }
            }
            Action::LeaveLesson => {
                self.lesson = None;
                self.playing = true;
            }
        }
    }

    fn stop(&mut self) {
        self.playing = false;
        self.seeking = None;
        self.found_nothing = false;
    }

    /// To the next arrival, or a millisecond on when nothing flies.
    fn step(&mut self) {
        let now_us = self.run.now();
        let arrivals = self.messages.iter().map(|message| message.arrives_us);
        let next_us = arrivals.filter(|at_us| *at_us > now_us).min();
        self.run_for(next_us.map_or(1_000, |at_us| at_us - now_us));
        self.look();
    }

    /// What components shall see now.
    pub fn snapshot(&mut self) -> Snapshot {
        self.snapshots += 1;
        let verdict = self.run.verdict();
        self.marks.see_losses(self.run.now(), verdict.lost_total());
        Snapshot {
            number: self.snapshots,
            view: self.view.clone(),
            verdict: Rc::new(verdict),
            metrics: Rc::new(self.run.metrics()),
            marks: self.marks.all(),
            playing: self.playing || self.seeking.is_some(),
            speed: self.speed,
            behind: self.playing && self.short_frames >= BEHIND_FRAMES,
            selection: self.selection.clone(),
            shown_event: self.shown_event,
            display: self.display,
            refusal: self.refusal.clone(),
            refused: self.refused.clone(),
            found_nothing: self.found_nothing,
            lesson: self.lesson.as_ref().map(|lesson| Rc::new(lesson.now(&self.run))),
        }
    }
}
