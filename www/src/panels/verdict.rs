//! The verdict: what became of all records, in numbers, each grief with its named cause and a few
//! records to look at.

use highwater::record::RecordId;
use highwater::trace::{GroupVerdict, HandlerVerdict, Tallies, Tally};
use yew::prelude::*;

use crate::context::Page;
use crate::session::Selection;

/// How many records of a cause are named.
const EXAMPLES: usize = 3;

/// The verdict.
pub fn verdict(page: &Page) -> Html {
    let verdict = page.snapshot.verdict.clone();
    if verdict.produced == 0 {
        return html! { <p class="quiet">{ page.say("verdict-empty") }</p> };
    }
    html! {
        <div class="verdict" tabindex="0" role="group" aria-label={page.say("tab-verdict")}>
            <dl>
                { number(page, "verdict-produced", verdict.produced) }
                { number(page, "verdict-acknowledged", verdict.acknowledged) }
                { grief(page, "verdict-lost", &verdict.lost, "bad") }
                if verdict.removed.total() > 0 {
                    { grief(page, "verdict-removed", &verdict.removed, "quiet") }
                }
                { grief(page, "verdict-failed", &verdict.failed, "warn") }
                if verdict.failed_but_written > 0 {
                    { number(page, "verdict-failed-but-written", verdict.failed_but_written) }
                }
                if verdict.aborted.total() > 0 {
                    { grief(page, "verdict-aborted", &verdict.aborted, "quiet") }
                }
                { grief(page, "verdict-duplicated", &verdict.duplicated, "warn") }
                { grief(page, "verdict-reordered", &verdict.reordered, "warn") }
                { number(page, "verdict-in-flight", verdict.in_flight) }
            </dl>
            { for verdict.groups.iter().map(|verdict| group(page, verdict)) }
        </div>
    }
}

fn group(page: &Page, verdict: &GroupVerdict) -> Html {
    let title = page.text.with("verdict-group", &[("group", verdict.group.to_string())]);
    html! {
        <>
            <h3>{ title }</h3>
            <dl>
                { number(page, "verdict-delivered", verdict.delivered) }
                { number(page, "verdict-processed", verdict.processed) }
                { grief(page, "verdict-repeated", &verdict.repeated, "warn") }
                { grief(page, "verdict-skipped", &verdict.skipped, "bad") }
                if verdict.aborted_reads > 0 {
                    { number(page, "verdict-aborted-reads", verdict.aborted_reads) }
                }
                { number(page, "verdict-lag", verdict.lag.max(0) as u64) }
                { for verdict.handler.iter().map(|handler| business(page, handler)) }
            </dl>
        </>
    }
}

/// What the group's handlers did, and what came of it outside Kafka.
fn business(page: &Page, handler: &HandlerVerdict) -> Html {
    let balances = [("actual", handler.actual), ("expected", handler.expected)];
    let balances = balances.map(|(name, sum)| (name, sum.to_string()));
    let some = |id: &'static str, count: u64| match count {
        0 => Html::default(),
        count => number(page, id, count),
    };
    html! {
        <>
            { some("verdict-failed-attempts", handler.failed_attempts) }
            { some("verdict-retried", handler.retried) }
            { some("verdict-dead-lettered", handler.dead_lettered) }
            { grief(page, "verdict-out-of-order", &handler.out_of_order, "warn") }
            { number(page, "verdict-once", handler.once) }
            { grief(page, "verdict-twice", &handler.twice, "bad") }
            { grief(page, "verdict-missing", &handler.missing, "bad") }
            { some("verdict-recognised", handler.recognised) }
            <p class="quiet">{ page.text.with("verdict-balances", &balances) }</p>
            { some("verdict-wrong-accounts", handler.wrong_accounts) }
        </>
    }
}

fn number(page: &Page, id: &'static str, count: u64) -> Html {
    html! {
        <div class="verdict-row" data-verdict={id.trim_start_matches("verdict-")}>
            <dt>{ page.say(id) }</dt>
            <dd class="number">{ page.text.number(count) }</dd>
        </div>
    }
}

/// Something that should not happen: how often it did, why, and to which records.
fn grief(page: &Page, id: &'static str, tallies: &Tallies, class: &'static str) -> Html {
    let total = tallies.total();
    let mark = if total == 0 { "good" } else { class };
    let cause = |tally: &Tally| {
        let examples = tally.examples.iter().take(EXAMPLES).map(|record| example(page, *record));
        html! {
            <p class="verdict-cause">
                { cause_words(page, tally.cause) }{ ": " }{ page.text.number(tally.records) }
                <span class="verdict-examples">{ for examples }</span>
            </p>
        }
    };
    html! {
        <div class={classes!("verdict-row", "verdict-grief", (total > 0).then_some("has-grief"))}
            data-verdict={id.trim_start_matches("verdict-")}>
            <dt>
                <span class={(total > 0).then_some(class)}>{ page.say(id) }</span>
                { for tallies.iter().map(cause) }
            </dt>
            <dd class={classes!("number", mark)}>{ page.text.number(total) }</dd>
        </div>
    }
}

fn example(page: &Page, record: RecordId) -> Html {
    let words = page.text.with("verdict-example", &[("id", record.0.to_string())]);
    html! {
        <button type="button" class="text-link" onclick={page.select(Selection::Record(record))}>
            { words }
        </button>
    }
}

/// A cause in words; Kafka's error names stay as they are.
fn cause_words(page: &Page, name: &str) -> String {
    let id = format!("cause-{name}");
    if page.text.has(&id) { page.text.get(&id) } else { name.to_owned() }
}
