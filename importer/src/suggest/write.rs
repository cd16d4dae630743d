//! A suggestion as the text of a mapping, with comments for the person who is to correct it.

use std::fmt::Write as _;

use super::model::{CollectionSuggestion, FieldChoice, OpenValue, PlaceChoice, Rule, Suggestion, ValueChoice};
use super::page::Metadata;
use super::said::Said;
use crate::diagnostic::ReportLanguage;

/// The mapping of a suggestion, with comments in a language.
pub fn write(suggestion: &Suggestion, address: &str, language: ReportLanguage) -> String {
    let mut writer = Writer { text: String::new(), language };
    writer.head(suggestion, address);
    suggestion.collections.iter().for_each(|collection| writer.collection(collection));
    if suggestion.collections.is_empty() {
        writer.skeleton();
    }
    writer.text
}

/// The condition of pages whose text is only there to fill them.
const FILLER: &str = r#"{ "{body}" = "*lorem ipsum*" }"#;

struct Writer {
    text: String,
    language: ReportLanguage,
}

impl Writer {
    fn line(&mut self, line: &str) {
        self.text.push_str(line.trim_end());
        self.text.push('\n');
    }

    fn say(&self, said: &Said) -> String {
        said.text(self.language).to_owned()
    }

    fn words<'w>(&self, french: &'w str, english: &'w str) -> &'w str {
        if self.language == ReportLanguage::French { french } else { english }
    }

    fn count(&self, filled: usize, files: usize) -> String {
        match self.language {
            ReportLanguage::French => format!("{filled} sur {files}"),
            ReportLanguage::English => format!("{filled} of {files}"),
        }
    }

    fn comment(&mut self, text: &str) {
        for line in wrapped(text, 118) {
            self.line(&format!("# {line}"));
        }
    }

    fn head(&mut self, suggestion: &Suggestion, address: &str) {
        let about = match self.language {
            ReportLanguage::French => format!(
                "Correspondance proposée pour {} : {} pages lues, {} à importer. À gauche notre champ, à droite le leur ; à relire, surtout ce qui suit.",
                one_line(address),
                suggestion.pages,
                suggestion.selected
            ),
            ReportLanguage::English => format!(
                "Mapping suggested for {}: {} pages read, {} to be imported. On the left our field, on the right theirs; to be read over, above all what follows.",
                one_line(address),
                suggestion.pages,
                suggestion.selected
            ),
        };
        self.line(&format!("#:schema {}", crate::schema::MAPPING_ADDRESS));
        self.comment(&about);
        if !suggestion.decisions.is_empty() {
            self.line("#");
            let title = self.words("À décider :", "To decide:");
            self.line(&format!("# {title}"));
            for decision in &suggestion.decisions {
                let text = decision.text(self.language);
                for (number, line) in wrapped(&text, 114).into_iter().enumerate() {
                    self.line(&format!("# {} {line}", if number == 0 { "-" } else { " " }));
                }
            }
        }
        if !suggestion.aside.is_empty() {
            self.line("#");
            let title = self.words("Laissé de côté :", "Left aside:");
            self.line(&format!("# {title}"));
            for aside in suggestion.aside.iter().take(20) {
                let text = self.say(aside);
                self.line(&format!("# - {}", one_line(&text)));
            }
            if suggestion.aside.len() > 20 {
                self.line(&format!("# - … ({})", suggestion.aside.len() - 20));
            }
        }
        if let Some(language) = &suggestion.language {
            self.line(&format!("language = {}", quoted(language.as_str())));
        }
        if let Some(licence) = &suggestion.licence {
            self.line(&format!("licence = {}", quoted(licence.as_str())));
        }
        if let Some(order) = suggestion.date_order {
            self.line(&format!("date_order = {}", quoted(order)));
        }
        if suggestion.has_two_digit_years {
            let why = self.words("49 est 2049, 50 est 1950", "49 is 2049, 50 is 1950");
            self.line(&format!("two_digit_years_from = 1950 # {why}"));
        }
        if !suggestion.nothing.is_empty() {
            let why = self.words("ce qui ne dit rien", "what says nothing");
            self.line(&format!("nothing = {} # {why}", list(&suggestion.nothing)));
        }
    }

