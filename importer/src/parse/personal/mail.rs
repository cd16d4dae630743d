//! E-mail addresses.

use super::{Found, with_target};

/// The mailboxes that a source names as those of roles, not of persons: `contact@agen.fr`, `contact@*`, `*@ror.org`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RoleMailboxes {
    /// In lower case; a star stands for anything.
    patterns: Vec<String>,
}

impl RoleMailboxes {
    /// Reads their patterns, or names the first that is none.
    pub fn parse<S: AsRef<str>>(patterns: &[S]) -> Result<Self, String> {
        let patterns: Vec<String> = patterns.iter().map(|pattern| pattern.as_ref().trim().to_lowercase()).collect();
        // A pattern of all addresses would let those of persons pass.
        let is_pattern = |pattern: &&String| {
            pattern.split_once('@').is_some_and(|(local, domain)| {
                !local.is_empty() && !domain.is_empty() && !domain.contains('@') && (local, domain) != ("*", "*")
            })
        };
        match patterns.iter().find(|pattern| !is_pattern(pattern)) {
            Some(wrong) => Err(wrong.clone()),
            None => Ok(Self { patterns }),
        }
    }

    /// Whether an address is one of them.
    pub fn hold(&self, address: &str) -> bool {
        let address = address.to_lowercase();
        self.patterns.iter().any(|pattern| matches(pattern, &address))
    }
}

/// Whether a text is what a pattern with stars means.
fn matches(pattern: &str, text: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else { return pattern == text };
    let Some(text) = text.strip_prefix(start) else { return false };
    let Some((middle, end)) = rest.rsplit_once('*') else {
        return text.ends_with(rest);
    };
    text.strip_suffix(end).is_some_and(|text| text.contains(middle.trim_matches('*')))
}

/// How an at-sign may be written.
const SIGNS: &[&str] = &["@", "&#64;", "&#x40;", "&commat;", "%40"];

/// How it is written to hide an address from machines, between words.
const WORDS: &[&str] = &["at", "@", "arobase", "chez", "arroba", "ät", "chiocciola", "a", "æt"];

/// How it is written between spaces, where the rest leaves no doubt.
const SPACED: &[&str] = &[
    " AT ",
    " arroba ",
    " arobase ",
    " chiocciola ",
    " aroba ",
    " 'at' ",
    " \"at\" ",
    " ‘at’ ",
    " “at” ",
    " «at» ",
    " *at* ",
    " _at_ ",
    " -at- ",
];

/// How a point may be written where the at-sign is.
const POINTS: &[&str] = &["dot", "point", "punto", "punkt", "punt", "ponto"];

/// How far an address may reach to either side.
const LONGEST: usize = 254;

/// Whether an at-sign may start here.
pub(super) fn may_start(text: &str) -> bool {
    // There are too many spaces for more than a look.
    if text.starts_with(' ') {
        let may_be_sign = match text.as_bytes() {
            [_, b'A', next, ..] => *next == b'T',
            [_, b'a', next, ..] => *next == b'r',
            [_, b'c', next, ..] => *next == b'h',
            [_, next, ..] => !next.is_ascii_alphanumeric(),
            _ => false,
        };
        return may_be_sign && SPACED.iter().any(|word| text.starts_with(word));
    }
    sign(text).is_some()
}

/// The length of the at-sign that starts here, and whether it is one in words.
fn sign(text: &str) -> Option<(usize, bool)> {
    let start = &text[..text.floor_char_boundary(16)];
    let lower = start.to_ascii_lowercase();
    if let Some(sign) = SIGNS.iter().find(|sign| lower.starts_with(**sign)) {
        return Some((sign.len(), false));
    }
    if let Some(word) = SPACED.iter().find(|word| start.starts_with(**word)) {
        return Some((word.len(), true));
    }
    let inner = lower.strip_prefix(['[', '(', '{'])?;
    let end = inner.find([']', ')', '}'])?;
    WORDS.contains(&inner[..end].trim()).then_some((end + 2, true))
}

