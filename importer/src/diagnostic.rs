//! What is to be said about a file: data, printed by someone else.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::rc::Rc;

use maillage_explore::text::fold;
pub use maillage_graph_schema::model::Severity;
use maillage_graph_schema::model::{Language, RecordKind};
use serde::{Deserialize, Serialize};

use crate::draft::EntrySpot;
use crate::mapping::CODE_OF_CURRENCY;
use crate::parse::extension;
use crate::parse::front_matter::is_metadata;
use crate::parse::table::is_table;
use crate::parse::value::{Node, Position};
use crate::parse::{problems, table};
use crate::reference::countries_in_english;
use crate::resolve::places::NAME_OF_COUNTRY;
use crate::suggest::is_no_place;

/// A language in which reports are given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ReportLanguage {
    French,
    English,
}

impl ReportLanguage {
    /// The one in which the people behind a source read: French if that is its language, else English.
    pub fn of(language: Option<&Language>) -> Self {
        if language.is_some_and(|language| language.primary() == "fr") { Self::French } else { Self::English }
    }
}

/// How what comes from files is set apart from what we say.
#[derive(Clone, Copy)]
pub struct Quoting {
    /// A value, or the name of a field.
    pub value: fn(&str) -> String,
    /// Other words that hold something of a file.
    pub words: fn(&str) -> String,
}

macro_rules! codes {
    ($($(#[$meta:meta])* $name:ident = $code:literal, $severity:ident, $french:literal, $english:literal;)+) => {
        /// What is wrong, or worth knowing.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code { $($(#[$meta])* $name),+ }

        impl Code {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The written form, stable for ever.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $code),+ }
            }

            /// How grave it is.
            pub const fn severity(self) -> Severity {
                match self { $(Self::$name => Severity::$severity),+ }
            }

            /// The code of a written form.
            pub fn parse(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|code| code.as_str() == text)
            }

            /// The message, in which `{value}`, `{field}`, `{detail}` stand for those of the diagnostic.
            const fn template(self, language: ReportLanguage) -> &'static str {
                match language {
                    ReportLanguage::French => match self { $(Self::$name => $french),+ },
                    ReportLanguage::English => match self { $(Self::$name => $english),+ },
                }
            }
        }
    };
}