    /// The pages that are left out, and why.
    fn skip(&mut self, collection: &CollectionSuggestion) {
        let mut conditions: Vec<String> = Vec::new();
        let mut reasons: Vec<&str> = Vec::new();
        if !collection.skip.is_empty() {
            let fields: Vec<String> = collection.skip.iter().map(|field| format!("{} = \"\"", key(field))).collect();
            conditions.push(format!("{{ {} }}", fields.join(", ")));
            reasons.push(
                self.words(
                    "ni titre ni texte : une page qui reste à écrire",
                    "neither title nor text: a page still to be written",
                ),
            );
        }
        if collection.has_filler {
            conditions.push(FILLER.to_owned());
            reasons.push(self.words("un texte de remplissage", "a text that only fills the page"));
        }
        if let Some((field, values)) = &collection.strangers {
            conditions.push(format!("{{ {} = {} }}", key(field), one_or_many(values)));
            reasons.push(self.words("d'autres genres de pages", "other kinds of pages"));
        }
        if let Some((field, values)) = &collection.hidden {
            conditions.push(format!("{{ {} = {} }}", key(field), one_or_many(values)));
            reasons.push(self.words("des pages que le site ne montre pas", "pages that the site does not show"));
        }
        let skip = match conditions.as_slice() {
            [] => return,
            [only] => only.clone(),
            several => format!("[{}]", several.join(", ")),
        };
        self.line(&format!("skip = {skip} # {}", reasons.join(", ")));
    }

    /// A collection to be filled in, where none could be proposed.
    fn skeleton(&mut self) {
        self.line("");
        let why = self.words(
            "Rien ici ne ressemble à des études de cas. S'il y en a, dire où, et enlever les # qui précèdent :",
            "Nothing here looks like case studies. If there are some, say where, and take the # away:",
        );
        self.comment(why);
        for line in [
            "[collections.initiatives]",
            "makes = \"initiatives\"",
            "files = [\"FOLDER/*.md\"]",
            "key = \"SOURCE-{file_stem}\"",
            "[collections.initiatives.fields]",
            "title = [\"title\", \"{heading}\"]",
            "summary = { field = \"{first_paragraph}\", longest = 600 }",
        ] {
            self.line(&format!("# {line}"));
        }
    }

