//! The whole run on one line, with a mark for every fault, election, rebalance and loss.

use std::rc::Rc;

use highwater::engine::Micros;
use highwater::view::View;
use yew::prelude::*;

use super::event_words;
use crate::context::Page;
use crate::session::{Mark, MarkKind};
use crate::stage::Names;
use crate::text::Text;

/// Marks nearer than this share of the line are one: permille.
const APART_PERMILLE: u64 = 6;

/// Room for a letter of a label, as a share of the line: permille.
const LETTER_PERMILLE: u64 = 8;

/// Room around a label: permille.
const AROUND_PERMILLE: u64 = 16;

/// How much time the line can show, in s; it grows with the run.
const SCALES_S: [u64; 12] =
    [10, 20, 60, 120, 300, 600, 1_800, 3_600, 21_600, 86_400, 604_800, 2_592_000];

/// The timeline.
pub fn timeline(page: &Page) -> Html {
    let now_us = page.view.at_us;
    let scale_us = scale_us(now_us);
    let now = place(now_us, scale_us);
    html! {
        <div class="timeline">
            <svg class="timeline-line" role="img" aria-label={page.say("timeline-label")}>
                <rect class="timeline-past" x="0" y="0" width={now.clone()} height="100%" />
                <Marks marks={page.marks.clone()} {scale_us} text={page.text.clone()} view={page.view.clone()} />
                <line class="timeline-now" x1={now.clone()} x2={now} y1="0" y2="100%" />
            </svg>
            <span class="timeline-end">{ page.text.span(scale_us) }</span>
        </div>
    }
}

/// What the marks need. They are drawn anew when one has come, or when the line has another scale.
#[derive(Properties)]
struct MarksProps {
    marks: Rc<Vec<Mark>>,
    scale_us: Micros,
    text: Text,
    view: Rc<View>,
}

impl PartialEq for MarksProps {
    fn eq(&self, other: &Self) -> bool {
        // The view lends its names alone, and those of what has a mark do not change.
        let same = |a: &MarksProps| (Rc::as_ptr(&a.marks), a.marks.len(), a.scale_us);
        same(self) == same(other) && self.text == other.text
    }
}

#[component]
fn Marks(props: &MarksProps) -> Html {
    let names = Names::of(&props.view);
    let say = |mark: &Mark| label(&props.text, names, mark);
    let groups = grouped(&props.marks, props.scale_us, &say);
    let drawn = |group: &Group<'_>| mark(&props.text, names, group, props.scale_us);
    html! { <>{ for groups.iter().map(drawn) }</> }
}

/// Marks that are too close to be told apart.
struct Group<'a> {
    marks: Vec<&'a Mark>,
    /// What is written beside it, where there is room.
    label: Option<String>,
}

impl<'m> Group<'m> {
    fn worst(&self) -> Option<&'m Mark> {
        self.marks.iter().copied().max_by_key(|mark| mark.weight())
    }
}

fn grouped<'m>(
    marks: &'m [Mark],
    scale_us: Micros,
    say: &impl Fn(&Mark) -> String,
) -> Vec<Group<'m>> {
    let mut groups: Vec<Group> = Vec::new();
    for mark in marks {
        let at = permille(mark.at_us, scale_us);
        match groups.last_mut() {
            Some(group) if at < permille(group.marks[0].at_us, scale_us) + APART_PERMILLE => {
                group.marks.push(mark);
            }
            _ => groups.push(Group { marks: vec![mark], label: None }),
        }
    }
    let mut free = 1000;
    for group in groups.iter_mut().rev() {
        let Some(worst) = group.worst() else { continue };
        let (at, label) = (permille(worst.at_us, scale_us), say(worst));
        let room = label.chars().count() as u64 * LETTER_PERMILLE + AROUND_PERMILLE;
        if at + room <= free {
            group.label = Some(label);
        }
        // Words do not run over marks, whether those have words or not.
        free = at;
    }
    groups
}

fn mark(text: &Text, names: Names, group: &Group, scale_us: Micros) -> Html {
    let Some(worst) = group.worst() else { return html! {} };
    let x = place(worst.at_us, scale_us);
    let words = group
        .marks
        .iter()
        .map(|mark| format!("{} · {}", text.clock(mark.at_us), label(text, names, mark)));
    let title = words.collect::<Vec<_>>().join("\n");
    let class = classes!("timeline-mark", worst.class().name());
    html! {
        <g {class}>
            <title>{ title }</title>
            <line x1={x.clone()} x2={x.clone()} y1="0" y2="100%" />
            if let Some(label) = &group.label {
                <text x={x} dx="6" y="50%" dy="0.35em">{ label.clone() }</text>
            }
        </g>
    }
}

/// A mark in a few words.
pub fn label(text: &Text, names: Names, mark: &Mark) -> String {
    let node = |id| [("node", names.node(id))];
    match &mark.kind {
        MarkKind::Killed(id) => text.with("mark-killed", &node(*id)),
        MarkKind::Stopped(id) => text.with("mark-stopped", &node(*id)),
        MarkKind::Started(id) => text.with("mark-started", &node(*id)),
        MarkKind::Cut(from, to) => {
            let args = [("from", names.node(*from)), ("to", names.node(*to))];
            text.with("mark-cut", &args)
        }
        MarkKind::Elected(tp, Some(leader)) => {
            let args = [("tp", names.partition(*tp)), ("leader", leader.to_string())];
            text.with("mark-elected", &args)
        }
        MarkKind::Elected(tp, None) => {
            text.with("mark-leaderless", &[("tp", names.partition(*tp))])
        }
        MarkKind::IsrShrunk(tp, size) => {
            let args = [("tp", names.partition(*tp)), ("size", size.to_string())];
            text.with("mark-isr", &args)
        }
        MarkKind::Rebalance(group) => text.with("mark-rebalance", &[("group", group.to_string())]),
        MarkKind::Command(words) => event_words::command(text, words),
        MarkKind::Other(message, _) => event_words::short(text, message),
        MarkKind::Lost(records) => text.with("mark-lost", &[("records", records.to_string())]),
    }
}

/// Where a moment is on the line.
fn place(at_us: Micros, scale_us: Micros) -> String {
    let permille = permille(at_us, scale_us);
    format!("{}.{}%", permille / 10, permille % 10)
}

fn scale_us(now_us: Micros) -> Micros {
    let fitting = SCALES_S.iter().map(|s| s * 1_000_000).find(|scale_us| *scale_us >= now_us);
    fitting.unwrap_or(now_us)
}

fn permille(at_us: Micros, scale_us: Micros) -> u64 {
    at_us.saturating_mul(1000) / scale_us.max(1)
}
