//! The limits on what is read from a source, each with a name.

/// What a source may ask of this machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The largest file that is read, in bytes.
    pub file_bytes: u64,
    /// The most files that are read of a source.
    pub files: usize,
    /// The most entries that are looked at in a source, whether they are read or not.
    pub entries: usize,
    /// The most that is read of a source, in bytes.
    pub total_bytes: u64,
    /// How deep folders may be nested.
    pub folder_depth: usize,
    /// How deep values in a front matter may be nested.
    pub value_depth: usize,
    /// The most values in a front matter, aliases written out.
    pub values: usize,
    /// How long fetching a repository may take, in seconds.
    pub fetch_seconds: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file_bytes: 2 << 20,
            files: 100_000,
            entries: 500_000,
            total_bytes: 1 << 30,
            folder_depth: 32,
            value_depth: 32,
            values: 20_000,
            fetch_seconds: 600,
        }
    }
}
