//! An archive, by its address or its path: `.tar.gz` or `.zip`, told apart by how they begin.
//!
//! What is fetched is kept with what the server calls its state (`ETag`, `Last-Modified`); the next run asks for it only if it has
//! another one. It is read entry by entry; nothing is unpacked to disk, and archives in archives are files as any other.

mod tar;
mod zip;

use std::fs::File;
use std::io::{BufReader, Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};

use reqwest::header::{ACCEPT, ETAG, HeaderMap, HeaderName, HeaderValue, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED};
use reqwest::{Method, StatusCode};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use url::Url;

use super::http::{Answer, Client, Problem, Scheme};
use super::{Collector, FileSource, Question, Snapshot, name};
use crate::error::ImportError;
use crate::job::ImportJob;
use crate::limits::Limits;
use crate::reference::hex;

/// An archive by its address or path.
pub struct Archive<'a> {
    job: &'a ImportJob,
    address: &'a str,
}

/// What is known of an archive that is here.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Note {
    etag: Option<String>,
    last_modified: Option<String>,
    /// The hash of its bytes.
    version: String,
}

impl<'a> Archive<'a> {
    pub fn new(job: &'a ImportJob, address: &'a str) -> Self {
        Self { job, address }
    }

    fn limits(&self) -> &Limits {
        &self.job.surroundings.limits
    }

    fn failed(&self, error: &dyn std::fmt::Display) -> ImportError {
        ImportError::Fetch { address: self.address.to_owned(), problem: error.to_string() }
    }

    /// Fetches the archive unless it is here as the server has it; gives its file and version.
    fn fetch(&self, url: &Url) -> Result<(PathBuf, String), ImportError> {
        let token = self.job.token_for(url).map(|token| (token, Scheme::Bearer));
        let client = Client::new(&self.job.surroundings.network, self.limits(), url, token)
            .map_err(|problem| problem.of_source(self.address))?;
        let cache = &self.job.surroundings.cache;
        std::fs::create_dir_all(cache).map_err(|error| ImportError::read(cache, &error))?;
        let file = cache.join(format!("{}.archive", hex(&Sha256::digest(self.address.as_bytes())[..12])));
        let lock = File::create(file.with_extension("archive-lock")).map_err(|error| ImportError::read(&file, &error))?;
        lock.lock().map_err(|error| ImportError::read(&file, &error))?;
        let note_path = file.with_extension("archive-note");
        let note: Option<Note> = std::fs::read(&note_path).ok().and_then(|text| serde_json::from_slice(&text).ok());
        let note = note.filter(|_| file.is_file());
        let new = client
            .patiently(|| download(&client, url, note.as_ref(), &file))
            .map_err(|problem| problem.of_source(self.address))?;
        let version = match (new, note) {
            (None, Some(note)) => note.version,
            (None, None) => return Err(self.failed(&"the server says that nothing has changed, and nothing was there")),
            (Some(new), _) => {
                let text = serde_json::to_vec(&new).map_err(|error| self.failed(&error))?;
                std::fs::write(&note_path, text).map_err(|error| ImportError::read(&note_path, &error))?;
                new.version
            }
        };
        Ok((file, version))
    }
}

/// Fetches into a file; `None` if the server has what is noted.
fn download(client: &Client, url: &Url, note: Option<&Note>, file: &Path) -> Result<Option<Note>, Problem> {
    let answer = client.once(&Method::GET, url, &conditions(note), &[])?;
    if answer.status == StatusCode::NOT_MODIFIED {
        return Ok(None);
    }
    let text = |name: HeaderName| answer.headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let (etag, last_modified) = (text(ETAG), text(LAST_MODIFIED));
    let local = |error: std::io::Error| Problem::Lasting(format!("cannot keep the archive in {}: {error}", file.display()));
    let part = file.with_extension("archive-part");
    let mut target = File::create(&part).map_err(local)?;
    let mut hash = Sha256::new();
    let Answer { mut body, .. } = answer;
    let mut buffer = vec![0; 64 << 10];
    loop {
        let read = body.next(&mut buffer)?;
        if read == 0 {
            break;
        }
        hash.update(&buffer[..read]);
        target.write_all(&buffer[..read]).map_err(local)?;
    }
    target.sync_all().map_err(local)?;
    std::fs::rename(&part, file).map_err(local)?;
    Ok(Some(Note { etag, last_modified, version: format!("sha256:{}", hex(&hash.finalize())) }))
}

