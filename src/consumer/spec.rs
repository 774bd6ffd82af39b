//! What a consumer is to do: its application and its configs.

use std::sync::Arc;

use super::handler::HandlerSpec;
use crate::config::{ClientLibrary, Properties};

/// How the application commits.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum CommitStrategy {
    /// Leaves it to enable.auto.commit (default).
    Auto,
    /// commitSync() of all that poll() returned, before processing it.
    BeforeSync,
    /// commitAsync() before processing.
    BeforeAsync,
    /// commitSync() after all that poll() returned is processed.
    AfterSync,
    /// commitAsync() after processing.
    AfterAsync,
    /// Never commits.
    Never,
}

impl CommitStrategy {
    /// Its name in scenario files and views.
    pub fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::BeforeSync => "before-sync",
            Self::BeforeAsync => "before-async",
            Self::AfterSync => "after-sync",
            Self::AfterAsync => "after-async",
            Self::Never => "never",
        }
    }
}

/// A consumer of a scenario. A commit strategy other than `Auto` implies
/// enable.auto.commit=false unless set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsumerSpec {
    /// Its name, unique among clients; also its client.id unless set.
    pub name: Arc<str>,
    /// group.id
    pub group: Arc<str>,
    /// Topics it subscribes to.
    pub topics: Vec<Arc<str>>,
    /// Time the application takes for each record, in µs.
    pub processing_us: u64,
    /// How it commits.
    pub commit: CommitStrategy,
    /// What its application does beside that; `None`: it takes `processing_us` for each record, and
    /// nothing ever fails.
    pub handler: Option<Arc<HandlerSpec>>,
    /// The library it is written with.
    pub client: ClientLibrary,
    /// Its explicit configs.
    pub config: Properties,
}

impl ConsumerSpec {
    /// Its own topics, and what its handler wants to read.
    pub fn subscribed_topics(&self) -> Vec<Arc<str>> {
        let inputs = self.handler.iter().flat_map(|handler| handler.inputs());
        self.topics.iter().chain(inputs).cloned().collect()
    }
}
