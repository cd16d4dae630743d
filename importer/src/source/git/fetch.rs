//! From a server into a bare repository of ours: one commit with its files and, where dates are asked for, those before it.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use gix::ObjectId;
use gix::odb::pack;
use gix::progress::Discard;
use gix::protocol::Handshake;
use gix::protocol::fetch::{self, Arguments, Negotiate, Shallow, Tags, negotiate};
use gix::protocol::handshake::Ref;
use gix::protocol::transport::client::{Capabilities, TransportWithoutIO as _};
use gix::protocol::transport::{Protocol, Service};
use gix::refs::transaction::PreviousValue;
use url::Url;

use super::{TIP, tip, transport};
use crate::limits::Limits;
use crate::source::http::{Client, Problem, with_causes};

/// How a repository is fetched.
pub struct Fetch<'a> {
    pub client: &'a Client,
    pub address: &'a Url,
    pub branch: Option<&'a str>,
    /// The tip, if the server has told it.
    pub tip: Option<ObjectId>,
    pub limits: &'a Limits,
}

/// Why a fetch gave nothing.
pub enum Failure {
    /// The branch, or any commit, is not there.
    NoBranch,
    /// The server, or the way to it.
    Problem(Problem),
    /// What is here, or what came: fetching anew may help.
    Broken(String),
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

impl Fetch<'_> {
    /// Fetches the tip of the branch with its files, as far as they are not here.
    pub fn tip(&self, repository: &gix::Repository) -> Result<ObjectId, Failure> {
        // Files that are too large to be read are not even sent, by servers that can leave them out.
        let filter = format!("blob:limit={}", self.limits.file_bytes + 1);
        // A history that is here grows by little.
        let has_history = !self.is_shallow(repository)? && known_tip(repository).is_some();
        let depth = if has_history { Shallow::NoChange } else { Shallow::DepthAtRemote(NonZeroU32::MIN) };
        let tip = self.receive(repository, depth, filter)?;
        repository.reference(TIP, tip, PreviousValue::Any, "fetched").map_err(|error| self.failure(&error))?;
        Ok(tip)
    }

    /// Fetches all commits before a tip that is here, without the files of their time where the server can leave them out.
    pub fn history(&self, repository: &gix::Repository) -> Result<(), Failure> {
        if self.is_shallow(repository)? {
            self.receive(repository, Shallow::undo(), "blob:none".to_owned())?;
        }
        Ok(())
    }

    fn is_shallow(&self, repository: &gix::Repository) -> Result<bool, Failure> {
        repository.is_shallow().map_err(|error| self.failure(&error))
    }

    fn receive(&self, repository: &gix::Repository, depth: Shallow, filter: String) -> Result<ObjectId, Failure> {
        let broken = |error: &gix::Error| self.failure(error);
        let mut transport = transport::over(self.client, self.address)?;
        let no_credentials = |_| Ok(None);
        let mut handshake =
            gix::protocol::handshake(&mut transport, Service::UploadPack, no_credentials, Vec::new(), &mut Discard)
                .map_err(|error| broken(&error))?;
        let tip = match self.tip {
            Some(tip) => tip,
            None => self.tip_of(&handshake, &transport.to_url().to_string())?,
        };
        if repository.object_hash() != tip.kind() {
            return Err(Problem::Lasting("it uses SHA-256 object names, which are not read yet".to_owned()).into());
        }
        // Servers that cannot do it send everything.
        let depth = if can_be_shallow(&handshake) { depth } else { Shallow::NoChange };
        let watchdog = Watchdog::start(Duration::from_secs(self.limits.fetch_seconds));
        let mut wants = Wants { tip, known: known_tip(repository), filter };
        let received = gix::protocol::fetch(
            &mut wants,
            |reader, progress, interrupt| self.write(repository, reader, progress, interrupt),
            Discard,
            &watchdog.interrupt,
            fetch::Context {
                handshake: &mut handshake,
                transport: &mut transport,
                user_agent: ("agent", Some(tip::AGENT.to_owned())),
                trace_packetlines: false,
            },
            fetch::Options {
                shallow_file: repository.shallow_file().map_err(|error| broken(&error))?,
                shallow: &depth,
                tags: Tags::None,
                reject_shallow_remote: false,
            },
        );
        if watchdog.interrupt.load(Ordering::Relaxed) {
            let limit = self.limits.fetch_seconds;
            return Err(Problem::Limit { what: "the time to fetch in seconds", limit }.into());
        }
        received.map_err(|error| broken(&error))?;
        Ok(tip)
    }

