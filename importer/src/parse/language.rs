//! Which language a text is in, as far as the text itself tells.

use maillage_graph_schema::model::Language;

/// Shorter texts tell too little: names and addresses look like any language.
const FEWEST_LETTERS: usize = 150;

/// How much of a text is looked at, in bytes: first of its beginning, then, where that leaves doubts, of more.
const BEGINNING: usize = 2_500;
const LONGEST: usize = 20_000;

/// How sure it must be, from 0 to 1.
const LEAST_CONFIDENCE: f64 = 0.95;

/// The codes of ISO 639-3 that the detector gives, and those of ISO 639-1. What is not among them, such as the Latin of
/// placeholders, is no language of a case study.
const CODES: &[(&str, &str)] = &[
    ("ara", "ar"),
    ("bul", "bg"),
    ("cat", "ca"),
    ("ces", "cs"),
    ("dan", "da"),
    ("deu", "de"),
    ("ell", "el"),
    ("eng", "en"),
    ("est", "et"),
    ("fin", "fi"),
    ("fra", "fr"),
    ("hrv", "hr"),
    ("hun", "hu"),
    ("ita", "it"),
    ("jpn", "ja"),
    ("kor", "ko"),
    ("lav", "lv"),
    ("lit", "lt"),
    ("mkd", "mk"),
    ("nld", "nl"),
    ("nob", "nb"),
    ("pol", "pl"),
    ("por", "pt"),
    ("ron", "ro"),
    ("rus", "ru"),
    ("slk", "sk"),
    ("slv", "sl"),
    ("spa", "es"),
    ("srp", "sr"),
    ("swe", "sv"),
    ("tur", "tr"),
    ("ukr", "uk"),
    ("cmn", "zh"),
];

/// The language of a text in plain words; `None` if that is not sure.
pub fn detect(plain: &str) -> Option<Language> {
    let beginning = detect_in(plain, BEGINNING);
    if plain.len() <= BEGINNING { beginning } else { beginning.or_else(|| detect_in(plain, LONGEST)) }
}

/// Likewise, of so much of it.
fn detect_in(plain: &str, most: usize) -> Option<Language> {
    let text = &plain[..plain.floor_char_boundary(most)];
    // Addresses and names of files are in no language.
    let words = text.split_whitespace().filter(|word| !(word.contains("://") || word.contains('@') || word.contains('_')));
    let text: String = words.flat_map(|word| [word, " "]).collect();
    let letters = text.chars().filter(|character| character.is_alphabetic()).count();
    if letters < FEWEST_LETTERS {
        return None;
    }
    let found = whatlang::detect(&text).filter(|found| found.is_reliable() && found.confidence() >= LEAST_CONFIDENCE)?;
    let (_, code) = CODES.iter().find(|(code, _)| *code == found.lang().code())?;
    code.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::detect;

    #[test]
    fn a_text_tells_its_language_if_it_is_long_enough() {
        let french = "La ville a ouvert un guichet numérique où des agents debout accompagnent les habitants dans leurs démarches, du lundi au samedi, \
                      sans rendez-vous, et forme ceux qui le souhaitent à l'usage des services publics en ligne.";
        let german = "Die Stadt hat eine Karte der barrierefreien Orte veröffentlicht, die von Freiwilligen gepflegt wird und allen Bürgerinnen und \
                      Bürgern zeigt, welche Gebäude sie ohne Hilfe erreichen können und welche nicht.";
        let english = "The council opened a repair workshop in the library, where volunteers help residents to mend what is broken, and lends tools to \
                       everybody who has a card of the library, on three evenings a week.";
        let catalan = "L'ajuntament va obrir un taller de reparació a la biblioteca, on els voluntaris ajuden els veïns a arreglar allò que s'ha \
                       trencat, i deixa eines a tothom que tingui el carnet de la biblioteca, tres vespres per setmana.";
        let latin = "Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt ut labore et dolore magna aliqua. Ut enim \
                     ad minim veniam, quis nostrud exercitation ullamco laboris nisi ut aliquip ex ea commodo consequat.";
        for (text, expected) in [
            (french, Some("fr")),
            (german, Some("de")),
            (english, Some("en")),
            (catalan, Some("ca")),
            (latin, None),
            ("Le kiosque", None),
            ("", None),
            ("https://a.fr/ https://b.fr/ Agen, Roubaix, Dijon", None),
        ] {
            let found = detect(text);
            assert_eq!(found.as_ref().map(maillage_graph_schema::model::Language::as_str), expected, "{text}");
        }
        let addresses = "https://agen.example/une-page-assez-longue/ ".repeat(20);
        assert_eq!(detect(&addresses), None);
    }
}
