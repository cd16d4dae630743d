//! A Git repository: of this machine, read where it is; or of a server, fetched shallow into a bare repository of ours and
//! read from its objects. No files are checked out, and no program is started.

mod contents;
mod dates;
mod fetch;
mod tip;
mod transport;
mod tree;

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};

use gix::ObjectId;
use sha2::{Digest as _, Sha256};
use url::Url;

use self::fetch::{Failure, Fetch};
use super::http::{Client, Scheme, with_causes};
use super::{CommitDays, FileSource, Question, Snapshot};
use crate::error::ImportError;
use crate::job::ImportJob;
use crate::limits::Limits;
use crate::reference::hex;

/// The reference under which the fetched tip is kept.
const TIP: &str = "refs/maillage/tip";

/// A repository by its address.
pub struct Git<'a> {
    job: &'a ImportJob,
    address: &'a str,
    branch: Option<&'a str>,
}

impl<'a> Git<'a> {
    pub fn new(job: &'a ImportJob, address: &'a str, branch: Option<&'a str>) -> Self {
        Self { job, address, branch }
    }

    fn limits(&self) -> &Limits {
        &self.job.surroundings.limits
    }

    /// The path of a repository of this machine.
    fn local_path(&self) -> Option<PathBuf> {
        match self.address.split_once("://") {
            None => Some(PathBuf::from(self.address)),
            Some(("file", _)) => Url::parse(self.address).ok()?.to_file_path().ok(),
            Some(_) => None,
        }
    }

    fn failed(&self, error: &dyn std::error::Error) -> ImportError {
        ImportError::Fetch { address: self.address.to_owned(), problem: with_causes(error) }
    }

    fn unknown_branch(&self) -> ImportError {
        match self.branch {
            Some(branch) => ImportError::UnknownBranch { address: self.address.to_owned(), branch: branch.to_owned() },
            None => ImportError::Fetch { address: self.address.to_owned(), problem: "it has no commit".to_owned() },
        }
    }

    /// The commit at the tip of a repository of this machine.
    fn local_tip(&self, repository: &gix::Repository) -> Result<ObjectId, ImportError> {
        let id = match self.branch {
            None => repository.head_id().map_err(|_| self.unknown_branch())?,
            Some(branch) => {
                let reference = repository.find_reference(branch).map_err(|_| self.unknown_branch())?;
                reference.into_fully_peeled_id().map_err(|error| self.failed(&error))?
            }
        };
        Ok(id.detach())
    }

    /// Answers from the commit of a repository that is here.
    fn answer(&self, repository: &gix::Repository, tip: ObjectId, question: &Question) -> Result<Snapshot, ImportError> {
        tree::read(repository, tip, self.address, question, self.limits())
    }

    fn local(&self, path: &Path, question: &Question) -> Result<Option<Snapshot>, ImportError> {
        let repository = isolated().open(path).map_err(|error| self.failed(&error))?.to_thread_local();
        let tip = self.local_tip(&repository)?;
        if question.knows(&tip.to_string()) {
            return Ok(None);
        }
        let mut snapshot = self.answer(&repository, tip, question)?;
        if question.dates {
            snapshot.dates = dates::of(&repository, tip, None).map_err(|error| self.failed(&error))?;
        }
        Ok(Some(snapshot))
    }

    fn remote(&self, question: &Question) -> Result<Option<Snapshot>, ImportError> {
        let address = Url::parse(self.address).map_err(|error| self.failed(&error))?;
        let token = self.job.token_for(&address).map(|token| (token, Scheme::Basic));
        let client = Client::new(&self.job.surroundings.network, self.limits(), &address, token)
            .map_err(|problem| problem.of_source(self.address))?;
        let folder = self.job.surroundings.cache.join(format!("{}.git", hex(&Sha256::digest(self.address.as_bytes())[..12])));
        let _only_one = self.lock(&folder)?;
        let tip = match tip::ask(&client, self.address.trim_end_matches('/'), self.branch) {
            Ok(Some(tip)) => Some(tip.commit.ok_or_else(|| self.unknown_branch())?),
            // An old server, or a short trouble: the library greets it, and has more patience.
            Ok(None) => None,
            Err(problem) if problem.is_transient() => None,
            Err(problem) => return Err(problem.of_source(self.address)),
        };
        if tip.is_some_and(|tip| question.knows(&tip.to_string())) {
            return Ok(None);
        }
        let fetch = Fetch { client: &client, address: &address, branch: self.branch, tip, limits: self.limits() };
        let (repository, tip) = self.up_to_date(&folder, &fetch)?;
        if question.knows(&tip.to_string()) {
            return Ok(None);
        }
        let mut snapshot = self.answer(&repository, tip, question)?;
        if question.dates {
            match fetch.history(&repository) {
                Ok(()) => {
                    let kept = folder.with_extension("dates");
                    snapshot.dates = dates::of(&repository, tip, Some(&kept)).map_err(|error| self.failed(&error))?;
                }
                // Dates are welcome; without them the files are still there.
                Err(failure) => {
                    tracing::warn!(address = self.address, problem = %self.error(failure), "fetched without the dates of commits");
                }
            }
        }
        Ok(Some(snapshot))
    }

