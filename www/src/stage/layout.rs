//! Where the slots are: measured from the DOM when it changed, never within a frame.

use highwater::engine::{NodeId, SortedMap};
use highwater::protocol::{TopicId, TopicPartition};
use wasm_bindgen::JsCast;
use web_sys::{DomRect, Element};

/// A rectangle, in CSS px from the content's corner.
#[derive(Copy, Clone, Debug, Default, PartialEq)]
pub struct Rect {
    /// Left.
    pub x: f64,
    /// Top.
    pub y: f64,
    /// Width.
    pub w: f64,
    /// Height.
    pub h: f64,
}

impl Rect {
    /// Right.
    pub fn right(&self) -> f64 {
        self.x + self.w
    }

    /// Bottom.
    pub fn bottom(&self) -> f64 {
        self.y + self.h
    }

    /// Middle, across.
    pub fn middle_x(&self) -> f64 {
        self.x + self.w / 2.0
    }

    /// Middle, down.
    pub fn middle_y(&self) -> f64 {
        self.y + self.h / 2.0
    }

    /// Whether a point lies in it.
    pub fn contains(&self, x: f64, y: f64) -> bool {
        (self.x..=self.right()).contains(&x) && (self.y..=self.bottom()).contains(&y)
    }
}

/// What a slot is for.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Slot {
    /// A whole card.
    Card,
    /// A replica's log.
    Strip,
    /// A partition's queue in an accumulator.
    Queue,
    /// The ring of its linger.
    Linger,
    /// A consumer's record at work.
    Work,
    /// The ring of max.poll.interval.ms.
    Poll,
    /// The ring of the session.
    Session,
    /// The ring of auto-commit.
    Commit,
}

impl Slot {
    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "card" => Self::Card,
            "strip" => Self::Strip,
            "queue" => Self::Queue,
            "linger" => Self::Linger,
            "work" => Self::Work,
            "poll" => Self::Poll,
            "session" => Self::Session,
            "commit" => Self::Commit,
            _ => return None,
        })
    }
}

/// All slots.
#[derive(Default)]
pub struct Layout {
    /// Size of the content.
    pub size: (f64, f64),
    /// Clients stand above and below the brokers rather than beside them.
    pub stacked: bool,
    rects: SortedMap<(Slot, NodeId, Option<TopicPartition>), Rect>,
}

impl Layout {
    /// Measures all slots in `content`.
    pub fn measure(content: &Element) -> Self {
        let origin = content.get_bounding_client_rect();
        let mut layout = Self { size: (origin.width(), origin.height()), ..Self::default() };
        let Ok(slots) = content.query_selector_all("[data-slot]") else { return layout };
        for index in 0..slots.length() {
            let Some(element) = slots.get(index).and_then(|node| node.dyn_into::<Element>().ok())
            else {
                continue;
            };
            if let Some(key) = key(&element) {
                layout.rects.insert(key, relative(&element.get_bounding_client_rect(), &origin));
            }
        }
        let producer = layout.first_client();
        let broker = layout.card(NodeId(1)).or_else(|| layout.card(NodeId(0)));
        if let (Some(producer), Some(broker)) = (producer, broker) {
            layout.stacked = producer.right() > broker.x && producer.x < broker.right();
        }
        layout
    }

    fn first_client(&self) -> Option<Rect> {
        let is_client = |(slot, node, _): &(Slot, NodeId, _)| *slot == Slot::Card && node.0 >= 100;
        self.rects.iter().find(|(key, _)| is_client(key)).map(|(_, rect)| *rect)
    }

    /// A node's card.
    pub fn card(&self, node: NodeId) -> Option<Rect> {
        self.slot(Slot::Card, node, None)
    }

    /// A slot.
    pub fn slot(&self, slot: Slot, node: NodeId, tp: Option<TopicPartition>) -> Option<Rect> {
        self.rects.get(&(slot, node, tp)).copied()
    }
}

fn key(element: &Element) -> Option<(Slot, NodeId, Option<TopicPartition>)> {
    let slot = Slot::named(&element.get_attribute("data-slot")?)?;
    let node = NodeId(element.get_attribute("data-node")?.parse().ok()?);
    let tp = element.get_attribute("data-tp").and_then(|tp| {
        let (topic, partition) = tp.split_once('-')?;
        Some(TopicPartition::new(TopicId(topic.parse().ok()?), partition.parse().ok()?))
    });
    Some((slot, node, tp))
}

fn relative(rect: &DomRect, origin: &DomRect) -> Rect {
    Rect {
        x: rect.left() - origin.left(),
        y: rect.top() - origin.top(),
        w: rect.width(),
        h: rect.height(),
    }
}
