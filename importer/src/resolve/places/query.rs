//! What people write for a place, taken apart: `Mairie d'Agen (47)`, `44000 Nantes`, `Paris 7e`, `Vilnius, Lithuania`.

use maillage_explore::text::fold;

use crate::reference::is_region;

/// A name with what stands beside it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Query {
    /// The name, without what only says that it is a town.
    pub name: String,
    /// Whether something was taken off the name: "Ville d'Agen".
    pub is_alias: bool,
    pub postcode: Option<String>,
    /// What stands in brackets or after commas.
    pub qualifiers: Vec<String>,
}

/// What stands before the name of a town and only says that it is one; folded, longer ones first.
const PREFIXES: &[&str] = &[
    "communaute urbaine de la ville",
    "commune nouvelle",
    "municipalite",
    "municipality",
    "ayuntamiento",
    "ajuntament",
    "la ville",
    "la commune",
    "le village",
    "landeshauptstadt",
    "hansestadt",
    "universitatsstadt",
    "camara municipal",
    "prefeitura",
    "municipio",
    "concello",
    "concelho",
    "citta",
    "kommune",
    "gmina",
    "miasto",
    "stad",
    "stadtverwaltung",
    "gemeinde",
    "gemeente",
    "comune",
    "commune",
    "village",
    "mairie",
    "ville",
    "stadt",
    "town",
    "city",
    "ccas",
];

/// What joins such a word to the name, and what is left of it before the name.
const JOINTS: &[(&str, &str)] = &[
    ("de la ", "la "),
    ("de l ", "l "),
    ("del ", ""),
    ("des ", "les "),
    ("du ", "le "),
    ("de ", ""),
    ("d ", ""),
    ("di ", ""),
    ("of ", ""),
    ("", ""),
];

/// What stands after the name of a town and only says that it is one, folded; whether the name stands before it in the genitive.
const ENDINGS: &[(&str, bool)] = &[
    (" municipality", false),
    (" city council", false),
    (" town council", false),
    (" council", false),
    (" city", false),
    (" town", false),
    (" kommune", true),
    (" kommun", true),
    (" stad", true),
    (" kaupunki", false),
    (" kunta", false),
];

/// A name without what stands after it and only says that it is a town, or which district of it: `Lund municipality`,
/// `Helsingborgs stad`, `Praha 12`.
pub fn without_ending(name: &str) -> Vec<String> {
    let is_district = |number: &str| (1..=2).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit());
    if let Some((town, _)) = name.rsplit_once(' ').filter(|(_, number)| is_district(number)) {
        return vec![town.to_owned()];
    }
    let Some((name, is_genitive)) =
        ENDINGS.iter().find_map(|(ending, is_genitive)| Some((name.strip_suffix(ending)?, *is_genitive)))
    else {
        return Vec::new();
    };
    let nominative = name.strip_suffix('s').filter(|_| is_genitive).or_else(|| name.strip_suffix('n'));
    [Some(name), nominative].into_iter().flatten().map(str::to_owned).collect()
}

/// A name with the article that it may have lost.
pub fn with_article(name: &str) -> Vec<String> {
    ["la ", "le ", "les ", "l "].iter().map(|article| format!("{article}{name}")).collect()
}

/// Takes a name apart.
pub fn parse(text: &str) -> Query {
    let (head, qualifiers) = qualifiers(text);
    let (head, postcode) = postcode(&head);
    let folded = fold(&without_cedex(&head));
    for prefix in PREFIXES {
        let Some(rest) = folded.strip_prefix(prefix).and_then(|rest| rest.strip_prefix(' ')) else { continue };
        let joint = JOINTS.iter().find_map(|(joint, left)| Some(format!("{left}{}", rest.strip_prefix(joint)?)));
        if let Some(name) = joint.filter(|name| !name.is_empty()) {
            return Query { name, is_alias: true, postcode, qualifiers };
        }
    }
    Query { name: folded, is_alias: false, postcode, qualifiers }
}

