//! What is taken out of every text: what cannot be seen, and what belongs to persons.

use std::borrow::Cow;

use unicode_normalization::{IsNormalized, UnicodeNormalization as _, is_nfc_quick};

/// What stands for something removed.
const OMISSION: &str = "[…]";

/// A text as it is kept: NFC, line feeds alone, without the characters that cannot be seen (byte order marks, zero-width
/// spaces, control characters); Unicode's own line separators become line feeds.
pub fn tidy(text: &str) -> String {
    let is_plain = |character: char| !(is_invisible(character) || character.is_control() && character != '\t');
    let text = if text.chars().all(is_plain) {
        Cow::Borrowed(text)
    } else {
        let mut kept = String::with_capacity(text.len());
        let mut characters = text.chars().peekable();
        while let Some(character) = characters.next() {
            match character {
                '\r' => {
                    characters.next_if_eq(&'\n');
                    kept.push('\n');
                }
                '\u{2028}' => kept.push('\n'),
                '\u{2029}' => kept.push_str("\n\n"),
                '\n' | '\t' => kept.push(character),
                _ if character.is_control() || is_invisible(character) => {}
                _ => kept.push(character),
            }
        }
        Cow::Owned(kept)
    };
    if is_nfc_quick(text.chars()) == IsNormalized::Yes { text.into_owned() } else { text.nfc().collect() }
}

/// Byte order marks, zero-width spaces and word joiners, Unicode's line separators. The joiners of emoji and of Persian stay.
const fn is_invisible(character: char) -> bool {
    matches!(character, '\u{feff}' | '\u{200b}' | '\u{2060}' | '\u{2028}' | '\u{2029}')
}

/// How much was removed from a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Removed {
    pub mail_addresses: usize,
    pub telephone_numbers: usize,
}

impl Removed {
    /// Adds what was removed elsewhere.
    pub fn add(&mut self, other: Self) {
        self.mail_addresses += other.mail_addresses;
        self.telephone_numbers += other.telephone_numbers;
    }
}

/// Takes e-mail addresses and telephone numbers out of a text in Markdown: a link to one keeps its label, all else is
/// replaced by `[…]`. Telephone numbers are those with a country code, and French ones.
pub fn without_personal_data(text: &str) -> (String, Removed) {
    let mut removed = Removed::default();
    if !text.contains('@') && !text.bytes().any(|byte| byte.is_ascii_digit()) {
        return (text.to_owned(), removed);
    }
    let mut kept = String::with_capacity(text.len());
    // Everything before this is in `kept`.
    let mut done = 0;
    let mut at = 0;
    while at < text.len() {
        let found = match text.as_bytes()[at] {
            b'@' => mail_address(text, done, at).map(|(range, is_link)| (range, is_link, true)),
            b'+' | b'0' => telephone_number(text, done, at).map(|(range, is_link)| (range, is_link, false)),
            _ => None,
        };
        let Some((range, is_link_target, is_mail)) = found else {
            at += 1;
            continue;
        };
        if is_mail {
            removed.mail_addresses += 1;
        } else {
            removed.telephone_numbers += 1;
        }
        kept.push_str(&text[done..range.start]);
        done = range.end;
        at = range.end;
        if is_link_target {
            unlink(&mut kept);
        } else if !kept.ends_with(OMISSION) {
            kept.push_str(OMISSION);
        }
    }
    kept.push_str(&text[done..]);
    (kept, removed)
}

/// The address around an `@`, with the angle brackets or the link target that holds it, and whether it is a link's target.
fn mail_address(text: &str, from: usize, at: usize) -> Option<(std::ops::Range<usize>, bool)> {
    let is_local = |character: &char| character.is_alphanumeric() || "._%+-".contains(*character);
    let bytes = text.as_bytes();
    let local: usize = text[from..at].chars().rev().take_while(is_local).map(char::len_utf8).sum();
    let domain = bytes[at + 1..].iter().take_while(|byte| byte.is_ascii_alphanumeric() || b".-".contains(byte)).count();
    let name = text.get(at + 1..at + 1 + domain)?.trim_end_matches(['.', '-']);
    let (_, top) = name.rsplit_once('.')?;
    // Accounts of machines, such as git@github.com:…, are nobody's.
    let is_machine = text.get(at - local..at).is_some_and(|local| local == "git");
    if local == 0 || is_machine || top.len() < 2 || !top.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return None;
    }
    Some(with_target(text, from, at - local..at + 1 + name.len(), "mailto:"))
}

