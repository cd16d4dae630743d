//! A Git repository: of this machine, read where it is; or of a server, fetched shallow into a bare repository of ours and
//! read from its objects. No files are checked out.

use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use gix::bstr::ByteSlice as _;
use gix::remote::{Direction, fetch};
use sha2::{Digest as _, Sha256};

use super::{Collector, FileSource, Snapshot};
use crate::error::ImportError;
use crate::limits::Limits;
use crate::reference::hex;

/// The reference under which the fetched tip is kept.
const TIP: &str = "refs/maillage/tip";

/// A repository by its address.
pub struct Git {
    address: String,
    branch: Option<String>,
    cache: PathBuf,
}

impl Git {
    pub fn new(address: &str, branch: Option<&str>, cache: &Path) -> Self {
        Self { address: address.to_owned(), branch: branch.map(str::to_owned), cache: cache.to_owned() }
    }

    /// The path of a repository of this machine.
    fn local_path(&self) -> Option<PathBuf> {
        match self.address.split_once("://") {
            None => Some(PathBuf::from(&self.address)),
            Some(("file", _)) => url::Url::parse(&self.address).ok()?.to_file_path().ok(),
            Some(_) => None,
        }
    }

    fn failed(&self, error: &dyn std::error::Error) -> ImportError {
        ImportError::Fetch { address: self.address.clone(), problem: with_causes(error) }
    }

    fn unknown_branch(&self) -> ImportError {
        match &self.branch {
            Some(branch) => ImportError::UnknownBranch { address: self.address.clone(), branch: branch.clone() },
            None => ImportError::Fetch { address: self.address.clone(), problem: "it has no commit".to_owned() },
        }
    }

    /// The commit at the tip of a repository of this machine.
    fn local_tip<'repo>(&self, repository: &'repo gix::Repository) -> Result<gix::Commit<'repo>, ImportError> {
        let id = match &self.branch {
            None => repository.head_id().map_err(|_| self.unknown_branch())?,
            Some(branch) => {
                let reference = repository.find_reference(branch.as_str()).map_err(|_| self.unknown_branch())?;
                reference.into_fully_peeled_id().map_err(|error| self.failed(&error))?
            }
        };
        id.object().map_err(|error| self.failed(&error))?.try_into_commit().map_err(|error| self.failed(&error))
    }

    /// Fetches the tip into our repository and gives both.
    fn fetch(&self, limits: &Limits) -> Result<gix::Repository, ImportError> {
        let name = hex(&Sha256::digest(self.address.as_bytes())[..12]);
        let folder = self.cache.join(format!("{name}.git"));
        let known = folder.exists();
        match self.fetch_into(&folder, limits) {
            // It is a cache: what is broken in it is made anew, once.
            Err(error) if known && !matches!(error, ImportError::UnknownBranch { .. }) => {
                tracing::warn!(address = %self.address, "fetching again from scratch: {error}");
                std::fs::remove_dir_all(&folder).map_err(|error| ImportError::read(&folder, &error))?;
                self.fetch_into(&folder, limits)
            }
            result => result,
        }
    }

    fn fetch_into(&self, folder: &Path, limits: &Limits) -> Result<gix::Repository, ImportError> {
        let repository = if folder.exists() {
            isolated().open(folder).map_err(|error| self.failed(&error))?.to_thread_local()
        } else {
            std::fs::create_dir_all(folder).map_err(|error| ImportError::read(folder, &error))?;
            gix::ThreadSafeRepository::init_opts(folder, gix::create::Kind::Bare, gix::create::Options::default(), isolated())
                .map_err(|error| self.failed(&error))?
                .to_thread_local()
        };
        let wanted = self.branch.as_ref().map_or_else(|| "HEAD".to_owned(), |branch| format!("refs/heads/{branch}"));
        let specification = format!("+{wanted}:{TIP}");
        let remote = repository
            .remote_at(self.address.as_str())
            .and_then(|remote| remote.with_refspecs([specification.as_str()], Direction::Fetch))
            .map_err(|error| self.failed(&error))?
            .with_fetch_tags(fetch::Tags::None);
        let connection = remote
            .connect(Direction::Fetch)
            .map_err(|error| self.failed(&error))?
            // A server that asks for a password is an error: nobody is there to type one.
            .with_credentials(|_| Ok(None));
        let prepared = connection
            .prepare_fetch(gix::progress::Discard, gix::remote::ref_map::Options::default())
            .map_err(|error| self.failed(&error))?;
        // The HEAD of an empty repository is a branch that is not born yet.
        if prepared.ref_map().mappings.iter().all(|mapping| mapping.remote.as_id().is_none()) {
            return Err(self.unknown_branch());
        }
        let watchdog = Watchdog::start(Duration::from_secs(limits.fetch_seconds));
        prepared
            .with_shallow(fetch::Shallow::DepthAtRemote(NonZeroU32::MIN))
            .receive(gix::progress::Discard, &watchdog.interrupt)
            .map_err(|error| {
                if watchdog.interrupt.load(Ordering::Relaxed) {
                    ImportError::Limit {
                        address: self.address.clone(),
                        what: "the time to fetch in seconds",
                        limit: limits.fetch_seconds,
                    }
                } else {
                    self.failed(&error)
                }
            })?;
        Ok(repository)
    }
}

