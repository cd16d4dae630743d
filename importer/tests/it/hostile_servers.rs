//! Servers that stall, lie, break off and lead astray: each run ends soon, says why, and changes nothing.

use std::sync::atomic::{AtomicUsize, Ordering};

use gix::objs::tree::{Entry, EntryKind};
use gix::objs::{Tree, WriteTo as _};
use maillage_graph_schema::model::SourceKind;
use maillage_importer::ImportError;
use maillage_importer::limits::Limits;
use maillage_importer::surroundings::Environment;

use crate::archives::tar_gz;
use crate::fixtures::{Bench, counts, file};
use crate::git::bare;
use crate::server::{Reply, Request, Server};
use crate::servers::bench_at;

/// Limits that are reached at once.
fn impatient() -> Limits {
    Limits {
        attempts: 2,
        wait_milliseconds: 1,
        wait_seconds: 2,
        read_seconds: 1,
        connect_seconds: 1,
        redirects: 3,
        ..Limits::default()
    }
}

fn archive() -> Vec<u8> {
    tar_gz(&[("a.md", file("a", "Titre", "", "Texte.").as_bytes())])
}

/// The head of an answer that promises so many bytes.
fn promise(length: usize) -> Vec<u8> {
    format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n").into_bytes()
}

async fn archive_at(server: &Server) -> Bench {
    let mut bench = bench_at(&format!("{}/depot.tar.gz", server.address), SourceKind::Archive).await;
    bench.limits = impatient();
    bench
}

type Answer = Box<dyn Fn(&Request) -> Reply + Send + Sync>;

