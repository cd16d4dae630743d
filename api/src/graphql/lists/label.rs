//! What values are called, in French and in English.

use async_graphql::Context;
use maillage_explore::question::POPULATION_BANDS;
use maillage_graph_schema::model::{self, Audience, Licence, Status};

use crate::graphql::record::reader;
use crate::graphql::scalar::Language;

/// The language of a label.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spoken {
    English,
    French,
}

impl Spoken {
    /// The first of the two that is asked for: by the argument, else by the request; else English.
    pub fn of(context: &Context<'_>, lang: Option<&Language>) -> Self {
        Self::first(reader(context).preferences().or(lang.map(|lang| &lang.0)))
    }

    pub fn first(wanted: &[model::Language]) -> Self {
        let spoken = wanted.iter().find_map(|language| match language.primary() {
            "fr" => Some(Self::French),
            "en" => Some(Self::English),
            _ => None,
        });
        spoken.unwrap_or(Self::English)
    }

    /// The language's tag.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::French => "fr",
        }
    }

    pub fn choose<'a>(self, english: &'a str, french: &'a str) -> &'a str {
        match self {
            Self::English => english,
            Self::French => french,
        }
    }
}

/// A status, as the model writes it.
pub fn status(written: &str, spoken: Spoken) -> String {
    let Ok(status) = written.parse::<Status>() else { return written.to_owned() };
    let (english, french) = match status {
        Status::Idea => ("Idea", "Idée"),
        Status::Pilot => ("Pilot", "Expérimentation"),
        Status::Running => ("Running", "En cours"),
        Status::Scaled => ("Scaled up", "Généralisée"),
        Status::Paused => ("Paused", "Suspendue"),
        Status::Stopped => ("Stopped", "Arrêtée"),
    };
    spoken.choose(english, french).to_owned()
}

/// An audience, as the model writes it.
pub fn audience(written: &str, spoken: Spoken) -> String {
    let Ok(audience) = written.parse::<Audience>() else { return written.to_owned() };
    let (english, french) = match audience {
        Audience::GeneralPublic => ("General public", "Grand public"),
        Audience::Children => ("Children", "Enfants"),
        Audience::Youth => ("Young people", "Jeunes"),
        Audience::OlderPeople => ("Older people", "Personnes âgées"),
        Audience::PeopleWithDisabilities => ("People with disabilities", "Personnes en situation de handicap"),
        Audience::Jobseekers => ("Jobseekers", "Personnes en recherche d'emploi"),
        Audience::Prisoners => ("People in prison", "Personnes détenues"),
        Audience::Businesses => ("Businesses", "Entreprises"),
        Audience::Associations => ("Associations", "Associations"),
        Audience::ElectedOfficials => ("Elected officials", "Élues et élus"),
        Audience::Staff => ("Public staff", "Agents publics"),
        Audience::Newcomers => ("Newcomers", "Nouveaux arrivants"),
    };
    spoken.choose(english, french).to_owned()
}

/// A band of inhabitants, by its key.
pub fn population_band(key: &str, spoken: Spoken) -> String {
    let Some(place) = POPULATION_BANDS.iter().position(|band| band.0 == key) else { return key.to_owned() };
    let fewest = POPULATION_BANDS[place].1;
    let most = POPULATION_BANDS.get(place + 1).map(|next| next.1 - 1);
    let number = |number: u32| grouped(number.into(), spoken);
    match (fewest, most, spoken) {
        (0, Some(most), Spoken::English) => format!("fewer than {} inhabitants", number(most + 1)),
        (0, Some(most), Spoken::French) => format!("moins de {} habitants", number(most + 1)),
        (_, Some(most), Spoken::English) => format!("{} to {} inhabitants", number(fewest), number(most)),
        (_, Some(most), Spoken::French) => format!("{} à {} habitants", number(fewest), number(most)),
        (_, None, Spoken::English) => format!("{} inhabitants and more", number(fewest)),
        (_, None, Spoken::French) => format!("{} habitants et plus", number(fewest)),
    }
}

/// A number as it is written in a language: in groups of three digits.
pub fn grouped(number: u64, spoken: Spoken) -> String {
    let separator = spoken.choose(",", "\u{202f}");
    let digits = number.to_string();
    let mut grouped = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push_str(separator);
        }
        grouped.push(digit);
    }
    grouped
}

/// A licence, by its SPDX identifier: its name, which is not translated.
pub fn licence(spdx: &str) -> String {
    spdx.parse::<Licence>().map_or_else(|_| spdx.to_owned(), |licence| licence.name().to_owned())
}

