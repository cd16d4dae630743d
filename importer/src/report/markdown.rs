//! The report as the text of one issue on the partner's forge. The issue is found again by the comment in its first line, and
//! its text replaced: it is updated, not repeated. What a reader would miss in single records is not in it: that is for the
//! owner, and an issue may be read by all. What all of them lack is: the mapping may not look where the files say it.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::{self, Write as _};

use crate::diagnostic::{Code, Diagnostic, Quoting, ReportLanguage, Severity};

use super::completeness::missing_everywhere;
use super::fingerprint::fingerprints;
use super::text::Underlined;
use super::words::{self, pick};
use super::{Report, links, skip_reason, skipped};

/// The longest text, in bytes: GitHub takes 65,536 characters, and needs some of them.
const LONGEST: usize = 60_000;

/// How many different things of one code are listed, how many of these with their line, and how many places of each.
const LISTED: usize = 25;
const WITH_LINE: usize = 3;
const PLACES: usize = 10;

pub(super) fn write(report: &Report, language: ReportLanguage) -> String {
    let mut issue = Issue { out: String::new(), report, language };
    // Writing to a text cannot fail.
    let _ = issue.write();
    let more = pick(language, "_La suite est dans le rapport en JSON._", "_The rest is in the report as JSON._");
    shorten(issue.out, more)
}

/// The mark by which the issue of a source is found.
fn marker(report: &Report) -> String {
    format!("<!-- maillage:report:{} -->", report.source)
}

struct Issue<'a> {
    out: String,
    report: &'a Report,
    language: ReportLanguage,
}