codes! {
    NotText = "not-text", Error,
        "le fichier n'est pas du texte en UTF-8", "the file is not text in UTF-8";
    TooLarge = "too-large", Error,
        "le fichier dépasse la taille permise ({detail})", "the file is over the size allowed ({detail})";
    TooSlow = "too-slow", Error,
        "la lecture du fichier prend plus de {value} secondes", "reading the file takes more than {value} seconds";
    ReadingFailed = "reading-failed", Error,
        "le programme a échoué à la lecture du fichier", "the program failed at reading the file";
    NoFrontMatter = "no-front-matter", Error,
        "le fichier n'a pas d'en-tête", "the file has no front matter";
    UnclosedFrontMatter = "unclosed-front-matter", Error,
        "l'en-tête n'est pas fermé", "the front matter is not closed";
    InvalidFrontMatter = "invalid-front-matter", Error,
        "l'en-tête ne se lit pas : {detail}", "the front matter cannot be read: {detail}";
    NoEntries = "no-entries", Error,
        "le fichier n'a pas de liste là où la correspondance en lit une ({value})",
        "the file has no list where the mapping reads one ({value})";
    TooManyEntries = "too-many-entries", Error,
        "le fichier a plus de {value} entrées", "the file has more than {value} entries";
    InvalidEntry = "invalid-entry", Error,
        "l'entrée est {detail}", "the entry is {detail}";
    NoKey = "no-key", Error,
        "rien ne distingue l'entrée des autres : {value} ne dit rien", "nothing tells the entry from the others: {value} says nothing";
    InvalidTable = "invalid-table", Error,
        "le tableau ne se lit pas : {detail}", "the table cannot be read: {detail}";
    RowTooLong = "row-too-long", Error,
        "la ligne a {value} cellules, plus que l'en-tête du tableau ({detail})",
        "the row has {value} cells, more than the head of the table ({detail})";
    RowTooShort = "row-too-short", Warning,
        "la ligne n'a que {value} cellules sur {detail} : les dernières sont prises pour vides",
        "the row has only {value} cells of {detail}: the last ones are taken as empty";
    MissingTitle = "missing-title", Error,
        "le titre manque", "the title is missing";
    MissingName = "missing-name", Error,
        "le nom manque", "the name is missing";
    MissingLanguage = "missing-language", Warning,
        "la langue manque : le français est supposé", "the language is missing: French is assumed";
    InvalidId = "invalid-id", Error,
        "« {value} » n'est pas un identifiant", "{value:?} is not an id";
    RepeatedId = "repeated-id", Error,
        "l'identifiant « {value} » est déjà celui de {detail}", "the id {value:?} is already that of {detail}";
    OwnedElsewhere = "owned-elsewhere", Error,
        "l'identifiant « {value} » appartient à la source {detail}, qui le garde",
        "the id {value:?} belongs to the source {detail}, which keeps it";
    FormerId = "former-id", Error,
        "« {value} » est un ancien identifiant de {detail}", "{value:?} is a former id of {detail}";
    TranslationOfNothing = "translation-of-nothing", Error,
        "il n'y a pas d'initiative « {value} » à traduire", "there is no initiative {value:?} to translate";
    TranslationOfItself = "translation-in-same-language", Error,
        "la traduction est dans la langue de l'original ({value})", "the translation is in the language of its original ({value})";
    FileGone = "withdrawn", Note,
        "« {value} » n'est plus dans la source : retirée", "{value:?} is gone from the source: withdrawn";
    KeptLastValid = "kept-last-valid", Note,
        "la dernière version valide de « {value} » est gardée", "the last valid version of {value:?} is kept";
    WithdrawnByPerson = "withdrawn-by-person", Note,
        "« {value} » a été retirée par une personne ({detail}) et le reste",
        "{value:?} was withdrawn by a person ({detail}) and stays so";
    MergedByPerson = "merged-by-person", Note,
        "« {value} » a été réunie à « {detail} » par une personne et le reste",
        "{value:?} was made one with \"{detail}\" by a person and stays so";
    ClaimedElsewhere = "claimed-elsewhere", Warning,
        "la source {detail} donne aussi l'identifiant « {value} » : il reste le vôtre",
        "the source {detail} gives the id {value:?}, too: it stays yours";
    CorrectedByPerson = "corrected-by-person", Note,
        "{detail} de « {value} » : la correction faite par une personne est gardée",
        "{detail} of {value:?}: the correction made by a person is kept";
    UnknownField = "unknown-field", Warning,
        "le champ « {value} » n'est pas connu", "the field {value:?} is not known";
    AbsentField = "absent-field", Note,
        "la correspondance lit le champ « {value} », qu'aucun fichier de « {detail} » ne porte",
        "the mapping reads the field {value:?}, which no file of \"{detail}\" has";
    UnreadField = "unread-field", Note,
        "le champ « {value} » n'est pas lu (fois : {detail})", "the field {value:?} is not read (times: {detail})";
    RepeatedField = "repeated-field", Warning,
        "le champ « {value} » est répété (déjà ligne {detail}) : les listes sont réunies, d'une autre valeur la dernière vaut",
        "the field {value:?} is repeated (already on line {detail}): lists are joined, of other values the last one holds";
    WrongType = "wrong-type", Warning,
        "« {field} » est {detail}", "{field:?} is {detail}";
    InvalidValue = "invalid-value", Warning,
        "« {value} » n'est pas une valeur de « {field} »", "{value:?} is not a value of {field:?}";
    AmbiguousDate = "ambiguous-date", Warning,
        "« {value} » se lit de deux façons : seule l'année {detail} est gardée",
        "{value:?} can be read two ways: only the year {detail} is kept";
    TwoDigitYear = "two-digit-year", Warning,
        "« {value} » ne dit pas de quel siècle est l'année", "{value:?} does not say of which century its year is";
    RepairedFrontMatter = "repaired-front-matter", Warning,
        "l'en-tête ne se lisait pas : {detail}", "the front matter could not be read: {detail}";
    TitleFromFile = "title-from-file", Note,
        "le titre manque : « {value} », d'après le nom du fichier, le remplace",
        "the title is missing: {value:?}, from the name of the file, stands for it";
    UnmappedValue = "unmapped-value", Warning,
        "« {value} » n'a pas d'équivalent pour « {field} » dans la correspondance",
        "{value:?} has no equivalent for {field:?} in the mapping";
    UnknownTopic = "unknown-topic", Warning,
        "le thème « {value} » n'est pas dans le vocabulaire", "the topic {value:?} is not in the vocabulary";
    UnmappedTag = "unmapped-tag", Note,
        "l'étiquette « {value} » ne mène à aucun thème : gardée telle quelle (fois : {detail})",
        "the tag {value:?} leads to no topic: kept as it is (times: {detail})";
    UnknownTown = "unknown-town", Warning,
        "la commune « {value} » n'est pas connue", "the town {value:?} is not known";
    AmbiguousTown = "ambiguous-town", Warning,
        "plusieurs communes s'appellent « {value} » : {detail}", "several towns are called {value:?}: {detail}";
    TownNameDiffers = "town-name-differs", Warning,
        "le code est celui de {detail}, pas de « {value} »", "the code is that of {detail}, not of {value:?}";
    UncertainPlace = "uncertain-place", Warning,
        "« {value} » n'est pas un lieu certain ; possibles : {detail}", "{value:?} is no certain place; possible: {detail}";
    UnknownPlace = "unknown-place", Warning,
        "« {value} » n'est pas un lieu connu", "{value:?} is no known place";
    PlaceFound = "place-found", Note,
        "« {value} » : {detail}", "{value:?}: {detail}";
    UnknownArea = "unknown-area", Warning,
        "le territoire « {value} » n'est pas connu", "the area {value:?} is not known";
    UnknownOrganisation = "unknown-organisation", Warning,
        "l'organisation « {value} » n'est pas dans la source", "the organisation {value:?} is not in the source";
    OrganisationByName = "organisation-by-name", Warning,
        "l'organisation « {value} » n'a pas de fichier dans la source : gardée sous le nom « {detail} »",
        "the organisation {value:?} has no file in the source: kept by the name {detail:?}";
    UnknownReference = "unknown-reference", Warning,
        "« {value} » ne renvoie à aucun fichier de la source", "{value:?} refers to no file of the source";
    UnknownInitiative = "unknown-initiative", Warning,
        "l'initiative « {value} » n'est pas connue", "the initiative {value:?} is not known";
    AliasTaken = "alias-taken", Note,
        "l'ancien identifiant « {value} » est déjà celui de {detail}", "the former id {value:?} is already that of {detail}";
    MissingPicture = "missing-picture", Warning,
        "l'image « {value} » n'est pas parmi les fichiers de la source", "the picture {value:?} is not among the files of the source";
    MissingFile = "missing-file", Warning,
        "le fichier « {value} » n'est pas parmi ceux de la source : le lien n'est pas repris",
        "the file {value:?} is not among those of the source: the link is left out";
    EmptyTranslation = "empty-translation", Warning,
        "la traduction n'a ni texte ni résumé : elle n'est pas reprise", "the translation has neither text nor summary: it is left out";
    DetectedLanguage = "detected-language", Note,
        "le texte est en « {value} », non en « {detail} » comme la source", "the text is in {value:?}, not in \"{detail}\" as the source";
    LanguageOfName = "language-not-of-name", Note,
        "le texte est en « {value} », non en « {detail} » comme le dit le nom du fichier ou de son dossier",
        "the text is in {value:?}, not in \"{detail}\" as the name of the file, or of its folder, says";
    Untranslated = "untranslated", Note,
        "le texte est celui d'un autre fichier dans la même langue ({value}) : il n'est pas repris",
        "the text is that of another file in the same language ({value}): it is left out";
    PersonalContact = "personal-contact", Warning,
        "le contact semble être celui d'une personne : non repris", "the contact looks like that of a person: left out";
    PersonalDataRemoved = "personal-data-removed", Note,
        "non repris, car peut-être personnels : adresses électroniques {value}, numéros de téléphone {detail}",
        "left out, since they may be of persons: e-mail addresses {value}, telephone numbers {detail}";
}

