//! What the command can be told.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;
use clap::{Args, Parser, Subcommand, ValueEnum};
use maillage_graph_schema::store::{self, GraphStore, StoreOptions};
use maillage_importer::diagnostic::ReportLanguage;
use maillage_importer::sources;

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
    /// Write the whole graph with its history to standard output, as lines of JSON; `import FILE.ndjson` reads it back
    Export,
    /// Print the GraphQL schema
    Schema,
}

/// What is to be imported.
#[derive(Debug, Args)]
pub struct Import {
    /// A folder, the address of a Git repository, the key of a source listed in the content folder, or an export (.ndjson)
    #[arg(value_name = "WHAT")]
    pub what: String,
    /// Read WHAT as this source: with its key and its mapping
    #[arg(long = "as", value_name = "SOURCE")]
    pub as_source: Option<String>,
    /// Report what would change, and change nothing; a graph that lacks towns and topics is given these first
    #[arg(long, visible_alias = "plan")]
    pub dry_run: bool,
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
    /// Where to answer; port 0 picks a free one
    #[arg(long, value_name = "ADDRESS:PORT", env = "MAILLAGE_LISTEN", default_value = "127.0.0.1:8080", global = true)]
    pub listen: SocketAddr,
    /// Where people find the service, for the addresses of pages [default: http://LISTEN]
    #[arg(long, value_name = "URL", env = "MAILLAGE_PUBLIC_URL", global = true)]
    pub public_url: Option<String>,
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

    /// Where fetched repositories are kept.
    pub fn cache(&self) -> PathBuf {
        self.data.join("repositories")
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
