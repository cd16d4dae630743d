//! What the command can be told.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;
use clap::{Args, Parser, Subcommand, ValueEnum};
use maillage_graph_schema::store::{self, GraphStore, StoreOptions};
use maillage_importer::diagnostic::ReportLanguage;
use maillage_importer::surroundings::{Environment, Network, Proxies};
use maillage_importer::{Surroundings, sources};

use crate::http::clients::Addresses;

/// An exchange network of best practice between towns: a graph of initiatives, and a GraphQL service over it.
#[derive(Debug, Parser)]
#[command(name = "maillage", version, about, max_term_width = 110)]
pub struct Arguments {
    #[command(flatten)]
    pub settings: Settings,
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// What to do; serves if nothing is said.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Answer questions over HTTP. The first start loads towns, topics and case studies (the default)
    Serve,
    /// Bring case studies into the graph
    Import(Import),
    /// Report what an import of a folder would find, without a graph
    Check(Check),
    /// Report what the last import of a source found, for its owner, and what is new and what was fixed since the one before
    Report(ReportOf),
    /// List initiatives that may be one and the same, and decide on them
    #[command(subcommand)]
    Duplicates(Duplicates),
    /// Add, list, try and remove the sources that are imported
    #[command(subcommand)]
    Source(Source),
    /// Write the whole graph with its history to standard output, as lines of JSON; `import FILE.ndjson` reads it back
    Export,
    /// Print the schema of the GraphQL API, or the JSON Schema of a file that you write
    Schema {
        /// Of what
        #[arg(value_enum, default_value_t)]
        what: SchemaOf,
    },
}

/// What a schema is of.
#[derive(Debug, Clone, Copy, Default, ValueEnum)]
pub enum SchemaOf {
    /// The API, in GraphQL's language
    #[default]
    Graphql,
    /// A mapping (content/mappings/*.toml)
    Mapping,
    /// The list of sources (content/sources.toml)
    Sources,
}

/// What is to be imported.
#[derive(Debug, Args)]
#[command(after_help = "Exit codes: 0 imported, 1 imported but for files with errors, 2 it could not be imported")]
pub struct Import {
    /// A folder, an archive, the address of a Git repository, the key of a source listed in the content folder, or an export
    /// (.ndjson)
    #[arg(value_name = "WHAT", required_unless_present = "all")]
    pub what: Option<String>,
    /// Import every source of the list, one after the other: one that fails does not stop the others
    #[arg(long, conflicts_with_all = ["what", "as_source"])]
    pub all: bool,
    /// Read WHAT as this source: with its key and its mapping
    #[arg(long = "as", value_name = "SOURCE")]
    pub as_source: Option<String>,
    /// Report what would change, and change nothing; a graph that lacks towns and topics is given these first
    #[arg(long, visible_alias = "plan")]
    pub dry_run: bool,
    /// Read it even if it has not changed since the last import
    #[arg(long)]
    pub again: bool,
    /// Go ahead even if many records would be withdrawn at once
    #[arg(long)]
    pub yes: bool,
    #[command(flatten)]
    pub report: ReportForm,
}

/// What is to be checked.
#[derive(Debug, Args)]
#[command(
    after_help = "Exit codes: 0 nothing to fix, 1 files with errors (with --strict: or warnings), 2 it could not be checked"
)]
pub struct Check {
    /// The folder
    #[arg(value_name = "DIR")]
    pub directory: PathBuf,
    /// Read it as this source of the content folder: with its mapping
    #[arg(long = "as", value_name = "SOURCE")]
    pub as_source: Option<String>,
    /// Read it with this mapping
    #[arg(long, value_name = "FILE")]
    pub mapping: Option<PathBuf>,
    /// Fail because of warnings, too
    #[arg(long)]
    pub strict: bool,
    #[command(flatten)]
    pub report: ReportForm,
}