/// What to do about it, as far as the code alone tells.
fn remedy(code: Code, language: ReportLanguage) -> Option<&'static str> {
    let (french, english) = match code {
        Code::NotText => ("enregistrez le fichier en UTF-8", "save the file as UTF-8"),
        Code::NoEntries => (
            "corrigez records dans la correspondance : \"[]\" pour une liste en haut du fichier, \"projets[]\" pour celle d'un champ",
            "correct records in the mapping: \"[]\" for a list at the top of the file, \"projects[]\" for that of a field",
        ),
        Code::TooManyEntries => ("répartissez-les en plusieurs fichiers", "part them into several files"),
        Code::NoKey => (
            "remplissez le champ, ou dites dans la correspondance (key) ce qui les distingue",
            "fill in the field, or say in the mapping (key) what tells them apart",
        ),
        Code::RowTooLong => {
            ("mettez entre guillemets la cellule qui contient le séparateur", "put the cell that holds the delimiter in quotes")
        }
        Code::NoFrontMatter => (
            "commencez le fichier par une ligne « --- », les champs, puis « --- »",
            "start the file with a line `---`, the fields, then `---`",
        ),
        Code::UnclosedFrontMatter => ("ajoutez une ligne « --- » après les champs", "add a line `---` after the fields"),
        Code::EmptyTranslation => (
            "traduisez le texte, ou au moins le résumé ; d'ici là, l'original est montré",
            "translate the text, or the summary at least; until then the original is shown",
        ),
        Code::MissingLanguage => {
            ("ajoutez « lang: fr », ou la langue de la source", "add `lang: en`, or the language of the source")
        }
        Code::MissingTitle => ("ajoutez « title: … »", "add `title: …`"),
        Code::InvalidId => (
            "des lettres minuscules sans accent et des chiffres, en groupes joints par des tirets",
            "lower-case letters without accents and digits, in groups joined by hyphens",
        ),
        Code::RepeatedId => (
            "donnez à l'un des deux un autre identifiant ; sous une correspondance, c'est key qui les distingue, except ou skip qui en laisse un",
            "give one of the two another id; under a mapping, key tells them apart, except or skip leaves one out",
        ),
        Code::RepeatedField => ("gardez une seule des deux lignes", "keep one of the two lines"),
        Code::AmbiguousTown => ("ajoutez le code : code: \"…\"", "add its code: code: \"…\""),
        Code::AmbiguousDate | Code::TwoDigitYear => (
            "écrivez AAAA-MM-JJ, ou indiquez l'ordre dans la correspondance (date_order, two_digit_years_from)",
            "write YYYY-MM-DD, or say the order in the mapping (date_order, two_digit_years_from)",
        ),
        Code::UncertainPlace | Code::UnknownPlace => (
            "précisez le code, le département ou le pays, dans le fichier ou dans la correspondance (values.places)",
            "say the code, the department or the country, in the file or in the mapping (values.places)",
        ),
        Code::AbsentField => (
            "corrigez son nom dans la correspondance, ou retirez-le ; une valeur pour tous les fichiers s'écrit { value = \"…\" }",
            "correct its name in the mapping, or take it out; a value for all files is written { value = \"…\" }",
        ),
        Code::RepairedFrontMatter => ("mettez toute la valeur entre guillemets", "put the whole value in quotes"),
        Code::UnmappedValue => ("ajoutez-la à la correspondance de la source", "add it to the mapping of the source"),
        Code::PersonalContact => {
            ("donnez une adresse de service, comme contact@…", "give the address of a service, such as contact@…")
        }
        Code::OwnedElsewhere => (
            "donnez un autre identifiant, ou convenez avec l'autre source de qui publie la fiche",
            "give another id, or agree with the other source on who publishes it",
        ),
        Code::ClaimedElsewhere => (
            "si c'est la même initiative, convenez avec l'autre source de qui publie la fiche",
            "if it is the same initiative, agree with the other source on who publishes it",
        ),
        Code::ReadingFailed => (
            "c'est un défaut de Maillage : signalez-le avec ce fichier",
            "this is a fault of Maillage: report it, with this file",
        ),
        Code::TooLarge => (
            "mettez images et annexes dans des fichiers à part, avec un lien",
            "put pictures and annexes into files of their own, with a link",
        ),
        Code::InvalidFrontMatter => (
            "le plus souvent, une valeur qui contient « : » ou commence par un signe veut des guillemets, ou une ligne commence par \
             une tabulation",
            "most often a value that holds a colon or begins with a sign wants quotes, or a line begins with a tab",
        ),
        Code::MissingPicture | Code::MissingFile => {
            ("corrigez son chemin, ou ajoutez le fichier", "correct its path, or add the file")
        }
        Code::MissingName => ("donnez le nom de l'organisation", "give the name of the organisation"),
        Code::FormerId => ("reprenez l'identifiant actuel", "use the present id"),
        Code::TranslationOfNothing => {
            ("donnez dans translation_of l'identifiant du récit d'origine", "give the id of the original in translation_of")
        }
        Code::TranslationOfItself => {
            ("donnez à la traduction sa propre langue (lang)", "give the translation a language of its own (lang)")
        }
        Code::UnknownField => ("corrigez son nom, ou retirez-le", "correct its name, or remove it"),
        Code::UnknownTopic => (
            "prenez un thème du vocabulaire, ou demandez qu'on l'y ajoute",
            "take a topic of the vocabulary, or ask for it to be added",
        ),
        Code::UnknownTown => (
            "écrivez le nom officiel de la commune ou, mieux, son code Insee",
            "write the official name of the town or, better, its code",
        ),
        Code::TownNameDiffers => ("corrigez le code ou le nom", "correct the code or the name"),
        Code::UnknownArea => (
            "écrivez schéma:code, comme department:47, region:75, epci:200035459 ou country:FR",
            "write scheme:code, such as department:47, region:75, epci:200035459 or country:FR",
        ),
        Code::UnknownOrganisation | Code::OrganisationByName => (
            "corrigez la référence, ou ajoutez le fichier de cette organisation",
            "correct the reference, or add the file of that organisation",
        ),
        Code::UnknownInitiative => {
            ("corrigez l'identifiant, ou donnez une adresse (url)", "correct the id, or give an address (url)")
        }
        _ => return None,
    };
    Some(match language {
        ReportLanguage::French => french,
        ReportLanguage::English => english,
    })
}

