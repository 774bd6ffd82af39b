//! A lesson as its `lesson.toml` writes it: what is asked, when its goals are met, when its hints
//! fit. The words stand beside it, in a file for each language (see [`super::words`]).

/// A lesson without its words.
#[derive(Clone, Debug)]
pub struct LessonFile {
    /// Its number in the curriculum, such as `2.6`.
    pub id: String,
    /// Its chapter.
    pub chapter: u32,
    /// The question before anything runs.
    pub predict: Predict,
    /// What there is to reach, in order.
    pub goals: Vec<Goal>,
    /// What helps, in order.
    pub hints: Vec<Hint>,
}

/// A question with answers to choose from.
#[derive(Clone, Debug)]
pub struct Predict {
    /// The names of the answers.
    pub options: Vec<String>,
    /// The answer that turns out to be right.
    pub right: String,
}

/// Something to reach. Its steps are counted one after the other; what is counted begins at 0 with
/// each step.
#[derive(Clone, Debug)]
pub struct Goal {
    /// Its name.
    pub id: String,
    /// The goal that has to be met before this one counts.
    pub after: Option<String>,
    /// While this does not hold, nothing counts, and the steps begin anew.
    pub holds: Option<Condition>,
    /// If this grows, the goal has failed for now, and the steps begin anew.
    pub never: Option<Counter>,
    /// What has to happen, in order.
    pub steps: Vec<Target>,
}

/// So many of something.
#[derive(Copy, Clone, Debug)]
pub struct Target {
    /// What is counted.
    pub counter: Counter,
    /// How many there have to be.
    pub target: u64,
}

/// What can be counted in a run.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Counter {
    /// Records handed to send().
    Produced,
    /// Records whose success the producer knows.
    Acknowledged,
    /// Acknowledged records that are in no log that counts.
    Lost,
    /// Records that are in the log more than once.
    Duplicated,
    /// Records behind a later one of the same producer and key.
    Reordered,
    /// Records the producer gave up.
    Failed,
    /// Brokers that were killed while they led a partition.
    LeaderCrashes,
    /// Partitions that got another leader.
    Elections,
}

impl Counter {
    /// Its name in lesson files and in ids of texts.
    pub fn name(self) -> &'static str {
        match self {
            Self::Produced => "produced",
            Self::Acknowledged => "acknowledged",
            Self::Lost => "lost",
            Self::Duplicated => "duplicated",
            Self::Reordered => "reordered",
            Self::Failed => "failed",
            Self::LeaderCrashes => "leader-crashes",
            Self::Elections => "elections",
        }
    }

    /// The one with this name.
    pub fn named(name: &str) -> Option<Self> {
        let all = [
            Self::Produced,
            Self::Acknowledged,
            Self::Lost,
            Self::Duplicated,
            Self::Reordered,
            Self::Failed,
            Self::LeaderCrashes,
            Self::Elections,
        ];
        all.into_iter().find(|counter| counter.name() == name)
    }
}

/// What can hold or not.
#[derive(Clone, Debug)]
pub enum Condition {
    /// A client's config has one of these values, set or by default.
    Config {
        /// The client's name.
        client: String,
        /// The config.
        config: String,
        /// The values.
        is: Vec<String>,
    },
    /// At least so many of something since the lesson began.
    Reached {
        /// What is counted.
        counter: Counter,
        /// How many.
        reached: u64,
    },
    /// Fewer than that.
    Below {
        /// What is counted.
        counter: Counter,
        /// How many.
        below: u64,
    },
    /// Fewer brokers run.
    BrokersRunningBelow {
        /// How many.
        brokers_running_below: u64,
    },
    /// The hint's goal has so many steps done.
    StepReached {
        /// How many.
        step_reached: usize,
    },
    /// Fewer than that.
    StepBelow {
        /// How many.
        step_below: usize,
    },
}

/// Something that helps those who are stuck.
#[derive(Clone, Debug)]
pub struct Hint {
    /// Its name.
    pub id: String,
    /// The goal it helps with.
    pub goal: String,
    /// When it fits: all of this holds.
    pub when: Vec<Condition>,
}