/// A telephone number that starts here, likewise.
fn telephone_number(text: &str, from: usize, at: usize) -> Option<(std::ops::Range<usize>, bool)> {
    let bytes = text.as_bytes();
    let before = text[from..at].chars().next_back();
    // Inside a word, a number, an address or a path it is something else; after `tel:` it is what it says.
    let after_scheme = text[from..at].ends_with("tel:");
    if !after_scheme && before.is_some_and(|character| character.is_alphanumeric() || "/=_-.&?#%,+".contains(character)) {
        return None;
    }
    let mut digits = 0;
    let mut end = at + 1;
    let mut groups = vec![usize::from(bytes[at] == b'0')];
    digits += groups[0];
    let mut position = at + 1;
    while position < bytes.len() && digits <= 15 {
        let rest = &text[position..];
        let character = rest.chars().next()?;
        if character.is_ascii_digit() {
            digits += 1;
            if let Some(group) = groups.last_mut() {
                *group += 1;
            }
            end = position + 1;
        } else if matches!(character, ' ' | '.' | '-' | '(' | ')' | '\u{a0}' | '\u{202f}') && position - end < 4 {
            if groups.last().is_some_and(|group| *group > 0) {
                groups.push(0);
            }
        } else {
            break;
        }
        position += character.len_utf8();
    }
    groups.retain(|group| *group > 0);
    let is_number = if bytes[at] == b'+' {
        (8..=15).contains(&digits)
    } else {
        let second = bytes.get(at + 1).is_some_and(|byte| (b'1'..=b'9').contains(byte));
        let international = text[at..].starts_with("00") && (11..=15).contains(&digits) && groups.len() > 1;
        international || (digits == 10 && second && (groups == [2; 5] || groups == [10] || groups == [4, 2, 2, 2]))
    };
    let goes_on = text[end..].chars().next().is_some_and(char::is_alphanumeric);
    (is_number && !goes_on).then(|| with_target(text, from, at..end, "tel:"))
}

/// Widens the range of an address to the link target (`](mailto:…)`) or the angle brackets that hold it alone.
fn with_target(text: &str, from: usize, range: std::ops::Range<usize>, scheme: &str) -> (std::ops::Range<usize>, bool) {
    let before = &text[from..range.start];
    let (before, has_scheme) = before.strip_suffix(scheme).map_or((before, false), |shorter| (shorter, true));
    let start = from + before.len();
    if has_scheme
        && let Some(opening) = before.strip_suffix("](").or_else(|| before.strip_suffix("](<"))
        && let Some(length) = text[range.end..].find(')')
        && !text[range.end..range.end + length].contains(['\n', '('])
    {
        return (from + opening.len()..range.end + length + 1, true);
    }
    if before.ends_with('<') && text[range.end..].starts_with('>') {
        return (start - 1..range.end + 1, false);
    }
    (start..range.end, false)
}

/// Makes a link whose target was taken away its label alone: what was written so far ends with `[label`.
fn unlink(kept: &mut String) {
    let mut depth = 0_usize;
    let opening = kept.char_indices().rev().find(|(_, character)| match character {
        ']' => {
            depth += 1;
            false
        }
        '[' if depth == 0 => true,
        '[' => {
            depth -= 1;
            false
        }
        _ => false,
    });
    if let Some((index, _)) = opening {
        let label = kept.split_off(index);
        kept.push_str(&label[1..]);
    }
}