impl Code {
    /// What to do about it, as far as the code alone tells.
    pub fn remedy(self, language: ReportLanguage) -> Option<&'static str> {
        remedy(self, language)
    }

    /// What it says, of whatever value.
    pub fn title(self, language: ReportLanguage) -> String {
        let words = match self {
            Self::InvalidId => Some(("un identifiant n'en est pas un", "an id is none")),
            Self::InvalidValue => Some(("une valeur n'est pas comprise", "a value is not understood")),
            Self::WrongType => Some(("un champ n'a pas la forme attendue", "a field has not the form expected")),
            Self::UnmappedValue => {
                Some(("une valeur n'a pas d'équivalent dans la correspondance", "a value has no equivalent in the mapping"))
            }
            Self::FormerId => Some(("un identifiant n'est plus le bon", "an id is a former one")),
            _ => None,
        };
        if let Some((french, english)) = words {
            return match language {
                ReportLanguage::French => french,
                ReportLanguage::English => english,
            }
            .to_owned();
        }
        let blank = |_: &str| "…".to_owned();
        let nothing = Diagnostic::new(self, "");
        nothing.message_with(language, Quoting { value: blank, words: blank })
    }

    /// Whether the mapping of the source settles it, with no file being changed.
    pub const fn is_for_mapping(self) -> bool {
        matches!(self, Self::UnmappedValue | Self::UnmappedTag | Self::UnreadField | Self::AbsentField)
    }

    /// Whether its value only counts something.
    pub const fn value_is_a_count(self) -> bool {
        matches!(self, Self::PersonalDataRemoved)
    }
}

/// Something about a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    pub code: Code,
    /// The file, with `/`; empty if it is about the source as a whole.
    pub path: String,
    /// Which of the records of the file it is about, if the file holds many: its key, its title, or its number.
    pub entry: Option<String>,
    pub at: Option<Position>,
    /// The field, as the file names it.
    pub field: Option<String>,
    pub value: Option<String>,
    /// What else the message says: the parser's words, who owns an id.
    pub detail: Option<String>,
    /// The nearest valid value.
    pub nearest: Option<String>,
    /// What would have been accepted.
    pub expected: Option<String>,
    /// The line itself.
    pub line: Option<String>,
}

impl Diagnostic {
    /// Something about a file as a whole.
    pub fn new(code: Code, path: &str) -> Self {
        Self {
            code,
            path: path.to_owned(),
            entry: None,
            at: None,
            field: None,
            value: None,
            detail: None,
            nearest: None,
            expected: None,
            line: None,
        }
    }