/// What makes the server send the archive only if it is not the one that is here.
fn conditions(note: Option<&Note>) -> HeaderMap {
    let mut headers = HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static("*/*"))]);
    let Some(note) = note else { return headers };
    // An ETag says more than a time, which servers may round.
    let (name, value) = match (&note.etag, &note.last_modified) {
        (Some(etag), _) => (IF_NONE_MATCH, etag),
        (None, Some(time)) => (IF_MODIFIED_SINCE, time),
        (None, None) => return headers,
    };
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
    headers
}

impl FileSource for Archive<'_> {
    fn snapshot(&self, question: &Question) -> Result<Option<Snapshot>, ImportError> {
        let (path, version) = match Url::parse(self.address) {
            Ok(url) if matches!(url.scheme(), "http" | "https") => self.fetch(&url)?,
            Ok(url) if self.address.contains("://") && url.scheme() != "file" => {
                return Err(ImportError::Scheme { address: self.address.to_owned() });
            }
            url => {
                let path = url.ok().and_then(|url| url.to_file_path().ok()).unwrap_or_else(|| PathBuf::from(self.address));
                let version = hash_of(&path).map_err(|error| ImportError::read(&path, &error))?;
                (path, version)
            }
        };
        if question.knows(&version) {
            return Ok(None);
        }
        let mut file = File::open(&path).map_err(|error| ImportError::read(&path, &error))?;
        let mut magic = [0; 4];
        let length = file.read(&mut magic).map_err(|error| ImportError::read(&path, &error))?;
        file.rewind().map_err(|error| ImportError::read(&path, &error))?;
        let reading = Reading { address: self.address, question, limits: self.limits(), version };
        match &magic[..length] {
            [0x1f, 0x8b, ..] => tar::read(&file, &reading).map(Some),
            [b'P', b'K', 3 | 5, 4 | 6] => zip::read(BufReader::new(file), &reading).map(Some),
            _ => Err(self.failed(&"it is neither a .tar.gz nor a .zip")),
        }
    }
}

fn hash_of(path: &Path) -> std::io::Result<String> {
    let mut hash = Sha256::new();
    let mut file = File::open(path)?;
    let mut buffer = vec![0; 64 << 10];
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            return Ok(format!("sha256:{}", hex(&hash.finalize())));
        }
        hash.update(&buffer[..read]);
    }
}

/// How an archive is read, whatever its format.
struct Reading<'a> {
    address: &'a str,
    question: &'a Question<'a>,
    limits: &'a Limits,
    version: String,
}

impl Reading<'_> {
    fn collector(&self) -> Collector<'_> {
        Collector::new(self.address, self.limits)
    }

    fn failed(&self, problem: &dyn std::fmt::Display) -> ImportError {
        ImportError::Fetch { address: self.address.to_owned(), problem: problem.to_string() }
    }

    /// How much an archive of a size may unpack to, in bytes. Small archives may hold much that is alike.
    fn most_unpacked(&self, packed: u64) -> u64 {
        const LEAST: u64 = 16 << 20;
        packed.saturating_mul(self.limits.archive_ratio).max(LEAST)
    }

    fn too_much(&self) -> ImportError {
        ImportError::Limit {
            address: self.address.to_owned(),
            what: "the unpacked size, in times that of the archive,",
            limit: self.limits.archive_ratio,
        }
    }

    /// Takes a file below the archive's root folder.
    fn file(
        &self,
        collector: &mut Collector<'_>,
        root: &str,
        path: &str,
        size: u64,
        read: impl FnOnce() -> Result<Vec<u8>, ImportError>,
    ) -> Result<(), ImportError> {
        let path = path.strip_prefix(root).unwrap_or(path);
        if path.matches('/').count() >= self.limits.folder_depth {
            collector.too_deep();
            return Ok(());
        }
        if (self.question.wanted)(path) {
            return collector.file(path.to_owned(), Some(size), read);
        }
        collector.not_wanted(path);
        Ok(())
    }
}

/// The folder that all files are in, with `/`, or nothing: forges put a folder around what they pack, called after the repository and
/// the commit.
#[derive(Default)]
struct Root(Option<String>);

impl Root {
    fn look_at(&mut self, path: &str) {
        let first = path.split_once('/').map(|(first, _)| format!("{first}/")).unwrap_or_default();
        match &self.0 {
            None => self.0 = Some(first),
            Some(root) if *root == first => {}
            Some(_) => self.0 = Some(String::new()),
        }
    }

    fn prefix(self) -> String {
        self.0.unwrap_or_default()
    }
}

/// The commit that a forge noted in an archive.
fn commit(text: &str) -> Option<String> {
    let text = text.trim();
    let is_commit = matches!(text.len(), 40 | 64) && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_commit.then(|| text.to_owned())
}

/// The name of an entry as a path below the archive's root, if all of it is plain.
fn path(name: &[u8], limits: &Limits) -> Option<String> {
    name::path(name, limits.name_bytes)
}