/// What is to be done with duplicates.
#[derive(Debug, Subcommand)]
pub enum Duplicates {
    /// List pairs that may be one initiative, the likeliest first, each with its reasons
    List(ListDuplicates),
    /// Make one of two: the other's key leads to the one that is kept, which names both origins
    Merge {
        /// The key of the initiative that is kept
        #[arg(value_name = "KEPT")]
        kept: String,
        /// The key of the same initiative, told elsewhere
        #[arg(value_name = "OTHER")]
        other: String,
        #[command(flatten)]
        decision: Decision,
    },
    /// Take a merger back; the two are known to be different from then on
    Split {
        /// The key of the initiative that was merged into another
        #[arg(value_name = "OTHER")]
        other: String,
        #[command(flatten)]
        decision: Decision,
    },
    /// Note that two are different: they are not proposed again
    Dismiss {
        /// The key of an initiative
        #[arg(value_name = "ONE")]
        one: String,
        /// The key of another
        #[arg(value_name = "OTHER")]
        other: String,
        #[command(flatten)]
        decision: Decision,
    },
}

/// How duplicates are listed.
#[derive(Debug, Args)]
pub struct ListDuplicates {
    /// Only pairs with an initiative of this source
    #[arg(long, value_name = "KEY")]
    pub source: Option<String>,
    /// Only pairs that are at least so likely one, from 0 to 1 [default: 0.5]
    #[arg(long, value_name = "PROBABILITY")]
    pub least: Option<f64>,
    /// The form of the list: text or json
    #[arg(long, value_enum, default_value_t)]
    pub format: ReportFormat,
    /// The language of the list
    #[arg(long, value_enum)]
    pub lang: Option<Lang>,
}

/// Who decides; the history keeps it.
#[derive(Debug, Args)]
pub struct Decision {
    /// Who decides: a role, rather than a name
    #[arg(long, default_value = "the operator")]
    pub by: String,
    /// Why
    #[arg(long)]
    pub why: Option<String>,
}

/// What is to be done with sources.
#[derive(Debug, Subcommand)]
pub enum Source {
    /// Add a source to sources.toml
    Add(Box<AddSource>),
    /// List the sources
    List(ListSources),
    /// Look at a repository that is not known yet and write a first mapping for it
    Suggest(SuggestSource),
    /// Fetch and read a source as an import would, and change nothing
    Test(TestSource),
    /// Remove a source from sources.toml; what was imported from it stays in the graph
    Remove(RemoveSource),
}

/// A source to be added.
#[derive(Debug, Args)]
#[expect(clippy::doc_markdown, reason = "these lines are the help in a terminal, where marks would only stand in the way")]
pub struct AddSource {
    /// Its key: lower-case letters, digits and hyphens; part of its records' origin for ever
    #[arg(value_name = "KEY")]
    pub key: String,
    /// Where it is: the address of a Git repository or of an archive, or a folder (relative to the content folder)
    #[arg(value_name = "WHERE")]
    pub location: String,
    /// Its name, as people read it
    #[arg(long)]
    pub name: String,
    /// What it is [default: as WHERE looks]
    #[arg(long, value_enum)]
    pub kind: Option<SourceKindArgument>,
    /// The branch that is read [default: the repository's default one]
    #[arg(long)]
    pub branch: Option<String>,
    /// The language of its files (BCP 47), where they do not say it
    #[arg(long)]
    pub language: Option<String>,
    /// Its licence (SPDX)
    #[arg(long)]
    pub licence: Option<String>,
    /// The file of its mapping, relative to the content folder [default: the front matter of Maillage]
    #[arg(long, value_name = "FILE")]
    pub mapping: Option<String>,
    /// What it is, in a sentence
    #[arg(long)]
    pub description: Option<String>,
    /// How often it is imported while the service runs: hourly, daily, weekly, or a time such as 30m, 6h, 2d
    #[arg(long)]
    pub schedule: Option<String>,
    /// Who is told what could not be read: an e-mail address or a web address
    #[arg(long)]
    pub contact: Option<String>,
    /// The environment variable that holds a token for the source's host, such as AGEN_TOKEN
    #[arg(long, value_name = "VARIABLE")]
    pub token: Option<String>,
    /// Import it at the first start
    #[arg(long)]
    pub auto: bool,
    /// It may be at a private address: of this machine or of the networks that it is in
    #[arg(long = "private")]
    pub private: bool,
}

/// What a source is.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum SourceKindArgument {
    /// A Git repository
    Git,
    /// A .tar.gz or .zip
    Archive,
    /// A folder
    Directory,
}

