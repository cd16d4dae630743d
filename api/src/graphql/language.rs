//! Which telling of several fits a reader.

use maillage_graph_schema::model::Language;

/// How many languages of a header are read.
const MOST: usize = 12;

/// The languages that a request would rather read, the preferred one first; empty if it does not say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Preferences(Vec<Language>);

impl Preferences {
    /// Reads the header `Accept-Language`. What cannot be read is left out.
    pub fn from_header(header: &str) -> Self {
        let mut weighted: Vec<(u16, Language)> = header
            .split(',')
            .take(MOST)
            .filter_map(|entry| {
                let mut parts = entry.split(';');
                let language: Language = parts.next()?.trim().parse().ok()?;
                let weight = parts.find_map(|part| part.trim().strip_prefix("q=").map(thousandths)).unwrap_or(1000);
                (weight > 0).then_some((weight, language))
            })
            .collect();
        weighted.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight));
        Self(weighted.into_iter().map(|(_, language)| language).collect())
    }

    /// The languages as one text, the preferred one first: the same for the same wishes.
    pub fn written(&self) -> String {
        self.0.iter().map(Language::as_str).collect::<Vec<_>>().join(" ")
    }

    /// The languages for a field: the one asked for by its argument, else the request's.
    pub fn or<'a>(&'a self, asked: Option<&'a Language>) -> &'a [Language] {
        asked.map_or(&self.0, std::slice::from_ref)
    }
}

/// A quality of HTTP, `0` to `1` with up to three decimals, in thousandths; 0 if it is none.
fn thousandths(quality: &str) -> u16 {
    let (whole, decimals) = quality.trim().split_once('.').unwrap_or((quality.trim(), ""));
    let is_quality = matches!(whole, "0" | "1") && decimals.len() <= 3 && decimals.bytes().all(|byte| byte.is_ascii_digit());
    if !is_quality {
        return 0;
    }
    if whole == "1" { 1000 } else { format!("{decimals:0<3}").parse().unwrap_or(0) }
}

/// Whether a text in its own language serves without looking for another: nothing is asked for, or what comes first is that
/// language.
pub fn own_serves(wanted: &[Language], own: &Language) -> bool {
    wanted.first().is_none_or(|first| first == own || first.primary() == own.as_str())
}

/// The best of some languages for a reader: in the order of preference the very language, else one of the same family;
/// else the record's own; else English, French, or the first there is.
pub fn best_fit<'a>(wanted: &[Language], own: &Language, available: &'a [Language]) -> Option<&'a Language> {
    let family = |primary: &str| available.iter().find(|language| language.primary() == primary);
    let exact = |language: &Language| available.iter().find(|other| *other == language);
    wanted
        .iter()
        .find_map(|language| exact(language).or_else(|| family(language.primary())))
        .or_else(|| exact(own))
        .or_else(|| family(own.primary()))
        .or_else(|| family("en"))
        .or_else(|| family("fr"))
        .or_else(|| available.first())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn languages(tags: &str) -> Vec<Language> {
        tags.split_whitespace().map(|tag| tag.parse().unwrap()).collect()
    }

    #[test]
    fn reads_headers() {
        for (header, expected) in [
            ("", ""),
            ("fr", "fr"),
            ("fr-FR,fr;q=0.9,en;q=0.8", "fr-FR fr en"),
            ("en;q=0.5, fr", "fr en"),
            ("de;q=0, en", "en"),
            ("*, en;q=0.1", "en"),
            ("en;q=7, fr;q=0.25", "fr"),
            ("!!!, ,;;q=1", ""),
        ] {
            assert_eq!(Preferences::from_header(header).0, languages(expected), "{header}");
        }
    }

    #[test]
    fn chooses_the_best_fit() {
        for (wanted, own, available, expected) in [
            ("", "fr", "en fr", Some("fr")),
            ("en", "fr", "en fr", Some("en")),
            ("en-GB", "fr", "en fr", Some("en")),
            ("de en", "fr", "en fr", Some("en")),
            ("de", "fr", "en fr", Some("fr")),
            ("pt", "fr", "pt-BR pt", Some("pt")),
            ("de", "es", "it en", Some("en")),
            ("de", "es", "it", Some("it")),
            ("de", "es", "", None),
        ] {
            let (wanted, available) = (languages(wanted), languages(available));
            let chosen = best_fit(&wanted, &own.parse().unwrap(), &available);
            assert_eq!(chosen.map(Language::as_str), expected, "{wanted:?} of {available:?}");
        }
    }
}
