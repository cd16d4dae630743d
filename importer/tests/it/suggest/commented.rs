//! Suggestions whose comments matter, too.

use maillage_importer::diagnostic::ReportLanguage;

use super::fixtures::Files;
use super::suggested;

/// What a suggestion is to say, line by line without its comments, and what it must not say.
pub(crate) struct Expected {
    pub(crate) name: &'static str,
    pub(crate) files: Files,
    pub(crate) lines: &'static [&'static str],
    pub(crate) never: &'static [&'static str],
    /// What the comments say.
    pub(crate) said: &'static [&'static str],
}

impl Expected {
    pub(crate) fn check(&self) {
        let Self { name, files, lines, never, said } = self;
        let (_, text) = suggested(files, ReportLanguage::French);
        let settings: Vec<&str> = text.lines().map(|line| line.split(" # ").next().unwrap_or(line).trim_end()).collect();
        for line in *lines {
            assert!(settings.contains(line), "{name}: {line}\n{text}");
        }
        let written = settings.iter().filter(|line| !line.starts_with('#')).copied().collect::<Vec<_>>().join("\n");
        for never in *never {
            assert!(!written.contains(never), "{name}: {never}\n{text}");
        }
        let comments = text
            .lines()
            .filter_map(|line| line.split_once("# "))
            .map(|(_, comment)| comment.trim())
            .collect::<Vec<_>>()
            .join(" ");
        for said in *said {
            assert!(comments.contains(said), "{name}: {said}\n{text}");
        }
    }
}
