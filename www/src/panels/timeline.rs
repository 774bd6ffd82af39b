//! The whole run on one line, with a mark for every fault, election, rebalance and loss.

use highwater::engine::Micros;
use yew::prelude::*;

use super::time;
use crate::context::{Page, use_page};
use crate::session::{Mark, MarkKind};
use crate::stage::Names;

/// Marks nearer than this share of the line are one: permille.
const APART_PERMILLE: u64 = 6;

/// Labels nearer than this share of the line hide the earlier one: permille.
const LABEL_PERMILLE: u64 = 130;

/// How much time the line can show, in s; it grows with the run.
const SCALES_S: [u64; 12] =
    [10, 20, 60, 120, 300, 600, 1_800, 3_600, 21_600, 86_400, 604_800, 2_592_000];

/// The timeline.
#[component]
pub fn Timeline() -> Html {
    let page = use_page();
    let now_us = page.view.at_us;
    let scale_us = scale_us(now_us);
    let groups = grouped(&page.marks, scale_us);
    let place = |at_us: Micros| format!("{}%", permille(at_us, scale_us) as f64 / 10.0);
    html! {
        <div class="timeline">
            <svg class="timeline-line" role="img" aria-label={page.say("timeline-label")}>
                <rect class="timeline-past" x="0" y="0" width={place(now_us)} height="100%" />
                { for groups.iter().map(|group| mark(&page, group, &place)) }
                <line class="timeline-now" x1={place(now_us)} x2={place(now_us)} y1="0" y2="100%" />
            </svg>
            <span class="timeline-end">{ time::span(scale_us) }</span>
        </div>
    }
}

/// Marks that are too close to be told apart.
struct Group<'a> {
    marks: Vec<&'a Mark>,
    labelled: bool,
}

fn grouped(marks: &[Mark], scale_us: Micros) -> Vec<Group<'_>> {
    let mut groups: Vec<Group> = Vec::new();
    for mark in marks {
        let at = permille(mark.at_us, scale_us);
        match groups.last_mut() {
            Some(group) if at < permille(group.marks[0].at_us, scale_us) + APART_PERMILLE => {
                group.marks.push(mark);
            }
            _ => groups.push(Group { marks: vec![mark], labelled: false }),
        }
    }
    let mut free = u64::MAX;
    for group in groups.iter_mut().rev() {
        let at = permille(group.marks[0].at_us, scale_us);
        if at + LABEL_PERMILLE <= free.min(1000) {
            group.labelled = true;
            free = at;
        }
    }
    groups
}

fn mark(page: &Page, group: &Group, place: &impl Fn(Micros) -> String) -> Html {
    let Some(worst) = group.marks.iter().max_by_key(|mark| mark.weight()) else {
        return html! {};
    };
    let x = place(worst.at_us);
    let words = group
        .marks
        .iter()
        .map(|mark| format!("{} · {}", time::moment(mark.at_us), label(page, mark)));
    let title = words.collect::<Vec<_>>().join("\n");
    let class = classes!("timeline-mark", worst.class().name());
    html! {
        <g {class}>
            <title>{ title }</title>
            <line x1={x.clone()} x2={x.clone()} y1="0" y2="100%" />
            if group.labelled {
                <text x={x} dx="6" y="50%" dy="0.35em">{ label(page, worst) }</text>
            }
        </g>
    }
}

/// A mark in a few words.
pub fn label(page: &Page, mark: &Mark) -> String {
    let names = Names::of(&page.view);
    let node = |id| [("node", names.node(id))];
    match &mark.kind {
        MarkKind::Killed(id) => page.text.with("mark-killed", &node(*id)),
        MarkKind::Stopped(id) => page.text.with("mark-stopped", &node(*id)),
        MarkKind::Started(id) => page.text.with("mark-started", &node(*id)),
        MarkKind::Cut(from, to) => {
            let args = [("from", names.node(*from)), ("to", names.node(*to))];
            page.text.with("mark-cut", &args)
        }
        MarkKind::Elected(tp, Some(leader)) => {
            let args = [("tp", names.partition(*tp)), ("leader", leader.to_string())];
            page.text.with("mark-elected", &args)
        }
        MarkKind::Elected(tp, None) => {
            page.text.with("mark-leaderless", &[("tp", names.partition(*tp))])
        }
        MarkKind::IsrShrunk(tp, size) => {
            let args = [("tp", names.partition(*tp)), ("size", size.to_string())];
            page.text.with("mark-isr", &args)
        }
        MarkKind::Rebalance(group) => {
            page.text.with("mark-rebalance", &[("group", group.to_string())])
        }
        MarkKind::Lost(records) => page.text.with("mark-lost", &[("records", records.to_string())]),
    }
}

fn scale_us(now_us: Micros) -> Micros {
    let fitting = SCALES_S.iter().map(|s| s * 1_000_000).find(|scale_us| *scale_us >= now_us);
    fitting.unwrap_or(now_us)
}

fn permille(at_us: Micros, scale_us: Micros) -> u64 {
    at_us.saturating_mul(1000) / scale_us.max(1)
}
