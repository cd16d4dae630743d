//! Keys from names.

use maillage_explore::text::fold;

/// The longest slug that is made, in bytes: keys may be longer, but nobody reads them.
const LONGEST: usize = 120;

/// A slug of a name: folded, words joined by hyphens. `None` if no letter or digit of ASCII is left.
pub fn slug(name: &str) -> Option<String> {
    let mut slug = String::new();
    for word in fold(name).split(' ') {
        let word: String = word.chars().filter(char::is_ascii_alphanumeric).collect();
        if word.is_empty() || slug.len() + word.len() + 1 > LONGEST {
            continue;
        }
        if !slug.is_empty() {
            slug.push('-');
        }
        slug.push_str(&word);
    }
    (!slug.is_empty()).then_some(slug)
}

#[cfg(test)]
mod tests {
    use super::slug;

    #[test]
    fn names_become_slugs() {
        for (name, expected) in [
            ("1000.premiers.jours.blues", Some("1000-premiers-jours-blues")),
            ("Mon Suivi Social !", Some("mon-suivi-social")),
            ("L’Œuvre d'Été", Some("l-oeuvre-d-ete")),
            ("__MEN__", Some("men")),
            ("…", None),
            ("", None),
        ] {
            assert_eq!(slug(name).as_deref(), expected, "{name}");
        }
        assert!(slug(&"mot ".repeat(100)).expect("a slug").len() <= 120);
    }
}