    /// Lets one run at a time use a fetched repository; others wait.
    fn lock(&self, folder: &Path) -> Result<File, ImportError> {
        let path = folder.with_extension("lock");
        let cache = &self.job.surroundings.cache;
        std::fs::create_dir_all(cache).map_err(|error| ImportError::read(cache, &error))?;
        let file = File::create(&path).map_err(|error| ImportError::read(&path, &error))?;
        file.lock().map_err(|error| ImportError::read(&path, &error))?;
        Ok(file)
    }

    /// Our repository with the tip of the branch in it.
    fn up_to_date(&self, folder: &Path, fetch: &Fetch) -> Result<(gix::Repository, ObjectId), ImportError> {
        let is_scattered = packs(folder) > self.limits().packs;
        if folder.exists() && !is_scattered {
            match Self::fetch_into(folder, fetch) {
                // It is a cache: what is broken in it is made anew, once.
                Err(Failure::Broken(problem)) => {
                    tracing::warn!(address = self.address, problem, "fetching again from scratch");
                }
                result => return result.map_err(|failure| self.error(failure)),
            }
        }
        // A new one takes the place of the old only when it is whole.
        let new = folder.with_extension("new");
        remove(&new)?;
        let (_, tip) = Self::fetch_into(&new, fetch).map_err(|failure| self.error(failure))?;
        remove(folder)?;
        std::fs::rename(&new, folder).map_err(|error| ImportError::read(folder, &error))?;
        let repository = isolated().open(folder).map_err(|error| self.failed(&error))?.to_thread_local();
        Ok((repository, tip))
    }

    fn fetch_into(folder: &Path, fetch: &Fetch) -> Result<(gix::Repository, ObjectId), Failure> {
        let broken = |error: &dyn std::error::Error| Failure::Broken(with_causes(error));
        let repository = if folder.exists() {
            isolated().open(folder).map_err(|error| broken(&error))?.to_thread_local()
        } else {
            std::fs::create_dir_all(folder).map_err(|error| broken(&error))?;
            gix::ThreadSafeRepository::init_opts(folder, gix::create::Kind::Bare, gix::create::Options::default(), isolated())
                .map_err(|error| broken(&error))?
                .to_thread_local()
        };
        let is_here = |tip: &ObjectId| fetch::known_tip(&repository) == Some(*tip);
        let tip = match fetch.tip.filter(is_here) {
            Some(tip) => tip,
            None => fetch.tip(&repository)?,
        };
        Ok((repository, tip))
    }

    fn error(&self, failure: Failure) -> ImportError {
        match failure {
            Failure::NoBranch => self.unknown_branch(),
            Failure::Problem(problem) => problem.of_source(self.address),
            Failure::Broken(problem) => ImportError::Fetch { address: self.address.to_owned(), problem },
        }
    }
}

impl FileSource for Git<'_> {
    fn snapshot(&self, question: &Question) -> Result<Option<Snapshot>, ImportError> {
        if let Some(path) = self.local_path() {
            return self.local(&path, question);
        }
        // Other schemes would start programs of this machine (ssh) or go unencrypted and unheard of (git).
        if !["http://", "https://"].iter().any(|scheme| self.address.starts_with(scheme)) {
            return Err(ImportError::Scheme { address: self.address.to_owned() });
        }
        self.remote(question)
    }
}

/// The commit of the HEAD of a repository whose work tree a folder is, if it is one.
pub fn head_of_work_tree(folder: &Path) -> Option<String> {
    let repository = isolated().open(folder).ok()?.to_thread_local();
    repository.head_id().ok().map(|id| id.to_string())
}

/// The days of the first and last commits of the files in a folder that is the work tree of a repository; none if it is no such folder, or its
/// history is not here.
pub fn dates_of_work_tree(folder: &Path) -> BTreeMap<String, CommitDays> {
    let Ok(repository) = isolated().open(folder) else { return BTreeMap::new() };
    let repository = repository.to_thread_local();
    let Ok(tip) = repository.head_id() else { return BTreeMap::new() };
    // Dates are welcome; without them the files are still there.
    dates::of(&repository, tip.detach(), None).unwrap_or_else(|problem| {
        tracing::warn!(folder = %folder.display(), %problem, "read without the dates of commits");
        BTreeMap::new()
    })
}

/// Repositories are opened without the settings of this machine's users, which could run programs.
fn isolated() -> gix::open::Options {
    gix::open::Options::isolated()
}

/// How many packs a repository consists of.
fn packs(folder: &Path) -> usize {
    let Ok(entries) = std::fs::read_dir(folder.join("objects/pack")) else { return 0 };
    entries.flatten().filter(|entry| entry.path().extension().is_some_and(|extension| extension == "pack")).count()
}

fn remove(folder: &Path) -> Result<(), ImportError> {
    match std::fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(ImportError::read(folder, &error)),
        _ => Ok(()),
    }
}
