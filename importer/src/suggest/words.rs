//! What fields and folders are called, in the languages of partners.

use std::sync::LazyLock;

use maillage_explore::text::fold;

use super::vocabulary::{list, lists};

/// An enum whose values have names in the vocabulary.
macro_rules! named {
    ($(#[$about:meta])* $name:ident { $($(#[$value_about:meta])* $value:ident = $text:literal,)* }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[$value_about])* $value,)*
        }

        impl $name {
            /// Every value with its name.
            pub const NAMED: &[(Self, &str)] = &[$((Self::$value, $text),)*];

            fn of(name: &str) -> Option<Self> {
                Self::NAMED.iter().find(|(_, known)| *known == name).map(|(value, _)| *value)
            }
        }
    };
}

named!(
    /// What a field means.
    Meaning {
        Title = "title",
        Summary = "summary",
        Body = "body",
        Language = "language",
        Start = "start",
        End = "end",
        /// The day when the page was published: a start for want of a better one.
        Published = "published",
        Modified = "modified",
        Status = "status",
        Topic = "topic",
        Tag = "tag",
        Audience = "audience",
        Operator = "operator",
        Funder = "funder",
        Partner = "partner",
        PartOf = "part_of",
        OtherName = "other_name",
        Website = "website",
        Link = "link",
        Evidence = "evidence",
        Licence = "licence",
        Alias = "alias",
        Identifier = "identifier",
        Town = "town",
        TownCode = "town_code",
        Postcode = "postcode",
        Address = "address",
        Department = "department",
        Region = "region",
        Country = "country",
        /// A place of any kind, in words: "Agen", "National", "Online".
        Place = "place",
        Latitude = "latitude",
        Longitude = "longitude",
        Point = "point",
        Picture = "picture",
        /// Whether the page is a draft, or hidden.
        Draft = "draft",
        /// Whether the page is published: the contrary.
        Shown = "shown",
        Problem = "problem",
        Solution = "solution",
        Results = "results",
        Lessons = "lessons",
        /// A person, or how to reach one: never imported.
        Person = "person",
        Contact = "contact",
        /// How the site shows the page: nothing for us.
        Layout = "layout",
    }
);

static FIELDS: LazyLock<Vec<(Meaning, &[&str])>> = LazyLock::new(|| by_value("fields", Meaning::of));
static FOLDERS: LazyLock<Vec<(Nature, &[&str])>> = LazyLock::new(|| by_value("folders", Nature::of));

/// The lists of a section by what their names mean.
fn by_value<T>(section: &str, of: impl Fn(&str) -> Option<T>) -> Vec<(T, &'static [&'static str])> {
    lists(section).iter().filter_map(|(name, words)| Some((of(name)?, words.as_slice()))).collect()
}

/// How surely a name tells a meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sureness {
    /// One of its words tells.
    Word,
    /// All but words that say nothing tell.
    Nearly,
    /// It is one of the usual names.
    Name,
}

/// A meaning that a name may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Named {
    pub meaning: Meaning,
    pub sureness: Sureness,
    /// Its place among the names of this meaning: the first are the most telling.
    pub rank: usize,
}

/// Whether a field of this name is a title.
pub fn is_title(name: &str) -> bool {
    meanings(name).first().is_some_and(|named| named.meaning == Meaning::Title && named.sureness >= Sureness::Nearly)
}

/// The words of a name: `startDate`, `start_date` and `Start-Date` alike.
pub fn name_words(name: &str) -> String {
    let mut apart = String::with_capacity(name.len() + 4);
    let mut before_is_small = false;
    for character in name.chars() {
        if character.is_uppercase() && before_is_small {
            apart.push(' ');
        }
        before_is_small = character.is_lowercase();
        apart.push(character);
    }
    fold(&apart)
}

/// The words of a name, of one thing as of several: `espaces_numeriques`, `espace numerique`.
pub fn singular(name: &str) -> String {
    let words = name_words(name);
    words.split(' ').map(|word| word.strip_suffix('s').unwrap_or(word)).collect::<Vec<_>>().join(" ")
}