impl FileSource for Git {
    fn snapshot(&self, wanted: &dyn Fn(&str) -> bool, limits: &Limits) -> Result<Snapshot, ImportError> {
        if let Some(path) = self.local_path() {
            let repository = isolated().open(&path).map_err(|error| self.failed(&error))?.to_thread_local();
            let tip = self.local_tip(&repository)?;
            return read_tree(&repository, &tip, &self.address, wanted, limits);
        }
        // Other schemes would start programs of this machine (ssh) or go unencrypted and unheard of (git).
        if !["http://", "https://"].iter().any(|scheme| self.address.starts_with(scheme)) {
            return Err(ImportError::Scheme { address: self.address.clone() });
        }
        let repository = self.fetch(limits)?;
        let mut tip = repository.find_reference(TIP).map_err(|error| self.failed(&error))?;
        let commit = tip.peel_to_commit().map_err(|error| self.failed(&error))?;
        read_tree(&repository, &commit, &self.address, wanted, limits)
    }
}

/// The commit of the HEAD of a repository whose work tree a folder is, if it is one.
pub fn head_of_work_tree(folder: &Path) -> Option<String> {
    let repository = isolated().open(folder).ok()?.to_thread_local();
    repository.head_id().ok().map(|id| id.to_string())
}

/// Repositories are opened without the settings of this machine's users, which could run programs.
fn isolated() -> gix::open::Options {
    gix::open::Options::isolated()
}

/// Reads the wanted files of a commit's tree.
fn read_tree(
    repository: &gix::Repository,
    commit: &gix::Commit<'_>,
    address: &str,
    wanted: &dyn Fn(&str) -> bool,
    limits: &Limits,
) -> Result<Snapshot, ImportError> {
    let failed =
        |problem: &dyn std::fmt::Display| ImportError::Fetch { address: address.to_owned(), problem: problem.to_string() };
    let mut collector = Collector::new(address, limits);
    let root = commit.tree_id().map_err(|error| failed(&error))?.detach();
    let mut open = vec![(root, String::new(), 0)];
    while let Some((id, folder, depth)) = open.pop() {
        let tree = repository.find_tree(id).map_err(|error| failed(&error))?;
        for entry in tree.iter() {
            let entry = entry.map_err(|error| failed(&error))?;
            collector.entry()?;
            let name = entry.filename().to_str().ok();
            let path = name.map(|name| if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") });
            match (entry.mode().kind(), path) {
                (gix::object::tree::EntryKind::Tree, Some(path)) if depth < limits.folder_depth => {
                    open.push((entry.object_id(), path, depth + 1));
                }
                (gix::object::tree::EntryKind::Blob | gix::object::tree::EntryKind::BlobExecutable, Some(path))
                    if wanted(&path) =>
                {
                    let id = entry.object_id();
                    let size = repository.find_header(id).map_err(|error| failed(&error))?.size();
                    collector.file(path, size, || {
                        let mut blob = repository.find_blob(id).map_err(|error| failed(&error))?;
                        Ok(blob.take_data())
                    })?;
                }
                (gix::object::tree::EntryKind::Link, _) => collector.symbolic_link(),
                _ => collector.not_wanted(),
            }
        }
    }
    Ok(collector.finish(Some(commit.id.to_string())))
}

/// What an error says, and what led to it.
fn with_causes(error: &dyn std::error::Error) -> String {
    let mut said = vec![error.to_string()];
    let mut cause = error.source();
    while let Some(error) = cause {
        let words = error.to_string();
        // Some errors repeat their cause.
        if said.last().is_some_and(|last| !last.contains(&words)) {
            said.push(words);
        }
        cause = error.source();
    }
    said.join(": ")
}

/// Interrupts a fetch that takes too long; stops with the fetch.
struct Watchdog {
    interrupt: Arc<AtomicBool>,
    done: Option<std::sync::mpsc::Sender<()>>,
}

impl Watchdog {
    fn start(after: Duration) -> Self {
        let interrupt = Arc::new(AtomicBool::new(false));
        let (done, waiting) = std::sync::mpsc::channel::<()>();
        let raised = Arc::clone(&interrupt);
        std::thread::spawn(move || {
            if waiting.recv_timeout(after) == Err(std::sync::mpsc::RecvTimeoutError::Timeout) {
                raised.store(true, Ordering::Relaxed);
            }
        });
        Self { interrupt, done: Some(done) }
    }
}

impl Drop for Watchdog {
    fn drop(&mut self) {
        // The thread wakes when the channel closes.
        self.done.take();
    }
}