impl Issue<'_> {
    const fn pick<'a>(&self, french: &'a str, english: &'a str) -> &'a str {
        pick(self.language, french, english)
    }

    fn write(&mut self) -> fmt::Result {
        writeln!(self.out, "{}", marker(self.report))?;
        self.summary()?;
        self.since()?;
        let prints = fingerprints(&self.report.diagnostics);
        let all: Vec<(&Diagnostic, &String)> = self.report.diagnostics.iter().zip(&prints).collect();
        let of = |severity: Severity, is_for_mapping: bool| -> Vec<(&Diagnostic, &String)> {
            let wanted =
                |diagnostic: &Diagnostic| diagnostic.severity() == severity && diagnostic.code.is_for_mapping() == is_for_mapping;
            all.iter().copied().filter(|(diagnostic, _)| wanted(diagnostic)).collect()
        };
        let heading = self.pick("À corriger", "To be fixed");
        self.problems(heading, Severity::Error, &of(Severity::Error, false))?;
        let heading = self.pick("À vérifier", "To be checked");
        self.problems(heading, Severity::Warning, &of(Severity::Warning, false))?;
        let for_mapping: Vec<_> = Severity::ALL.iter().flat_map(|severity| of(*severity, true)).collect();
        self.for_mapping(&for_mapping)?;
        self.skipped()
    }

    fn summary(&mut self) -> fmt::Result {
        let report = self.report;
        let [errors, warnings] = [Severity::Error, Severity::Warning].map(|severity| report.count(severity));
        let (errors_said, warnings_said) = (words::errors(self.language, errors), self.warnings(warnings));
        writeln!(self.out, "## {}\n", self.pick("Ce que Maillage a lu de ce dépôt", "What Maillage read of this repository"))?;
        let mut read = String::new();
        if let Some(moment) = report.read_at {
            let _ = write!(read, " {} {}", self.pick("le", "on"), moment.get().format("%Y-%m-%d"));
        }
        if let Some(commit) = &report.commit {
            let short = commit.get(..12).unwrap_or(commit);
            let _ = write!(read, " {} `{short}`", self.pick("au commit", "at commit"));
        }
        let files = words::files_and_entries(self.language, report.files, report.entries);
        let skipped: usize = report.skipped.values().sum();
        let (taken, invalid) = (report.read, report.invalid);
        match self.language {
            ReportLanguage::French => writeln!(
                self.out,
                "Lu{read} : {files}, dont {taken} repris, {invalid} invalides et {skipped} laissés de côté. **{errors_said}**, \
                 {warnings_said}.\n"
            )?,
            ReportLanguage::English => writeln!(
                self.out,
                "Read{read}: {files}, of which {taken} were taken up, {invalid} are invalid and {skipped} were left aside. \
                 **{errors_said}**, {warnings_said}.\n"
            )?,
        }
        if errors + warnings == 0 {
            writeln!(self.out, "{}\n", self.without_problems())?;
        }
        self.missing_everywhere()?;
        let kept = self.pick(
            "Ce texte est remplacé à chaque lecture, il n'y a rien à répondre ici : corrigez les fichiers quand cela vous convient.",
            "This text is replaced at each reading, nothing has to be answered here: fix the files when it suits you.",
        );
        writeln!(self.out, "{kept}\n")
    }

    /// How many warnings there are, and of them those that stand apart, since the mapping settles them.
    fn warnings(&self, count: usize) -> String {
        let said = words::warnings(self.language, count);
        let is_apart = |diagnostic: &&Diagnostic| diagnostic.severity() == Severity::Warning && diagnostic.code.is_for_mapping();
        match self.report.diagnostics.iter().filter(is_apart).count() {
            0 => said,
            apart => format!(
                "{said} ({} {apart} {})",
                self.pick("dont", "of which"),
                self.pick("pour la correspondance", "for the mapping")
            ),
        }
    }

    /// What is said where nothing is wrong: more than thanks where most of the files were not even asked for.
    fn without_problems(&self) -> &'static str {
        let not_asked_for = self.report.skipped.get(skipped::NOT_SELECTED).copied().unwrap_or_default();
        let (french, english) = match self.report.read {
            0 => (
                "Aucun fichier n'est repris : voyez plus bas lesquels sont laissés de côté, et pourquoi.",
                "No file is taken up: see below which were left aside, and why.",
            ),
            taken if not_asked_for > taken => (
                "Rien à corriger dans ce qui est repris. Plus de fichiers sont laissés de côté que repris : voyez plus bas si des études de cas \
                 sont parmi eux.",
                "Nothing to fix in what was taken up. More files were left aside than taken up: see below whether case studies are among them.",
            ),
            _ if !missing_everywhere(&self.report.completeness).is_empty() => {
                ("Aucune faute dans ce qui est repris, merci.", "No mistakes in what was taken up, thank you.")
            }
            _ => ("Rien à corriger, merci.", "Nothing to fix, thank you."),
        };
        pick(self.language, french, english)
    }

    /// What no record has: perhaps the files say it, where the mapping does not look.
    fn missing_everywhere(&mut self) -> fmt::Result {
        let missing = missing_everywhere(&self.report.completeness);
        if missing.is_empty() {
            return Ok(());
        }
        let labels: Vec<&str> = missing.iter().map(|missing| missing.label(self.language)).collect();
        let (labels, count) = (labels.join(", "), self.report.completeness.len());
        match self.language {
            ReportLanguage::French => writeln!(
                self.out,
                "Il manque à chacune des {count} fiches : {labels}. Si les fichiers le disent, la correspondance peut indiquer où ; sinon, ajoutez-le \
                 quand cela vous convient.\n"
            ),
            ReportLanguage::English => writeln!(
                self.out,
                "All {count} records lack: {labels}. If the files say it, the mapping can tell where; else add it when it suits you.\n"
            ),
        }
    }

    fn since(&mut self) -> fmt::Result {
        let Some(since) = &self.report.since else { return Ok(()) };
        let (new, fixed) = (since.new.len(), since.fixed.len());
        match self.language {
            ReportLanguage::French => {
                writeln!(self.out, "Depuis la lecture précédente : {new} apparus (**nouveau**), {fixed} corrigés.\n")
            }
            ReportLanguage::English => writeln!(self.out, "Since it was read before: {new} new (**new**), {fixed} fixed.\n"),
        }
    }

    /// What is to be done, by code: what it is, what to do, and where.
    fn problems(&mut self, heading: &str, severity: Severity, problems: &[(&Diagnostic, &String)]) -> fmt::Result {
        if problems.is_empty() {
            return Ok(());
        }
        writeln!(self.out, "### {heading} ({})\n", problems.len())?;
        writeln!(self.out, "{}.\n", capital(words::consequence(severity, self.language)))?;
        let mut by_code: BTreeMap<Code, Vec<(&Diagnostic, &String)>> = BTreeMap::new();
        for (diagnostic, print) in problems {
            by_code.entry(diagnostic.code).or_default().push((diagnostic, print));
        }
        let mut by_code: Vec<(Code, Vec<(&Diagnostic, &String)>)> = by_code.into_iter().collect();
        by_code.sort_by_key(|(_, problems)| std::cmp::Reverse(problems.len()));
        for (code, problems) in by_code {
            let title = capital(&plain(&code.title(self.language)));
            writeln!(self.out, "#### {title} ({}) `{}`\n", problems.len(), code.as_str())?;
            let common = self.common_hint(code, &problems);
            if let Some(remedy) = common.clone().or_else(|| self.remedy(code, &problems)) {
                writeln!(self.out, "{}.\n", capital(&plain(&remedy)))?;
            }
            let told = common.or_else(|| code.remedy(self.language).map(str::to_owned));
            self.list(code, told.as_deref(), &problems)?;
        }
        Ok(())
    }

    /// What to do about problems of a code. Metadata may be wrong in many ways, and are not all YAML: of few ways each has its own.
    fn remedy(&self, code: Code, problems: &[(&Diagnostic, &String)]) -> Option<String> {
        const FEW: usize = 2;
        let usual = code.remedy(self.language).map(str::to_owned);
        if code != Code::InvalidFrontMatter {
            return usual;
        }
        let hints: BTreeSet<String> = problems.iter().filter_map(|(problem, _)| problem.hint(self.language)).collect();
        if (1..=FEW).contains(&hints.len()) { Some(hints.into_iter().collect::<Vec<_>>().join(". ")) } else { usual }
    }

    /// What to do about places of which all look alike.
    fn common_hint(&self, code: Code, problems: &[(&Diagnostic, &String)]) -> Option<String> {
        if !matches!(code, Code::UncertainPlace | Code::UnknownPlace) {
            return None;
        }
        let mut hints: BTreeSet<Option<String>> =
            problems.iter().map(|(problem, _)| problem.hint_with(self.language, QUOTING)).collect();
        if hints.len() == 1 { hints.pop_first().flatten() } else { None }
    }

    /// Where something of a code is: what says the same, together, with what to do if that is not told of all of them already.
    fn list(&mut self, code: Code, told: Option<&str>, problems: &[(&Diagnostic, &String)]) -> fmt::Result {
        let mut alike: Vec<(String, Vec<(&Diagnostic, &String)>)> = Vec::new();
        let mut index: HashMap<String, usize> = HashMap::new();
        for (diagnostic, print) in problems {
            let said = self.said(diagnostic, code, told);
            let at = *index.entry(said.clone()).or_insert_with(|| {
                alike.push((said, Vec::new()));
                alike.len() - 1
            });
            alike[at].1.push((diagnostic, print));
        }
        alike.sort_by_key(|(_, problems)| std::cmp::Reverse(problems.len()));
        for (position, (said, problems)) in alike.iter().take(LISTED).enumerate() {
            match problems.as_slice() {
                [(diagnostic, print)] => {
                    let said = if said.is_empty() { String::new() } else { format!(" — {said}") };
                    writeln!(self.out, "- {}{}{said}", self.place(diagnostic), self.novelty(print))?;
                }
                problems => {
                    let head = if said.is_empty() { String::new() } else { format!("{said} — ") };
                    let files = words::files(self.language, problems.len());
                    let places: Vec<String> = problems
                        .iter()
                        .take(PLACES)
                        .map(|(diagnostic, print)| format!("{}{}", self.place(diagnostic), self.novelty(print)))
                        .collect();
                    let more = if problems.len() > PLACES { ", …" } else { "" };
                    writeln!(self.out, "- {head}{files}{}{}{more}", self.pick(" : ", ": "), places.join(", "))?;
                }
            }
            if position < WITH_LINE
                && let Some(underlined) = problems.first().and_then(|(first, _)| Underlined::of(first))
            {
                let fence = "`".repeat(longest_run(&underlined.line, '`').max(2) + 1);
                let Underlined { line, before, marks, .. } = underlined;
                writeln!(self.out, "  {fence}text\n  {line}\n  {before}{marks}\n  {fence}")?;
            }
        }
        if alike.len() > LISTED {
            writeln!(self.out, "- … {} {}", alike.len() - LISTED, self.pick("autres", "more"))?;
        }
        writeln!(self.out)
    }

    /// What is said of a place, beyond what stands above for the code.
    fn said(&self, diagnostic: &Diagnostic, code: Code, told: Option<&str>) -> String {
        let message = diagnostic.message_with(self.language, QUOTING);
        let hint = diagnostic.hint_with(self.language, QUOTING);
        let hint = hint.filter(|hint| Some(hint.as_str()) != told).map(|hint| format!("_{hint}_"));
        let message = (capital(&message) != capital(&code.title(self.language))).then_some(message);
        [message, hint].into_iter().flatten().collect::<Vec<_>>().join(" ")
    }

    fn novelty(&self, print: &String) -> &'static str {
        let is_new = self.report.since.as_ref().is_some_and(|since| since.new.contains(print));
        if is_new { pick(self.language, " **nouveau**", " **new**") } else { "" }
    }

    fn place(&self, diagnostic: &Diagnostic) -> String {
        let line = diagnostic.at.map(|at| at.line);
        let name = match line {
            Some(line) => format!("{}:{line}", diagnostic.path),
            None => diagnostic.path.clone(),
        };
        let (repository, commit) = (self.report.repository.as_deref(), self.report.commit.as_deref());
        let page =
            repository.zip(commit).and_then(|(repository, commit)| links::page_of(repository, commit, &diagnostic.path, line));
        let place = match page {
            Some(page) => format!("[{}](<{page}>)", quoted(&name)),
            None => quoted(&name),
        };
        match &diagnostic.entry {
            Some(entry) => format!("{place} ({})", quoted(entry)),
            None => place,
        }
    }

    /// What whoever keeps the mapping can settle, without any file being changed.
    fn for_mapping(&mut self, problems: &[(&Diagnostic, &String)]) -> fmt::Result {
        if problems.is_empty() {
            return Ok(());
        }
        let heading = self.pick("Pour qui tient la correspondance", "For whoever keeps the mapping");
        writeln!(self.out, "<details><summary>{heading} ({})</summary>\n", problems.len())?;
        let mut firsts: BTreeMap<String, usize> = BTreeMap::new();
        for (diagnostic, _) in problems {
            *firsts.entry(diagnostic.message_with(self.language, QUOTING)).or_default() += 1;
        }
        for (message, count) in firsts.iter().take(2 * LISTED) {
            writeln!(self.out, "- {message}{}", if *count > 1 { format!(" × {count}") } else { String::new() })?;
        }
        if firsts.len() > 2 * LISTED {
            writeln!(self.out, "- … {} {}", firsts.len() - 2 * LISTED, self.pick("autres", "more"))?;
        }
        writeln!(self.out, "\n</details>\n")
    }

    fn skipped(&mut self) -> fmt::Result {
        if self.report.skipped.is_empty() {
            return Ok(());
        }
        let heading = self.pick("Fichiers laissés de côté", "Files left aside");
        writeln!(self.out, "<details><summary>{heading}</summary>\n")?;
        for (why, count) in &self.report.skipped {
            let paths = self.report.left_aside.listed(why, *count, self.language, quoted);
            writeln!(self.out, "- {count} × {}{paths}", skip_reason(why, self.language))?;
        }
        writeln!(self.out, "\n</details>")
    }
}

