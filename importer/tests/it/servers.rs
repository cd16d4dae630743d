//! Git servers and archives over HTTP: what is asked of them, and what comes of it.

use std::path::Path;

use maillage_graph_schema::model::SourceKind;
use maillage_importer::diagnostic::ReportLanguage;
use maillage_importer::source::{self, Question};
use maillage_importer::surroundings::Environment;
use maillage_importer::{ImportError, SourceConfig};

use crate::fixtures::{Bench, counts, file};
use crate::git::{bare, commit, commit_at};
use crate::server::{Reply, Server, http_backend};

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

/// The days of the commits of each file.
async fn days(bench: &Bench, dates: bool) -> Vec<(String, String)> {
    let job = bench.job();
    let snapshot = tokio::task::spawn_blocking(move || {
        let question = Question { wanted: &|path| Path::new(path).extension() == Some("md".as_ref()), dates, known: None };
        source::open(&job).snapshot(&question).expect("an answer").expect("files")
    });
    let dates = snapshot.await.expect("an answer").dates.into_iter();
    dates
        .filter(|(path, _)| path.starts_with("études/"))
        .map(|(path, days)| (path.trim_start_matches("études/").to_owned(), format!("{} {}", days.first, days.last)))
        .collect()
}

#[tokio::test]
async fn files_have_the_days_of_their_commits() {
    for filter in ["true", "false"] {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("depot.git");
        let repository = bare(&path);
        std::fs::write(path.join("config"), format!("[core]\n\tbare = true\n[uploadpack]\n\tallowFilter = {filter}\n"))
            .expect("a file");
        let head = head_of(&repository);
        let server = Server::git(folder.path());
        let mut bench = bench_at(&format!("{}/depot.git", server.address), SourceKind::Git).await;
        let expected =
            |days: &[(&str, &str)]| days.iter().map(|(path, days)| ((*path).to_owned(), (*days).to_owned())).collect::<Vec<_>>();

        commit_at(&repository, &head, &[("a.md", "un"), ("b.md", "deux")], "1532000000 +0000");
        // Late in the evening where it was written, and the next day for its author.
        commit_at(&repository, &head, &[("a.md", "autre"), ("b.md", "deux")], "1546471800 +0200");
        assert_eq!(days(&bench, false).await, []);
        commit_at(&repository, &head, &[("a.md", "autre"), ("c.md", "deux")], "1577880000 +0000");
        let third = [("a.md", "2018-07-19 2019-01-03"), ("c.md", "2018-07-19 2020-01-01")];
        assert_eq!(days(&bench, true).await, expected(&third), "{filter}");

        // Only the new commits are compared and fetched.
        commit_at(&repository, &head, &[("a.md", "autre"), ("c.md", "trois"), ("d.md", "deux")], "1609502400 +0000");
        server.seen();
        let fourth = [("a.md", "2018-07-19 2019-01-03"), ("c.md", "2018-07-19 2021-01-01"), ("d.md", "2021-01-01 2021-01-01")];
        assert_eq!(days(&bench, true).await, expected(&fourth), "{filter}");
        assert_eq!(server.seen(), [PROBE, GREETING, PROBE]);
        assert_eq!(days(&bench, true).await, expected(&fourth), "{filter}");
        assert_eq!(server.seen(), [PROBE]);

        // The repository itself says the same, without a server.
        bench.source.url = Some(format!("file://{}", path.display()));
        assert_eq!(days(&bench, true).await, expected(&fourth), "{filter}");
        bench.source.url = Some(format!("{}/depot.git", server.address));

        // A history that was rewritten says something else.
        std::fs::remove_dir_all(&path).expect("a folder");
        let repository = bare(&path);
        commit_at(&repository, &head, &[("a.md", "autre")], "1700000000 +0000");
        assert_eq!(days(&bench, true).await, expected(&[("a.md", "2023-11-14 2023-11-14")]), "{filter}");
    }
}

#[tokio::test]
async fn a_git_server_is_sent_the_token_as_a_password() {
    let folder = tempfile::tempdir().expect("a folder");
    let repository = bare(&folder.path().join("depot.git"));
    commit_all(&repository, &head_of(&repository), &texts(&["a"]));
    let root = folder.path().to_owned();
    // `x-access-token:secret`, in base 64.
    let server = Server::start(move |request| match request.header("authorization") {
        Some("Basic eC1hY2Nlc3MtdG9rZW46c2VjcmV0") => http_backend(&root, request),
        _ => Reply::of(401, &[("WWW-Authenticate", "Basic")], b""),
    });
    let mut bench = bench_at(&format!("{}/depot.git", server.address), SourceKind::Git).await;
    let error = bench.plan_fails().await;
    assert!(matches!(error, ImportError::Forbidden { .. }), "{error}");
    assert_eq!(server.seen().len(), 1, "{error}");
    bench.source.token = Some("AGEN_TOKEN".parse().expect("a name"));
    bench.network.environment = Environment::new(|_| Some("secret".to_owned()));
    let (plan, _) = bench.import().await;
    assert_eq!(counts(&plan), [2, 0, 0, 0], "{}", plan.report);
}