/// The name, and what stands in brackets or after commas.
fn qualifiers(text: &str) -> (String, Vec<String>) {
    let mut head = String::new();
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('(') {
        let (inside, after) = after.split_once(')').unwrap_or((after, ""));
        head.push_str(before);
        head.push(' ');
        found.push(inside.trim().to_owned());
        rest = after;
    }
    head.push_str(rest);
    let mut parts = head.split(',').map(str::trim);
    let name = parts.next().unwrap_or_default().to_owned();
    let after_commas: Vec<String> = parts.map(str::to_owned).collect();
    let all = after_commas.into_iter().chain(found).filter(|part| !part.is_empty()).collect();
    (name, all)
}

/// A French postal code at the start or the end of a name.
fn postcode(text: &str) -> (String, Option<String>) {
    let words: Vec<&str> = text.split_whitespace().collect();
    let is_postcode = |word: &&str| word.len() == 5 && word.bytes().all(|byte| byte.is_ascii_digit());
    // "94 120" is "94120".
    let is_split = |pair: &[&str]| {
        matches!(pair, [one, other] if one.len() == 2 && other.len() == 3
            && one.bytes().chain(other.bytes()).all(|byte| byte.is_ascii_digit()))
    };
    match words.as_slice() {
        [first, rest @ ..] if is_postcode(first) && !rest.is_empty() => (rest.join(" "), Some((*first).to_owned())),
        [one, other, rest @ ..] if is_split(&[one, other]) && !rest.is_empty() => (rest.join(" "), Some(format!("{one}{other}"))),
        [rest @ .., last] if is_postcode(last) && !rest.is_empty() => (rest.join(" "), Some((*last).to_owned())),
        _ => (words.join(" "), None),
    }
}

/// Whether an address ends as those of the United States do: `Chicago, IL 60647`, `Austin, TX 75001-1234`.
pub fn is_american(address: &str) -> bool {
    let mut words = address.split(|sign: char| sign.is_whitespace() || ",.".contains(sign)).rev().filter(|word| !word.is_empty());
    let code = words.next().unwrap_or_default();
    let (code, more) = code.split_once('-').unwrap_or((code, "0000"));
    let are_digits = |text: &str, length| text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit());
    are_digits(code, 5) && are_digits(more, 4) && words.next().is_some_and(|state| is_region("US", state))
}

fn without_cedex(text: &str) -> String {
    let lower = text.to_lowercase();
    match lower.find(" cedex") {
        Some(at) if text.is_char_boundary(at) => text[..at].to_owned(),
        _ => text.to_owned(),
    }
}

/// The city and the number of a municipal arrondissement: `Paris 7e`, `Lyon 3`, `Marseille 1er arrondissement`.
pub fn arrondissement(name: &str) -> Option<(&'static str, u8)> {
    const CITIES: &[(&str, u8)] = &[("paris", 20), ("lyon", 9), ("marseille", 16)];
    let folded = fold(name);
    let (city, most) = CITIES.iter().find(|(city, _)| folded.starts_with(&format!("{city} ")))?;
    let rest = folded[city.len() + 1..].trim_end_matches("arrondissement").trim_end();
    let number: String = rest.chars().take_while(char::is_ascii_digit).collect();
    let ending = &rest[number.len()..];
    let number: u8 = number.parse().ok()?;
    (["", "e", "er", "eme", "ieme", "nd", "th", "st", "rd"].contains(&ending.trim()) && (1..=*most).contains(&number))
        .then_some((city, number))
}

