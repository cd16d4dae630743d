//! What a person is to decide about a suggestion, with the alternatives.

use super::build::page_date::Sign;
use super::clusters::Cluster;
use super::said::shortened;
use crate::diagnostic::ReportLanguage;

/// Something that the files do not tell for certain.
#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    /// The collection that it is about.
    pub collection: Option<String>,
    pub about: Doubt,
}

/// How many pages: files, or entries of lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pages {
    Files(usize),
    Entries(usize),
}

impl Pages {
    /// So many of a cluster that is of lists or not.
    pub const fn of(cluster: &Cluster, count: usize) -> Self {
        if cluster.lists.is_some() { Self::Entries(count) } else { Self::Files(count) }
    }

    fn french(self) -> String {
        match self {
            Self::Files(1) => "1 fichier".to_owned(),
            Self::Files(count) => format!("{count} fichiers"),
            Self::Entries(1) => "1 entrée".to_owned(),
            Self::Entries(count) => format!("{count} entrées"),
        }
    }

    fn english(self) -> String {
        match self {
            Self::Files(1) => "1 file".to_owned(),
            Self::Files(count) => format!("{count} files"),
            Self::Entries(1) => "1 entry".to_owned(),
            Self::Entries(count) => format!("{count} entries"),
        }
    }
}

/// What is not certain.
#[derive(Debug, Clone, PartialEq)]
pub enum Doubt {
    NoLicence,
    LicenceNotOpen {
        licence: String,
        path: String,
    },
    /// The licence file is that of a program: of the site, most likely, not of its texts.
    LicenceOfProgram {
        licence: String,
        path: String,
    },
    LicenceUnknown {
        path: String,
    },
    NoLanguage,
    SeveralLanguages {
        language: String,
    },
    DateOrder,
    /// Nothing says that these are case studies, but they look most like them.
    AreCaseStudies {
        folder: String,
        pages: Pages,
    },
    /// A folder that is not proposed and may hold some too.
    MayBeCaseStudies {
        folder: String,
        pages: Pages,
    },
    Mixed {
        folder: String,
        pages: Pages,
        taken: usize,
        field: String,
        values: Vec<String>,
    },
    /// Some pages of a folder of case studies say that they are of another kind, and are left out.
    OtherKinds {
        field: String,
        values: Vec<String>,
        pages: Pages,
    },
    /// The site does not show some pages, which are left out.
    Hidden {
        field: String,
        values: Vec<String>,
        pages: Pages,
    },
    NoPlace,
    /// Some organisations are town halls; where the language does not tell the country, it is to be said.
    PlaceOfTownHalls {
        field: String,
        examples: Vec<String>,
        country: Option<String>,
    },
    /// No field is called so, but the values of this one are places.
    PlaceByValues {
        field: String,
        examples: Vec<String>,
    },
    /// Nothing tells the country of places but their names.
    CountryByValues {
        field: String,
        country: String,
    },
    /// Nothing tells the place but the name of an organisation that all have in common.
    PlaceOfAll {
        field: String,
        value: String,
        place: String,
    },
    /// Nothing tells the place but what the site or the repository is called.
    PlaceOfSite {
        path: String,
        text: String,
        place: String,
    },
    /// Nothing tells the place but titles.
    PlaceInTitles {
        named: usize,
        titles: usize,
        examples: Vec<String>,
    },
    /// Few values of a field are places that are known.
    FewPlaces {
        field: String,
        known: usize,
        values: usize,
        examples: Vec<String>,
        /// Whether the field is offered, for a person to say the country.
        is_offered: bool,
    },
    FoldersUnknown {
        folders: Vec<String>,
    },
    RepeatedNames {
        names: usize,
    },
    /// Nothing tells the entries of a list apart but their titles, which may change.
    KeyOfTitle {
        field: String,
    },
    /// Entries of a list that share a title are told apart by another field.
    KeyOfTwo {
        title: String,
        beside: String,
        entries: usize,
    },
    /// Nothing tells entries of a list apart.
    KeyRepeated {
        field: String,
        entries: usize,
    },
    Headings {
        headings: Vec<String>,
    },
    Summary {
        first: (String, f64),
        second: (String, f64),
    },
    /// Each record has its texts in several languages, of which a mapping takes one.
    TextsInLanguages {
        taken: String,
        /// Whether most texts here are in its language.
        is_of_most: bool,
        others: Vec<String>,
    },
    LicenceField {
        field: String,
        example: String,
    },
    TitleOfFile {
        files: usize,
    },
    NoStart,
    /// The start is taken from the date of the page.
    StartOfPage {
        field: String,
    },
    /// The date of the page is surely no start.
    DateOfPage {
        field: String,
        signs: Vec<Sign>,
    },
    /// A year of which nothing says what it is of: that of the start, most likely, unless the pages are publications.
    StartOfYear {
        field: String,
        examples: Vec<String>,
        is_taken: bool,
    },
    StatusOr {
        first: String,
        second: String,
        values: Vec<String>,
    },
    StatusEnded {
        values: Vec<String>,
    },
    StatusOpen {
        values: Vec<String>,
    },
    /// A field says yes of some that are over, which may mean that they stopped, or only their pages.
    StatusOver {
        field: String,
        files: usize,
    },
    Organisations {
        field: String,
        example: String,
    },
    /// A field names organisations by what they are for, and nothing else: `Justice`.
    OrganisationsBySubject {
        field: String,
        values: Vec<String>,
    },
    /// A list holds most organisations that a field names, and not these.
    NotInList {
        field: String,
        list: String,
        missing: usize,
        values: usize,
        examples: Vec<String>,
    },
    /// No field is called so, but the values of this one are labels that recur.
    TagsByValues {
        field: String,
        examples: Vec<String>,
    },
    /// Some values of a field of organisations look like accounts of persons, and are left out.
    PersonsAmong {
        field: String,
    },
    /// Some values of a field of organisations look like names of persons; nobody's name is written here.
    MayBePersons {
        field: String,
        persons: usize,
        values: usize,
        is_taken: bool,
    },
}

