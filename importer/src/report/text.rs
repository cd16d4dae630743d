//! The report at a terminal, readable without colour.

use std::collections::BTreeMap;
use std::fmt::{self, Write};

use crate::diagnostic::{Code, Diagnostic, ReportLanguage, Severity};
use crate::draft::Spot;

use super::completeness::{by_missing, neediest};
use super::words::{self, pick};
use super::{RecordCounts, Report, skip_reason};

/// How many things of one code are shown whole.
const SHOWN_WHOLE: usize = 10;

/// How many notes of one code are named, and how many records that lack something.
const NAMED: usize = 8;

/// How much of a line is shown, in characters, and how much of that before the place.
const WIDTH: usize = 100;
const BEFORE: usize = 40;

pub(super) fn write(report: &Report, language: ReportLanguage, is_coloured: bool) -> String {
    let mut writer = Writer { out: String::new(), language, is_coloured };
    // Writing to a text cannot fail.
    let _ = writer.report(report);
    writer.out
}

/// A colour, as terminals know it.
#[derive(Debug, Clone, Copy)]
enum Colour {
    Bold,
    Red,
    Yellow,
    Green,
    Blue,
}

struct Writer {
    out: String,
    language: ReportLanguage,
    is_coloured: bool,
}

impl Writer {
    fn paint(&self, colour: Colour, text: &str) -> String {
        let code = match colour {
            Colour::Bold => "1",
            Colour::Red => "1;31",
            Colour::Yellow => "1;33",
            Colour::Green => "32",
            Colour::Blue => "34",
        };
        if self.is_coloured { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }

    fn heading(&mut self, heading: &str) -> fmt::Result {
        let heading = self.paint(Colour::Bold, heading);
        writeln!(self.out, "{heading}")
    }

    fn report(&mut self, report: &Report) -> fmt::Result {
        for severity in [Severity::Error, Severity::Warning] {
            self.problems(report, severity)?;
        }
        self.notes(report)?;
        self.since(report)?;
        self.completeness(report)?;
        self.counts(report)
    }

    /// Errors, or warnings: those of one code together are not more than somebody reads.
    fn problems(&mut self, report: &Report, severity: Severity) -> fmt::Result {
        let mut shown: BTreeMap<Code, usize> = BTreeMap::new();
        let mut left: BTreeMap<Code, Vec<&Diagnostic>> = BTreeMap::new();
        for (diagnostic, others) in report.without_repeats() {
            if diagnostic.severity() != severity {
                continue;
            }
            let shown = shown.entry(diagnostic.code).or_default();
            *shown += 1;
            if *shown > SHOWN_WHOLE {
                left.entry(diagnostic.code).or_default().push(diagnostic);
                continue;
            }
            self.diagnostic(diagnostic)?;
            if others > 0 {
                let times = words::times(self.language, others);
                writeln!(self.out, "  … {} {times} {}", self.pick("et", "and"), self.pick("ailleurs", "elsewhere"))?;
            }
            writeln!(self.out)?;
        }
        for (code, left) in left {
            let word = self.severity(severity, &format!("[{}]", code.as_str()));
            writeln!(self.out, "{word}: {} {}", left.len(), self.pick("autres, dont :", "more, among them:"))?;
            for diagnostic in left.iter().take(NAMED) {
                let message = diagnostic.message(self.language);
                writeln!(self.out, "  {}: {message}", place(diagnostic))?;
            }
            let all = self.pick("  tous sont dans --format json", "  all are in --format json");
            writeln!(self.out, "{all}\n")?;
        }
        Ok(())
    }

    const fn pick<'a>(&self, french: &'a str, english: &'a str) -> &'a str {
        pick(self.language, french, english)
    }

    /// The word for a severity, with a code.
    fn severity(&self, severity: Severity, code: &str) -> String {
        let colour = match severity {
            Severity::Error => Colour::Red,
            Severity::Warning => Colour::Yellow,
            Severity::Note => Colour::Blue,
        };
        self.paint(colour, &format!("{}{code}", words::severity(severity, self.language)))
    }

    /// One diagnostic, with its line and the place underlined.
    fn diagnostic(&mut self, diagnostic: &Diagnostic) -> fmt::Result {
        let word = self.severity(diagnostic.severity(), &format!("[{}]", diagnostic.code.as_str()));
        let message = self.paint(Colour::Bold, &diagnostic.message(self.language));
        writeln!(self.out, "{word}: {message}")?;
        let arrow = self.paint(Colour::Blue, "-->");
        writeln!(self.out, "  {arrow} {}", place(diagnostic))?;
        if let Some(underlined) = Underlined::of(diagnostic) {
            let number = underlined.number.to_string();
            let gutter = " ".repeat(number.len());
            let (bar, marks) = (self.paint(Colour::Blue, "|"), self.paint(Colour::Red, &underlined.marks));
            writeln!(self.out, "   {number} {bar} {}", underlined.line)?;
            writeln!(self.out, "   {gutter} {bar} {}{marks}", underlined.before)?;
        }
        if let Some(hint) = diagnostic.hint(self.language) {
            let word = self.paint(Colour::Green, &format!("{}:", words::hint(self.language)));
            writeln!(self.out, "  {word} {hint}")?;
        }
        Ok(())
    }

    /// Notes, a line each; of each code the first ones only.
    fn notes(&mut self, report: &Report) -> fmt::Result {
        let mut by_code: BTreeMap<Code, Vec<&Diagnostic>> = BTreeMap::new();
        let notes = report.diagnostics.iter().filter(|diagnostic| diagnostic.severity() == Severity::Note);
        notes.for_each(|note| by_code.entry(note.code).or_default().push(note));
        for (code, notes) in &by_code {
            let word = self.severity(Severity::Note, &format!("[{}]", code.as_str()));
            writeln!(self.out, "{word}: {}", notes.len())?;
            for note in notes.iter().take(NAMED) {
                let place = if note.path.is_empty() { String::new() } else { format!("{}: ", Spot::of(note)) };
                let place: String = place.chars().map(visible).collect();
                writeln!(self.out, "  {place}{}", note.message(self.language))?;
            }
            if notes.len() > NAMED {
                writeln!(self.out, "  …")?;
            }
        }
        if by_code.is_empty() { Ok(()) } else { writeln!(self.out) }
    }

    fn since(&mut self, report: &Report) -> fmt::Result {
        let Some(since) = &report.since else { return Ok(()) };
        self.heading(self.pick("Depuis la lecture précédente", "Since it was read before"))?;
        writeln!(self.out, "  {} {}", since.new.len(), self.pick("apparus", "new"))?;
        writeln!(self.out, "  {} {}", since.fixed.len(), self.pick("corrigés", "fixed"))?;
        for fixed in since.fixed.iter().take(NAMED) {
            let message = fixed.message(self.language);
            writeln!(self.out, "    {}: {message}", place(fixed))?;
        }
        if since.fixed.len() > NAMED {
            writeln!(self.out, "    …")?;
        }
        writeln!(self.out)
    }

    fn completeness(&mut self, report: &Report) -> fmt::Result {
        let missing = by_missing(&report.completeness);
        if missing.is_empty() {
            return Ok(());
        }
        let whole = report.completeness.len();
        let heading = self.pick("Ce qui manquerait à un lecteur", "What a reader would miss");
        self.heading(heading)?;
        for (missing, count) in missing {
            writeln!(self.out, "  {count:>5} / {whole}  {}", missing.label(self.language))?;
        }
        let needy = neediest(&report.completeness, NAMED);
        writeln!(self.out, "  {}", self.pick("le plus dans :", "most in:"))?;
        for record in needy {
            let labels: Vec<&str> = record.missing.iter().map(|missing| missing.short_label(self.language)).collect();
            let is_of_many = report.completeness.iter().filter(|other| other.path == record.path).nth(1).is_some();
            let place = match record.path.as_str() {
                "" => record.key.clone(),
                path if is_of_many => format!("{path} ({})", record.title),
                path => path.to_owned(),
            };
            writeln!(self.out, "    {place}: {}", labels.join(", "))?;
        }
        writeln!(self.out)
    }

    fn counts(&mut self, report: &Report) -> fmt::Result {
        let mut heading = format!("{} ({})", report.source, report.address);
        if let Some(commit) = &report.commit {
            let _ = write!(heading, " @ {}", commit.get(..12).unwrap_or(commit));
        }
        self.heading(&heading)?;
        if report.unchanged {
            let unchanged = self.pick(
                "  inchangée depuis le dernier import, donc pas relue",
                "  unchanged since the last import, so not read again",
            );
            writeln!(self.out, "{unchanged}")?;
        }
        let skipped: usize = report.skipped.values().sum();
        let files = words::files_and_entries(self.language, report.files, report.entries);
        let (read, invalid) = (report.read, report.invalid);
        match self.language {
            ReportLanguage::French => {
                writeln!(self.out, "  {files} : {read} lus, {invalid} invalides, {skipped} laissés de côté")?;
            }
            ReportLanguage::English => {
                writeln!(self.out, "  {files}: {read} read, {invalid} invalid, {skipped} left aside")?;
            }
        }
        for (why, count) in &report.skipped {
            let paths = report.left_aside.listed(why, *count, self.language, |path| path.chars().map(visible).collect());
            writeln!(self.out, "    {count} × {}{paths}", skip_reason(why, self.language))?;
        }
        if report.skipped.iter().any(|(why, count)| report.left_aside.has_more(why, *count)) {
            let others = self.pick(
                "--format json nomme les autres (hors images et programmes)",
                "--format json names the others (pictures and programs apart)",
            );
            writeln!(self.out, "    {others}")?;
        }
        for (kind, counts) in &report.records {
            let RecordCounts { new, changed, unchanged, withdrawn, .. } = counts;
            let kind = format!("{}:", words::kind(*kind, self.language));
            match self.language {
                ReportLanguage::French => writeln!(
                    self.out,
                    "  {kind:14} {new} de plus, {changed} modifiés, {unchanged} inchangés, {withdrawn} retirés"
                )?,
                ReportLanguage::English => {
                    writeln!(self.out, "  {kind:14} {new} new, {changed} changed, {unchanged} unchanged, {withdrawn} withdrawn")?;
                }
            }
        }
        for severity in [Severity::Error, Severity::Warning] {
            let count = report.count(severity);
            let counted = match severity {
                Severity::Error => words::errors(self.language, count),
                _ => words::warnings(self.language, count),
            };
            let counted = if count == 0 { counted } else { self.severity_of(severity, &counted) };
            let consequence = words::consequence(severity, self.language);
            let consequence = if count == 0 { String::new() } else { format!(" ({consequence})") };
            writeln!(self.out, "  {counted}{consequence}")?;
        }
        if report.omitted > 0 {
            let more = self.pick("autres remarques n'ont pas été gardées", "more remarks were not kept");
            writeln!(self.out, "  {} {more}", report.omitted)?;
        }
        Ok(())
    }

    fn severity_of(&self, severity: Severity, text: &str) -> String {
        self.paint(if severity == Severity::Error { Colour::Red } else { Colour::Yellow }, text)
    }
}

/// Where it is: file, line and column, as editors open them, and which record of many.
fn place(diagnostic: &Diagnostic) -> String {
    let path = if diagnostic.path.is_empty() { "." } else { &diagnostic.path };
    let place = match diagnostic.at {
        Some(at) => format!("{path}:{}:{}", at.line, at.column),
        None => path.to_owned(),
    };
    match &diagnostic.entry {
        Some(entry) => format!("{place} ({})", entry.chars().map(visible).collect::<String>()),
        None => place,
    }
}

/// A line, as much of it as is shown, and the marks below it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Underlined {
    pub(super) number: usize,
    pub(super) line: String,
    pub(super) before: String,
    pub(super) marks: String,
}

