//! Metrics: rates, latencies and lag, each with the line it drew lately.

use std::collections::VecDeque;

use highwater::engine::Micros;
use yew::prelude::*;

use super::sparkline::sparkline;
use crate::app::SessionHandle;
use crate::context::{Page, use_page};

/// What the metrics need.
#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// The session, for the model's metrics.
    pub session: SessionHandle,
}

/// Points of a line.
const POINTS: usize = 80;

/// Virtual time between two points, in µs.
const POINT_US: Micros = 100_000;

/// A named line of numbers.
struct Series {
    /// Its name.
    name: String,
    /// Newest last.
    points: VecDeque<u64>,
}

/// What was seen lately.
#[derive(Default)]
struct History {
    at_us: Micros,
    series: Vec<Series>,
}

impl History {
    /// Adds a point to each line when it is time; forgets everything when the run began anew.
    fn look(&mut self, now_us: Micros, values: &[(String, u64)]) {
        if now_us < self.at_us {
            *self = Self::default();
        }
        let is_due = self.series.is_empty() || now_us >= self.at_us + POINT_US;
        if !is_due {
            return;
        }
        self.at_us = now_us;
        for (name, value) in values {
            let index = self.series.iter().position(|series| series.name == *name);
            let index = index.unwrap_or_else(|| {
                self.series.push(Series { name: name.clone(), points: VecDeque::new() });
                self.series.len() - 1
            });
            let points = &mut self.series[index].points;
            if points.len() == POINTS {
                points.pop_front();
            }
            points.push_back(*value);
        }
    }

    fn points(&self, name: &str) -> Vec<u64> {
        let series = self.series.iter().find(|series| series.name == name);
        series.map(|series| series.points.iter().copied().collect()).unwrap_or_default()
    }
}

/// The metrics.
#[component]
pub fn MetricsPanel(props: &Props) -> Html {
    let page = use_page();
    let history = use_mut_ref(History::default);
    let metrics = props.session.0.borrow().run().metrics();
    let text = &page.text;
    let per_s = |milli: u64| format!("{}{}", text.ratio(milli, 1000), text.get("unit-per-second"));
    let span = |us: Option<u64>| us.map_or_else(|| "–".to_owned(), |us| text.span(us));
    let latency = metrics.produce_latency;
    let mut rows = vec![
        (
            "metrics-produced".to_owned(),
            text.get("metrics-produced"),
            metrics.produced.milli_per_s,
            per_s(metrics.produced.milli_per_s),
        ),
        (
            "metrics-acknowledged".to_owned(),
            text.get("metrics-acknowledged"),
            metrics.acknowledged.milli_per_s,
            per_s(metrics.acknowledged.milli_per_s),
        ),
        (
            "metrics-p50".to_owned(),
            latency_name(&page, "metrics-latency-p50"),
            latency.p50_us.unwrap_or(0),
            span(latency.p50_us),
        ),
        (
            "metrics-p99".to_owned(),
            latency_name(&page, "metrics-latency-p99"),
            latency.p99_us.unwrap_or(0),
            span(latency.p99_us),
        ),
        (
            "metrics-per-batch".to_owned(),
            text.get("metrics-per-batch"),
            metrics.milli_records_per_batch,
            text.ratio(metrics.milli_records_per_batch, 1000),
        ),
    ];
    for group in &page.snapshot.verdict.groups {
        let lag = group.lag.max(0) as u64;
        let name = text.with("metrics-lag", &[("group", group.group.to_string())]);
        rows.push((format!("lag-{}", group.group), name, lag, text.number(lag)));
    }
    let values: Vec<(String, u64)> =
        rows.iter().map(|(id, _, value, _)| (id.clone(), *value)).collect();
    history.borrow_mut().look(page.snapshot.view.at_us, &values);
    let history = history.borrow();
    let row = |(id, name, _, shown): &(String, String, u64, String)| {
        html! {
            <div class="metric" data-metric={id.clone()}>
                <dt>{ name.clone() }</dt>
                <dd>
                    { sparkline(&history.points(id)) }
                    <span class="number">{ shown.clone() }</span>
                </dd>
            </div>
        }
    };
    html! {
        <div class="metrics" tabindex="0" role="group" aria-label={text.get("tab-metrics")}>
            <dl>{ for rows.iter().map(row) }</dl>
        </div>
    }
}

fn latency_name(page: &Page, id: &str) -> String {
    format!("{} {}", page.say("metrics-latency"), page.say(id))
}
