//! Transactions: the coordinator's side.

use super::{Description, Severity, Words};
use crate::events::{Event, TransactionEnd};
use crate::protocol::TransactionState;

pub(super) fn describe(words: &Words<'_>) -> Option<Description> {
    use Severity::{Notice, Warning};
    let Event::TransactionChanged {
        transactional_id,
        producer_id,
        producer_epoch,
        state,
        partitions,
        end,
    } = &words.event.event
    else {
        return None;
    };
    let description = match state {
        TransactionState::Empty => words
            .say(
                "transaction-initialized",
                "{id} has producer id {producer} and epoch {epoch} from {node}: whoever has an \
                 older epoch is fenced",
            )
            .graded(Notice),
        TransactionState::Ongoing => words.say(
            "transaction-ongoing",
            "the transaction of {id} is open, with {partitions} in it (epoch {epoch})",
        ),
        TransactionState::PrepareCommit => words.say(
            "transaction-commits",
            "{node} decided: the transaction of {id} is committed (PrepareCommit); markers go to \
             {partitions}",
        ),
        TransactionState::PrepareAbort => {
            let (cause, severity) = match end {
                TransactionEnd::Application => ("abortTransaction()", Notice),
                TransactionEnd::TimedOut => ("transaction.timeout.ms", Warning),
                TransactionEnd::Fenced => ("initTransactions()", Warning),
            };
            words
                .say(
                    "transaction-aborts",
                    "{node} decided: the transaction of {id} is aborted (PrepareAbort), by \
                     {cause}; markers go to {partitions}",
                )
                .because(cause)
                .graded(severity)
        }
        TransactionState::CompleteCommit | TransactionState::CompleteAbort => words
            .say(
                "transaction-complete",
                "all partitions of the transaction of {id} have their marker ({state})",
            )
            .with("state", state.name()),
    };
    Some(
        description
            .with("id", transactional_id)
            .with("producer", producer_id)
            .with("epoch", producer_epoch)
            .with("partitions", words.partitions(partitions.iter())),
    )
}