    #[must_use]
    pub fn at(mut self, at: Position) -> Self {
        self.at = Some(at);
        self
    }

    #[must_use]
    pub fn field(mut self, field: &str) -> Self {
        self.field = Some(field.to_owned());
        self
    }

    #[must_use]
    pub fn value(mut self, value: impl Into<String>) -> Self {
        self.value = Some(shorten(&value.into()));
        self
    }

    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    #[must_use]
    pub fn expected(mut self, expected: impl Into<String>) -> Self {
        self.expected = Some(expected.into());
        self
    }

    /// Names the nearest of the valid values, if one is near.
    #[must_use]
    pub fn nearest_of<'a>(mut self, valid: impl IntoIterator<Item = &'a str>) -> Self {
        self.nearest = self.value.as_deref().and_then(|value| nearest(value, valid)).map(str::to_owned);
        self
    }

    /// How grave it is.
    pub const fn severity(&self) -> Severity {
        self.code.severity()
    }

    /// What it says.
    pub fn message(&self, language: ReportLanguage) -> String {
        self.write_message(language, None)
    }

    /// What it says, with what comes from the file set apart.
    pub fn message_with(&self, language: ReportLanguage, quoting: Quoting) -> String {
        self.write_message(language, Some(quoting))
    }

    fn write_message(&self, language: ReportLanguage, quoting: Option<Quoting>) -> String {
        let value = self.value.as_deref().unwrap_or_default();
        let field = self.field.as_deref().unwrap_or_default();
        let detail = self.detail.as_deref().unwrap_or_default();
        let detail: Cow<'_, str> = match language {
            ReportLanguage::French if self.code == Code::PlaceFound => found_in_french(detail).into(),
            ReportLanguage::French => in_french(detail).into(),
            ReportLanguage::English if matches!(self.code, Code::PlaceFound | Code::UncertainPlace | Code::AmbiguousTown) => {
                countries_in_english(detail).into()
            }
            ReportLanguage::English => detail.into(),
        };
        let plain = |text: &str| quoting.map_or_else(|| text.to_owned(), |quoting| (quoting.value)(text));
        let in_quotes = |text: &str| quoting.map_or_else(|| format!("{text:?}"), |quoting| (quoting.value)(text));
        let words = |text: &str| quoting.map_or_else(|| text.to_owned(), |quoting| (quoting.words)(text));
        // The plain forms come last: values of partners may hold braces.
        self.code
            .template(language)
            .split_inclusive('}')
            .map(|part| match part.split_once('{') {
                Some((before, "value}")) => format!("{before}{}", plain(value)),
                Some((before, "value:?}")) => format!("{before}{}", in_quotes(value)),
                Some((before, "field}")) => format!("{before}{}", plain(field)),
                Some((before, "field:?}")) => format!("{before}{}", in_quotes(field)),
                Some((before, "detail}")) => format!("{before}{}", words(&detail)),
                Some((before, "detail:?}")) => format!("{before}{}", in_quotes(&detail)),
                _ => part.to_owned(),
            })
            .collect()
    }

    /// What to do about it.
    pub fn hint(&self, language: ReportLanguage) -> Option<String> {
        self.write_hint(language, None)
    }

    /// What to do about it, with what comes from the file set apart.
    pub fn hint_with(&self, language: ReportLanguage, quoting: Quoting) -> Option<String> {
        self.write_hint(language, Some(quoting))
    }

    fn write_hint(&self, language: ReportLanguage, quoting: Option<Quoting>) -> Option<String> {
        let french = language == ReportLanguage::French;
        let value = |text: &str| match (quoting, french) {
            (Some(quoting), _) => (quoting.value)(text),
            (None, true) => format!("« {text} »"),
            (None, false) => format!("{text:?}"),
        };
        if let Some(nearest) = &self.nearest {
            let nearest = value(nearest);
            return Some(if french { format!("vouliez-vous dire {nearest} ?") } else { format!("did you mean {nearest}?") });
        }
        if let Some(expected) = &self.expected {
            let expected = if french { in_french(expected) } else { expected };
            let expected = quoting.map_or_else(|| expected.to_owned(), |quoting| (quoting.words)(expected));
            return Some(if french { format!("attendu : {expected}") } else { format!("expected: {expected}") });
        }
        // What a mapping reads as the title has another name in the file.
        if let (Code::MissingTitle, Some(field)) = (self.code, self.field.as_deref().filter(|field| *field != "title")) {
            let field = value(field);
            return Some(if french { format!("remplissez {field}") } else { format!("fill in {field}") });
        }
        if let Some(remedy) = self.remedy_of_place(language) {
            return Some(remedy.to_owned());
        }
        let problem =
            self.detail.as_deref().filter(|_| matches!(self.code, Code::InvalidFrontMatter | Code::RepairedFrontMatter));
        let remedy = problem.and_then(|problem| problems::remedy(problem, language)).or_else(|| remedy(self.code, language));
        remedy.map(str::to_owned)
    }
}