impl SourceKindArgument {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Git => "git",
            Self::Archive => "archive",
            Self::Directory => "directory",
        }
    }
}

/// How sources are listed.
#[derive(Debug, Args)]
pub struct ListSources {
    /// The form of the list
    #[arg(long, value_enum, default_value_t)]
    pub format: ReportFormat,
}

/// The source to be tried.
#[derive(Debug, Args)]
pub struct TestSource {
    /// The key of a source in sources.toml, or a folder or address
    #[arg(value_name = "WHAT")]
    pub what: String,
    /// Read WHAT as this source: with its mapping
    #[arg(long = "as", value_name = "SOURCE")]
    pub as_source: Option<String>,
    /// Show every diagnostic, not only how many there are
    #[arg(long)]
    pub full: bool,
    #[command(flatten)]
    pub report: ReportForm,
}

/// The repository that a mapping is wanted for.
#[derive(Debug, Args)]
pub struct SuggestSource {
    /// The address of a Git repository or of an archive, a folder, or the key of a source in sources.toml
    #[arg(value_name = "WHAT")]
    pub what: String,
    /// The branch that is read [default: the repository's default one]
    #[arg(long)]
    pub branch: Option<String>,
    /// Where the mapping is written [default: standard output]
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// The language of the comments [default: French if the repository is, else English]
    #[arg(long, value_enum)]
    pub lang: Option<Lang>,
}

/// The source to be removed.
#[derive(Debug, Args)]
pub struct RemoveSource {
    /// Its key
    #[arg(value_name = "KEY")]
    pub key: String,
}

/// Whose report.
#[derive(Debug, Args)]
pub struct ReportOf {
    /// The key of a source that was imported
    #[arg(value_name = "SOURCE")]
    pub source: String,
    #[command(flatten)]
    pub report: ReportForm,
}

/// How a report is written.
#[derive(Debug, Args)]
pub struct ReportForm {
    /// The form of the report
    #[arg(long, value_enum, default_value_t)]
    pub format: ReportFormat,
    /// The language of the report [default: that of the source]
    #[arg(long, value_enum)]
    pub lang: Option<Lang>,
    /// Also write it to this file, in the form of its name: .txt, .json, .sarif or .md; may be given several times
    #[arg(long, value_name = "FILE")]
    pub output: Vec<PathBuf>,
    /// Set to anything, it keeps colours out of terminals (<https://no-color.org>).
    #[arg(long = "no-color-of-environment", env = "NO_COLOR", hide = true)]
    no_color: Option<String>,
}

impl ReportForm {
    /// Whether colours are unwanted whatever the terminal.
    pub fn is_without_colour(&self) -> bool {
        self.no_color.as_deref().is_some_and(|value| !value.is_empty())
    }
}

/// The form of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum ReportFormat {
    /// For people
    #[default]
    Text,
    /// For programs
    Json,
    /// For forges, which show it beside the lines (SARIF 2.1.0)
    Sarif,
    /// For an issue on the forge, of which there is one, updated each time
    Markdown,
}

impl ReportFormat {
    /// The form that the name of a file tells.
    pub fn of(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "txt" => Some(Self::Text),
            "json" => Some(Self::Json),
            "sarif" => Some(Self::Sarif),
            "md" | "markdown" => Some(Self::Markdown),
            _ => None,
        }
    }
}

/// The language of a report.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Lang {
    /// English
    En,
    /// French
    Fr,
}

impl From<Lang> for ReportLanguage {
    fn from(lang: Lang) -> Self {
        match lang {
            Lang::En => Self::English,
            Lang::Fr => Self::French,
        }
    }
}

/// The form of the log.
#[derive(Debug, Clone, Copy, Default, ValueEnum)]
pub enum LogFormat {
    /// For people
    #[default]
    Text,
    /// One JSON object a line
    Json,
}