/// The address around an at-sign, with the angle brackets or the link target that holds it.
pub(super) fn find(text: &str, from: usize, at: usize, roles: &RoleMailboxes) -> Option<Found> {
    let (length, in_words) = sign(&text[at..])?;
    let before = &text[text.ceil_char_boundary(at.saturating_sub(LONGEST)).max(from)..at];
    let after = &text[at + length..text.floor_char_boundary(at + length + LONGEST)];
    // Words, and a sign between spaces, stand apart from what they join.
    let spaces = |text: &str| text.len() - text.trim_start_matches(' ').len();
    let spaces_before = before.len() - before.trim_end_matches(' ').len();
    let is_apart = in_words || spaces_before == 1 && spaces(after) == 1;
    let (before, after_spaces) = if is_apart { (before.trim_end_matches(' '), spaces(after)) } else { (before, 0) };
    let after = &after[after_spaces..];
    let is_local = |character: &char| character.is_alphanumeric() || "._%+-'".contains(*character);
    let local: usize = before.chars().rev().take_while(is_local).map(char::len_utf8).sum();
    let name = before[before.len() - local..].trim_start_matches(['.', '-', '\'', '%', '_']);
    let (domain, domain_length) = domain(after, in_words)?;
    // What is a word of its own besides is one here if the name or the domain cannot be anything else.
    let is_in_quotes = text[at..].starts_with(' ') && !text[at + 1..].starts_with(char::is_alphabetic);
    let is_doubtful = text[at..].starts_with(' ') && !is_in_quotes || text[at..].starts_with("(a)");
    let has_point_in_words = POINTS.iter().any(|point| after[..domain_length].to_lowercase().contains(point));
    if is_doubtful && !name.contains(['.', '_']) && !has_point_in_words {
        return None;
    }
    // Accounts of machines, such as git@github.com:…, are nobody's.
    if name.is_empty() || name == "git" || roles.hold(&format!("{name}@{domain}")) {
        return None;
    }
    // Between spaces, an at-sign may also say where something is.
    if is_apart && !in_words && !name.contains(['.', '_']) && !before[..before.len() - local].trim_end().ends_with(':') {
        return None;
    }
    let mut start = at - if is_apart { spaces_before } else { 0 } - name.len();
    // "jean [dot] dupont": what is before the point is of the name, too.
    while in_words && let Some(longer) = before_point(&text[from..start]) {
        start -= longer;
    }
    Some(with_target(text, from, start..at + length + after_spaces + domain_length, "mailto:"))
}

/// The length of a word and a point in words that a text ends with: `jean [dot] `.
fn before_point(text: &str) -> Option<usize> {
    let trimmed = text.trim_end_matches(' ').strip_suffix([']', ')', '}'])?;
    let lower = trimmed.to_ascii_lowercase();
    let point = POINTS.iter().find(|point| lower.ends_with(*point))?;
    let before = trimmed[..trimmed.len() - point.len()].strip_suffix(['[', '(', '{'])?.trim_end_matches(' ');
    let is_of_name = |character: &char| character.is_alphanumeric() || "-_.".contains(*character);
    let word: usize = before.chars().rev().take_while(is_of_name).map(char::len_utf8).sum();
    (word > 0).then(|| text.len() - (before.len() - word))
}

/// The length of a point in words that a text starts with: ` dot `, `[dot]`, ` (punkt) `.
fn point_in_words(lower: &str) -> Option<usize> {
    let content = lower.trim_start_matches(' ');
    let inner = content.trim_start_matches(['[', '(', '{']).trim_start_matches(' ');
    let point = POINTS.iter().find(|point| inner.starts_with(**point))?;
    let is_in_brackets = content.starts_with(['[', '(', '{']);
    let after = inner[point.len()..].trim_start_matches(' ');
    let after = if is_in_brackets { after.strip_prefix([']', ')', '}'])? } else { after };
    let rest = after.trim_start_matches(' ');
    // A word without brackets stands between spaces.
    let is_word = is_in_brackets || content.len() < lower.len() && inner[point.len()..].starts_with(' ');
    is_word.then_some(lower.len() - rest.len())
}

/// The domain that a text starts with, and its length there.
fn domain(text: &str, in_words: bool) -> Option<(String, usize)> {
    let is_part = |character: &char| character.is_alphanumeric() || *character == '-';
    let mut domain = String::new();
    let mut length = 0;
    let mut labels = 0;
    loop {
        let label: usize = text[length..].chars().take_while(is_part).map(char::len_utf8).sum();
        if label == 0 {
            break;
        }
        domain.push_str(&text[length..length + label]);
        length += label;
        labels += 1;
        let rest = &text[length..];
        let lower = rest[..rest.floor_char_boundary(16)].to_ascii_lowercase();
        let plain = [".", "&#46;", "&#x2e;", "&period;"].into_iter().find(|dot| lower.starts_with(*dot)).map(str::len);
        let Some(dot) = plain.or_else(|| point_in_words(&lower).filter(|_| in_words)) else { break };
        let goes_on = text[length + dot..].chars().next().is_some_and(|next| is_part(&next));
        if !goes_on {
            break;
        }
        domain.push('.');
        length += dot;
    }
    let top = domain.rsplit('.').next().unwrap_or_default();
    let is_top = top.chars().count() >= 2 && (top.starts_with("xn--") || top.chars().all(char::is_alphabetic));
    (labels > 1 && is_top).then_some((domain, length))
}

/// Words for services, of which mailboxes are called.
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

/// Whether an address looks like that of a person: two names joined by a dot, neither of them a word for a service.
pub fn is_personal(mail_address: &str) -> bool {
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

/// Whether an address is surely that of a service: called by nothing but words for one.
pub fn is_of_service(mail_address: &str) -> bool {
    let local = mail_address.split('@').next().unwrap_or_default().to_lowercase();
    local.split(['.', '-', '_']).all(|word| SERVICES.contains(&word))
}