impl Diagnostic {
    /// What to do about a place, by what its value looks like: a list is to be parted, and what is everywhere is no place.
    fn remedy_of_place(&self, language: ReportLanguage) -> Option<&'static str> {
        if !matches!(self.code, Code::UncertainPlace | Code::UnknownPlace) {
            return None;
        }
        let value = self.value.as_deref()?;
        let (french, english) = if is_no_place(value) {
            (
                "si ce n'est aucun lieu, dites-le dans la correspondance : nothing, dans places",
                "if that is no place, say so in the mapping: nothing, in places",
            )
        } else if value.contains([',', ';']) {
            (
                "s'il y a là plusieurs lieux, séparez-les, dans le fichier ou dans la correspondance (places : name, avec split = \",\") ; s'il n'y \
                 en a qu'un, précisez le code, le département ou le pays",
                "if these are several places, part them, in the file or in the mapping (places: name, with split = \",\"); if it is one, say \
                 the code, the department or the country",
            )
        } else {
            return None;
        };
        Some(match language {
            ReportLanguage::French => french,
            ReportLanguage::English => english,
        })
    }
}

/// What the domain expects and finds, in French; lists of values, and what a parser says, stay as they are.
fn in_french(english: &str) -> &str {
    const WORDS: &[(&str, &str)] = &[
        ("a BCP 47 tag such as fr, en or pt-BR", "un code de langue comme fr, en ou pt-BR"),
        ("a code of ISO 4217 such as EUR", "un code de monnaie comme EUR"),
        (
            "a date such as 2026-11-24, or a time such as 2026-11-24T09:30:00Z",
            "une date comme 2026-11-24 ou un moment comme 2026-11-24T09:30:00Z",
        ),
        (
            "a kind, an amount and a basis (actual or estimated)",
            "un genre (kind), un montant (amount) et une base (basis : actual ou estimated)",
        ),
        ("a latitude from -90 to 90 and a longitude from -180 to 180", "une latitude de -90 à 90 et une longitude de -180 à 180"),
        (table::NO_HEAD, "il n'a pas de ligne d'en-tête qui nomme ses colonnes"),
        (table::TOO_MUCH, "il a plus de cellules qu'il n'en est lu d'un fichier"),
        ("a list", "une liste"),
        ("a map", "un ensemble de champs"),
        ("a map of fields", "un ensemble de champs"),
        ("a metric and a value", "une mesure (metric) et une valeur (value)"),
        ("a name", "un nom"),
        ("a name, an email or a url", "un nom, une adresse électronique ou une adresse web"),
        ("a number such as 2.5", "un nombre comme 2.5"),
        ("a text", "un texte"),
        ("a code and a name", "un code et un nom"),
        ("a currency such as EUR", "une monnaie comme EUR"),
        (
            "an absolute address that starts with http:// or https://",
            "une adresse complète, qui commence par http:// ou https://",
        ),
        ("an address such as contact@agen.fr", "une adresse comme contact@agen.fr"),
        ("an address beside the name", "une adresse à côté du nom"),
        ("an id or a url", "un identifiant (id) ou une adresse (url)"),
        (
            NAME_OF_COUNTRY,
            "le nom du pays, car ses deux lettres sont aussi celles d'un État d'ailleurs ; ou country dans la correspondance (places)",
        ),
        ("at least one visible character", "au moins un caractère visible"),
        ("incomplete", "incomplet"),
        ("nothing", "vide"),
        ("one sum with its currency, such as 12 000 €", "une seule somme avec sa monnaie, comme 12 000 €"),
        (CODE_OF_CURRENCY, "le code de la monnaie, comme USD ou SEK : son signe est celui de plusieurs pays"),
        ("YYYY, YYYY-MM or YYYY-MM-DD", "AAAA, AAAA-MM ou AAAA-MM-JJ"),
        (
            "scheme:code, such as department:47, region:75, epci:200035459 or country:FR",
            "schéma:code, comme department:47, region:75, epci:200035459 ou country:FR",
        ),
    ];
    let known = WORDS.iter().find(|(known, _)| *known == english).map(|(_, french)| *french);
    known.or_else(|| problems::in_french(english)).unwrap_or(english)
}

/// How a place was found, in French: `insee:47001 (Agen), name (90 %)`.
fn found_in_french(english: &str) -> String {
    const BY: &[(&str, &str)] = &[
        ("arrondissement in its address", "arrondissement dans son adresse"),
        ("code", "code"),
        ("country", "pays"),
        ("end of its address", "fin de son adresse"),
        ("name", "nom"),
        ("name and coordinates", "nom et coordonnées"),
        ("name of its town hall", "nom de sa mairie"),
        ("name of the area", "nom du territoire"),
        ("nearest to its coordinates", "au plus près de ses coordonnées"),
        ("postal code", "code postal"),
        ("postal code and name in its address", "code postal et nom dans son adresse"),
        ("postal code in its address", "code postal dans son adresse"),
        ("start of its name", "début de son nom"),
    ];
    let known = BY.iter().find(|(by, _)| english.contains(&format!(", {by} (")));
    known.map_or_else(|| english.to_owned(), |(by, french)| english.replace(&format!(", {by} ("), &format!(", {french} (")))
}

/// A value as messages show it.
fn shorten(value: &str) -> String {
    const LONGEST: usize = 120;
    if value.chars().count() <= LONGEST { value.to_owned() } else { value.chars().take(LONGEST).chain(['…']).collect() }
}

/// The diagnostics of one file.
#[derive(Debug)]
pub struct Diagnostics<'a> {
    path: &'a str,
    /// Shared by those of all records of the file.
    lines: Rc<RefCell<Lines<'a>>>,
    /// The record of many that they are about.
    entry: Option<EntrySpot>,
    pub list: Vec<Diagnostic>,
}