/// The country whose postal codes alone look like one: `KW15 1QX`, `K1A 0B6`, `D02 X285`.
pub fn country_of_postcode(text: &str) -> Option<&'static str> {
    // They have postal codes like those of the United Kingdom.
    const BESIDE: &[&str] = &["GX", "GY", "IM", "JE"];
    let code: String = text.chars().filter(|character| !character.is_whitespace()).collect();
    if !code.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit()) {
        return None;
    }
    let shape: String = code.chars().map(|character| if character.is_ascii_digit() { '9' } else { 'A' }).collect();
    let is_british = || shape.strip_suffix("9AA").is_some_and(|area| ["A9", "A99", "AA9", "AA99", "A9A", "AA9A"].contains(&area));
    match shape.as_str() {
        "A9A9A9" => Some("CA"),
        _ if is_british() => (!BESIDE.iter().any(|other| code.starts_with(other))).then_some("GB"),
        // The second part of an Irish one is any four, letters among them.
        _ if shape.len() == 7 && shape.starts_with("A99") && shape[3..].contains('A') => Some("IE"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_taken_apart() {
        for (text, name, is_alias, postcode, qualifiers) in [
            ("Agen", "agen", false, None, &[][..]),
            ("Ville d'Agen (47)", "agen", true, None, &["47"]),
            ("Mairie du Mans", "le mans", true, None, &[]),
            ("Ville de La Rochelle", "la rochelle", true, None, &[]),
            ("Commune des Ulis", "les ulis", true, None, &[]),
            ("Ville de L'Haÿ-les-Roses", "l hay les roses", true, None, &[]),
            ("Ayuntamiento Barcelona", "barcelona", true, None, &[]),
            ("City of Ghent", "ghent", true, None, &[]),
            ("44000 Nantes", "nantes", false, Some("44000"), &[]),
            ("94 120 Fontenay-sous-Bois (Bâtiment Xylo)", "fontenay sous bois", false, Some("94120"), &["Bâtiment Xylo"]),
            ("44036 NANTES CEDEX 1", "nantes", false, Some("44036"), &[]),
            ("Vilnius, Lithuania", "vilnius", false, None, &["Lithuania"]),
            ("Villeurbanne", "villeurbanne", false, None, &[]),
            ("Ville", "ville", false, None, &[]),
        ] {
            let query = parse(text);
            let said = (query.name.as_str(), query.is_alias, query.postcode.as_deref());
            assert_eq!(said, (name, is_alias, postcode), "{text}");
            assert_eq!(query.qualifiers, qualifiers, "{text}");
        }
    }

    #[test]
    fn endings_say_that_a_name_is_a_town() {
        for (name, expected) in [
            ("lund municipality", &["lund"][..]),
            ("goteborgs stad", &["goteborgs", "goteborg"]),
            ("boras stad", &["boras", "bora"]),
            ("lund", &[]),
        ] {
            assert_eq!(without_ending(name), expected, "{name}");
        }
    }

    #[test]
    fn addresses_of_the_united_states_end_with_a_state_and_a_code() {
        for (address, expected) in [
            ("3411 W Diversey Ave, Basement, Chicago, IL 60647", true),
            ("600 Congress Ave\nAustin TX, 75001-1234.", true),
            ("12 rue de Paris, CS 75001", false),
            ("12 rue de Paris, 75001 Paris", false),
            ("IL 6064", false),
            ("60647", false),
        ] {
            assert_eq!(is_american(address), expected, "{address}");
        }
    }

    #[test]
    fn arrondissements_have_numbers() {
        for (text, expected) in [
            ("Paris 7e", Some(("paris", 7))),
            ("Paris 1er arrondissement", Some(("paris", 1))),
            ("Lyon 3ème", Some(("lyon", 3))),
            ("Marseille 16", Some(("marseille", 16))),
            ("Lyon 12e", None),
            ("Paris 2024", None),
            ("Paris", None),
            ("Paris l'Hôpital", None),
        ] {
            assert_eq!(arrondissement(text), expected, "{text}");
        }
    }

    #[test]
    fn some_postal_codes_tell_their_country() {
        for (code, country) in [
            ("KW15 1QX", Some("GB")),
            ("SW1A 1AA", Some("GB")),
            ("M1 1AE", Some("GB")),
            ("W1A 0AX", Some("GB")),
            ("JE2 3AB", None),
            ("GX11 1AA", None),
            ("K1A 0B6", Some("CA")),
            ("D02 X285", Some("IE")),
            ("T12 RXC2", Some("IE")),
            ("B123456", None),
            ("47000", None),
            ("1012 AB", None),
            ("", None),
            ("ÉA1 1AA", None),
        ] {
            assert_eq!(super::country_of_postcode(code), country, "{code}");
        }
    }
}