/// Values as code, other words without mark-up.
const QUOTING: Quoting = Quoting { value: quoted, words: inert };

/// Words that may hold something of a file: nothing in them is mark-up, and nobody is called by them.
fn inert(words: &str) -> String {
    let mut inert = String::with_capacity(words.len());
    for character in words.chars() {
        match character {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '~' | '!' | '&' => inert.extend(['\\', character]),
            // A zero-width space keeps a forge from reading `@name` and `#1` as its own.
            '@' | '#' => inert.extend([character, '\u{200b}']),
            _ if character.is_control() => inert.push(' '),
            _ => inert.push(character),
        }
    }
    inert
}

/// A text from a file, as code: no mention, no link, no mark-up comes of it.
fn quoted(text: &str) -> String {
    let text: String = text.chars().map(|character| if character.is_control() { ' ' } else { character }).collect();
    let fence = "`".repeat(longest_run(&text, '`') + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') || text.trim().is_empty() { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

fn longest_run(text: &str, of: char) -> usize {
    let (longest, _) = text.chars().fold((0, 0), |(longest, run), character| {
        let run = if character == of { run + 1 } else { 0 };
        (longest.max(run), run)
    });
    longest
}

/// Words of ours, in which nothing is mark-up.
fn plain(text: &str) -> String {
    text.replace('<', "&lt;")
}

/// With a capital letter.
fn capital(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}

/// Cuts a text at the end of a line, if it is too long, and says so.
fn shorten(text: String, more: &str) -> String {
    if text.len() <= LONGEST {
        return text;
    }
    let mut end = LONGEST - more.len() - 40;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let cut = &text[..text[..end].rfind("\n- ").unwrap_or(end)];
    let is_open = cut.matches("<details>").count() > cut.matches("</details>").count();
    format!("{cut}\n\n{}{more}\n", if is_open { "</details>\n\n" } else { "" })
}