    fn collection(&mut self, collection: &CollectionSuggestion) {
        self.line("");
        let name = key(&collection.name);
        let metadata: Vec<String> =
            collection.metadata.iter().map(|(metadata, count)| format!("{} {count}", self.metadata(*metadata))).collect();
        let one = collection.files == 1;
        let files = match (collection.records.is_some(), one) {
            (false, true) => self.words("fichier", "file"),
            (false, false) => self.words("fichiers", "files"),
            (true, true) => self.words("entrée", "entry"),
            (true, false) => self.words("entrées", "entries"),
        };
        let sorts = if collection.records.is_some() { collection.globs.files.join(", ") } else { metadata.join(", ") };
        self.line(&format!("[collections.{name}] # {} {files} ({sorts})", collection.files));
        self.line(&format!("makes = {}", quoted(collection.makes)));
        self.line(&format!("files = {}", list(&collection.globs.files)));
        if !collection.globs.except.is_empty() {
            self.line(&format!("except = {}", list(&collection.globs.except)));
        }
        if let Some(records) = &collection.records {
            let why = self.words("chaque entrée est une fiche", "each entry is a record");
            self.line(&format!("records = {} # {why}", quoted(records)));
        }
        if let Some(condition) = &collection.condition {
            self.line(&format!("where = {{ {} = {} }}", key(&condition.field), one_or_many(&condition.values)));
        }
        self.skip(collection);
        if !collection.sidecar.is_empty() {
            self.line(&format!("sidecar = {}", list(&collection.sidecar)));
        }
        let why = self.words(
            "commence comme la clé de la source ; ne doit plus changer après le premier import",
            "begins as the key of the source; must not change after the first import",
        );
        self.line(&format!("key = {} # {why}", one_or_many(&collection.key)));
        if collection.translations.len() > 1 {
            let why = self.words("l'original d'abord", "the original first");
            self.line(&format!("translations = {} # {why}", list(&collection.translations)));
        }
        self.places(collection);
        self.drop(collection);
        self.line("");
        self.line(&format!("[collections.{name}.fields]"));
        for field in &collection.fields {
            self.field(field, collection.files);
        }
        for offered in &collection.offered {
            let before = self.text.len();
            self.field(offered, collection.files);
            for line in self.text.split_off(before).lines() {
                self.line(&format!("# {line}"));
            }
        }
        if !collection.unused.is_empty() {
            let unused: Vec<String> =
                collection.unused.iter().map(|(field, count)| format!("{} ({count})", one_line(field))).collect();
            let title = self.words("Champs non repris : ", "Fields not taken: ");
            let text = format!("{title}{}", unused.join(", "));
            self.comment(&text);
        }
        for (field, values) in &collection.values {
            self.values(&name, field, values);
        }
        self.open_values(&name, "places", &collection.open_places);
        self.open_values(&name, "tags", &collection.open_tags);
        if !collection.headings.is_empty() {
            self.line("");
            let why = self.words("en plus des titres usuels", "beside the usual headings");
            self.line(&format!("[collections.{name}.headings] # {why}"));
            for (kind, headings) in &collection.headings {
                let headings: Vec<String> = headings.iter().map(|(heading, _)| heading.to_lowercase()).collect();
                self.line(&format!("{kind} = {}", list(&headings)));
            }
        }
    }

