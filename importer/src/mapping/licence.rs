//! Licences as people write them.

use maillage_explore::text::fold;

/// Usual names, folded, and what SPDX calls them. Only names that say which version is meant.
const USUAL: &[(&str, &str)] = &[
    ("cc0", "CC0-1.0"),
    ("cc0 1 0 universal", "CC0-1.0"),
    ("public domain", "CC0-1.0"),
    ("licence ouverte 2 0", "etalab-2.0"),
    ("licence ouverte v2", "etalab-2.0"),
    ("licence ouverte etalab 2 0", "etalab-2.0"),
    ("open licence 2 0", "etalab-2.0"),
    ("odbl", "ODbL-1.0"),
    ("odbl 1 0", "ODbL-1.0"),
    ("ogl v3", "OGL-UK-3.0"),
    ("open government licence v3 0", "OGL-UK-3.0"),
    ("mit", "MIT"),
    ("apache 2 0", "Apache-2.0"),
];

/// The SPDX identifier of a licence that is written as people do, such as `CC BY-SA 4.0` or the address of its deed.
pub fn usual(text: &str) -> Option<String> {
    let folded = fold(text);
    if folded.contains("creativecommons org publicdomain zero 1 0") {
        return Some("CC0-1.0".to_owned());
    }
    if let Some((_, licence)) = USUAL.iter().find(|(name, _)| *name == folded) {
        return Some((*licence).to_owned());
    }
    creative_commons(&folded)
}

/// `cc by sa 4 0`, `creative commons by nc 3 0`, `https creativecommons org licenses by sa 4 0`: conditions and a version.
fn creative_commons(folded: &str) -> Option<String> {
    let words: Vec<&str> = folded.split(' ').collect();
    let is_one = words.iter().any(|word| ["cc", "creativecommons", "creative"].contains(word));
    let by = words.iter().position(|word| *word == "by").filter(|_| is_one)?;
    let conditions: Vec<String> =
        words[by..].iter().take_while(|word| ["by", "sa", "nc", "nd"].contains(word)).map(|word| word.to_uppercase()).collect();
    let major = words[by..].iter().find_map(|word| word.trim_start_matches('v').parse::<u8>().ok())?;
    let is_version = (1..=4).contains(&major);
    is_version.then(|| format!("CC-{}-{major}.0", conditions.join("-")))
}

#[cfg(test)]
mod tests {
    use super::usual;

    #[test]
    fn usual_names_are_those_of_spdx() {
        for (text, expected) in [
            ("CC BY-SA 4.0", Some("CC-BY-SA-4.0")),
            ("Creative Commons BY-NC-SA 3.0 FR", Some("CC-BY-NC-SA-3.0")),
            ("https://creativecommons.org/licenses/by/4.0/", Some("CC-BY-4.0")),
            ("creativecommons.org/licenses/by-sa/4.0/deed.fr", Some("CC-BY-SA-4.0")),
            ("[CC BY-SA 4.0](https://creativecommons.org/licenses/by-sa/4.0/).", Some("CC-BY-SA-4.0")),
            ("https://creativecommons.org/publicdomain/zero/1.0/", Some("CC0-1.0")),
            ("Licence Ouverte 2.0", Some("etalab-2.0")),
            ("CC BY", None),
            ("All rights reserved", None),
            ("written by 4 people", None),
        ] {
            assert_eq!(usual(text).as_deref(), expected, "{text}");
        }
    }
}