#[tokio::test]
async fn a_repository_that_moved_is_found_where_it_is() {
    let folder = tempfile::tempdir().expect("a folder");
    let repository = bare(&folder.path().join("depot.git"));
    let head = head_of(&repository);
    commit_all(&repository, &head, &texts(&["a"]));
    let server = Server::git(folder.path());
    let there = server.address.clone();
    let former =
        Server::start(move |request| Reply::redirect(&format!("{there}{}", request.target.replace("/ancien", "/depot.git"))));
    let mut bench = bench_at(&format!("{}/ancien", former.address), SourceKind::Git).await;
    let (plan, _) = bench.import().await;
    assert_eq!(
        (counts(&plan), server.seen()),
        ([2, 0, 0, 0], vec![PROBE.to_owned(), GREETING.to_owned(), PROBE.to_owned()]),
        "{}",
        plan.report
    );
    commit_all(&repository, &head, &texts(&["a", "b"]));
    let (plan, _) = bench.import().await;
    assert_eq!(counts(&plan), [2, 0, 2, 0], "{}", plan.report);

    // To a page that is no repository, nothing of ours is sent further.
    let page = Server::start(|request| {
        if request.target == "/connexion" {
            Reply::of(200, &[("Content-Type", "text/html")], b"<!doctype html>")
        } else {
            Reply::redirect("/connexion")
        }
    });
    bench.source.url = Some(format!("{}/depot.git", page.address));
    let error = bench.plan_fails().await;
    assert!(error.to_string().contains("the server redirects to a page that is no part of a Git repository"), "{error}");
}

#[tokio::test]
async fn an_old_server_is_greeted_first() {
    let folder = tempfile::tempdir().expect("a folder");
    let repository = bare(&folder.path().join("depot.git"));
    let head = head_of(&repository);
    commit_all(&repository, &head, &texts(&["a"]));
    let root = folder.path().to_owned();
    // One that knows nothing of the protocol's version 2.
    let server = Server::start(move |request| {
        let mut request = request.clone();
        request.headers.retain(|(name, _)| name != "git-protocol");
        http_backend(&root, &request)
    });
    let mut bench = bench_at(&format!("{}/depot.git", server.address), SourceKind::Git).await;
    let (plan, _) = bench.import().await;
    assert_eq!(counts(&plan), [2, 0, 0, 0], "{}", plan.report);
    commit_all(&repository, &head, &texts(&["a", "b"]));
    let (read, _) = bench.import().await;
    assert_eq!(counts(&read), [2, 0, 2, 0], "{}", read.report);
    let (plan, _) = bench.import().await;
    assert!(plan.report.unchanged, "{}", plan.report);
    assert_eq!((plan.report.language, read.report.language), (ReportLanguage::French, ReportLanguage::French));
}

#[tokio::test]
async fn what_else_changed_the_graph_makes_the_next_import_read_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let repository = bare(&folder.path().join("depot.git"));
    let head = head_of(&repository);
    let server = Server::git(folder.path());
    let mut bench = bench_at(&format!("{}/depot.git", server.address), SourceKind::Git).await;
    commit_all(&repository, &head, &texts(&["a", "b"]));
    let unchanged = async |bench: &mut Bench| bench.import().await.0.report.unchanged;
    assert_eq!([unchanged(&mut bench).await, unchanged(&mut bench).await], [false, true]);
    bench.withdraw_by("someone", "case-study/b/fr").await;
    assert_eq!([unchanged(&mut bench).await, unchanged(&mut bench).await], [false, true]);
    bench.source.licence = Some("CC-BY-4.0".parse().expect("a licence"));
    assert_eq!([unchanged(&mut bench).await, unchanged(&mut bench).await], [false, true]);
    bench.limits.file_bytes = 100;
    assert!(!unchanged(&mut bench).await);
    // A plan that was not carried out is no import.
    commit_all(&repository, &head, &texts(&["a", "b", "c"]));
    bench.limits.file_bytes = 1_000;
    assert!(!bench.plan().await.report.unchanged);
    assert_eq!([unchanged(&mut bench).await, unchanged(&mut bench).await], [false, true]);
}

#[tokio::test]
async fn what_other_sources_tell_of_themselves_does_not_make_the_next_import_read_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let repository = bare(&folder.path().join("depot.git"));
    let head = head_of(&repository);
    let server = Server::git(folder.path());
    let mut bench = bench_at(&format!("{}/depot.git", server.address), SourceKind::Git).await;
    let other_folder = tempfile::tempdir().expect("a folder");
    let other = crate::fixtures::source("roubaix", other_folder.path());
    let tell = async |bench: &mut Bench, id: &str, more: &str| {
        std::fs::write(other_folder.path().join(format!("{id}.md")), file(id, "Titre", more, "")).expect("a file");
        let own = std::mem::replace(&mut bench.source, other.clone());
        assert!(bench.import().await.1.changed > 0);
        bench.source = own;
    };
    let unchanged = async |bench: &mut Bench| bench.import().await.0.report.unchanged;
    let inspired = |by: &str| file("b", "Titre", &format!("inspired_by:\n  - {{id: {by}}}\n"), "");
    commit_all(&repository, &head, &texts(&["a"]));
    assert_eq!([unchanged(&mut bench).await, unchanged(&mut bench).await], [false, true]);
    // The first import of another source makes that source, too.
    for (id, more, expected) in [
        ("r", "", [true, true]),
        ("s", "", [true, true]),
        // An organisation may be one that this source names.
        ("t", "organisations:\n  - {name: Une association, role: operator}\n", [false, true]),
    ] {
        tell(&mut bench, id, more).await;
        assert_eq!([unchanged(&mut bench).await, unchanged(&mut bench).await], expected, "{id}");
    }
    // One that refers to an initiative of the other source depends on what becomes of it.
    let inspired = inspired("r");
    let mut files = texts(&["a"]);
    files.push(("b.md".to_owned(), inspired));
    commit_all(&repository, &head, &files);
    assert_eq!([unchanged(&mut bench).await, unchanged(&mut bench).await], [false, true]);
    tell(&mut bench, "v", "").await;
    assert_eq!([unchanged(&mut bench).await, unchanged(&mut bench).await], [false, true]);
}