/// Whether an address looks like that of a person: two names joined by a dot, neither of them a word for a service.
pub fn is_personal(mail_address: &str) -> bool {
    const SERVICES: &[&str] = &[
        "accueil",
        "administration",
        "association",
        "bonjour",
        "bureau",
        "cabinet",
        "centre",
        "com",
        "commune",
        "communication",
        "contact",
        "courrier",
        "culture",
        "direction",
        "dsi",
        "epn",
        "equipe",
        "fablab",
        "hello",
        "info",
        "information",
        "infos",
        "international",
        "mail",
        "mairie",
        "maire",
        "mediatheque",
        "mediation",
        "metropole",
        "numerique",
        "office",
        "open",
        "presse",
        "projet",
        "projets",
        "secretariat",
        "service",
        "services",
        "smart",
        "support",
        "team",
        "technique",
        "ville",
    ];
    let local = mail_address.split('@').next().unwrap_or_default().to_lowercase();
    let mut parts = local.split('.');
    let (Some(first), Some(last), None) = (parts.next(), parts.next(), parts.next()) else { return false };
    let is_name = |part: &str| {
        part.chars().count() >= 1
            && part.chars().all(|character| character.is_alphabetic() || character == '-')
            && !part.split('-').any(|word| SERVICES.contains(&word))
    };
    is_name(first) && last.chars().count() > 1 && is_name(last)
}

#[cfg(test)]
mod tests {
    use super::{Removed, is_personal, tidy, without_personal_data};

    #[test]
    fn what_cannot_be_seen_goes() {
        for (written, kept) in [
            ("a\r\nb\rc\n", "a\nb\nc\n"),
            ("\u{feff}a\u{feff}b\u{200b}c", "abc"),
            ("a\u{2028}b\u{2029}c", "a\nb\n\nc"),
            ("e\u{301}te\u{301}", "été"),
            ("a\0b\u{7}\tc", "ab\tc"),
            ("👩\u{200d}💻", "👩\u{200d}💻"),
        ] {
            assert_eq!(tidy(written), kept, "{written:?}");
        }
    }

    #[test]
    fn personal_data_goes_and_the_rest_stays() {
        for (written, kept, mail_addresses, telephone_numbers) in [
            ("Écrire à jean.dupont@agen.fr.", "Écrire à […].", 1, 0),
            ("Voir <contact@agen.fr> ou 05 53 69 47 00", "Voir […] ou […]", 1, 1),
            ("[nous écrire](mailto:a@b.fr?subject=x) ici", "nous écrire ici", 1, 0),
            ("[a@b.fr](mailto:a@b.fr)", "[…]", 2, 0),
            ("tél. : 0553694700, +33 5 53 69 47 00, +33(0)553694700", "tél. : […], […], […]", 0, 3),
            ("[appeler](tel:+33553694700)", "appeler", 0, 1),
            ("05.53.69.47.00 et 05-53-69-47-00", "[…] et […]", 0, 2),
            // What only looks like it.
            ("https://medium.com/@agen/billet", "https://medium.com/@agen/billet", 0, 0),
            ("git@github.com:agen/code.git", "git@github.com:agen/code.git", 0, 0),
            ("le 01/02/2019, 40 000 entreprises, 300 000 000 €", "le 01/02/2019, 40 000 entreprises, 300 000 000 €", 0, 0),
            ("https://a.fr/0553694700", "https://a.fr/0553694700", 0, 0),
            ("SIRET 130 025 265 00013, +12 %, +100 000", "SIRET 130 025 265 00013, +12 %, +100 000", 0, 0),
            ("code@1.2.3 et @agen", "code@1.2.3 et @agen", 0, 0),
            ("de 2019 à 2020 : 0 800 200 300", "de 2019 à 2020 : 0 800 200 300", 0, 0),
            ("écrire à é.à@b.fr", "écrire à […]", 1, 0),
            ("«\u{a0}a@b.fr\u{a0}»", "«\u{a0}[…]\u{a0}»", 1, 0),
            ("é@", "é@", 0, 0),
        ] {
            let (text, removed) = without_personal_data(written);
            assert_eq!(text, kept, "{written}");
            assert_eq!(removed, Removed { mail_addresses, telephone_numbers }, "{written}");
        }
    }

    #[test]
    fn persons_are_told_from_services() {
        for (address, personal) in [
            ("jean.dupont@agen.fr", true),
            ("j.dupont@agen.fr", true),
            ("anne-marie.le-goff@agen.fr", true),
            ("contact@agen.fr", false),
            ("service.numerique@agen.fr", false),
            ("mairie.agen@agen.fr", false),
            ("dsi-projets@agen.fr", false),
            ("contact.dsi.nord@agen.fr", false),
        ] {
            assert_eq!(is_personal(address), personal, "{address}");
        }
    }
}
