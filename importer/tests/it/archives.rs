//! Archives: of a server, asked for only if they changed; and of this machine.

use std::io::{Cursor, Write as _};

use flate2::Compression;
use flate2::write::GzEncoder;
use maillage_graph_schema::model::SourceKind;
use maillage_importer::ImportError;
use tar::{EntryType, Header};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::fixtures::{counts, file};
use crate::server::{Reply, Server};
use crate::servers::bench_at;

/// A `.tar.gz` of files (path, text), as forges make them.
pub(crate) fn tar_gz(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut builder = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::best()));
    for (path, text) in files {
        entry(&mut builder, path, EntryType::Regular, text);
    }
    builder.into_inner().expect("an archive").finish().expect("an archive")
}

/// Adds an entry under a name that a well-meaning program would not write.
fn entry<W: std::io::Write>(builder: &mut tar::Builder<W>, path: &str, kind: EntryType, text: &[u8]) {
    let mut header = Header::new_gnu();
    header.as_old_mut().name[..path.len()].copy_from_slice(path.as_bytes());
    header.set_size(text.len() as u64);
    header.set_entry_type(kind);
    header.set_mode(0o644);
    if matches!(kind, EntryType::Symlink | EntryType::Link) {
        header.set_link_name("/etc/passwd").expect("a name");
    }
    header.set_cksum();
    builder.append(&header, text).expect("an entry");
}

/// A `.zip` of files (path, text).
pub(crate) fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (path, text) in files {
        writer.start_file(*path, SimpleFileOptions::default()).expect("an entry");
        writer.write_all(text).expect("an entry");
    }
    writer.finish().expect("an archive").into_inner()
}

fn three(root: &str) -> Vec<(String, String)> {
    ["a", "b", "études/c"]
        .iter()
        .map(|path| {
            let id = path.rsplit('/').next().expect("a name");
            (format!("{root}{path}.md"), file(id, "Titre", "", "Texte."))
        })
        .collect()
}

fn borrowed(files: &[(String, String)]) -> Vec<(&str, &[u8])> {
    files.iter().map(|(path, text)| (path.as_str(), text.as_bytes())).collect()
}

#[tokio::test]
async fn an_archive_is_fetched_when_it_changed() {
    for (name, ending, pack) in [
        ("an ETag", "tar.gz", tar_gz as fn(&[(&str, &[u8])]) -> Vec<u8>),
        ("a time", "zip", zip as fn(&[(&str, &[u8])]) -> Vec<u8>),
    ] {
        let first = pack(&borrowed(&three("depot-1/")));
        let server = Server::start(move |request| match (request.header("if-none-match"), request.header("if-modified-since")) {
            (Some("\"1\""), _) | (_, Some("Wed, 21 Oct 2026 07:28:00 GMT")) => Reply::of(304, &[], b""),
            _ if request.target.ends_with("tar.gz") => Reply::of(200, &[("ETag", "\"1\"")], &first),
            _ => Reply::of(200, &[("Last-Modified", "Wed, 21 Oct 2026 07:28:00 GMT")], &first),
        });
        let mut bench = bench_at(&format!("{}/depot.{ending}", server.address), SourceKind::Archive).await;
        let (plan, _) = bench.import().await;
        assert_eq!(counts(&plan), [6, 0, 0, 0], "{name}: {}", plan.report);
        assert!(bench.field("initiative/c", "provenance").await.contains("\"études/c.md\""), "{name}");
        assert_eq!(server.seen().len(), 1, "{name}");
        for again in [false, true] {
            bench.again = again;
            let (plan, applied) = bench.import().await;
            assert_eq!((server.seen().len(), counts(&plan), applied.changed), (1, [0, 0, 6, 0], 0), "{name}: {}", plan.report);
            assert_eq!(plan.report.unchanged, !again, "{name}");
        }
    }
}

#[tokio::test]
async fn an_archive_without_a_name_for_its_state_is_told_by_its_bytes() {
    let archive = tar_gz(&borrowed(&three("")));
    let server = Server::start(move |_| Reply::of(200, &[], &archive));
    let mut bench = bench_at(&format!("{}/depot.tar.gz", server.address), SourceKind::Archive).await;
    bench.import().await;
    let (plan, _) = bench.import().await;
    assert!(plan.report.unchanged, "{}", plan.report);
    assert_eq!(server.seen().len(), 2);
}

#[tokio::test]
async fn the_commit_that_a_forge_notes_is_kept() {
    let commit = "0123456789abcdef0123456789abcdef01234567";
    let mut builder = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
    let noted = format!("52 comment={commit}\n");
    entry(&mut builder, "pax_global_header", EntryType::XGlobalHeader, noted.as_bytes());
    entry(&mut builder, "depot-1/a.md", EntryType::Regular, file("a", "Titre", "", "").as_bytes());
    let as_tar = builder.into_inner().expect("an archive").finish().expect("an archive");
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    writer.set_comment(commit).expect("a comment");
    writer.start_file("depot-1/a.md", SimpleFileOptions::default()).expect("an entry");
    writer.write_all(file("a", "Titre", "", "").as_bytes()).expect("an entry");
    let as_zip = writer.finish().expect("an archive").into_inner();
    for (archive, name) in [(as_tar, "depot.tar.gz"), (as_zip, "depot.zip")] {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join(name);
        std::fs::write(&path, archive).expect("a file");
        let mut bench = bench_at(path.to_str().expect("a path"), SourceKind::Archive).await;
        let (plan, _) = bench.import().await;
        assert_eq!((counts(&plan), plan.report.commit.as_deref()), ([2, 0, 0, 0], Some(commit)), "{name}: {}", plan.report);
    }
}