impl Doubt {
    /// About the repository as a whole.
    pub fn alone(self) -> Decision {
        Decision { collection: None, about: self }
    }

    /// About a collection.
    pub fn within(self, collection: &str) -> Decision {
        Decision { collection: Some(collection.to_owned()), about: self }
    }

    fn french(&self) -> String {
        let listed = |names: &[String]| listed(names, "« ", " »");
        match self {
            Self::NoLicence => "Licence : aucun fichier ne la dit. Sans licence, seuls les faits de l'en-tête peuvent être repris, ce que dit texts = \"leave\" : demander au partenaire.".to_owned(),
            Self::LicenceNotOpen { licence, path } => format!("Licence : {licence} ({path}) n'est pas libre (usage non commercial ou sans modification) : décider si les textes peuvent être repris ; sinon, texts = \"leave\"."),
            Self::LicenceOfProgram { licence, path } => format!("Licence : {path} contient {licence}, une licence de logiciel, sans doute celle du site ou de son thème. Celle des textes n'est pas dite : demander au partenaire, puis écrire licence = \"…\"."),
            Self::LicenceUnknown { path } => format!("Licence : {path} contient un texte que Maillage ne reconnaît pas : le lire, puis écrire licence = \"…\"."),
            Self::NoLanguage => "La langue des textes n'a pas été reconnue : écrire language = \"…\".".to_owned(),
            Self::SeveralLanguages { language } => format!("La langue : « {language} » pour la plupart des textes, d'autres aussi ; à dire par collection si besoin."),
            Self::DateOrder => "Des dates comme 04/07/2018 : le jour d'abord, ou le mois ? date_order = \"day-first\" ou \"month-first\".".to_owned(),
            Self::AreCaseStudies { folder, pages } => format!("{folder} ({}) : sont-ce des études de cas ? Ni le nom du dossier ni un champ ne le dit ; c'est ce qui y ressemble le plus ici.", pages.french()),
            Self::MayBeCaseStudies { folder, pages } => format!("{folder} ({}) : des études de cas aussi ? Rien ne le dit ; ce n'est pas proposé.", pages.french()),
            Self::Mixed { folder, pages, taken, field, values } => format!("{folder} mêle plusieurs genres : parmi {}, seuls sont pris les {taken} dont « {field} » vaut {}. Les autres aussi ?", pages.french(), listed(values)),
            Self::OtherKinds { field, values, pages } => format!("{} dont « {field} » vaut {} : laissés de côté (skip), à reprendre si cela raconte aussi ce qui fut fait.", pages.french(), listed(values)),
            Self::Hidden { field, values, pages } => format!("{} dont « {field} » vaut {} : le site ne les montre pas ; laissés de côté (skip), à reprendre si leurs auteurs le veulent bien.", pages.french(), listed(values)),
            Self::NoPlace => "Le lieu : aucun champ ne le dit. S'il est le même pour tous : places = [{ value = \"…\", country = \"…\" }], le nom de la commune et les deux lettres de son pays ; ou le pays seul : places = [\"country:…\"].".to_owned(),
            Self::PlaceOfTownHalls { field, examples, country } => {
                let said = country.as_ref().map(|country| format!(" Et dans quel pays ? La langue ne le dit pas : country = \"{country}\".")).unwrap_or_default();
                format!("Le lieu : celui des mairies que nomme « {field} » ({}). Est-ce bien là que cela se passe ?{said}", listed(examples))
            }
            Self::PlaceByValues { field, examples } => format!("Le lieu : « {field} », à en juger par ses valeurs ({}). Est-ce bien là que cela se passe ?", listed(examples)),
            Self::CountryByValues { field, country } => format!("Le pays : les lieux de « {field} » sont presque tous connus de nous dans celui-ci ({country}), ce qui les distingue de leurs homonymes ; à retirer si certains sont ailleurs."),
            Self::PlaceOfAll { field, value, place } => format!("Le lieu : aucun champ ne le dit, mais « {field} » est presque partout « {value} ». Si tout est à {place}, enlever le # devant places."),
            Self::PlaceOfSite { path, text, place } => format!("Le lieu : aucun champ ne le dit, mais {path} appelle le tout « {} ». Si tout est à {place}, enlever le # devant places.", shortened(text, 80)),
            Self::PlaceInTitles { named, titles, examples } => format!("Le lieu : aucun champ ne le dit, mais {named} titres sur {titles} semblent en nommer un ({}). Si c'est bien le lieu, enlever le # devant places ; ce qui n'est pas certain viendra à la relecture.", listed(examples)),
            Self::FewPlaces { field, examples, is_offered: true, .. } => format!("Le lieu : « {field} » ne dit presque pas de lieux connus ({}). Si le lieu est là, dire le pays et enlever le # devant places.", listed(examples)),
            Self::FewPlaces { field, known, values, examples, .. } => format!("Le lieu : « {field} » n'a que {known} valeurs sur {values} qui soient des lieux connus ({}). Le lieu est-il là ?", listed(examples)),
            Self::FoldersUnknown { folders } => format!("Le lieu est le dossier ; {} ne sont pas des communes connues : dire lesquelles dans [….values.places].", listed(folders)),
            Self::RepeatedNames { names } => format!("L'identifiant : {names} noms de fichier se répètent, le dossier y est donc ajouté."),
            Self::KeyOfTitle { field } => format!("L'identifiant : rien d'autre que « {field} » ne distingue les entrées ; si un titre change, la fiche est retirée et une autre naît. Un champ id dans la liste l'éviterait : à proposer au partenaire."),
            Self::KeyOfTwo { title, beside, entries } => format!("L'identifiant : {entries} entrées ont le même « {title} » qu'une autre ; « {beside} » les distingue. Un champ id dans la liste serait plus sûr : à proposer au partenaire. Pour les distinguer à la lecture aussi : title = \"{{{title}}}, {{{beside}}}\"."),
            Self::KeyRepeated { field, entries } => format!("L'identifiant : {entries} entrées ont le même « {field} » qu'une autre, et rien d'autre ne les distingue : la première de chaque est prise. Un champ id dans la liste, puis key = \"…-{{id}}\", les prendrait toutes : à proposer au partenaire."),
            Self::Headings { headings } => format!("Titres dans les textes dont le genre n'est pas connu : {} ; ils restent tels quels, ou [….headings] dit problem, solution, results, pitfalls, conditions, lessons ou transferability.", listed(headings)),
            Self::Summary { first, second } => format!("Le résumé : « {} » ({:.0} caractères en moyenne) ou « {} » ({:.0}) ?", first.0, first.1, second.0, second.1),
            Self::TextsInLanguages { taken, is_of_most, others } => format!("La langue : chaque fiche a ses textes en plusieurs langues dans un seul fichier ; celle de « {taken} »{} est prise, car une correspondance n'en prend qu'une. Pour une autre ({}), remplacer ces champs partout et écrire language.", if *is_of_most { ", de la plupart des textes d'ici," } else { "" }, listed(others)),
            Self::LicenceField { field, example } => format!("La licence : « {field} » en dit une ({example}), sans son identifiant SPDX : license = \"{field}\" et une table [….values.license]."),
            Self::TitleOfFile { files } => format!("Le titre : absent (fichiers : {files}) ; le nom du fichier en tient lieu."),
            Self::NoStart => "Le début : aucun champ ne le dit. Si chaque fichier fut écrit quand l'action commença, son premier commit le dit : start = \"{git.first}\".".to_owned(),
            Self::StartOfPage { field } => format!("Le début : {} est peut-être le jour où la page fut publiée, pas celui où l'initiative a commencé.", date_of(field, ReportLanguage::French)),
            Self::DateOfPage { field, signs } => format!("Le début : {} est sans doute le jour où la page fut publiée ({}) ; il est proposé pour modified. Si c'est celui où l'initiative a commencé, enlever le # devant start.", date_of(field, ReportLanguage::French), said(signs, ReportLanguage::French)),
            Self::StartOfYear { field, examples, is_taken: true } => format!("Le début : l'année que dit « {field} » ({}). Si c'est celle de la fin, écrire end à la place de start ; si c'est celle d'une publication ou d'un prix, ôter la ligne.", examples.join(", ")),
            Self::StartOfYear { field, examples, is_taken: false } => format!("Le début : « {field} » ({}) est sans doute l'année où cela fut publié, qui n'est pas reprise. Si c'est celle où l'action a commencé, enlever le # devant start.", examples.join(", ")),
            Self::StatusOr { first, second, values } => format!("L'état : « {first} », ou « {second} » ({}) ?", listed(values)),
            Self::StatusEnded { values } => format!("L'état : {}, c'est-à-dire un projet arrivé à son terme : « stopped » est proposé, à changer en « running » si ce qui en est sorti sert encore.", listed(values)),
            Self::StatusOpen { values } => format!("L'état : reste à traduire : {} ({}) ; idea, pilot, running, scaled, paused ou stopped.", listed(values), values.len()),
            Self::StatusOver { field, files } => format!("L'état : « {field} » dit oui pour {files} : « stopped » est proposé ; à changer si ce qui en est sorti sert encore, à retirer si seule la page est archivée."),
            Self::TagsByValues { field, examples } => format!("Les thèmes : « {field} », à en juger par ses valeurs ({}). Sont-ce des thèmes ? Des noms de personnes n'en sont pas.", listed(examples)),
            Self::PersonsAmong { field } => format!("Les organisations : des valeurs de « {field} » semblent être des personnes (« @nom », « aka », un compte) et sont laissées de côté (remove) ; si ce sont des organisations, ôter remove."),
            Self::MayBePersons { field, persons, values, is_taken } => {
                let todo = if *is_taken {
                    "il est repris ; s'il y a des personnes, les écarter (nothing), ou ôter le champ"
                } else {
                    "il n'est pas repris ; si ce sont des organisations, enlever le # devant organisations"
                };
                format!("Les organisations : des valeurs de « {field} » peuvent être des noms de personnes, qui ne sont jamais reprises (« Prénom Nom » : {persons} sur {values}) : {todo}.")
            }
            Self::NotInList { field, list, missing, values, examples } => format!("Les organisations : « {field} » en nomme {values}, dont {missing} que {list} n'a pas{} et qui sont prises par leur nom seul ; si l'une y est sous un autre nom, dire lequel dans [….values.organisations].", in_brackets(&listed(examples))),
            Self::Organisations { field, example } => format!("Les organisations : « {field} » en nomme-t-il une, ou plusieurs séparées par des virgules (« {example} ») ? S'il y en a plusieurs, ajouter split = \", \"."),
            Self::OrganisationsBySubject { field, values } => format!("Les organisations : « {field} » en nomme par un mot que d'autres portent ailleurs ({}) ; si leur nom en dit plus, une règle à part le complète : pattern = \"{}\", template = \"Ministère de {{value}}\", et nothing les ôte de l'autre.", listed(values), alternatives(values)),
        }
    }