impl Underlined {
    /// `None` if there is no line to show.
    pub(super) fn of(diagnostic: &Diagnostic) -> Option<Self> {
        let (at, line) = (diagnostic.at?, diagnostic.line.as_ref()?);
        let characters: Vec<char> = line.trim_end().chars().map(visible).collect();
        let column = at.column.saturating_sub(1);
        if characters.is_empty() || column > characters.len() {
            return None;
        }
        // Of a long line, what is around the place.
        let from = if characters.len() > WIDTH && column > BEFORE { column - BEFORE } else { 0 };
        let until = characters.len().min(from + WIDTH);
        let (start, end) = (if from > 0 { "… " } else { "" }, if until < characters.len() { " …" } else { "" });
        let shown: String = characters[from..until].iter().collect();
        let blank = |character: &char| if *character == '\t' { '\t' } else { ' ' };
        let before = start.chars().map(|_| ' ').chain(characters[from..column].iter().map(blank)).collect();
        let is_quoted = characters.get(column).is_some_and(|character| matches!(character, '"' | '\''));
        let value = diagnostic.value.as_ref().map_or(1, |value| value.chars().count() + if is_quoted { 2 } else { 0 });
        let width = value.clamp(1, (until - column).max(1));
        Some(Self { number: at.line, line: format!("{start}{shown}{end}"), before, marks: "^".repeat(width) })
    }
}

/// What a terminal would not show as it is, or would take for a command.
fn visible(character: char) -> char {
    if character.is_control() && character != '\t' { '\u{fffd}' } else { character }
}
