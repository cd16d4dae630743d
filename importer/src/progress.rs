//! How far an import has come.

/// What an import is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// Fetching the source's files.
    Fetch,
    /// Reading front matter and bodies.
    Read,
    /// Finding towns, topics and organisations, and comparing with the graph.
    Compare,
    /// Writing to the graph.
    Apply,
}

impl Stage {
    /// Every stage, in order.
    pub const ALL: &'static [Self] = &[Self::Fetch, Self::Read, Self::Compare, Self::Apply];

    /// What it does, as a verb in the present participle.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Fetch => "fetching",
            Self::Read => "reading",
            Self::Compare => "comparing",
            Self::Apply => "applying",
        }
    }
}

/// Shows people how far an import has come: a bar in a terminal, lines in a log.
pub trait Progress: Send + Sync {
    /// A stage begins, with as many steps as are known.
    fn stage(&self, stage: Stage, total: Option<u64>);
    /// So many steps of the stage are done.
    fn advance(&self, by: u64);
}

/// Shows nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Progress for Silent {
    fn stage(&self, _stage: Stage, _total: Option<u64>) {}
    fn advance(&self, _by: u64) {}
}