fn always(answer: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> Answer {
    Box::new(answer)
}

#[tokio::test]
async fn servers_that_stall_lie_or_break_off_end_the_run_with_a_reason() {
    let whole = archive().len();
    let cases: Vec<(&str, Answer, usize, &str)> = vec![
        ("says nothing", always(|_| Reply::Stall(Vec::new())), 2, "the server does not answer in time"),
        (
            "stops in the headers",
            always(|_| Reply::Stall(b"HTTP/1.1 200 OK\r\nX-".to_vec())),
            2,
            "the server does not answer in time",
        ),
        (
            "stops in the body",
            always(move |_| Reply::Stall([promise(whole), archive()[..40].to_vec()].concat())),
            2,
            "the server has stopped sending",
        ),
        ("closes at once", always(|_| Reply::Close(Vec::new())), 2, "connection closed before message completed"),
        (
            "promises more than it sends",
            always(move |_| Reply::Close([promise(whole + 1), archive()].concat())),
            2,
            "the answer breaks off",
        ),
        (
            "promises less than it sends",
            always(move |_| Reply::Close([promise(40), archive()].concat())),
            1,
            "the archive is broken",
        ),
        (
            "promises nothing and sends half",
            always(|_| Reply::Close([b"HTTP/1.0 200 OK\r\n\r\n".to_vec(), archive()[..40].to_vec()].concat())),
            1,
            "the archive is broken",
        ),
        (
            "promises in two ways",
            always(|_| Reply::Close(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 7\r\n\r\nabcde".to_vec())),
            2,
            "invalid",
        ),
        ("does not speak HTTP", always(|_| Reply::Close(b"SSH-2.0-OpenSSH_9.2\r\n".to_vec())), 2, "invalid HTTP version parsed"),
        (
            "sends without end",
            always(|_| Reply::Drip(b"HTTP/1.1 200 OK\r\n\r\n".to_vec(), vec![0x1f; 512 << 10])),
            1,
            "the size of the download in bytes is over 3145728",
        ),
        (
            "sends drop by drop",
            always(|_| Reply::Drip(b"HTTP/1.1 200 OK\r\n\r\n".to_vec(), vec![0x1f])),
            1,
            "the time to fetch in seconds is over 3",
        ),
        ("is not there", always(|_| Reply::of(404, &[], b"")), 1, "the server answers 404 Not Found"),
        (
            "wants a token",
            always(|_| Reply::of(401, &[("WWW-Authenticate", "Basic")], b"")),
            1,
            "the server answers 401 Unauthorized",
        ),
        ("fails", always(|_| Reply::of(500, &[], b"")), 2, "the server answers 500 Internal Server Error"),
        ("is busy", always(|_| Reply::of(503, &[], b"")), 2, "is busy (it answers 503)"),
        ("is busy for long", always(|_| Reply::of(429, &[("Retry-After", "3600")], b"")), 1, "is busy (it answers 429)"),
        ("says that nothing changed", always(|_| Reply::of(304, &[], b"")), 1, "nothing was there"),
        (
            "sends a page",
            always(|_| Reply::of(200, &[("Content-Type", "text/html")], b"<!doctype html>")),
            1,
            "it is neither a .tar.gz nor a .zip",
        ),
        ("redirects in a circle", always(|request| Reply::redirect(&request.target)), 4, "the number of redirects is over 3"),
        ("redirects to a file", always(|_| Reply::redirect("file:///etc/passwd")), 1, "file is no address that is fetched from"),
        ("redirects nowhere", always(|_| Reply::of(302, &[], b"")), 1, "the server redirects to no address"),
    ];
    for (name, answer, requests, problem) in cases {
        let server = Server::start(answer);
        let mut bench = archive_at(&server).await;
        (bench.limits.download_bytes, bench.limits.fetch_seconds) = (3 << 20, 3);
        let error = bench.plan_fails().await;
        assert!(error.to_string().contains(problem), "{name}: {error}");
        assert_eq!(server.seen().len(), requests, "{name}: {error}");
        assert!(error.hint().is_some(), "{name}: {error}");
        let left = std::fs::read_dir(bench.folder.path().join("cache")).expect("a folder").flatten();
        let kept = left.filter(|entry| entry.path().extension().is_some_and(|extension| extension == "git")).count();
        assert_eq!(kept, 0, "{name}");
    }
}

#[tokio::test]
async fn a_server_in_trouble_is_asked_again() {
    for (name, first) in
        [("busy", Reply::of as fn(u16, &[(&str, &str)], &[u8]) -> Reply), ("broken", |_, _, _| Reply::Close(promise(100)))]
    {
        let asked = AtomicUsize::new(0);
        let server = Server::start(move |_| match asked.fetch_add(1, Ordering::Relaxed) {
            0 => first(503, &[("Retry-After", "1")], b""),
            _ => Reply::of(200, &[], &archive()),
        });
        let mut bench = archive_at(&server).await;
        let (plan, _) = bench.import().await;
        assert_eq!((counts(&plan), server.seen().len()), ([2, 0, 0, 0], 2), "{name}: {}", plan.report);
    }
}

#[tokio::test]
async fn private_addresses_are_asked_for_nothing_unless_allowed() {
    let server = Server::start(|_| Reply::of(200, &[], &archive()));
    let port = server.address.rsplit(':').next().expect("a port").to_owned();
    for (host, kind) in [
        ("127.0.0.1", SourceKind::Archive),
        ("localhost", SourceKind::Archive),
        ("2130706433", SourceKind::Archive),
        ("[::ffff:127.0.0.1]", SourceKind::Archive),
        ("127.0.0.1", SourceKind::Git),
        ("localhost", SourceKind::Git),
    ] {
        let mut bench = bench_at(&format!("http://{host}:{port}/depot.tar.gz"), kind).await;
        bench.limits = impatient();
        bench.source.allow_private_addresses = false;
        let error = bench.plan_fails().await;
        assert!(matches!(error, ImportError::PrivateAddress { .. }), "{host}: {error}");
        assert!(server.seen().is_empty(), "{host}");
        if host != "[::ffff:127.0.0.1]" {
            bench.source.allow_private_addresses = true;
            bench.source.kind = SourceKind::Archive;
            bench.import().await;
            assert_eq!(server.seen().len(), 1, "{host}");
        }
    }
}

/// A server of the public Internet, which these tests cannot have: reached through a proxy, which an operator may have at a
/// private address.
#[tokio::test]
async fn a_redirect_to_a_private_address_is_not_followed() {
    let inner = Server::start(|_| Reply::of(200, &[], &archive()));
    let targets = [
        inner.address.clone(),
        inner.address.replace("127.0.0.1", "localhost"),
        "http://169.254.169.254/latest/meta-data/".to_owned(),
        "http://[fd00:ec2::254]/latest/meta-data/".to_owned(),
        "http://10.0.0.1/".to_owned(),
        "//127.0.0.1/".to_owned(),
    ];
    for target in targets {
        for kind in [SourceKind::Archive, SourceKind::Git] {
            let to = target.clone();
            let proxy = Server::start(move |request| {
                // A proxy is given the whole address.
                assert!(request.target.starts_with("http://forge.invalid/"), "{request:?}");
                Reply::redirect(&to)
            });
            let mut bench = bench_at("http://forge.invalid/depot.tar.gz", kind).await;
            bench.limits = impatient();
            bench.source.allow_private_addresses = false;
            bench.network.proxies.http = Some(proxy.address.clone());
            let error = bench.plan_fails().await;
            assert!(matches!(error, ImportError::PrivateAddress { .. }), "{target}: {error}");
            assert_eq!((proxy.seen().len(), inner.seen().len()), (1, 0), "{target}");
        }
    }
}

#[tokio::test]
async fn a_token_goes_to_the_host_of_the_source_alone() {
    let other = Server::start(|_| Reply::of(200, &[], &archive()));
    let there = format!("{}/elsewhere.tar.gz", other.address);
    let own = Server::start(move |_| Reply::redirect(&there));
    let mut bench = archive_at(&own).await;
    bench.source.token = Some("AGEN_TOKEN".parse().expect("a name"));
    let error = maillage_importer::ImportJob::of_source(bench.source.clone(), &bench.surroundings()).expect_err("no token");
    assert!(matches!(error, ImportError::NoToken { .. }), "{error}");
    bench.network.environment = Environment::new(|name| (name == "AGEN_TOKEN").then(|| "secret".to_owned()));
    bench.import().await;
    let authorised = |server: &Server| {
        server.requests().iter().map(|request| request.header("authorization").map(str::to_owned)).collect::<Vec<_>>()
    };
    assert_eq!(authorised(&own), [Some("Bearer secret".to_owned())]);
    assert_eq!(authorised(&other), [None]);
    assert!(!format!("{:?}", bench.job()).contains("secret\""));

    // In clear text it goes nowhere, unless the network is the operator's own.
    bench.source.allow_private_addresses = false;
    bench.source.url = Some("http://forge.example/depot.tar.gz".to_owned());
    let error = bench.plan_fails().await;
    assert!(error.to_string().contains("a token is sent to addresses that start with https:// only"), "{error}");
}

#[tokio::test]
async fn git_servers_that_lie_change_nothing() {
    let id = "1234567890123456789012345678901234567890";
    let line = |text: &str| format!("{:04x}{text}", text.len() + 4);
    let tip = format!("{}0000", line(&format!("{id} HEAD\n")));
    let greeting =
        format!("{}{}{}{}0000", line("version 2\n"), line("agent=git/2\n"), line("ls-refs\n"), line("fetch=shallow filter\n"));
    let answering = move |pack: Vec<u8>| {
        let (tip, greeting) = (tip.clone(), greeting.clone());
        always(move |request| {
            let is_fetch = request.body.windows(13).any(|window| window == b"command=fetch");
            match (request.method.as_str(), is_fetch) {
                ("GET", _) => {
                    Reply::of(200, &[("Content-Type", "application/x-git-upload-pack-advertisement")], greeting.as_bytes())
                }
                (_, false) => Reply::of(200, &[("Content-Type", "application/x-git-upload-pack-result")], tip.as_bytes()),
                (_, true) => Reply::of(200, &[("Content-Type", "application/x-git-upload-pack-result")], &pack),
            }
        })
    };
    let packed = |bytes: &[u8]| {
        let head = [line("shallow-info\n"), line(&format!("shallow {id}")), "0001".to_owned(), line("packfile\n")].concat();
        [head.as_bytes(), format!("{:04x}", bytes.len() + 5).as_bytes(), &[1], bytes, b"0000"].concat()
    };
    // An empty pack is a whole one: twelve bytes and their hash.
    let mut empty = b"PACK\0\0\0\x02\0\0\0\0".to_vec();
    let mut hash = gix::hash::hasher(gix::hash::Kind::Sha1);
    hash.update(&empty);
    empty.extend_from_slice(hash.try_finalize().expect("a hash").as_slice());
    let page = || always(|_| Reply::of(200, &[("Content-Type", "text/html")], b"<!doctype html>"));
    let cases: Vec<(&str, Answer, &str)> = vec![
        ("a page", page(), "Didn't find 'application/x-git-upload-pack-advertisement' header"),
        (
            "a pack without the commit",
            answering(packed(&empty)),
            "An object with id 1234567890123456789012345678901234567890 could not be found",
        ),
        ("a pack of noise", answering(packed(&[7; 600])), "Pack data type not recognized"),
        (
            "a pack that claims a thousand million objects",
            answering(packed(b"PACK\0\0\0\x02\x3b\x9a\xca\0")),
            "The pack delta tree is too large to fit in memory",
        ),
        (
            "a pack that breaks off",
            answering(packed(&empty[..14])),
            "An object with id 1234567890123456789012345678901234567890 could not be found",
        ),
        ("no pack", answering(b"0000".to_vec()), "Could not decode server reply"),
        ("an error", answering(line("ERR go away\n").into_bytes()), "go away"),
        ("a line that claims to be longer", answering(b"fff0x".to_vec()), "failed to fill whole buffer"),
    ];
    for (name, answer, problem) in cases {
        let server = Server::start(answer);
        let mut bench = bench_at(&format!("{}/depot.git", server.address), SourceKind::Git).await;
        bench.limits = impatient();
        let error = bench.plan_fails().await;
        assert!(matches!(error, ImportError::Fetch { .. }) && error.to_string().contains(problem), "{name}: {error}");
    }
}

#[tokio::test]
async fn git_trees_are_read_for_plain_files_only() {
    let folder = tempfile::tempdir().expect("a folder");
    let repository = bare(&folder.path().join("depot.git"));
    let blob = |text: &str| repository.write_blob(text).expect("a blob").detach();
    let good = file("a", "Titre", "", "");
    let mut root = Tree::empty();
    let tree = |entries: Vec<Entry>| {
        let mut tree = Tree::empty();
        tree.entries = entries;
        tree.entries.sort();
        repository.write_object(&tree).expect("a tree").detach()
    };
    let entry = |name: &[u8], kind: EntryKind, oid| Entry { mode: kind.into(), filename: name.into(), oid };
    let inner = tree(vec![entry(b"b.md", EntryKind::Blob, blob(&file("b", "Titre", "", "")))]);
    for odd in [&b".."[..], b".git", b"a\\b", b"caf\xe9.md", b"con.md", &[b'x'; 300], b"l\nigne.md"] {
        root.entries.push(entry(odd, EntryKind::Blob, blob(&good)));
    }
    root.entries.push(entry(b".", EntryKind::Tree, inner));
    root.entries.push(entry(b"lien.md", EntryKind::Link, blob("/etc/passwd")));
    root.entries.push(entry(b"module.md", EntryKind::Commit, inner));
    root.entries.push(entry(b"a.md", EntryKind::BlobExecutable, blob(&good)));
    root.entries.push(entry(b"grand.md", EntryKind::Blob, blob(&"x".repeat(5_000))));
    let mut deep = inner;
    for _ in 0..40 {
        deep = tree(vec![entry(b"x", EntryKind::Tree, deep)]);
    }
    root.entries.push(entry(b"profond", EntryKind::Tree, deep));
    let mut bytes = Vec::new();
    root.entries.sort();
    root.write_to(&mut bytes).expect("a tree");
    let root = repository.write_object(&root).expect("a tree").detach();
    let head = repository.head_name().expect("a name").expect("a branch");
    let author = gix::actor::SignatureRef { name: "Agen".into(), email: "contact@agen.fr".into(), time: "1532000000 +0000" };
    repository
        .commit_as(author, author, head.as_bstr().to_string().as_str(), "Des études", root, Vec::<gix::ObjectId>::new())
        .expect("a commit");

    let server = Server::git(folder.path());
    for filter in ["false", "true"] {
        std::fs::write(
            folder.path().join("depot.git/config"),
            format!("[core]\n\tbare = true\n[uploadpack]\n\tallowFilter = {filter}\n"),
        )
        .expect("a file");
        let mut bench = bench_at(&format!("{}/depot.git", server.address), SourceKind::Git).await;
        bench.limits.file_bytes = 4_000;
        let plan = bench.plan().await;
        let skipped = |why: &str| plan.report.skipped.get(why).copied().unwrap_or_default();
        assert_eq!((plan.report.read, plan.report.invalid), (1, 1), "{}", plan.report);
        assert_eq!(
            [skipped("odd-name"), skipped("symbolic-link"), skipped("submodule"), skipped("too-deep")],
            [8, 1, 1, 1],
            "{}",
            plan.report
        );
        bench.limits.object_bytes = 4_500;
        bench.source.key = "autre".parse().expect("a key");
        let outcome = maillage_importer::plan(&*bench.store, &bench.clock, &bench.fresh_job(), &maillage_importer::Silent).await;
        assert_eq!(outcome.is_err(), filter == "false", "an object over the limit is refused, unless the server leaves it out");
    }
}

#[tokio::test]
async fn a_run_has_a_limit_of_time_of_its_own() {
    let server = Server::start(always(|_| Reply::Stall(Vec::new())));
    let mut bench = archive_at(&server).await;
    (bench.limits.fetch_seconds, bench.limits.run_seconds) = (30, 1);
    let error = bench.plan_fails().await;
    assert!(error.to_string().contains("the time of a run in seconds is over 1"), "{error}");
}