/// Languages of Europe, and those that are much spoken in its towns: tag, English, French.
const LANGUAGES: &[(&str, &str, &str)] = &[
    ("ar", "Arabic", "Arabe"),
    ("be", "Belarusian", "Biélorusse"),
    ("bg", "Bulgarian", "Bulgare"),
    ("br", "Breton", "Breton"),
    ("bs", "Bosnian", "Bosnien"),
    ("ca", "Catalan", "Catalan"),
    ("co", "Corsican", "Corse"),
    ("cs", "Czech", "Tchèque"),
    ("cy", "Welsh", "Gallois"),
    ("da", "Danish", "Danois"),
    ("de", "German", "Allemand"),
    ("el", "Greek", "Grec"),
    ("en", "English", "Anglais"),
    ("es", "Spanish", "Espagnol"),
    ("et", "Estonian", "Estonien"),
    ("eu", "Basque", "Basque"),
    ("fa", "Persian", "Persan"),
    ("fi", "Finnish", "Finnois"),
    ("fr", "French", "Français"),
    ("fy", "West Frisian", "Frison"),
    ("ga", "Irish", "Irlandais"),
    ("gd", "Scottish Gaelic", "Gaélique écossais"),
    ("gl", "Galician", "Galicien"),
    ("hr", "Croatian", "Croate"),
    ("hu", "Hungarian", "Hongrois"),
    ("hy", "Armenian", "Arménien"),
    ("is", "Icelandic", "Islandais"),
    ("it", "Italian", "Italien"),
    ("ja", "Japanese", "Japonais"),
    ("ka", "Georgian", "Géorgien"),
    ("lb", "Luxembourgish", "Luxembourgeois"),
    ("lt", "Lithuanian", "Lituanien"),
    ("lv", "Latvian", "Letton"),
    ("mk", "Macedonian", "Macédonien"),
    ("mt", "Maltese", "Maltais"),
    ("nb", "Norwegian Bokmål", "Norvégien bokmål"),
    ("nl", "Dutch", "Néerlandais"),
    ("nn", "Norwegian Nynorsk", "Norvégien nynorsk"),
    ("no", "Norwegian", "Norvégien"),
    ("oc", "Occitan", "Occitan"),
    ("pl", "Polish", "Polonais"),
    ("pt", "Portuguese", "Portugais"),
    ("ro", "Romanian", "Roumain"),
    ("ru", "Russian", "Russe"),
    ("se", "Northern Sami", "Same du Nord"),
    ("sk", "Slovak", "Slovaque"),
    ("sl", "Slovenian", "Slovène"),
    ("sq", "Albanian", "Albanais"),
    ("sr", "Serbian", "Serbe"),
    ("sv", "Swedish", "Suédois"),
    ("tr", "Turkish", "Turc"),
    ("uk", "Ukrainian", "Ukrainien"),
    ("vi", "Vietnamese", "Vietnamien"),
    ("zh", "Chinese", "Chinois"),
];

/// A language, by its tag: a variant with its tag, one that has no name here by its tag alone.
pub fn language(tag: &str, spoken: Spoken) -> String {
    let primary = tag.split('-').next().unwrap_or(tag);
    match LANGUAGES.iter().find(|row| row.0 == primary) {
        Some((_, english, french)) if primary == tag => spoken.choose(english, french).to_owned(),
        Some((_, english, french)) => format!("{} ({tag})", spoken.choose(english, french)),
        None => tag.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_has_its_words() {
        let (english, french) = (Spoken::English, Spoken::French);
        for value in Status::ALL {
            assert_ne!(status(value.as_str(), english), status(value.as_str(), french), "{value}");
        }
        for value in Audience::ALL {
            assert!(!audience(value.as_str(), french).contains('_'), "{value}");
        }
        for (key, english_words, french_words) in [
            ("0-499", "fewer than 500 inhabitants", "moins de 500 habitants"),
            ("2000-9999", "2,000 to 9,999 inhabitants", "2\u{202f}000 à 9\u{202f}999 habitants"),
            ("200000-", "200,000 inhabitants and more", "200\u{202f}000 habitants et plus"),
            ("else", "else", "else"),
        ] {
            assert_eq!(
                (population_band(key, english), population_band(key, french)),
                (english_words.into(), french_words.into())
            );
        }
        for (tag, english_words, french_words) in
            [("fr", "French", "Français"), ("pt-BR", "Portuguese (pt-BR)", "Portugais (pt-BR)"), ("tlh", "tlh", "tlh")]
        {
            assert_eq!((language(tag, english), language(tag, french)), (english_words.into(), french_words.into()));
        }
        assert_eq!(licence("etalab-2.0"), "Licence Ouverte 2.0");
    }

    #[test]
    fn the_first_language_that_is_spoken_is() {
        for (wanted, spoken) in
            [("", Spoken::English), ("fr-CA", Spoken::French), ("de fr en", Spoken::French), ("en-GB fr", Spoken::English)]
        {
            let wanted: Vec<model::Language> = wanted.split_whitespace().map(|tag| tag.parse().unwrap()).collect();
            assert_eq!(Spoken::first(&wanted), spoken, "{wanted:?}");
        }
    }
}
