//! What the importer must withstand: each target takes any bytes, and panics if what must hold does not.
//!
//! `cargo xtask fuzz` runs them under libFuzzer, led by which code an input reaches; `cargo xtask ci` replays `fuzz/corpus` with a
//! few thousand mutations, which takes seconds and needs nothing more. To add a target: write a function here, name it in
//! [`TARGETS`], give it a file in `fuzz_targets` and a folder of inputs in `corpus`.
//!
//! An input that was found to break something becomes a unit test beside what it broke, and stays in the corpus.

use std::path::Path;

use maillage_importer::SourceConfig;
use maillage_importer::limits::Limits;
use maillage_importer::mapping::{self, Mapping};
use maillage_importer::parse::body::{self, Headings};
use maillage_importer::parse::personal::{RoleMailboxes, without_personal_data};
use maillage_importer::parse::{Beside, Reading, clean, front_matter as metadata, markup};
use maillage_importer::source::{Content, SourceFile};
use maillage_importer::text::{self, Setting};

/// A target by its name.
pub type Target = (&'static str, fn(&[u8]));

/// All targets.
pub const TARGETS: &[Target] = &[("front_matter", front_matter), ("body", body), ("mapping", mapping)];

/// The metadata of a file, in whichever notation, and the whole file in the fields of Maillage.
///
/// # Panics
/// Where the importer breaks its word: that is a finding.
pub fn front_matter(data: &[u8]) {
    let limits = Limits::default();
    if let Ok(text) = std::str::from_utf8(data)
        && let Ok(found) = metadata::split(text, &limits)
    {
        assert!(text.ends_with(&*found.body), "the body is the end of the file");
    }
    read(data, None);
}

/// The text of a file, from what is written to what is shown.
///
/// # Panics
/// Where the importer breaks its word: that is a finding.
pub fn body(data: &[u8]) {
    let written = String::from_utf8_lossy(data);
    let tidy = clean::tidy(&written);
    assert_eq!(clean::tidy(&tidy), tidy, "tidy once, tidy for ever");
    let plain = markup::without_templates(&tidy, "a.mdx");
    let roles = RoleMailboxes::default();
    let (kept, _) = without_personal_data(&plain, &roles);
    let (again, removed) = without_personal_data(&kept, &roles);
    assert!(again.matches('@').count() >= kept.matches('@').count().saturating_sub(removed.mail_addresses), "only addresses go");
    for section in body::sections(&kept, None, &Headings::default()) {
        let html = text::html(&section.markdown, Setting::default()).to_lowercase();
        for word in ["<script", "<style", "<iframe", "<img", "javascript:\"", " onerror="] {
            let in_tag = html.split('<').skip(1).filter_map(|rest| rest.split_once('>')).any(|(tag, _)| {
                let bare: String = tag.split('"').step_by(2).collect();
                format!("<{bare}").contains(word)
            });
            assert!(!in_tag, "{word} in {html:?}");
        }
        text::plain(&section.markdown);
    }
}

/// A mapping, and after a zero byte a file that is read by it.
///
/// # Panics
/// Where the importer breaks its word: that is a finding.
pub fn mapping(data: &[u8]) {
    let (mapping, file) = data.iter().position(|byte| *byte == 0).map_or((data, &[][..]), |at| (&data[..at], &data[at + 1..]));
    let Ok(text) = std::str::from_utf8(mapping) else { return };
    match mapping::parse(text) {
        Ok(mapping) => read(file, Some(&mapping)),
        Err((line, problem)) => {
            assert!(line >= 1 && line <= text.matches('\n').count() + 1, "line {line} of a shorter text: {problem}");
        }
    }
}

fn read(data: &[u8], mapping: Option<&Mapping>) {
    let (Ok(key), Ok(name)) = ("agen".parse(), "Agen".parse()) else { unreachable!("a key and a name") };
    let mut source = SourceConfig::directory(key, name, Path::new("files").to_owned());
    source.language = "fr".parse().ok();
    let (headings, limits) = (Headings::default(), Limits::default());
    let reading = Reading { source: &source, mapping, headings: &headings, limits: &limits };
    for path in ["content/_projects/a.fr.md", "b.yaml", "c.csv"] {
        if reading.wants(path) || mapping.is_none() {
            reading.read_all(&SourceFile { path: path.to_owned(), content: Content::Bytes(data.to_vec()) }, &Beside::default());
        }
    }
}
