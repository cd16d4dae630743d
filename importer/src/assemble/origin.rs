//! Where what is read comes from.

use std::collections::BTreeSet;

use maillage_graph_schema::model::{Instant, Provenance, Text, WebAddress};

use crate::source::Paths;
use crate::sources::SourceConfig;

/// Where and when the drafts were read.
#[derive(Debug, Clone)]
pub struct Origin {
    pub source: SourceConfig,
    pub commit: Option<Text>,
    pub fetched_at: Instant,
    /// Where all files of the source are.
    pub paths: Paths,
    /// Those that hold many records each.
    pub lists: BTreeSet<String>,
}

impl Origin {
    /// The provenance of what a file says.
    pub(super) fn provenance(&self, path: &str) -> Vec<Provenance> {
        vec![Provenance {
            source: self.source.key.clone(),
            repository: self.source.url.as_deref().and_then(|url| url.parse().ok()),
            path: path.parse().ok(),
            commit: self.commit.clone(),
            fetched_at: Some(self.fetched_at),
            url: self.source.url.as_deref().and_then(|url| page_of(url, self.source.branch.as_deref(), path)),
        }]
    }
}

/// Where people read a file, on forges whose addresses follow from the repository's.
fn page_of(repository: &str, branch: Option<&str>, path: &str) -> Option<WebAddress> {
    let url = url::Url::parse(repository).ok()?;
    let infix = match url.host_str()? {
        "github.com" => "blob",
        host if host == "gitlab.com" || host.starts_with("gitlab.") => "-/blob",
        _ => return None,
    };
    let base = repository.trim_end_matches('/').trim_end_matches(".git");
    let mut page = url::Url::parse(base).ok()?;
    let parts = infix.split('/').chain([branch.unwrap_or("HEAD")]).chain(path.split('/'));
    page.path_segments_mut().ok()?.extend(parts);
    page.as_str().parse().ok()
}
