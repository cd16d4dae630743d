//! Git servers and archives over HTTP: what is asked of them, and what comes of it.

use std::path::Path;

use maillage_graph_schema::model::SourceKind;
use maillage_importer::{ImportError, SourceConfig};

use crate::fixtures::{Bench, counts, file};
use crate::git::{bare, commit};
use crate::server::Server;

/// A bench whose source is at an address of this machine.
pub(crate) async fn bench_at(address: &str, kind: SourceKind) -> Bench {
    let mut bench = Bench::new().await;
    bench.source = SourceConfig::git("agen".parse().expect("a key"), "Agen".parse().expect("a name"), address.to_owned());
    bench.source.kind = kind;
    bench.source.language = Some("fr".parse().expect("a language"));
    bench.source.allow_private_addresses = true;
    bench.again = false;
    bench
}

fn texts(names: &[&str]) -> Vec<(String, String)> {
    names.iter().map(|name| (format!("{name}.md"), file(name, "Titre", "", "Texte."))).collect()
}

fn commit_all(repository: &gix::Repository, branch: &str, texts: &[(String, String)]) -> String {
    let files: Vec<(&str, &str)> = texts.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    commit(repository, branch, &files)
}

fn head_of(repository: &gix::Repository) -> String {
    repository.head_name().expect("a name").expect("a branch").shorten().to_string()
}

const PROBE: &str = "POST /depot.git/git-upload-pack";
const GREETING: &str = "GET /depot.git/info/refs?service=git-upload-pack";

#[tokio::test]
async fn a_git_server_is_asked_once_whether_anything_changed() {
    let folder = tempfile::tempdir().expect("a folder");
    let repository = bare(&folder.path().join("depot.git"));
    let head = head_of(&repository);
    let server = Server::git(folder.path());
    let mut bench = bench_at(&format!("{}/depot.git", server.address), SourceKind::Git).await;

    let first = commit_all(&repository, &head, &texts(&["a", "b", "c", "d"]));
    let (plan, _) = bench.import().await;
    assert_eq!((counts(&plan), plan.report.commit.as_deref()), ([8, 0, 0, 0], Some(first.as_str())), "{}", plan.report);
    assert_eq!(server.seen(), [PROBE, GREETING, PROBE]);

    let (plan, applied) = bench.import().await;
    assert_eq!(server.seen(), [PROBE]);
    assert_eq!((counts(&plan), applied.changed), ([0, 0, 8, 0], 0), "{}", plan.report);

    // Only what is new comes; the history before it never does.
    let second = commit_all(&repository, &head, &texts(&["a", "b", "c", "e"]));
    let (plan, _) = bench.import().await;
    let requests = server.requests();
    let fetch = requests.last().expect("a request");
    assert!(String::from_utf8_lossy(&fetch.body).contains(&format!("have {first}")), "{fetch:?}");
    assert_eq!((counts(&plan), plan.report.commit.as_deref()), ([2, 0, 6, 2], Some(second.as_str())), "{}", plan.report);
}

#[tokio::test]
async fn a_rewritten_history_and_another_branch_are_followed() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("depot.git");
    let repository = bare(&path);
    let head = head_of(&repository);
    let server = Server::git(folder.path());
    let mut bench = bench_at(&format!("{}/depot.git", server.address), SourceKind::Git).await;
    commit_all(&repository, &head, &texts(&["a", "b", "c", "d"]));
    bench.import().await;

    // The same branch, grown from nothing: its former commits are gone from the server.
    std::fs::remove_dir_all(&path).expect("a folder");
    let repository = bare(&path);
    let rewritten = commit_all(&repository, &head, &texts(&["a", "b", "c"]));
    let (plan, _) = bench.import().await;
    assert_eq!((counts(&plan), plan.report.commit.as_deref()), ([0, 0, 6, 2], Some(rewritten.as_str())), "{}", plan.report);

    commit_all(&repository, "brouillon", &texts(&["a", "b", "c", "e"]));
    bench.source.branch = Some("brouillon".to_owned());
    let (plan, _) = bench.import().await;
    assert_eq!(counts(&plan), [2, 0, 6, 0], "{}", plan.report);
}

#[tokio::test]
async fn a_branch_that_is_gone_and_an_empty_repository_change_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("depot.git");
    let repository = bare(&path);
    let server = Server::git(folder.path());
    let mut bench = bench_at(&format!("{}/depot.git", server.address), SourceKind::Git).await;
    let error = bench.plan_fails().await;
    assert!(error.to_string().ends_with("it has no commit"), "{error}");
    assert_eq!(server.seen(), [PROBE]);

    commit_all(&repository, "publie", &texts(&["a"]));
    bench.source.branch = Some("publie".to_owned());
    bench.import().await;
    std::fs::remove_file(path.join("refs/heads/publie")).expect("a branch");
    server.seen();
    let error = bench.plan_fails().await;
    assert!(matches!(error, ImportError::UnknownBranch { .. }), "{error}");
    assert_eq!(server.seen(), [PROBE]);
    assert!(bench.find("initiative/a").await.expect("a record").withdrawn.is_none());
}

#[tokio::test]
async fn a_repository_that_is_broken_here_is_fetched_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let repository = bare(&folder.path().join("depot.git"));
    let head = head_of(&repository);
    let server = Server::git(folder.path());
    let mut bench = bench_at(&format!("{}/depot.git", server.address), SourceKind::Git).await;
    commit_all(&repository, &head, &texts(&["a"]));
    bench.import().await;
    let cache = bench.folder.path().join("cache");
    let kept = cached_repository(&cache);
    std::fs::write(kept.join("shallow.lock"), "").expect("a file");
    std::fs::remove_dir_all(kept.join("objects/pack")).expect("a folder");
    commit_all(&repository, &head, &texts(&["a", "b"]));
    let (plan, _) = bench.import().await;
    assert_eq!(counts(&plan), [2, 0, 2, 0], "{}", plan.report);

    // An error of the server is none of what is here: nothing is thrown away.
    let before = cached_repository(&cache).join("objects/pack");
    assert!(before.is_dir());
    drop(server);
    bench.again = true;
    let error = bench.plan_fails().await;
    assert!(matches!(error, ImportError::Fetch { .. }), "{error}");
    assert!(before.is_dir());
}

fn cached_repository(cache: &Path) -> std::path::PathBuf {
    let entries = std::fs::read_dir(cache).expect("a folder").flatten().map(|entry| entry.path());
    entries.into_iter().find(|path| path.extension().is_some_and(|extension| extension == "git")).expect("a repository")
}