/// Whether a meaning is a part of where something is, which may be named after what is there.
fn is_part_of_place(meaning: Meaning) -> bool {
    use Meaning::{Country, Department, Latitude, Longitude, Postcode, Region, Town, TownCode};
    matches!(meaning, Town | TownCode | Postcode | Department | Region | Country | Latitude | Longitude)
}

/// Whether another word of a name says that it tells something of an organisation, and not which one: `publisher_country`.
pub fn tells_of_it(name: &str) -> bool {
    use Meaning::{Address, Contact, End, Identifier, Link, Picture, Start, Status, Website};
    let words = name_words(name);
    words.split(' ').any(|word| {
        let is_of = |meaning: Meaning| {
            is_part_of_place(meaning)
                || matches!(meaning, Address | Contact | Picture | Website | End | Start | Status | Link | Identifier)
        };
        FIELDS.iter().any(|(meaning, names)| is_of(*meaning) && names.contains(&word))
    })
}

/// The meanings that a name may have, the surest first.
pub fn meanings(name: &str) -> Vec<Named> {
    let whole = name_words(name);
    let words: Vec<&str> = whole.split(' ').collect();
    let filling = list("filling", "fields");
    let without = |others: &[&str]| words.iter().copied().filter(|word| !others.contains(word)).collect::<Vec<_>>().join(" ");
    let of_language = language_of(&whole).map(|(_, rest)| rest);
    let told = |words: &str| words.split(' ').filter(|word| !filling.contains(word)).collect::<Vec<_>>().join(" ");
    let (bare, part) = (told(of_language.unwrap_or(&whole)), without(list("holders", "places")));
    let mut found: Vec<Named> = Vec::new();
    for (meaning, names) in FIELDS.iter() {
        let exact = names.iter().position(|name| *name == whole).map(|rank| (Sureness::Name, rank));
        let bare = if is_part_of_place(*meaning) { &part } else { &bare };
        let nearly = || names.iter().position(|name| name == bare && !bare.is_empty()).map(|rank| (Sureness::Nearly, rank));
        let by_word = || {
            let is_telling = |name: &&str| name.len() > 2 && !name.contains(' ');
            words
                .iter()
                .find_map(|word| names.iter().position(|name| is_telling(name) && name == word))
                .map(|rank| (Sureness::Word, rank))
        };
        if let Some((sureness, rank)) = exact.or_else(nearly).or_else(by_word) {
            found.push(Named { meaning: *meaning, sureness, rank });
        }
    }
    found.sort_by_key(|named| (std::cmp::Reverse(named.sureness), named.rank));
    found
}

named!(
    /// What the files of a folder are.
    Nature {
        CaseStudies = "case_studies",
        Organisations = "organisations",
        People = "people",
        Posts = "posts",
        Events = "events",
        /// Labels of topics and the like.
        Vocabulary = "vocabulary",
        /// Pages of the site itself.
        Pages = "pages",
    }
);

/// Whether a word is exactly one for things of a nature.
pub fn is_nature(name: &str, nature: Nature) -> bool {
    let words = name_words(name);
    FOLDERS.iter().any(|(of, names)| *of == nature && names.contains(&words.as_str()))
}

/// Whether a word is plainly one for a case study, and for nothing else.
pub fn is_case_study(name: &str) -> bool {
    let words = name_words(name);
    list("case_studies", "plain").iter().any(|plain| words.starts_with(plain))
}

/// The language that a name of a field ends with, and what stands before it: `title_de`.
pub fn language_of(name: &str) -> Option<(&'static str, &str)> {
    let (rest, last) = name.rsplit_once([' ', '_', '-'])?;
    let (code, _) = lists("languages").iter().find(|(code, _)| *code == last)?;
    Some((code, rest))
}