impl<'a> Diagnostics<'a> {
    /// None so far, for a file of this text.
    pub fn new(path: &'a str, text: &'a str) -> Self {
        let lines = Lines { read: Vec::new(), rest: text.lines() };
        Self { path, lines: Rc::new(RefCell::new(lines)), entry: None, list: Vec::new() }
    }

    /// None so far, for the same file.
    #[must_use]
    pub fn of_file(&self) -> Self {
        Self { path: self.path, lines: Rc::clone(&self.lines), entry: None, list: Vec::new() }
    }

    /// None so far, for one of the records of the file.
    #[must_use]
    pub fn of_entry(&self, entry: EntrySpot) -> Self {
        Self { entry: Some(entry), ..self.of_file() }
    }

    /// Starts one about the file as a whole, or about the record of many.
    pub fn of(&self, code: Code) -> Diagnostic {
        match &self.entry {
            Some(entry) => self.at(code, entry.at),
            None => Diagnostic::new(code, self.path),
        }
    }

    /// Starts one about a place in the file.
    pub fn at(&self, code: Code, at: Position) -> Diagnostic {
        let line = self.lines.borrow_mut().get(at.line.wrapping_sub(1)).filter(|line| self.is_shown(line));
        let line = line.map(|line| shorten_line(line, at.column));
        let entry = self.entry.as_ref().map(|entry| entry.name.clone());
        Diagnostic { entry, line, ..Diagnostic::new(code, self.path).at(at) }
    }

    /// Whether a line is shown: a row of a table, and a line that holds all of a file of data, tell of more than is meant, and may tell
    /// of persons.
    fn is_shown(&self, line: &str) -> bool {
        const LONGEST_OF_DATA: usize = 500;
        !is_table(self.path) && (line.len() <= LONGEST_OF_DATA || !is_metadata(extension(self.path)))
    }

    /// Starts one about a scalar.
    pub fn about(&self, code: Code, field: &str, node: &Node) -> Diagnostic {
        let diagnostic = self.at(code, node.at).field(field);
        match node.scalar() {
            Some(text) => diagnostic.value(text),
            None => diagnostic,
        }
    }

    /// Adds one.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.list.push(diagnostic);
    }
}

/// The lines of a text, read as far as somebody asks: most is said about the first ones, where metadata stand.
#[derive(Debug)]
struct Lines<'a> {
    read: Vec<&'a str>,
    rest: std::str::Lines<'a>,
}

impl<'a> Lines<'a> {
    fn get(&mut self, index: usize) -> Option<&'a str> {
        if index >= self.read.len() {
            let more = (index - self.read.len()).saturating_add(1);
            self.read.extend(self.rest.by_ref().take(more));
        }
        self.read.get(index).copied()
    }
}

/// The start of a line: enough to see the place, unless it is absurdly far.
fn shorten_line(line: &str, column: usize) -> String {
    line.chars().take((column + 120).min(4_000)).collect()
}

/// The valid value that is nearest to what was written, if it is near enough to be meant.
pub fn nearest<'a>(written: &str, valid: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    nearest_to(written, valid.into_iter().map(|candidate| (Cow::Owned(fold(candidate)), candidate)))
}

/// Likewise, of values that are folded already, which may be many.
pub fn nearest_folded<'a>(written: &str, valid: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    nearest_to(written, valid.into_iter().map(|candidate| (Cow::Borrowed(candidate), candidate)))
}

fn nearest_to<'a>(written: &str, valid: impl Iterator<Item = (Cow<'a, str>, &'a str)>) -> Option<&'a str> {
    let folded: Vec<char> = fold(written).chars().collect();
    let allowed = (folded.len() / 3).clamp(1, 4);
    valid
        .map(|(candidate_folded, candidate)| (edit_distance(&folded, &candidate_folded, allowed), candidate))
        .filter_map(|(distance, candidate)| distance.map(|distance| (distance, candidate)))
        .min_by_key(|(distance, candidate)| (*distance, candidate.len(), *candidate))
        .map(|(_, candidate)| candidate)
}

/// What unknown values may have been meant to be. To find one takes a look at all that is known, and a source may have any number
/// of them: it is done for the first, which are as many as a kept report tells of.
#[derive(Debug, Default)]
pub struct Suggestions {
    found: HashMap<(RecordKind, String), Option<String>>,
}

impl Suggestions {
    /// For how many values of a run it is done.
    pub const MOST: usize = 500;

    /// What may have been meant by the key or the name of a record of a kind, if it is still looked for.
    pub fn find(&mut self, kind: RecordKind, written: &str, look: impl FnOnce() -> Option<String>) -> Option<String> {
        let is_full = self.found.len() >= Self::MOST;
        match self.found.entry((kind, written.to_owned())) {
            Entry::Occupied(known) => known.get().clone(),
            Entry::Vacant(_) if is_full => None,
            Entry::Vacant(unknown) => unknown.insert(look()).clone(),
        }
    }
}

