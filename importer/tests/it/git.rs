//! Git repositories as sources: made here by hand, object by object, so that no other program is needed.

use std::path::Path;

use gix::objs::tree::{Entry, EntryKind};
use gix::objs::{Tree, WriteTo as _};
use maillage_importer::{ImportError, ImportJob, Location, SourceConfig, Surroundings};

use crate::fixtures::{Bench, counts, file};

/// Commits files (path, text) to a branch of a repository, beside a symbolic link and a submodule, and gives the commit's id.
pub(crate) fn commit(repository: &gix::Repository, branch: &str, files: &[(&str, &str)]) -> String {
    commit_at(repository, branch, files, "1532000000 +0000")
}

/// Commits at a time.
pub(crate) fn commit_at(repository: &gix::Repository, branch: &str, files: &[(&str, &str)], time: &str) -> String {
    let mut folder = Tree::empty();
    for (name, text) in files {
        let id = repository.write_blob(text).expect("a blob").detach();
        folder.entries.push(Entry { mode: EntryKind::Blob.into(), filename: (*name).into(), oid: id });
    }
    let target = repository.write_blob("/etc/passwd").expect("a blob").detach();
    folder.entries.push(Entry { mode: EntryKind::Link.into(), filename: "lien.md".into(), oid: target });
    folder.entries.sort();
    let folder = repository.write_object(&folder).expect("a tree").detach();
    let mut root = Tree::empty();
    root.entries.push(Entry { mode: EntryKind::Tree.into(), filename: "études".into(), oid: folder });
    root.entries.push(Entry { mode: EntryKind::Commit.into(), filename: "module".into(), oid: folder });
    root.entries.sort();
    let root_size = root.size();
    assert!(root_size > 0);
    let root = repository.write_object(&root).expect("a tree").detach();
    let reference = format!("refs/heads/{branch}");
    let parents: Vec<gix::ObjectId> = repository
        .try_find_reference(&reference)
        .expect("an answer")
        .map(|mut found| found.peel_to_id().expect("an id").detach())
        .into_iter()
        .collect();
    let author = gix::actor::SignatureRef { name: "Agen".into(), email: "contact@agen.fr".into(), time };
    let id = repository.commit_as(author, author, reference.as_str(), "Des études", root, parents).expect("a commit");
    id.to_string()
}

pub(crate) fn bare(path: &Path) -> gix::Repository {
    gix::init_bare(path).expect("a repository")
}

#[tokio::test]
async fn a_repository_is_read_at_the_tip_of_its_branch() {
    let mut bench = Bench::new().await;
    let path = bench.folder.path().join("depot.git");
    let repository = bare(&path);
    let head = repository.head_name().expect("a name").expect("a branch").shorten().to_string();
    let address = format!("file://{}", path.display());
    bench.source = SourceConfig::git("agen".parse().expect("a key"), "Agen".parse().expect("a name"), address.clone());
    bench.source.language = Some("fr".parse().expect("a language"));

    let texts = ["a", "b", "c", "d"].map(|name| (format!("{name}.md"), file(name, "Titre", "", "Texte.")));
    let files: Vec<(&str, &str)> = texts.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let first = commit(&repository, &head, &files);
    let (plan, _) = bench.import().await;
    assert_eq!((counts(&plan), plan.report.commit.as_deref()), ([8, 0, 0, 0], Some(first.as_str())), "{}", plan.report);
    assert_eq!((plan.report.skipped["symbolic-link"], plan.report.skipped["submodule"]), (1, 1));
    assert!(bench.field("initiative/a", "provenance").await.contains(&first));

    // A later commit: one changed, one gone, one as it was, which keeps the commit at which it was read.
    let changed = file("a", "Autre titre", "", "Texte.");
    let second = commit(&repository, &head, &[("a.md", &changed), files[1], files[2]]);
    let (plan, _) = bench.import().await;
    assert_eq!(counts(&plan), [0, 2, 4, 2], "{}", plan.report);
    assert!(bench.field("initiative/a", "provenance").await.contains(&second));
    assert!(bench.field("initiative/b", "provenance").await.contains(&first));
    assert_eq!(plan.change_sets[0].why.as_ref().map(ToString::to_string), Some(format!("commit {second}")));
    let (_, applied) = bench.import().await;
    assert_eq!(applied.changed, 0);

    // Another branch; one that is not there; a path instead of an address.
    commit(&repository, "brouillon", &[("e.md", &file("e", "Titre", "", ""))]);
    for (branch, found) in [(Some("brouillon"), Some(1)), (Some("nulle-part"), None), (None, Some(3))] {
        bench.source.branch = branch.map(str::to_owned);
        let job = ImportJob::of_source(bench.source.clone(), &Surroundings::new(bench.folder.path())).expect("a job");
        let plan = maillage_importer::plan(&*bench.store, &bench.clock, &job, &maillage_importer::Silent).await;
        match (plan, found) {
            (Ok(plan), Some(found)) => assert_eq!(plan.report.read, found, "{branch:?}"),
            (Err(error), None) => assert!(matches!(error, ImportError::UnknownBranch { .. }), "{error}"),
            (plan, _) => panic!("{branch:?}: {plan:?}"),
        }
    }
    let by_path = Location::of(path.to_str().expect("a path"), None);
    assert_eq!(by_path, Location::Git { address: path.display().to_string(), branch: None });
}