    /// What went wrong: what the client saw, if it saw anything.
    fn failure(&self, error: &gix::Error) -> Failure {
        match self.client.problem() {
            Some(problem) => Failure::Problem(problem),
            None => Failure::Broken(with_causes(error)),
        }
    }

    /// The tip of the branch, from the greeting of an old server or by asking a new one again.
    fn tip_of(&self, handshake: &Handshake, base: &str) -> Result<ObjectId, Failure> {
        if let Some(references) = &handshake.refs {
            let wanted = tip::reference(self.branch);
            let found = references.iter().find_map(|reference| match reference {
                Ref::Direct { full_ref_name, object } if *full_ref_name == wanted => Some(*object),
                Ref::Symbolic { full_ref_name, object, .. } if *full_ref_name == wanted => Some(*object),
                Ref::Peeled { full_ref_name, object, .. } if *full_ref_name == wanted => Some(*object),
                _ => None,
            });
            return found.ok_or(Failure::NoBranch);
        }
        let answered = self.client.patiently(|| tip::ask(self.client, base, self.branch))?;
        let answered = answered.ok_or_else(|| Problem::Lasting("it does not answer as a Git server does".to_owned()))?;
        answered.commit.ok_or(Failure::NoBranch)
    }

    /// Writes a pack beside the others.
    fn write(
        &self,
        repository: &gix::Repository,
        reader: &mut dyn std::io::BufRead,
        progress: &mut dyn gix::DynNestedProgress,
        interrupt: &AtomicBool,
    ) -> gix::Result<bool> {
        let options = pack::bundle::write::Options {
            alloc_limit_bytes: Some(self.limits.object_bytes),
            ..pack::bundle::write::Options::default()
        };
        let written = pack::Bundle::write_to_directory(
            reader,
            Some(&repository.objects.store_ref().path().join("pack")),
            progress,
            interrupt,
            Some(Box::new(repository.objects.clone())),
            repository.object_hash(),
            options,
        )?;
        if let Some(keep) = written.keep_path {
            // Nobody but us removes packs here.
            let _ = std::fs::remove_file(keep);
        }
        Ok(true)
    }
}

/// The commit that was fetched last.
pub fn known_tip(repository: &gix::Repository) -> Option<ObjectId> {
    let id = repository.find_reference(TIP).ok()?.into_fully_peeled_id().ok()?.detach();
    repository.find_commit(id).ok().map(|_| id)
}

fn can_be_shallow(handshake: &Handshake) -> bool {
    let has = |capabilities: &Capabilities| match handshake.server_protocol_version {
        Protocol::V2 => capabilities.capability("fetch").and_then(|fetch| fetch.supports("shallow")).unwrap_or_default(),
        _ => capabilities.contains("shallow"),
    };
    has(&handshake.capabilities)
}

/// Wants one commit, and tells of the one that is here.
struct Wants {
    tip: ObjectId,
    known: Option<ObjectId>,
    filter: String,
}

impl Negotiate for Wants {
    fn mark_complete_and_common_ref(&mut self) -> gix::Result<negotiate::Action> {
        Ok(negotiate::Action::MustNegotiate { remote_ref_target_known: Vec::new() })
    }

    fn add_wants(&mut self, arguments: &mut Arguments, _known: &[bool]) -> bool {
        if arguments.can_use_filter() {
            arguments.filter(&self.filter);
        }
        arguments.want(self.tip);
        if let Some(known) = self.known {
            arguments.have(known);
        }
        true
    }

    fn one_round(
        &mut self,
        _state: &mut negotiate::one_round::State,
        _arguments: &mut Arguments,
        _previous: Option<&fetch::Response>,
    ) -> gix::Result<(negotiate::Round, bool)> {
        let haves_sent = usize::from(self.known.is_some());
        let round = negotiate::Round {
            haves_sent,
            in_vain: 0,
            haves_to_send: haves_sent,
            previous_response_had_at_least_one_in_common: false,
        };
        // There is nothing to negotiate: the server has our commit or not, and sends what is missing.
        Ok((round, true))
    }
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