#[tokio::test]
async fn what_no_repository_holds_is_left_aside() {
    let good = file("a", "Titre", "", "");
    let mut builder = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
    for path in ["/etc/passwd.md", "../b.md", "x/../../c.md", "d\\e.md", "nul.md"] {
        entry(&mut builder, path, EntryType::Regular, good.as_bytes());
    }
    for kind in [EntryType::Symlink, EntryType::Link] {
        entry(&mut builder, "lien.md", kind, b"");
    }
    entry(&mut builder, "tuyau.md", EntryType::Fifo, b"");
    entry(&mut builder, "dans.tar.gz", EntryType::Regular, &tar_gz(&[("b.md", good.as_bytes())]));
    entry(&mut builder, "a.md", EntryType::Regular, good.as_bytes());
    let as_tar = builder.into_inner().expect("an archive").finish().expect("an archive");
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for path in ["/etc/passwd.md", "../b.md", "x/../../c.md", "aux.md", "a.md"] {
        writer.start_file(path, SimpleFileOptions::default()).expect("an entry");
        writer.write_all(good.as_bytes()).expect("an entry");
    }
    writer.add_symlink("lien.md", "/etc/passwd", SimpleFileOptions::default()).expect("an entry");
    let as_zip = writer.finish().expect("an archive").into_inner();
    for (archive, name, odd, links) in [(as_tar, "depot.tar.gz", 6, 2), (as_zip, "depot.zip", 4, 1)] {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join(name);
        std::fs::write(&path, archive).expect("a file");
        let mut bench = bench_at(path.to_str().expect("a path"), SourceKind::Archive).await;
        let (plan, _) = bench.import().await;
        assert_eq!(counts(&plan), [2, 0, 0, 0], "{name}: {}", plan.report);
        assert_eq!(plan.report.skipped["odd-name"], odd, "{name}: {}", plan.report);
        assert_eq!(plan.report.skipped["symbolic-link"], links, "{name}: {}", plan.report);
    }
}

#[tokio::test]
async fn an_archive_keeps_to_the_limits() {
    let zeros = vec![0; 24 << 20];
    let many: Vec<String> = (0..200).map(|number| format!("{number}.txt")).collect();
    let many: Vec<(&str, &[u8])> = many.iter().map(|name| (name.as_str(), &b""[..])).collect();
    let deep = format!("{}a.md", "x/".repeat(9));
    let whole = tar_gz(&[("a.md", file("a", "Titre", "", "Texte.").as_bytes())]);
    for (name, archive, problem) in [
        ("bomb.tar.gz", tar_gz(&[("a.md", &zeros)]), "the unpacked size, in times that of the archive, is over 200"),
        ("bomb.zip", zip(&[("a.md", &zeros)]), "the unpacked size, in times that of the archive, is over 200"),
        ("many.tar.gz", tar_gz(&many), "the number of entries is over 100"),
        ("many.zip", zip(&many), "the number of entries is over 100"),
        ("half.tar.gz", whole[..whole.len() / 2].to_vec(), "the archive is broken"),
        ("half.zip", zip(&[("a.md", &zeros[..100])])[..90].to_vec(), "the archive is broken"),
        ("empty.zip", Vec::new(), "it is neither a .tar.gz nor a .zip"),
        ("page.zip", b"<!doctype html>".to_vec(), "it is neither a .tar.gz nor a .zip"),
        ("noise.tar.gz", [&[0x1f, 0x8b][..], &[7; 400]].concat(), "the archive is broken"),
    ] {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join(name);
        std::fs::write(&path, archive).expect("a file");
        let mut bench = bench_at(path.to_str().expect("a path"), SourceKind::Archive).await;
        bench.limits.entries = 100;
        let error = bench.plan_fails().await;
        assert!(error.to_string().contains(problem), "{name}: {error}");
    }
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("deep.zip");
    std::fs::write(&path, zip(&[(&deep, b"x"), ("a.md", &vec![b'x'; 3_000])])).expect("a file");
    let mut bench = bench_at(path.to_str().expect("a path"), SourceKind::Archive).await;
    (bench.limits.folder_depth, bench.limits.file_bytes) = (8, 2_000);
    let plan = bench.plan().await;
    assert_eq!((plan.report.skipped["too-deep"], plan.report.invalid), (1, 1), "{}", plan.report);
    bench.limits.file_bytes = 5_000;
    for (limits, problem) in [
        (maillage_importer::limits::Limits { files: 0, ..bench.limits }, "the number of files is over 0"),
        (maillage_importer::limits::Limits { total_bytes: 10, ..bench.limits }, "the size of all files is over 10"),
    ] {
        bench.limits = limits;
        let error = bench.plan_fails().await;
        assert!(matches!(error, ImportError::Limit { .. }) && error.to_string().contains(problem), "{error}");
    }
}
