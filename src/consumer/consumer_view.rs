//! What a consumer looks like from outside.

use super::Consumer;
use super::application::Doing;
use super::handler::HandlerSpec;
use crate::config::Scope;
use crate::engine::{Micros, SortedSet};
use crate::view::{
    AssignedView, ConsumerView, FailingView, HandlerView, ProcessState, ProcessingView,
};

impl Consumer {
    /// What it looks like now.
    pub fn view(&self, now: Micros) -> ConsumerView {
        let assigned = self.subscription.partitions.iter();
        let is_running = self.app.is_running();
        let poll_deadline_us = match self.app.doing {
            Doing::Stopped | Doing::Closing => None,
            Doing::Polling => Some(now + self.config.max_poll_interval_ms.max(0) as u64 * 1000),
            _ => Some(self.poll_deadline_us()),
        };
        let joined = is_running && self.membership.state.has_joined();
        let auto = self.auto_commits() && !self.subscription.partitions.is_empty();
        let config = self.spec.client.shown(Scope::Consumer, &self.spec.config);
        ConsumerView {
            id: self.node,
            name: self.spec.name.clone(),
            process: match self.app.doing {
                Doing::Stopped => ProcessState::Stopped,
                Doing::Closing => ProcessState::Stopping,
                _ if self.app.stopping => ProcessState::Stopping,
                _ => ProcessState::Running,
            },
            group: self.spec.group.clone(),
            topics: self.topics.clone(),
            commit: self.spec.commit.name(),
            processing_us: self.spec.processing_us,
            client: self.spec.client.name(),
            config: config.iter().map(|(k, v)| (k.into(), v.into())).collect(),
            state: match self.uses_consumer_protocol() {
                true => self.consumer_membership.state.name(),
                false => self.membership.state.name(),
            },
            generation: self.membership.generation,
            assignment: assigned
                .map(|a| AssignedView { tp: a.tp, position: a.position.offset() })
                .collect(),
            buffered: self.fetcher.buffered_records(),
            to_process: self
                .app
                .work
                .iter()
                .chain(&self.app.handler.backlog)
                .map(|slice| slice.end - slice.next)
                .sum(),
            processing: self.processing_view(),
            poll_deadline_us,
            session_deadline_us: (joined && !self.uses_consumer_protocol())
                .then(|| self.session_deadline_us()),
            auto_commit_due_us: auto.then_some(self.commits.auto_due_us),
            handler: self.spec.handler.as_deref().map(|spec| self.handler_view(spec)),
        }
    }

    fn processing_view(&self) -> Option<ProcessingView> {
        let handler = &self.app.handler;
        let (slice, started_us, ends_us) = match (&self.app.doing, &handler.job) {
            (Doing::Processing { started_us, ends_us, .. }, _) => {
                (self.app.work.front()?, *started_us, *ends_us)
            }
            (_, Some(job)) => (handler.backlog.front()?, job.started_us, job.ends_us),
            _ => return None,
        };
        let offset = slice.logged.offset_of(slice.next as usize);
        Some(ProcessingView { tp: slice.tp, offset, started_us, ends_us })
    }

    fn handler_view(&self, spec: &HandlerSpec) -> HandlerView {
        let handler = &self.app.handler;
        let attempt = &handler.attempt;
        let at_work = match self.app.doing {
            Doing::Processing { is_asleep, .. } if is_asleep || attempt.number > 1 => {
                self.first_record().map(|(tp, offset, _)| FailingView {
                    tp,
                    offset,
                    since_us: attempt.since_us,
                    attempts: attempt.number - u32::from(!is_asleep),
                })
            }
            _ => None,
        };
        let rounds = handler.rounds.values().filter(|it| at_work.is_none_or(|at| at.tp != it.tp));
        let keys = handler.redirects.keys().map(|key| String::from_utf8_lossy(key).into_owned());
        let partitions = self.subscription.partitions.iter();
        HandlerView {
            on_error: spec.on_error.name(),
            is_detached: spec.is_detached,
            is_idempotent: spec.is_idempotent,
            failing: rounds.chain(&handler.ended_at).chain(&at_work).copied().collect(),
            redirected: keys.collect::<SortedSet<String>>().iter().cloned().collect(),
            waiting: partitions.filter_map(|it| Some((it.tp, it.resumes_us?))).collect(),
        }
    }
}