/// What all commands share.
#[derive(Debug, Args)]
#[expect(clippy::doc_markdown, reason = "these lines are the help in a terminal, where marks would only stand in the way")]
pub struct Settings {
    /// The folder where everything is kept
    #[arg(long, value_name = "DIR", env = "MAILLAGE_DATA", default_value = "data", global = true)]
    pub data: PathBuf,
    /// The graph store: sqlite:PATH, bolt://HOST:PORT or neo4j://HOST:PORT [default: sqlite:DATA/graph.sqlite]
    #[arg(long, value_name = "URL", env = "MAILLAGE_STORE", global = true)]
    pub store: Option<String>,
    /// The user at the store
    #[arg(long, value_name = "NAME", env = "MAILLAGE_STORE_USER", global = true)]
    pub store_user: Option<String>,
    /// A file that holds the password at the store; MAILLAGE_STORE_PASSWORD may hold the password itself
    #[arg(long, value_name = "FILE", env = "MAILLAGE_STORE_PASSWORD_FILE", global = true)]
    pub store_password_file: Option<PathBuf>,
    /// The password at the store: by environment only, since arguments are seen by everybody on the machine.
    #[arg(
        long = "store-password-of-environment",
        env = "MAILLAGE_STORE_PASSWORD",
        hide = true,
        hide_env_values = true,
        global = true
    )]
    store_password: Option<String>,
    /// The folder of towns, topics, case studies and sources [default: ./content, else beside the program, else
    /// /usr/share/maillage/content]
    #[arg(long, value_name = "DIR", env = "MAILLAGE_CONTENT", global = true)]
    pub content: Option<PathBuf>,
    /// Fetch sources from private addresses too: of this machine and of the networks that it is in. Better said of single
    /// sources, in sources.toml
    #[arg(long, env = "MAILLAGE_ALLOW_PRIVATE_ADDRESSES", global = true)]
    pub allow_private_addresses: bool,
    /// Where to answer; port 0 picks a free one
    #[arg(long, value_name = "ADDRESS:PORT", env = "MAILLAGE_LISTEN", default_value = "127.0.0.1:8080", global = true)]
    pub listen: SocketAddr,
    /// Where people find the service, for the addresses of pages [default: http://LISTEN]
    #[arg(long, value_name = "URL", env = "MAILLAGE_PUBLIC_URL", global = true)]
    pub public_url: Option<String>,
    /// How much memory answers may take that are kept to be given again, in MiB; 0 for none
    #[arg(long, value_name = "MIB", env = "MAILLAGE_KEPT_ANSWERS", default_value_t = 32, global = true)]
    pub kept_answers: u64,
    /// How much memory records may take that are kept to be looked at again, in MiB; 0 for none
    #[arg(long, value_name = "MIB", env = "MAILLAGE_KEPT_RECORDS", default_value_t = 16, global = true)]
    pub kept_records: u64,
    /// What a client, that is, an address, may ask for in a minute, in units of cost (the answers tell what they cost); 0 for as
    /// much as it likes. This machine itself may always
    #[arg(long, value_name = "COST", env = "MAILLAGE_BUDGET", default_value_t = 300_000, global = true)]
    pub budget: u64,
    /// The only GraphQL documents that are answered: a folder of files .graphql, or lists of documents by their ids (.json, as Relay's compiler and
    /// Apollo's manifests have them). Without it, all are
    #[arg(long, value_name = "PATH", env = "MAILLAGE_DOCUMENTS", global = true)]
    pub documents: Option<PathBuf>,
    /// Proxies in front of the service, by address or network (10.0.0.0/8): they say for whom they ask, in X-Forwarded-For. One on this machine
    /// need not be named, but has to send that header: without it
    /// all who come by it are taken for this machine, and have no budget
    #[arg(long, value_name = "ADDRESS,…", env = "MAILLAGE_PROXIES", value_delimiter = ',', global = true)]
    pub proxies: Vec<Addresses>,
    /// The form of the log, which goes to standard error
    #[arg(long, value_enum, env = "MAILLAGE_LOG_FORMAT", default_value_t, global = true)]
    pub log_format: LogFormat,
    /// What is logged: error, warn, info, debug, trace, also by module (maillage=debug) [default: info]
    #[arg(long, value_name = "FILTER", env = "MAILLAGE_LOG", global = true)]
    pub log: Option<String>,
}

/// An error with what to do about it.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct Hinted {
    pub message: String,
    pub hint: String,
}