/// What a name of a folder, or a value, says that something is.
pub fn nature(name: &str) -> Option<Nature> {
    let words = name_words(name);
    let exact = |words: &str| FOLDERS.iter().find(|(_, names)| names.contains(&words)).map(|(nature, _)| *nature);
    exact(&words).or_else(|| {
        // "catalog projects 2019", "our case studies": the last words tell most.
        let parts: Vec<&str> = words.split(' ').collect();
        (1..parts.len())
            .find_map(|from| exact(&parts[from..].join(" ")))
            .or_else(|| (1..parts.len()).rev().find_map(|to| exact(&parts[..to].join(" "))))
    })
}

/// The language that a folder or a suffix names.
pub fn language(name: &str) -> Option<&'static str> {
    let words = fold(name);
    lists("languages").iter().find(|(_, names)| names.contains(&words.as_str())).map(|(code, _)| *code)
}

#[cfg(test)]
mod tests {
    use super::{Meaning, Nature, language, meanings, nature};

    #[test]
    fn names_of_fields_tell_what_they_mean() {
        for (name, meaning) in [
            ("project_name", Meaning::Title),
            ("Titre", Meaning::Title),
            ("project_description", Meaning::Summary),
            ("mission", Meaning::Summary),
            ("startDate", Meaning::Start),
            ("date_start", Meaning::Start),
            ("enddate", Meaning::End),
            ("project_topic", Meaning::Topic),
            ("thematiques", Meaning::Topic),
            ("téléphone", Meaning::Contact),
            ("gov_contact_email", Meaning::Contact),
            ("contact_dinum", Meaning::Contact),
            ("agency_sponsor", Meaning::Funder),
            ("code postal", Meaning::Postcode),
            ("street_address", Meaning::Address),
            ("geographic_scope", Meaning::Place),
            ("redirect_from", Meaning::Alias),
            ("lastmod", Meaning::Modified),
            ("project_url", Meaning::Link),
            ("event_loc_addressLocality", Meaning::Town),
            ("address__city", Meaning::Town),
            ("project_start_date", Meaning::Start),
            ("title_de", Meaning::Title),
            ("description-en", Meaning::Summary),
            ("Brief description", Meaning::Summary),
            ("location name", Meaning::Place),
            ("data_zakonczenia", Meaning::End),
            ("zaciatok", Meaning::Start),
            ("obrázek", Meaning::Picture),
            ("opdrachtgever", Meaning::Operator),
            ("target group", Meaning::Audience),
        ] {
            assert_eq!(meanings(name).first().map(|named| named.meaning), Some(meaning), "{name}");
        }
        assert!(meanings("techno").is_empty());
    }

    #[test]
    fn every_meaning_has_names() {
        assert_eq!(super::FIELDS.len(), Meaning::NAMED.len());
        assert_eq!(super::lists("fields").len(), Meaning::NAMED.len());
        assert_eq!(super::FOLDERS.len(), Nature::NAMED.len());
        assert_eq!(super::lists("folders").len(), Nature::NAMED.len());
    }

    #[test]
    fn folders_tell_what_they_hold() {
        for (name, expected) in [
            ("_catalog-projects", Some(Nature::CaseStudies)),
            ("_startups", Some(Nature::CaseStudies)),
            ("projekte", Some(Nature::CaseStudies)),
            ("Case Studies", Some(Nature::CaseStudies)),
            ("_posts", Some(Nature::Posts)),
            ("team", Some(Nature::People)),
            ("labs", Some(Nature::Organisations)),
            ("_layouts", Some(Nature::Pages)),
            ("_nantes", None),
        ] {
            assert_eq!(nature(name), expected, "{name}");
        }
    }

    #[test]
    fn languages_are_called_by_many_names() {
        for (name, expected) in
            [("cat", Some("ca")), ("fr", Some("fr")), ("Español", Some("es")), ("pt-BR", Some("pt")), ("labs", None)]
        {
            assert_eq!(language(name), expected, "{name}");
        }
    }
}
