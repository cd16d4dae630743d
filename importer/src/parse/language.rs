//! Which language a text is in, as far as the text itself tells.

use std::collections::HashSet;

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

/// Languages that are taken for one another in short texts, each with the little words that it is full of.
const RELATIVES: &[(&str, &str)] = &[
    (
        "es",
        "el la los las lo un una unos unas de del y e o u a al en con por para sin sobre entre desde hasta que se su sus es son fue ha han \
         no más pero como muy también este esta estos estas ese esa donde cuando cada ya todo todos todas nos le les ser está están \
         según durante mediante sino hay otro otros otra otras",
    ),
    (
        "ca",
        "el la els les l un una uns unes de del dels d i o a al als amb en per sense sobre entre des fins que es s se seu seva seus \
         seves és són va van ha han no més però com molt també aquest aquesta aquests aquestes on quan cada ja tot tots totes hi ho \
         ens li ser està estan segons durant mitjançant n cap pel pels qual altre altres",
    ),
    (
        "pt",
        "o a os as um uma uns umas de do da dos das e ou em no na nos nas ao aos à às com por para pelo pela pelos pelas sem sobre \
         entre desde até que se seu sua seus suas é são foi não mais mas como muito também este esta estes estas esse essa isso onde \
         quando cada já todo todos todas lhe ser está estão num numa há outro outros outra outras foram",
    ),
    (
        "gl",
        "o a os as un unha uns unhas de do da dos das e ou en no na nos nas ao aos á ás con por para polo pola polos polas sen sobre \
         entre desde dende ata que se seu súa seus súas é son foi non máis pero como moi tamén este esta estes estas ese esa onde cando \
         cada xa todo todos todas lle lles ser está están nun nunha dun dunha hai outro outros outra outras foron co coa cos coas",
    ),
    (
        "it",
        "il lo la i gli le l un uno una di del dello della dei degli delle dell d e ed o a al allo alla ai agli alle all in nel nello \
         nella nei negli nelle nell con per da dal dalla dai dalle su sul sulla senza tra fra che si suo sua suoi sue è sono ha hanno \
         non più ma come molto anche questo questa questi queste dove quando ogni già tutto tutti tutte ci essere sia altri altre",
    ),
    (
        "fr",
        "le la les l un une des de du d et ou à a au aux en dans avec par pour sans sur entre depuis que qu qui se s son sa ses leur \
         leurs est sont été ont ne n pas plus mais comme très aussi ce cet cette ces où quand chaque déjà tout tous toutes il elle ils \
         elles être c y selon lors afin nous vous autre autres",
    ),
];

/// By how many little words a language must lead its relatives, and by how many to be told where the detector is not sure.
const LEAST_LEAD: usize = 2;
const SURE_LEAD: usize = 3;

/// Of languages that are alike, the ones with most of their little words in a text first, with the number of these.
fn by_little_words(text: &str) -> Vec<(&'static str, usize)> {
    let lower = text.to_lowercase();
    let said: Vec<&str> = lower.split(|character: char| !character.is_alphabetic()).filter(|word| !word.is_empty()).collect();
    let count = |words: &str| {
        let words: HashSet<&str> = words.split_whitespace().collect();
        said.iter().filter(|word| words.contains(**word)).count()
    };
    let mut counts: Vec<(&str, usize)> = RELATIVES.iter().map(|(code, words)| (*code, count(words))).collect();
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    counts
}

/// The language of a text that the detector takes for one of languages that are alike; `None` if its little words do not bear that out,
/// nor clearly tell another.
fn among_relatives(detected: &str, is_sure: bool, text: &str) -> Option<&'static str> {
    let counts = by_little_words(text);
    let [(first, most), (_, next), ..] = counts.as_slice() else { return None };
    let lead = most - next;
    let borne_out = counts.iter().find(|(code, count)| *code == detected && count == most);
    match borne_out {
        Some((code, _)) => (is_sure || lead >= SURE_LEAD).then_some(code),
        None if is_sure => (lead >= LEAST_LEAD).then_some(first),
        // Where it is not sure, only of one that it does not know.
        None => (lead >= SURE_LEAD && CODES.iter().all(|(_, known)| known != first)).then_some(first),
    }
}

/// The language that a short text is likely in, among those that are alike, if it was taken for one of them: that with most of its little
/// words. `None` if it is not one of them, or if none leads.
pub fn likeliest(taken_for: &str, plain: &str) -> Option<&'static str> {
    let counts = by_little_words(plain);
    let [(first, most), (_, next), ..] = counts.as_slice() else { return None };
    let is_alike = counts.iter().any(|(code, _)| *code == taken_for);
    (is_alike && most > next).then_some(first)
}

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
    let found = whatlang::detect(&text)?;
    let (_, code) = CODES.iter().find(|(code, _)| *code == found.lang().code())?;
    let is_sure = found.is_reliable() && found.confidence() >= LEAST_CONFIDENCE;
    let has_relatives = RELATIVES.iter().any(|(alike, _)| alike == code);
    let code = if has_relatives { among_relatives(code, is_sure, &text)? } else { Some(*code).filter(|_| is_sure)? };
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

    #[test]
    fn short_texts_are_likely_in_the_language_of_their_little_words() {
        for (taken_for, text, expected) in [
            (
                "ca",
                "Iniciativa que organiza brigadas para lavar la ropa de las personas que habitan albergues en la CDMX.",
                Some("es"),
            ),
            ("ca", "Mapa colaborativo para encontrar departamentos en renta solidaria en la Ciudad de México.", Some("es")),
            ("es", "Horts urbans municipals a Terrassa, per a les entitats i les escoles dels barris.", Some("ca")),
            ("es", "Unha aplicación para que as persoas poidan ver os seus gastos nunha soa páxina.", Some("gl")),
            ("es", "Agen", None),
            ("de", "Mapa colaborativo para encontrar departamentos", None),
        ] {
            assert_eq!(super::likeliest(taken_for, text), expected, "{text}");
        }
    }

    #[test]
    fn languages_that_are_alike_are_told_by_their_little_words() {
        for (text, expected) in [
            (
                "Iniciativa que reúne a mujeres teatreras, músicas, pintoras, talleristas, bailarinas, cuentacuentos y bordadoras para ayudar a niñas y \
                 niños afectados por el sismo del diecinueve de septiembre en la Ciudad de México.",
                Some("es"),
            ),
            (
                "Horts urbans municipals a Terrassa. Parcel·les per a persones grans, entitats i escoles. Foment de l'agricultura ecològica, la \
                 convivència i la salut comunitària en espais públics abandonats dels barris.",
                Some("ca"),
            ),
            (
                "O proxecto consistirá nunha aplicación móbil que permita ás persoas poder visualizar os seus gastos e ingresos dunha forma real e \
                 estruturada. Que poidan ver a suma dos gastos formiga e que poidan aforrar dunha forma fácil.",
                Some("gl"),
            ),
            (
                "O projeto Oficina da Mata visa mapear e articular diferentes experiências de agroecologia e transmissão de saberes tradicionais em \
                 comunidades rurais da região, com apoio de uma rede de universidades e associações.",
                Some("pt"),
            ),
            // The detector is sure that it is Portuguese.
            (
                "Orzamentos participativos do concello de Vigo: a veciñanza propón e vota proxectos para os barrios, con axuda de técnicos \
                 municipais. Plataforma aberta con datos públicos e seguimento das obras.",
                Some("gl"),
            ),
        ] {
            let found = detect(text);
            assert_eq!(found.as_ref().map(maillage_graph_schema::model::Language::as_str), expected, "{text}");
        }
    }
}