    fn metadata(&self, metadata: Metadata) -> &'static str {
        let (french, english) = match metadata {
            Metadata::Yaml => ("en-tête YAML", "YAML"),
            Metadata::Toml => ("en-tête TOML", "TOML"),
            Metadata::Json => ("en-tête JSON", "JSON"),
            Metadata::Fenced => ("métadonnées dans un bloc de code", "metadata in a block of code"),
            Metadata::Properties => ("propriétés au début du texte", "properties at the start of the text"),
            Metadata::Sidecar => ("métadonnées dans un fichier voisin", "metadata in a file beside"),
            Metadata::Whole => ("métadonnées seules", "metadata alone"),
            Metadata::Entry => ("d'une liste", "of a list"),
            Metadata::List => ("listes", "lists"),
            Metadata::Empty => ("vides", "empty"),
            Metadata::None => ("sans métadonnées", "without metadata"),
            Metadata::Broken => ("métadonnées illisibles", "metadata that cannot be read"),
        };
        if self.language == ReportLanguage::French { french } else { english }
    }

    fn places(&mut self, collection: &CollectionSuggestion) {
        if let Some(offered) = &collection.offered_place {
            let note = self.place_note(offered, collection.files);
            self.line(&format!("# places = [{}] # {note}", place(offered)));
        }
        match &collection.places[..] {
            [] => {}
            [only] => {
                let note = match (&only.note, collection.placed) {
                    (None, Some(placed)) => self.count_places(placed, only.filled, collection.files),
                    _ => self.place_note(only, collection.files),
                };
                self.line(&format!("places = [{}] # {note}", place(only)));
            }
            several => {
                let told = several.iter().filter(|choice| choice.note.is_none()).map(|choice| choice.filled).max();
                let less = collection.placed.zip(told).filter(|(placed, told)| placed < told);
                let note = less.map(|(placed, told)| self.count_places(placed, told, collection.files));
                self.line(&format!("places = [{}", note.map(|note| format!(" # {note}")).unwrap_or_default()));
                for choice in several {
                    let note = self.place_note(choice, collection.files);
                    self.line(&format!("    {}, # {note}", place(choice)));
                }
                self.line("]");
            }
        }
    }

    /// Of how many files the place was found, if that is not all that tell one.
    fn count_places(&self, placed: usize, told: usize, files: usize) -> String {
        if placed >= told {
            return self.count(told, files);
        }
        let found = self.count(placed, files);
        match self.language {
            ReportLanguage::French => format!("trouvé pour {found} ; {told} disent un lieu"),
            ReportLanguage::English => format!("found for {found}; {told} tell a place"),
        }
    }

    fn place_note(&self, choice: &PlaceChoice, files: usize) -> String {
        match &choice.note {
            Some(note) => self.say(note),
            None => self.count(choice.filled, files),
        }
    }

    fn drop(&mut self, collection: &CollectionSuggestion) {
        let all: Vec<String> = collection.personal.iter().chain(&collection.display).cloned().collect();
        if all.is_empty() {
            return;
        }
        if !collection.personal.is_empty() {
            let why = self
                .words("personnes et moyens de les joindre, jamais repris : ", "persons and how to reach them, never taken: ");
            let text = format!("{why}{}", collection.personal.join(", "));
            self.comment(&text);
        }
        self.line(&format!("drop = {}", list(&all)));
    }

    fn field(&mut self, field: &FieldChoice, files: usize) {
        let rules: Vec<String> = field.rules.iter().map(rule).collect();
        let mut note = if field.filled > 0 { self.count(field.filled, files) } else { String::new() };
        if let Some(said) = &field.note {
            let said = self.say(said);
            let semicolon = self.words(" ; ", "; ");
            note = if note.is_empty() { said } else { format!("{note}{semicolon}{said}") };
        }
        let note = if note.is_empty() { String::new() } else { format!(" # {}", one_line(&note)) };
        match &rules[..] {
            [only] => self.line(&format!("{} = {only}{note}", field.ours)),
            several if several.iter().map(String::len).sum::<usize>() < 90 => {
                self.line(&format!("{} = [{}]{note}", field.ours, several.join(", ")));
            }
            several => {
                self.line(&format!("{} = [{note}", field.ours));
                for rule in several {
                    self.line(&format!("    {rule},"));
                }
                self.line("]");
            }
        }
    }

    /// A table that a person may fill: all of it is comments.
    fn open_values(&mut self, collection: &str, field: &str, values: &[OpenValue]) {
        if values.is_empty() {
            return;
        }
        let about = match field {
            "places" => self.words(
                "lieux à préciser, s'il y a lieu : insee:47001, department:47, epci:200035459, country:FR…",
                "places to be told, where they matter: insee:47001, geonames:2950159, department:47, country:FR…",
            ),
            _ => self.words(
                "étiquettes qui ne mènent à aucun de nos thèmes ; à droite, la clé d'un thème de topics.yaml",
                "tags that lead to none of our topics; on the right the key of a topic of topics.yaml",
            ),
        };
        self.line("");
        self.line(&format!("# [collections.{collection}.values.{field}] # {about}"));
        for value in values {
            let candidates = value.candidates.as_deref().map(|candidates| format!(" ; {candidates}")).unwrap_or_default();
            let note = one_line(&format!("{}{candidates}", value.count));
            self.line(&format!("# {} = \"\" # {note}", key(&value.theirs)));
        }
    }

    fn values(&mut self, collection: &str, field: &str, values: &[ValueChoice]) {
        if values.is_empty() {
            return;
        }
        self.line("");
        self.line(&format!("[collections.{collection}.values.{field}]"));
        for choice in values {
            let count = choice.count;
            match &choice.ours {
                Some(ours) => {
                    let doubt = if choice.is_sure { "" } else { " ?" };
                    self.line(&format!("{} = {} # {count}{doubt}", key(&choice.theirs), quoted(ours)));
                }
                None => self.line(&format!("# {} = \"\" # {count}", key(&choice.theirs))),
            }
        }
    }
}

