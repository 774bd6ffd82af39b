//! What the stage shows of all that moves.

/// A kind of message that can be shown or hidden.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Layer {
    /// Produce requests and their acknowledgements.
    Produce,
    /// Followers' fetches.
    Replication,
    /// Consumers' fetches.
    Fetch,
    /// Group membership and commits.
    Group,
    /// Heartbeats, metadata and the controller's traffic.
    Control,
}

impl Layer {
    /// All of them, in the order of the switches.
    pub const ALL: [Self; 5] =
        [Self::Produce, Self::Replication, Self::Fetch, Self::Group, Self::Control];

    /// Its name in ids of texts and classes.
    pub fn name(self) -> &'static str {
        match self {
            Self::Produce => "produce",
            Self::Replication => "replication",
            Self::Fetch => "fetch",
            Self::Group => "group",
            Self::Control => "control",
        }
    }
}

/// The switches.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub struct Display {
    hidden: u8,
    /// Internal topics have strips too.
    pub internal_topics: bool,
}

impl Display {
    /// Whether a layer is shown.
    pub fn shows(&self, layer: Layer) -> bool {
        self.hidden & (1 << layer as u8) == 0
    }

    /// The same with a layer shown or hidden.
    pub fn with(self, layer: Layer, shown: bool) -> Self {
        let bit = 1 << layer as u8;
        let hidden = if shown { self.hidden & !bit } else { self.hidden | bit };
        Self { hidden, ..self }
    }

    /// The same with internal topics shown or hidden.
    pub fn with_internal_topics(self, shown: bool) -> Self {
        Self { internal_topics: shown, ..self }
    }
}
