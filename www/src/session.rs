//! A run on the screen: the model, its clock against the wall, and what is selected.
//!
//! The only place that owns the model. Components read a [`Snapshot`], taken a few times a second,
//! and say what they want as an [`Action`]; the canvas reads the run itself, every frame.

use std::rc::Rc;

use highwater::cluster::Command;
use highwater::engine::{Micros, NodeId};
use highwater::history::{Run, Scenario};
use highwater::protocol::TopicPartition;
use highwater::record::RecordId;
use highwater::trace::{Metrics, Verdict};
use highwater::view::{MessageView, View};

/// Most events the model may handle in one frame, so that a frame keeps its budget; time then runs
/// slower than asked, and the page says so.
const EVENTS_PER_FRAME: u64 = 20_000;

/// What a person can point at.
#[derive(Clone, Debug, PartialEq)]
pub enum Selection {
    /// A broker, producer or consumer.
    Node(NodeId),
    /// A partition.
    Partition(TopicPartition),
    /// A record.
    Record(RecordId),
    /// The record at an offset of a partition: a click on a cell.
    Offset(TopicPartition, i64),
    /// A message as it flew by: a click on a token.
    Message(Flight),
}

/// A message that was clicked, kept after it has arrived.
#[derive(Clone, Debug)]
pub struct Flight(pub Rc<MessageView>);

impl PartialEq for Flight {
    fn eq(&self, other: &Self) -> bool {
        self.0.id == other.0.id
    }
}

/// What a person wants.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// Change the cluster.
    Command(Command),
    /// Let time run.
    Play,
    /// Stop time.
    Pause,
    /// Handle the next event that shows.
    Step,
    /// Run fast to the next notable event, then pause.
    NextNotable,
    /// Virtual µs a real second.
    Speed(u64),
    /// Look at something.
    Select(Option<Selection>),
    /// Throw the run away and start over with this scenario.
    Open(Box<Scenario>),
}

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
    /// Whether time runs.
    pub playing: bool,
    /// Virtual µs a real second.
    pub speed: u64,
    /// The model cannot keep up with that speed.
    pub behind: bool,
    /// What is selected.
    pub selection: Option<Selection>,
    /// Why the last command was refused.
    pub refusal: Option<Rc<str>>,
}

impl PartialEq for Snapshot {
    fn eq(&self, other: &Self) -> bool {
        self.number == other.number
    }
}

/// A run on the screen.
pub struct Session {
    run: Run,
    playing: bool,
    speed: u64,
    behind: bool,
    seeking: bool,
    selection: Option<Selection>,
    refusal: Option<Rc<str>>,
    snapshots: u64,
    /// When the browser painted last.
    last_frame_ms: Option<f64>,
}

impl Session {
    /// Opens `scenario`, running.
    pub fn new(scenario: Scenario) -> Self {
        Self {
            run: Run::new(scenario),
            playing: true,
            speed: 100_000,
            behind: false,
            seeking: false,
            selection: None,
            refusal: None,
            snapshots: 0,
            last_frame_ms: None,
        }
    }

    /// The run.
    pub fn run(&self) -> &Run {
        &self.run
    }

    /// Lets virtual time pass for a frame at `frame_ms` of the browser's clock.
    pub fn frame(&mut self, frame_ms: f64) {
        // A tab that was hidden does not catch up: at most a tenth of a second a frame.
        let elapsed_ms = self.last_frame_ms.map_or(0.0, |last| (frame_ms - last).clamp(0.0, 100.0));
        self.last_frame_ms = Some(frame_ms);
        if !self.playing {
            return;
        }
        let elapsed_us = (elapsed_ms * self.speed as f64 / 1000.0) as Micros;
        let target_us = self.run.now() + elapsed_us;
        let progress = self.run.run_until(target_us, EVENTS_PER_FRAME);
        self.behind = progress.exhausted;
    }

    /// Does what a person wants.
    pub fn act(&mut self, action: Action) {
        match action {
            Action::Command(command) => {
                self.refusal = self.run.apply(command).err().map(Rc::from);
            }
            Action::Play => self.playing = true,
            Action::Pause => self.playing = false,
            Action::Step => {
                self.playing = false;
                self.run.step();
            }
            Action::NextNotable => self.seeking = true,
            Action::Speed(speed) => self.speed = speed,
            Action::Select(selection) => self.selection = selection,
            Action::Open(scenario) => *self = Self::new(*scenario),
        }
    }

    /// What components shall see now.
    pub fn snapshot(&mut self) -> Snapshot {
        self.snapshots += 1;
        Snapshot {
            number: self.snapshots,
            view: Rc::new(self.run.view()),
            verdict: Rc::new(self.run.verdict()),
            metrics: Rc::new(self.run.metrics().clone()),
            playing: self.playing,
            speed: self.speed,
            behind: self.behind,
            selection: self.selection.clone(),
            refusal: self.refusal.clone(),
        }
    }
}