impl Settings {
    /// The address of the store.
    pub fn store_url(&self) -> String {
        self.store.clone().unwrap_or_else(|| format!("sqlite:{}", self.data.join("graph.sqlite").display()))
    }

    /// Opens the store, making the data folder first if it is missing.
    pub async fn open_store(&self) -> anyhow::Result<Arc<dyn GraphStore>> {
        self.make_data_folder()?;
        let options = StoreOptions { user: self.store_user.clone(), password: self.store_password()?, ..StoreOptions::default() };
        Ok(store::open(&self.store_url(), options).await?)
    }

    /// Makes the data folder if it is missing.
    fn make_data_folder(&self) -> anyhow::Result<()> {
        std::fs::create_dir_all(&self.data).with_context(|| format!("cannot make the data folder {}", self.data.display()))
    }

    fn store_password(&self) -> anyhow::Result<Option<String>> {
        let Some(path) = &self.store_password_file else { return Ok(self.store_password.clone()) };
        let text = std::fs::read_to_string(path).with_context(|| format!("cannot read the password file {}", path.display()))?;
        Ok(Some(text.trim_end_matches(['\r', '\n']).to_owned()))
    }

    /// Where the index of the graph is kept.
    pub fn index(&self) -> PathBuf {
        self.data.join("explore")
    }

    /// What imports find around them.
    pub fn surroundings(&self) -> Surroundings {
        let network = Network {
            allow_private_addresses: self.allow_private_addresses,
            proxies: proxies(variable),
            environment: Environment::new(variable),
        };
        Surroundings { network, ..Surroundings::new(&self.data.join("repositories")) }
    }

    /// The content folder.
    pub fn content(&self) -> anyhow::Result<PathBuf> {
        let is_content = |folder: &Path| folder.join(sources::FILE).is_file();
        if let Some(folder) = &self.content {
            if is_content(folder) {
                return Ok(folder.clone());
            }
            let message = format!("{} is not a content folder: it holds no {}", folder.display(), sources::FILE);
            return Err(Hinted { message, hint: "name the folder that does, by --content or MAILLAGE_CONTENT".to_owned() }.into());
        }
        let beside = std::env::current_exe().ok().and_then(|program| Some(program.parent()?.join("content")));
        let places: Vec<PathBuf> = [Some(PathBuf::from("content")), beside, Some(PathBuf::from("/usr/share/maillage/content"))]
            .into_iter()
            .flatten()
            .collect();
        places.iter().find(|folder| is_content(folder)).cloned().ok_or_else(|| {
            let tried: Vec<String> = places.iter().map(|folder| folder.display().to_string()).collect();
            let message = format!("there is no content folder: tried {}", tried.join(", "));
            Hinted { message, hint: "name it by --content or MAILLAGE_CONTENT".to_owned() }.into()
        })
    }
}

/// What an environment variable holds.
#[expect(clippy::disallowed_methods, reason = "this is the one place: which variables hold tokens is said in sources.toml only")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// The proxies that the environment names, as other programs read them. `HTTP_PROXY` in capitals is left alone: under CGI a
/// request can set it.
fn proxies(variable: impl Fn(&str) -> Option<String>) -> Proxies {
    let first = |names: &[&str]| names.iter().find_map(|name| variable(name));
    Proxies {
        http: first(&["http_proxy", "all_proxy", "ALL_PROXY"]),
        https: first(&["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"]),
        except: first(&["no_proxy", "NO_PROXY"]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn proxies_are_read_as_other_programs_read_them() {
        let of = |set: &[(&str, &str)]| {
            let set: Vec<(String, String)> = set.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
            proxies(move |name| set.iter().find(|(set, _)| set == name).map(|(_, value)| value.clone()))
        };
        assert_eq!(of(&[]), Proxies::default());
        assert_eq!(of(&[("HTTP_PROXY", "http://a")]), Proxies::default());
        let all = of(&[("ALL_PROXY", "http://a"), ("https_proxy", "http://b"), ("NO_PROXY", "c.fr")]);
        let text = |text: &str| Some(text.to_owned());
        assert_eq!(all, Proxies { http: text("http://a"), https: text("http://b"), except: text("c.fr") });
    }
}
