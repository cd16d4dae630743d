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
    /// The longest name of a file or folder, in bytes.
    pub name_bytes: usize,
    /// How deep values in a front matter may be nested.
    pub value_depth: usize,
    /// The most values in a front matter, aliases written out.
    pub values: usize,
    /// The most records that are read of one file: the entries of a list, the rows of a table.
    pub file_records: usize,
    /// The most values in a file of many records, aliases written out.
    pub file_values: usize,
    /// The most that is fetched in one run, in bytes, before anything is unpacked.
    pub download_bytes: u64,
    /// The largest object of a Git repository, in bytes, unpacked: larger ones would have to be held in memory.
    pub object_bytes: usize,
    /// How many times its own size an archive may unpack to.
    pub archive_ratio: u64,
    /// How long fetching may take, in seconds.
    pub fetch_seconds: u64,
    /// How long making a connection may take, in seconds.
    pub connect_seconds: u64,
    /// How long a server may send nothing, in seconds.
    pub read_seconds: u64,
    /// How long a server that is busy is waited for, in seconds; beyond that the run ends and says so.
    pub wait_seconds: u64,
    /// How often a request is made before it is given up.
    pub attempts: u32,
    /// How long the first wait before a request is repeated is at the most, in milliseconds; it doubles each time.
    pub wait_milliseconds: u64,
    /// How often one request may be redirected.
    pub redirects: usize,
    /// How many packs a fetched repository may consist of before it is fetched anew, which makes one of them.
    pub packs: usize,
    /// How long reading one file may take, in seconds.
    pub file_seconds: u64,
    /// How long a run may take, in seconds, from the beginning of the fetch to the end of the comparison with the graph.
    pub run_seconds: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file_bytes: 2 << 20,
            files: 100_000,
            entries: 500_000,
            total_bytes: 1 << 30,
            folder_depth: 32,
            name_bytes: 255,
            value_depth: 32,
            values: 20_000,
            file_records: 10_000,
            file_values: 400_000,
            download_bytes: 1 << 30,
            object_bytes: 256 << 20,
            archive_ratio: 200,
            fetch_seconds: 600,
            connect_seconds: 10,
            read_seconds: 30,
            wait_seconds: 60,
            attempts: 4,
            wait_milliseconds: 500,
            redirects: 5,
            packs: 32,
            file_seconds: 10,
            run_seconds: 3_600,
        }
    }
}