/// How many letters must be changed, added, removed or swapped with their neighbour; `None` if more than allowed.
fn edit_distance(from: &[char], to: &str, allowed: usize) -> Option<usize> {
    if from.len().abs_diff(to.chars().count()) > allowed {
        return None;
    }
    let to: Vec<char> = to.chars().collect();
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=to.len()).collect();
    let mut smallest_before = 0;
    for row in 1..=from.len() {
        let mut current = vec![row];
        for column in 1..=to.len() {
            let changed = usize::from(from[row - 1] != to[column - 1]);
            let mut distance = (last[column] + 1).min(current[column - 1] + 1).min(last[column - 1] + changed);
            if row > 1 && column > 1 && from[row - 1] == to[column - 2] && from[row - 2] == to[column - 1] {
                distance = distance.min(before_last[column - 2] + 1);
            }
            current.push(distance);
        }
        // What comes is made of these two rows, and never less.
        let smallest = current.iter().copied().min().unwrap_or_default();
        if smallest.min(smallest_before) > allowed {
            return None;
        }
        smallest_before = smallest;
        before_last = std::mem::replace(&mut last, current);
    }
    last.last().copied().filter(|distance| *distance <= allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_valid_value_is_one_that_may_be_meant() {
        let statuses = ["idea", "pilot", "running", "scaled", "paused", "stopped"];
        for (written, expected) in [
            ("runing", Some("running")),
            ("Stoped", Some("stopped")),
            ("PILOTE", Some("pilot")),
            ("puased", Some("paused")),
            ("en cours", None),
            ("x", None),
            ("", None),
        ] {
            assert_eq!(nearest(written, statuses), expected, "{written}");
        }
    }

    #[test]
    fn a_letter_more_than_is_allowed_is_too_many() {
        for (from, to, distance) in [
            ("budget participatif", "budget participatif", 0),
            ("budget participatif", "bugdet participatif", 1),
            ("ab", "ba", 1),
            ("xxbudget", "budget", 2),
            ("budgetxx", "budget", 2),
            ("abcdef", "badcfe", 3),
            ("kiosque", "médiation", 8),
        ] {
            for allowed in 0..10 {
                let expected = (distance <= allowed).then_some(distance);
                for (from, to) in [(from, to), (to, from)] {
                    let letters: Vec<char> = from.chars().collect();
                    assert_eq!(edit_distance(&letters, to, allowed), expected, "{from} {to} {allowed}");
                }
            }
        }
    }

    #[test]
    fn what_is_expected_of_a_place_is_said_in_both_languages() {
        let diagnostic = Diagnostic::new(Code::UncertainPlace, "a.md").value("Berlin, DE").expected(NAME_OF_COUNTRY);
        let hint = |language| diagnostic.hint(language).unwrap_or_default();
        assert!(hint(ReportLanguage::English).starts_with("expected: the name of the country, since"));
        assert!(hint(ReportLanguage::French).starts_with("attendu : le nom du pays, car"));
    }

    #[test]
    fn suggestions_are_looked_for_once_a_value_and_not_without_end() {
        let mut suggestions = Suggestions::default();
        let mut looked = 0;
        for round in 0..2 {
            for number in 0..Suggestions::MOST + 10 {
                let mut look = || {
                    looked += 1;
                    Some("prison".to_owned())
                };
                let found = suggestions.find(RecordKind::Topic, &format!("prisson {number}"), &mut look);
                assert_eq!(found.is_some(), number < Suggestions::MOST, "{number} in round {round}");
            }
        }
        assert_eq!(looked, Suggestions::MOST);
    }

    #[test]
    fn messages_name_the_value_in_both_languages() {
        let diagnostic =
            Diagnostic::new(Code::InvalidValue, "a.md").field("status").value("run{value}ing").nearest_of(["running"]);
        assert_eq!(diagnostic.message(ReportLanguage::English), "\"run{value}ing\" is not a value of \"status\"");
        assert_eq!(diagnostic.message(ReportLanguage::French), "« run{value}ing » n'est pas une valeur de « status »");
        let found = Diagnostic::new(Code::PlaceFound, "a.md").value("Agen").detail("insee:47001 (Agen), name (90 %) × 2");
        assert_eq!(found.message(ReportLanguage::French), "« Agen » : insee:47001 (Agen), nom (90 %) × 2");
        let abroad = "country:NL (Pays-Bas), country (85 %); geonames:1 (Paris, Pays-Bas)";
        let abroad = Diagnostic::new(Code::PlaceFound, "a.md").value("X").detail(abroad);
        let english = "\"X\": country:NL (Netherlands), country (85 %); geonames:1 (Paris, Netherlands)";
        assert_eq!(abroad.message(ReportLanguage::English), english);
        let near = Diagnostic::new(Code::UnknownField, "a.md").value("titel").nearest_of(["title", "kind"]);
        assert_eq!(near.hint(ReportLanguage::French).as_deref(), Some("vouliez-vous dire « title » ?"));
    }

    #[test]
    fn no_message_shows_a_placeholder() {
        for code in Code::ALL {
            let filled = Diagnostic::new(*code, "a.md").field("f").value("v").detail("d");
            for language in [ReportLanguage::French, ReportLanguage::English] {
                let message = filled.message(language);
                assert!(!message.contains(['{', '}']), "{}: {message}", code.as_str());
            }
        }
    }

    #[test]
    fn codes_are_unique() {
        let codes: std::collections::BTreeSet<&str> = Code::ALL.iter().map(|code| code.as_str()).collect();
        assert_eq!(codes.len(), Code::ALL.len());
    }
}
