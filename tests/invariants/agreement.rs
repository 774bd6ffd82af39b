//! The ledger, which knows only the trace, agrees with the logs, and finds a cause for everything.

use highwater::cluster::Cluster;
use highwater::protocol::TopicPartition;
use highwater::record::RecordId;
use highwater::trace::{Ledger, Verdict};

/// What the ledger has wrong, if anything.
pub fn check(cluster: &Cluster, ledger: &Ledger) -> Result<(), String> {
    let image = cluster.metadata();
    for (tp, _) in image.partitions() {
        if !cluster.topic_name(tp.topic).starts_with("__") {
            check_partition(cluster, ledger, tp)?;
        }
    }
    check_verdict(&ledger.verdict())?;
    check_order(cluster, ledger)
}

/// Every offset of the leader's log holds the record the ledger names, and nothing lies beyond.
fn check_partition(cluster: &Cluster, ledger: &Ledger, tp: TopicPartition) -> Result<(), String> {
    let registration = cluster.metadata().partition(tp);
    let Some((leader, epoch)) = registration.and_then(|r| Some((r.leader?, r.leader_epoch))) else {
        return Ok(());
    };
    let Some(replica) = cluster.broker(leader).and_then(|broker| broker.replica(tp)) else {
        return Ok(());
    };
    // A leader without power has less in its log than counts until somebody leads again.
    if !cluster.is_running(leader) || !replica.is_leader() || replica.leader_epoch() != epoch {
        return Ok(());
    }
    // Markers are nobody's records.
    let batches = replica.log().batches().iter().filter(|l| !l.batch.attributes.is_control);
    let records = batches.flat_map(|logged| {
        let records = logged.batch.records.iter().enumerate();
        records.map(|(index, record)| (logged.offset_of(index), record.id))
    });
    for (offset, record) in records {
        let known = ledger.record_at(tp, offset);
        if known != Some(record) {
            return Err(format!("{tp:?} at {offset}: ledger {known:?}, log {record:?}"));
        }
    }
    match ledger.record_at(tp, replica.leo()) {
        None => Ok(()),
        Some(record) => Err(format!("{tp:?}: the ledger has {record:?} behind the log end")),
    }
}

fn check_verdict(verdict: &Verdict) -> Result<(), String> {
    let is_whole =
        verdict.produced == verdict.acknowledged + verdict.failed.total() + verdict.in_flight;
    let unexplained = verdict.lost.of("unexplained")
        + verdict.groups.iter().map(|group| group.skipped.of("unexplained")).sum::<u64>();
    match is_whole && unexplained == 0 {
        true => Ok(()),
        false => Err(format!("the verdict does not add up: {verdict:?}")),
    }
}

/// Idempotent producers keep their order, once a log knows them.
fn check_order(cluster: &Cluster, ledger: &Ledger) -> Result<(), String> {
    let view = cluster.view();
    for record in ledger.verdict().reordered.iter().flat_map(|tally| &tally.examples) {
        let Some(fate) = ledger.fate(*record) else { continue };
        let producer = view.producers.iter().find(|known| known.id == fate.producer);
        if producer.is_some_and(|producer| producer.idempotent)
            && !was_overtaken_at_the_start(cluster, ledger, *record)
        {
            return Err(format!("{record:?} of an idempotent producer is out of order"));
        }
    }
    Ok(())
}

/// Whether a later record of its producer is the first that the partition took from it. A log that
/// knows nothing of a producer takes any sequence number (`ProducerAppendInfo.checkSequence`), so
/// when it refuses a producer's first batch, with NOT_ENOUGH_REPLICAS say, the next one in flight
/// may overtake it.
fn was_overtaken_at_the_start(cluster: &Cluster, ledger: &Ledger, record: RecordId) -> bool {
    let Some(fate) = ledger.fate(record) else { return false };
    let tp = cluster.metadata().partitions().map(|(tp, _)| tp).find(|tp| {
        Some(tp.partition) == fate.partition && *cluster.topic_name(tp.topic) == *fate.topic
    });
    let (Some(tp), Some(end)) = (tp, fate.offset) else { return false };
    let of_producer =
        |id: &RecordId| ledger.fate(*id).is_some_and(|other| other.producer == fate.producer);
    let first = (0..=end).filter_map(|offset| ledger.record_at(tp, offset)).find(of_producer);
    first.is_some_and(|first| first > record)
}