fn rule(rule: &Rule) -> String {
    let mut parts = Vec::new();
    let mut add = |name: &str, value: Option<String>| parts.extend(value.map(|value| format!("{name} = {value}")));
    let split: Vec<String> = rule.split.iter().map(|separator| (*separator).to_owned()).collect();
    add("split", (!split.is_empty()).then(|| one_or_many(&split)));
    add("pattern", rule.pattern.as_deref().map(quoted));
    add("remove", rule.remove.as_deref().map(quoted));
    add("longest", rule.longest.map(|longest| longest.to_string()));
    add("nothing", (!rule.nothing.is_empty()).then(|| list(&rule.nothing)));
    add("unless", rule.unless.as_deref().map(quoted));
    add("in", rule.collections.as_deref().map(quoted));
    add("role", rule.role.map(quoted));
    add("website", rule.website.as_deref().map(quoted));
    add("label", rule.label.as_deref().map(quoted));
    if parts.is_empty() {
        return quoted(&rule.from);
    }
    format!("{{ field = {}, {} }}", quoted(&rule.from), parts.join(", "))
}

fn place(choice: &PlaceChoice) -> String {
    if let Some(key) = &choice.key {
        return quoted(key);
    }
    let said = |(part, path): &(&str, String)| match &choice.other_name {
        Some(other) if *part == "name" => format!("name = {}", list(&[path.clone(), other.clone()])),
        _ => format!("{part} = {}", quoted(path)),
    };
    let mut parts: Vec<String> = choice.parts.iter().map(said).collect();
    parts.extend(choice.collections.as_deref().map(|name| format!("in = {}", quoted(name))));
    parts.extend(choice.split.map(|split| format!("split = {}", quoted(split))));
    parts.extend(choice.pattern.as_deref().map(|pattern| format!("pattern = {}", quoted(pattern))));
    parts.extend(choice.remove.as_deref().map(|remove| format!("remove = {}", quoted(remove))));
    if !choice.nothing.is_empty() {
        parts.push(format!("nothing = {}", list(&choice.nothing)));
    }
    format!("{{ {} }}", parts.join(", "))
}

/// A text of TOML: in single quotes if that spares escapes.
pub(super) fn quoted(text: &str) -> String {
    let is_plain = !text.contains(|character: char| character.is_control());
    if is_plain && text.contains(['\\', '"']) && !text.contains('\'') {
        return format!("'{text}'");
    }
    let mut quoted = String::from('"');
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            character if character.is_control() => {
                let _ = write!(quoted, "\\u{:04X}", u32::from(character));
            }
            character => quoted.push(character),
        }
    }
    quoted.push('"');
    quoted
}

/// A key of TOML.
pub(super) fn key(text: &str) -> String {
    let is_bare = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    if is_bare { text.to_owned() } else { quoted(text) }
}

fn list(texts: &[String]) -> String {
    format!("[{}]", texts.iter().map(|text| quoted(text)).collect::<Vec<_>>().join(", "))
}

fn one_or_many(texts: &[String]) -> String {
    match texts {
        [only] => quoted(only),
        several => list(several),
    }
}

/// A text without what would end a comment or could not be seen.
fn one_line(text: &str) -> String {
    text.chars().map(|character| if character.is_control() { ' ' } else { character }).collect()
}

/// A text in lines of so many characters.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in words_with_signs(&one_line(text)) {
        match lines.last_mut() {
            Some(line) if line.chars().count() + word.chars().count() < width => {
                line.push(' ');
                line.push_str(&word);
            }
            _ => lines.push(word),
        }
    }
    lines
}

/// The words of a text, each with the signs that French parts from it by a blank: no line begins or ends with these alone.
fn words_with_signs(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        let follows = word.starts_with(['»', ':', ';', '?', '!']);
        match words.last_mut() {
            Some(last) if follows || last.ends_with('«') => {
                last.push(' ');
                last.push_str(word);
            }
            _ => words.push(word.to_owned()),
        }
    }
    words
}
