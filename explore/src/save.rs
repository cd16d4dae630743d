//! The index beside the data: what makes a start quick.
//!
//! ```text
//! explore/lock            held while a process uses the folder
//! explore/saved-7/        one saved index; the highest number counts
//!   manifest.json         format, revision, which graph, size and checksum of each file
//!   columns               the records' facts
//!   text/                 the full-text index, one segment
//! explore/new-8/          one being written: of no account until it has its final name
//! explore/building/       the texts of an index that is being built from the graph
//! ```
//!
//! A saved index is written whole under another name, brought to disk, and then renamed: whoever is killed meanwhile leaves
//! the one before. One that is damaged, of another format or of another graph is not used: the index can always be built
//! from the graph.

use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use maillage_graph_schema::store::Revision;
use serde_json::{Value, json};
use tantivy::Directory as _;
use tantivy::directory::MmapDirectory;

use crate::codec::{Code as _, Reader};
use crate::columns::Columns;
use crate::snapshot::Snapshot;
use crate::text::index::TextIndex;

/// Grows with every change of what is written.
const FORMAT: u64 = 6;

const MANIFEST: &str = "manifest.json";
const COLUMNS: &str = "columns";
const TEXT: &str = "text";
const SAVED: &str = "saved-";
const NEW: &str = "new-";

/// Why a saved index is not used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unusable {
    #[error("there is none")]
    Missing,
    #[error("it is of format {found}, this program writes {FORMAT}")]
    Format { found: u64 },
    #[error("{file} is damaged: {problem}")]
    Damaged { file: String, problem: String },
    #[error("it is of another graph")]
    OtherGraph,
    #[error("{file} cannot be read: {error}")]
    Io { file: String, error: io::Error },
}

impl Unusable {
    fn damaged(file: &str, problem: impl std::fmt::Display) -> Self {
        Self::Damaged { file: file.to_owned(), problem: format!("{problem}") }
    }
}

/// A saved index, read back.
pub(crate) struct Saved {
    pub snapshot: Snapshot,
    /// Which graph it was of: see [`crate::follow`].
    pub graph: String,
}

/// The folder of a process's index, held as long as this lives.
#[derive(Debug)]
pub(crate) struct Folder {
    path: PathBuf,
    held_by: HeldBy,
}

#[derive(Debug)]
enum HeldBy {
    /// Nobody else saves here meanwhile.
    Lock { _file: File },
    /// Another process has the folder: this one of ours is thrown away at the end.
    Throwaway { _folder: tempfile::TempDir },
}

impl Folder {
    /// Takes a folder, which is made if it is not there. If another process has it, gives one that is thrown away.
    pub(crate) fn take(path: &Path) -> io::Result<Self> {
        fs::create_dir_all(path)?;
        let lock = File::create(path.join("lock"))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(fs::TryLockError::WouldBlock) => {
                let folder = tempfile::Builder::new().prefix("maillage-explore-").tempdir()?;
                return Ok(Self { path: folder.path().to_owned(), held_by: HeldBy::Throwaway { _folder: folder } });
            }
            Err(fs::TryLockError::Error(error)) => return Err(error),
        }
        let folder = Self { path: path.to_owned(), held_by: HeldBy::Lock { _file: lock } };
        // What a process that was killed left behind.
        for (_, unfinished) in folder.numbered(NEW)? {
            fs::remove_dir_all(unfinished)?;
        }
        Ok(folder)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Whether what is saved here is there at the next start.
    pub(crate) const fn is_lasting(&self) -> bool {
        matches!(self.held_by, HeldBy::Lock { .. })
    }

    /// Whether an index has been saved here.
    pub(crate) fn has_saved(&self) -> bool {
        self.numbered(SAVED).is_ok_and(|saved| !saved.is_empty())
    }

    /// The folders with a prefix and a number, by number.
    fn numbered(&self, prefix: &str) -> io::Result<Vec<(u64, PathBuf)>> {
        let mut found = Vec::new();
        for entry in fs::read_dir(&self.path)? {
            let entry = entry?;
            let number = entry.file_name().to_str().and_then(|name| name.strip_prefix(prefix)?.parse::<u64>().ok());
            found.extend(number.map(|number| (number, entry.path())));
        }
        found.sort_unstable();
        Ok(found)
    }

    /// An empty folder to build texts in.
    pub(crate) fn for_building(&self) -> io::Result<PathBuf> {
        let path = self.path.join("building");
        if path.exists() {
            fs::remove_dir_all(&path)?;
        }
        fs::create_dir_all(&path)?;
        Ok(path)
    }

    /// Reads the last index that was saved.
    pub(crate) fn load(&self) -> Result<Saved, Unusable> {
        let folders = self.numbered(SAVED).map_err(|error| Unusable::Io { file: self.path.display().to_string(), error })?;
        let (_, folder) = folders.last().ok_or(Unusable::Missing)?;
        load(folder)
    }