#[tokio::test]
async fn a_repository_without_a_commit_is_an_error() {
    let mut bench = Bench::new().await;
    let path = bench.folder.path().join("depot.git");
    bare(&path);
    bench.source = SourceConfig::git("agen".parse().expect("a key"), "Agen".parse().expect("a name"), path.display().to_string());
    let error = maillage_importer::plan(&*bench.store, &bench.clock, &bench.job(), &maillage_importer::Silent).await;
    assert!(error.expect_err("no plan").to_string().contains("it has no commit"));
}

#[tokio::test]
async fn only_schemes_that_start_no_program_are_read() {
    let mut bench = Bench::new().await;
    for address in ["ssh://git@127.0.0.1/depot.git", "git://127.0.0.1/depot.git", "ext::sh -c touch x://"] {
        bench.source = SourceConfig::git("agen".parse().expect("a key"), "Agen".parse().expect("a name"), address.to_owned());
        let error = maillage_importer::plan(&*bench.store, &bench.clock, &bench.job(), &maillage_importer::Silent).await;
        assert!(matches!(error, Err(ImportError::Scheme { .. })), "{address}: {error:?}");
    }
}

#[tokio::test]
async fn the_work_tree_of_a_repository_gives_its_files_and_its_commit() {
    let mut bench = Bench::new().await;
    let repository = gix::init(bench.path("")).expect("a repository");
    let head = repository.head_name().expect("a name").expect("a branch").shorten().to_string();
    let id = commit(&repository, &head, &[]);
    bench.write("a.md", file("a", "Titre", "", ""));
    let (plan, _) = bench.import().await;
    assert_eq!((plan.report.read, plan.report.commit), (1, Some(id)));
}

/// A partner who checks a clone is told what the import of its repository tells.
#[tokio::test]
async fn the_work_tree_of_a_repository_gives_the_dates_of_its_commits() {
    const MAPPING: &str = r#"
        language = "fr"
        [collections.cases]
        makes = "initiatives"
        files = ["études/*.md"]
        key = "l-{file_stem}"
        fields = { title = "title", start = "{git.first}", modified = "{git.last}" }
    "#;
    let (old, new) = ("---\ntitle: Un\n---\nTexte.\n", "---\ntitle: Un\n---\nTexte, relu.\n");
    let mut bench = Bench::with(MAPPING, &[("études/a.md", new), ("études/b.md", old)]).await;
    let repository = gix::init(bench.path("")).expect("a repository");
    let head = repository.head_name().expect("a name").expect("a branch").shorten().to_string();
    commit_at(&repository, &head, &[("a.md", old)], "1532000000 +0000");
    commit_at(&repository, &head, &[("a.md", new)], "1600000000 +0000");
    bench.import().await;
    for (reference, field, expected) in [
        ("initiative/l-a", "start", "2018-07-19"),
        ("initiative/l-a", "modified", "2020-09-13T00:00:00.000Z"),
        // What is not committed has no date.
        ("initiative/l-b", "start", ""),
    ] {
        assert_eq!(bench.field(reference, field).await, expected, "{reference} {field}");
    }
    commit_at(&repository, &head, &[("a.md", new), ("b.md", old)], "1650000000 +0000");
    bench.import().await;
    assert_eq!(bench.field("initiative/l-b", "start").await, "2022-04-15");
}

/// Files that are kept as differences from one another are read together; what was packed says the same as what was loose.
#[tokio::test]
async fn packed_files_say_what_they_said_loose() {
    let mut bench = Bench::new().await;
    let path = bench.folder.path().join("depot.git");
    let repository = bare(&path);
    let head = repository.head_name().expect("a name").expect("a branch").shorten().to_string();
    let address = path.display().to_string();
    bench.source = SourceConfig::git("agen".parse().expect("a key"), "Agen".parse().expect("a name"), address);
    bench.source.language = Some("fr".parse().expect("a language"));
    bench.limits.file_bytes = 20_000;
    let body = |number: usize| format!("Texte. {}\n\nLa phrase {number} est à part.", "Une phrase de plus. ".repeat(200));
    let mut texts: Vec<(String, String)> =
        (0..120).map(|number| (format!("{number:03}.md"), file(&format!("cas-{number}"), "Titre", "", &body(number)))).collect();
    // One that says what another says, and one that is too large.
    texts.push(("twin.md".to_owned(), texts[7].1.clone()));
    texts.push(("large.md".to_owned(), "x".repeat(30_000)));
    let files: Vec<(&str, &str)> = texts.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    commit(&repository, &head, &files);
    let (loose, _) = bench.import().await;
    assert_eq!(loose.report.read, 120, "{}", loose.report);
    assert_eq!(loose.report.invalid, 2, "the twin and the large one: {}", loose.report);

    let repack = std::process::Command::new("git")
        .arg("-C")
        .arg(&path)
        .args(["-c", "safe.directory=*", "repack", "-a", "-d", "-f", "--quiet", "--depth=50", "--window=20"])
        .status()
        .expect("git, which packs the repository, is needed");
    assert!(repack.success());
    let (packed, applied) = bench.import().await;
    assert_eq!(applied.changed, 0);
    assert_eq!(packed.report.diagnostics, loose.report.diagnostics);

    // Of a pack of which little is wanted, files are read one by one.
    let few = [("000.md", texts[0].1.as_str()), ("119.md", texts[119].1.as_str())];
    commit(&repository, &head, &few);
    bench.confirm = true;
    let (plan, _) = bench.import().await;
    assert_eq!((plan.report.read, counts(&plan)), (2, [0, 0, 4, 236]), "{}", plan.report);
}