    fn english(&self) -> String {
        let listed = |names: &[String]| listed(names, "\"", "\"");
        match self {
            Self::NoLicence => {
                "Licence: no file says it. Without one only the facts of the metadata can be taken, which texts = \"leave\" says: ask the partner.".to_owned()
            }
            Self::LicenceNotOpen { licence, path } => format!(
                "Licence: {licence} ({path}) is not open (non-commercial or no derivatives): decide whether the texts may be taken; if not, texts = \"leave\"."
            ),
            Self::LicenceOfProgram { licence, path } => format!(
                "Licence: {path} holds {licence}, a licence for software, most likely that of the site or its theme. That of the texts is not said: ask the partner, then write licence = \"…\"."
            ),
            Self::LicenceUnknown { path } => {
                format!("Licence: {path} holds a text that Maillage does not know: read it, then write licence = \"…\".")
            }
            Self::NoLanguage => "The language of the texts could not be told: write language = \"…\".".to_owned(),
            Self::SeveralLanguages { language } => {
                format!("The language: \"{language}\" for most texts, others too; say it by collection if need be.")
            }
            Self::DateOrder => {
                "Dates such as 04/07/2018: the day first, or the month? date_order = \"day-first\" or \"month-first\".".to_owned()
            }
            Self::AreCaseStudies { folder, pages } => format!(
                "{folder} ({}): are they case studies? Neither the folder's name nor a field says so; it is what looks most like it here.",
                pages.english()
            ),
            Self::MayBeCaseStudies { folder, pages } => {
                format!("{folder} ({}): case studies too? Nothing says so; this is not proposed.", pages.english())
            }
            Self::Mixed { folder, pages, taken, field, values } => format!(
                "{folder} mixes kinds: of {}, only the {taken} whose \"{field}\" is {} are taken. The others too?",
                pages.english(),
                listed(values)
            ),
            Self::OtherKinds { field, values, pages } => format!(
                "{} whose \"{field}\" is {}: left out (skip), to be taken if they, too, tell what was done.",
                pages.english(),
                listed(values)
            ),
            Self::Hidden { field, values, pages } => format!(
                "{} whose \"{field}\" is {}: the site does not show them; left out (skip), to be taken if their authors agree.",
                pages.english(),
                listed(values)
            ),
            Self::NoPlace => "The place: no field says it. If it is the same for all: places = [{ value = \"…\", country = \"…\" }], the name of the town and the two letters of its country; or the country alone: places = [\"country:…\"].".to_owned(),
            Self::PlaceOfTownHalls { field, examples, country } => {
                let said = country
                    .as_ref()
                    .map(|country| format!(" And in which country? The language does not tell: country = \"{country}\"."))
                    .unwrap_or_default();
                format!("The place: that of the town halls that \"{field}\" names ({}). Is that where it happens?{said}", listed(examples))
            }
            Self::PlaceByValues { field, examples } => {
                format!("The place: \"{field}\", to judge by its values ({}). Is that where it happens?", listed(examples))
            }
            Self::CountryByValues { field, country } => format!(
                "The country: nearly all places of \"{field}\" are known to us in this one ({country}), which tells them from others of their names; take it out if some are elsewhere."
            ),
            Self::PlaceOfAll { field, value, place } => format!(
                "The place: no field says it, but \"{field}\" is \"{value}\" nearly everywhere. If all is in {place}, take away the # before places."
            ),
            Self::PlaceOfSite { path, text, place } => format!(
                "The place: no field says it, but {path} calls all of it \"{}\". If all is in {place}, take the # away before places.",
                shortened(text, 80)
            ),
            Self::PlaceInTitles { named, titles, examples } => format!(
                "The place: no field says it, but {named} of {titles} titles seem to name one ({}). If it is the place, take away the # before places; what is not certain will go to a person.",
                listed(examples)
            ),
            Self::FewPlaces { field, examples, is_offered: true, .. } => format!(
                "The place: \"{field}\" hardly says places that we know ({}). If the place is there, say the country and take the # away before places.",
                listed(examples)
            ),
            Self::FewPlaces { field, known, values, examples, .. } => format!(
                "The place: only {known} of {values} values of \"{field}\" are places that we know ({}). Is the place there?",
                listed(examples)
            ),
            Self::FoldersUnknown { folders } => format!(
                "The place is the folder; {} are no towns that we know: say which they are in [….values.places].",
                listed(folders)
            ),
            Self::RepeatedNames { names } => {
                format!("The key: {names} file names are used more than once, so the folder is added.")
            }
            Self::KeyOfTitle { field } => format!(
                "The key: nothing but \"{field}\" tells the entries apart; when a title changes, its record is withdrawn and another one made. A field id in the list would avoid that: propose it to the partner."
            ),
            Self::KeyOfTwo { title, beside, entries } => format!(
                "The key: {entries} entries have the same \"{title}\" as another; \"{beside}\" tells them apart. A field id in the list would be surer: propose it to the partner. To tell them apart for readers, too: title = \"{{{title}}}, {{{beside}}}\"."
            ),
            Self::KeyRepeated { field, entries } => format!(
                "The key: {entries} entries have the same \"{field}\" as another, and nothing else tells them apart: the first of each is taken. A field id in the list, then key = \"…-{{id}}\", would take all of them: propose it to the partner."
            ),
            Self::Headings { headings } => format!(
                "Headings in the texts of no known kind: {}; they stay as they are, or [….headings] says problem, solution, results, pitfalls, conditions, lessons or transferability.",
                listed(headings)
            ),
            Self::Summary { first, second } => format!(
                "The summary: \"{}\" ({:.0} characters on average) or \"{}\" ({:.0})?",
                first.0, first.1, second.0, second.1
            ),
            Self::TextsInLanguages { taken, is_of_most, others } => format!(
                "The language: each record has its texts in several languages in one file; that of \"{taken}\"{} is taken, for a mapping takes one of them. For another ({}), put these fields in their place everywhere and write language.",
                if *is_of_most { ", in which most texts here are," } else { "" },
                listed(others)
            ),
            Self::LicenceField { field, example } => format!(
                "The licence: \"{field}\" tells one ({example}), not by its SPDX identifier: license = \"{field}\" and a table [….values.license]."
            ),
            Self::TitleOfFile { files } => format!("The title: missing (files: {files}); the name of the file stands for it."),
            Self::NoStart => {
                "The start: no field says it. If each file was written when its project began, its first commit tells: start = \"{git.first}\"."
                    .to_owned()
            }
            Self::StartOfPage { field } => {
                format!(
                    "The start: {} may be the day when the page was published, not when the initiative began.",
                    date_of(field, ReportLanguage::English)
                )
            }
            Self::DateOfPage { field, signs } => format!(
                "The start: {} is most likely the day when the page was published ({}); it is proposed as modified. If it is when the initiative began, take away the # before start.",
                date_of(field, ReportLanguage::English),
                said(signs, ReportLanguage::English)
            ),
            Self::StartOfYear { field, examples, is_taken: true } => format!(
                "The start: the year that \"{field}\" tells ({}). If it is that of the end, write end in place of start; if that of a publication or a prize, take the line out.",
                examples.join(", ")
            ),
            Self::StartOfYear { field, examples, is_taken: false } => format!(
                "The start: \"{field}\" ({}) is most likely the year in which it was published, which is not taken. If it is the one in which the project began, take the # away before start.",
                examples.join(", ")
            ),
            Self::StatusOr { first, second, values } => format!("The status: \"{first}\", or \"{second}\" ({})?", listed(values)),
            Self::StatusEnded { values } => format!(
                "The status: {}, that is, a project that came to its end: \"stopped\" is proposed, to be changed to \"running\" if what came of it is still in use.",
                listed(values)
            ),
            Self::StatusOpen { values } => format!(
                "The status: still to be translated: {} ({}); idea, pilot, running, scaled, paused or stopped.",
                listed(values),
                values.len(),
            ),
            Self::StatusOver { field, files } => format!(
                "The status: \"{field}\" says yes of {files}: \"stopped\" is proposed, to be changed if what came of it is still in use, and taken out if only the page is archived."
            ),
            Self::TagsByValues { field, examples } => format!(
                "The topics: \"{field}\", to judge by its values ({}). Are these topics? Names of persons are none.",
                listed(examples)
            ),
            Self::PersonsAmong { field } => format!(
                "The organisations: values of \"{field}\" seem to be persons (\"@name\", \"aka\", an account) and are left out (remove); if they are organisations, take remove out."
            ),
            Self::MayBePersons { field, persons, values, is_taken } => {
                let todo = if *is_taken {
                    "it is taken; if there are persons, leave them out (nothing), or take the field out"
                } else {
                    "it is not taken; if they are organisations, take away the # before organisations"
                };
                format!(
                    "The organisations: values of \"{field}\" may be names of persons, who are never taken (\"Forename Surname\": {persons} of {values}): {todo}."
                )
            }
            Self::NotInList { field, list, missing, values, examples } => format!(
                "The organisations: of the {values} that \"{field}\" names, {list} does not hold {missing}{}, kept by their names alone; if one is there under another name, say which in [….values.organisations].",
                in_brackets(&listed(examples))
            ),
            Self::Organisations { field, example } => format!(
                "The organisations: does \"{field}\" name one, or several with commas between (\"{example}\")? If several, add split = \", \"."
            ),
            Self::OrganisationsBySubject { field, values } => format!(
                "The organisations: \"{field}\" names some by a word that others are called by elsewhere ({}); if their names say more, a rule of their own completes them: pattern = \"{}\", template = \"Department of {{value}}\", and nothing takes them out of the other.",
                listed(values),
                alternatives(values)
            ),
        }
    }
}