    /// Writes an index in place of the one before; gives its texts as they are on disk now.
    pub(crate) fn save(&self, snapshot: &Snapshot, graph: &str) -> io::Result<TextIndex> {
        let before = self.numbered(SAVED)?;
        let number = before.last().map_or(1, |(number, _)| number + 1);
        let (new, saved) = (self.path.join(format!("{NEW}{number}")), self.path.join(format!("{SAVED}{number}")));
        if new.exists() {
            fs::remove_dir_all(&new)?;
        }
        fs::create_dir_all(new.join(TEXT))?;
        let mut bytes = Vec::new();
        snapshot.columns.write(&mut bytes);
        File::create(new.join(COLUMNS))?.write_all(&bytes)?;
        drop(bytes);
        snapshot.texts.save(&new.join(TEXT)).map_err(io::Error::other)?;

        let mut files = Vec::new();
        for name in file_names(&new)? {
            let file = new.join(&name);
            let (size, checksum) = checksum(&file)?;
            File::open(&file)?.sync_all()?;
            files.push(json!({ "name": name, "size": size, "crc32": checksum }));
        }
        let manifest = json!({
            "maillage": "explore", "format": FORMAT, "revision": snapshot.revision, "graph": graph, "files": files,
        });
        let mut file = File::create(new.join(MANIFEST))?;
        file.write_all(manifest.to_string().as_bytes())?;
        file.sync_all()?;
        for folder in [new.join(TEXT), new.clone()] {
            sync_folder(&folder)?;
        }
        fs::rename(&new, &saved)?;
        sync_folder(&self.path)?;
        let texts = TextIndex::load(&saved.join(TEXT)).map_err(io::Error::other)?;
        // From here on the new one counts. What is left of others is only in the way.
        for (_, old) in before {
            fs::remove_dir_all(old)?;
        }
        let building = self.path.join("building");
        if building.exists() {
            fs::remove_dir_all(building)?;
        }
        Ok(texts)
    }
}

/// Brings the names in a folder to disk, where the system knows how.
fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

/// The files of an index but for the manifest, with `/`, sorted.
fn file_names(folder: &Path) -> io::Result<Vec<String>> {
    let mut names = vec![COLUMNS.to_owned()];
    for entry in fs::read_dir(folder.join(TEXT))? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        // The index library's own locks: empty, and of no meaning at rest.
        if Path::new(&name).extension().is_none_or(|extension| extension != "lock") {
            names.push(format!("{TEXT}/{name}"));
        }
    }
    names.sort_unstable();
    Ok(names)
}

/// The size and checksum of a file.
fn checksum(file: &Path) -> io::Result<(u64, u32)> {
    let mut hasher = crc32fast::Hasher::new();
    let mut file = File::open(file)?;
    let mut buffer = vec![0; 1 << 20];
    let mut size = 0;
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            return Ok((size, hasher.finalize()));
        }
        hasher.update(&buffer[..read]);
        size += read as u64;
    }
}

/// Reads the records' facts from where the system keeps the file: a copy of it would stay in the memory of the process.
fn read_columns(folder: &Path) -> Result<Columns, Unusable> {
    let unreadable = |problem| Unusable::Io { file: COLUMNS.to_owned(), error: io::Error::other(problem) };
    let directory = MmapDirectory::open(folder).map_err(|error| unreadable(error.to_string()))?;
    let file = directory.open_read(Path::new(COLUMNS)).map_err(|error| unreadable(error.to_string()))?;
    let bytes = file.read_bytes().map_err(|error| unreadable(error.to_string()))?;
    let mut reader = Reader::new(&bytes);
    let columns = Columns::read(&mut reader).map_err(|error| Unusable::damaged(COLUMNS, error))?;
    reader.finish().map_err(|error| Unusable::damaged(COLUMNS, error))?;
    Ok(columns)
}

fn load(folder: &Path) -> Result<Saved, Unusable> {
    let read = |name: &str| fs::read(folder.join(name)).map_err(|error| Unusable::Io { file: name.to_owned(), error });
    let manifest: Value = serde_json::from_slice(&read(MANIFEST)?).map_err(|error| Unusable::damaged(MANIFEST, error))?;
    let missing = |field: &str| Unusable::damaged(MANIFEST, format!("it has no {field}"));
    let format = manifest["format"].as_u64().ok_or_else(|| missing("format"))?;
    if format != FORMAT {
        return Err(Unusable::Format { found: format });
    }
    let revision: Revision = manifest["revision"].as_u64().ok_or_else(|| missing("revision"))?;
    let graph = manifest["graph"].as_str().ok_or_else(|| missing("graph"))?.to_owned();
    let files = manifest["files"].as_array().ok_or_else(|| missing("files"))?;
    for file in files {
        let name = file["name"].as_str().ok_or_else(|| missing("name of a file"))?;
        let (size, found) = checksum(&folder.join(name)).map_err(|error| Unusable::Io { file: name.to_owned(), error })?;
        if file["size"].as_u64() != Some(size) || file["crc32"].as_u64() != Some(u64::from(found)) {
            return Err(Unusable::damaged(name, "its checksum is another"));
        }
    }
    let mut columns = read_columns(folder)?;
    columns.derive_all();
    let texts = TextIndex::load(&folder.join(TEXT)).map_err(|error| Unusable::damaged(TEXT, error))?;
    let known = columns.initiatives.len();
    if texts.parts.iter().flat_map(|part| &part.segment.initiatives).any(|id| *id as usize >= known) {
        return Err(Unusable::damaged(TEXT, "it is of other columns"));
    }
    Ok(Saved { snapshot: Snapshot::new(revision, columns, texts), graph })
}