impl Decision {
    /// What is to be decided, in a language.
    pub fn text(&self, language: ReportLanguage) -> String {
        let text = match language {
            ReportLanguage::French => self.about.french(),
            ReportLanguage::English => self.about.english(),
        };
        self.collection.as_ref().map_or_else(|| text.clone(), |collection| format!("[{collection}] {text}"))
    }
}

/// What tells a date: a field, or the names of files.
fn date_of(field: &str, language: ReportLanguage) -> String {
    match (field, language) {
        ("{file_stem}", ReportLanguage::French) => "la date au début des noms de fichier".to_owned(),
        ("{file_stem}", ReportLanguage::English) => "the date that names of files begin with".to_owned(),
        (field, ReportLanguage::French) => format!("« {field} »"),
        (field, ReportLanguage::English) => format!("\"{field}\""),
    }
}

/// What shows something, in a language.
fn said(signs: &[Sign], language: ReportLanguage) -> String {
    signs.iter().map(|sign| sign.said().text(language).to_owned()).collect::<Vec<_>>().join(", ")
}

/// The first few names, in quotation marks.
/// What follows a word in brackets, if there is anything.
fn in_brackets(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!(" ({text})") }
}

/// A pattern for one of some values.
fn alternatives(values: &[String]) -> String {
    let escaped: Vec<String> = values.iter().map(|value| regex::escape(value)).collect();
    format!("^(?:{})$", escaped.join("|"))
}

fn listed(names: &[String], before: &str, after: &str) -> String {
    const MOST: usize = 8;
    let more = if names.len() > MOST { ", …" } else { "" };
    let quoted: Vec<String> = names.iter().take(MOST).map(|name| format!("{before}{name}{after}")).collect();
    format!("{}{more}", quoted.join(", "))
}
