//! E-mail addresses.

use super::{Found, Held, with_address, with_target};
use crate::parse::signs::{Signs, searcher};

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
const SIGNS: &[&str] = &["@", "&#64;", "&#x40;", "&commat;", "%40", "＠", "﹫"];

/// How it is written to hide an address from machines, between words.
const WORDS: &[&str] =
    &["at", "@", "arobase", "chez", "arroba", "arrova", "ät", "chiocciola", "a", "æt", "małpa", "apenstaartje"];

/// How it is written between spaces, where the rest leaves no doubt.
const SPACED: [(&str, Sign); 26] = [
    (" at ", Sign::Common),
    (" AT ", Sign::Word),
    (" ÄT ", Sign::Word),
    (" ät ", Sign::Word),
    (" arroba ", Sign::Word),
    (" arobase ", Sign::Word),
    (" chiocciola ", Sign::Word),
    (" aroba ", Sign::Word),
    (" AROBASE ", Sign::Word),
    (" ARROBA ", Sign::Word),
    (" <at> ", Sign::Marked),
    (" arrova ", Sign::Word),
    (" małpa ", Sign::Word),
    (" apenstaartje ", Sign::Word),
    (" chez ", Sign::Common),
    (" 'at' ", Sign::Marked),
    (" \"at\" ", Sign::Marked),
    (" ‘at’ ", Sign::Marked),
    (" “at” ", Sign::Marked),
    (" «at» ", Sign::Marked),
    (" *at* ", Sign::Marked),
    (" _at_ ", Sign::Marked),
    (" -at- ", Sign::Marked),
    (" -AT- ", Sign::Marked),
    (" /at/ ", Sign::Marked),
    (" /AT/ ", Sign::Marked),
];

/// How it joins a name and a domain to one word.
const JOINED: &[&str] = &["at", "arroba", "arobase", "chiocciola"];

/// How a point may be written where the at-sign is.
const POINTS: &[&str] = &["dot", "point", "punto", "punkt", "punt", "ponto"];

/// Points that are words of English, too, and ends of domains that are.
const ENGLISH_POINTS: &[&str] = &["dot", "point", "punt"];
const ENGLISH_TOPS: &[&str] = &["at", "be", "in", "is", "it", "me", "no", "us"];

/// Domains at which people have their mailboxes, whole or by their first word: nobody tells of anything else there.
const PROVIDERS: &[&str] = &[
    "gmail",
    "googlemail",
    "hotmail",
    "outlook",
    "yahoo",
    "icloud",
    "gmx",
    "posteo",
    "protonmail",
    "t-online",
    "laposte",
    "wanadoo",
    "xs4all",
    "ziggo",
    "skynet",
    "telenet",
    "libero",
    "virgilio",
    "bluewin",
    "wp.pl",
    "onet.pl",
    "interia.pl",
    "web.de",
];

/// Ends of domains, where a word, a file or a sentence might end likewise.
const TOPS: &[&str] = &[
    "app",
    "ar",
    "at",
    "barcelona",
    "be",
    "berlin",
    "bg",
    "br",
    "brussels",
    "bzh",
    "ca",
    "cat",
    "ch",
    "city",
    "cl",
    "co",
    "com",
    "coop",
    "cz",
    "de",
    "dev",
    "dk",
    "ec",
    "edu",
    "ee",
    "es",
    "eu",
    "eus",
    "fi",
    "fr",
    "gal",
    "gov",
    "gr",
    "hr",
    "hu",
    "ie",
    "in",
    "info",
    "int",
    "io",
    "is",
    "it",
    "lt",
    "lu",
    "lv",
    "me",
    "mx",
    "net",
    "nl",
    "no",
    "nz",
    "org",
    "paris",
    "pe",
    "pl",
    "pt",
    "ro",
    "se",
    "si",
    "sk",
    "social",
    "swiss",
    "tr",
    "ua",
    "uk",
    "us",
    "uy",
    "wien",
];

/// Ends of names of files, and of no domain.
const FILES: &[&str] = &[
    "avif", "css", "csv", "gif", "htm", "html", "ico", "jpeg", "jpg", "js", "json", "jsx", "mjs", "mp3", "mp4", "odt", "pdf",
    "php", "png", "svg", "tif", "tiff", "ts", "tsx", "txt", "webm", "webp", "xml", "yaml", "yml",
];

/// Words before "at" that are nobody's name: "look at example dot org", "un compte chez gmail.com".
const NO_NAMES: &[&str] = &[
    "account",
    "adresse",
    "available",
    "blog",
    "boîte",
    "compte",
    "courriel",
    "code",
    "data",
    "found",
    "here",
    "hosted",
    "hébergé",
    "in",
    "inbox",
    "inscrit",
    "is",
    "it",
    "live",
    "located",
    "look",
    "looking",
    "mail",
    "me",
    "messagerie",
    "more",
    "online",
    "page",
    "project",
    "read",
    "register",
    "see",
    "service",
    "site",
    "them",
    "up",
    "us",
    "video",
    "website",
    "work",
    "works",
];

/// Words after "at" that start no domain: "at this point".
const NO_DOMAINS: &[&str] =
    &["a", "an", "any", "each", "every", "no", "one", "our", "some", "that", "the", "this", "what", "which", "your"];

/// Words before an at-sign with a blank before it, which then begins the name of an account: "Bluesky @agen.fr".
const BEFORE_ACCOUNTS: &[&str] = &[
    "and",
    "at",
    "avec",
    "bluesky",
    "bsky",
    "by",
    "cc",
    "facebook",
    "follow",
    "from",
    "handle",
    "insta",
    "instagram",
    "join",
    "linkedin",
    "mastodon",
    "meet",
    "merci",
    "nous",
    "par",
    "profil",
    "profile",
    "rejoignez",
    "rt",
    "suivez",
    "suivre",
    "sur",
    "thanks",
    "threads",
    "tiktok",
    "twitter",
    "uns",
    "via",
    "voir",
    "with",
    "x",
];

/// What lines join words by that stand for signs, between blanks: ` -dot- `, ` /dot/ `.
const JOINTS: &[char] = &['-', '/', '_', '*'];

/// Words before a colon and a mailbox.
const MAIL_LABELS: &[&str] =
    &["mail", "mailto", "courriel", "correo", "correu", "contact", "kontakt", "contacto", "contatto", "contato", "contacte"];

/// What names of hosts begin with: blog.stay-at-home.org is no mailbox.
const HOSTS: &[&str] = &["app", "blog", "de", "docs", "en", "es", "forum", "fr", "it", "m", "shop", "wiki", "www"];

/// How far an address may reach to either side.
const LONGEST: usize = 254;

/// How long a point in words may be.
const LONGEST_POINT: usize = 8;

/// How long a tag around an at-sign may be.
const LONGEST_TAG: usize = 100;

/// What an at-sign looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sign {
    /// The sign itself.
    Plain,
    /// A word in brackets or quotes.
    Marked,
    /// A word that may mean something else.
    Word,
    /// A word that mostly means something else.
    Common,
    /// A word that lines join to what it stands between.
    Joined,
}

/// Whether an at-sign may start here.
pub(super) fn may_start(text: &str) -> bool {
    match text.as_bytes() {
        [b' ', next, ..] => {
            (matches!(*next, b'A' | b'a' | b'c' | b'm') || !next.is_ascii_alphanumeric()) && spaced(text).is_some()
        }
        [b'_' | b'-', next, ..] => matches!(*next, b'a' | b'A' | b'c' | b'C') && joined(text).is_some(),
        _ => sign(text).is_some(),
    }
}

/// Whether a text may hold an at-sign between spaces.
pub(super) fn may_be_spaced(text: &str) -> bool {
    static SIGNS: Signs = Signs::of(|| searcher(&SPACED.map(|(word, _)| word)));
    SIGNS.are_in(text)
}

/// The at-sign between spaces that starts here.
fn spaced(text: &str) -> Option<(usize, Sign)> {
    SPACED.iter().find(|(word, _)| text.starts_with(word)).map(|(word, sign)| (word.len(), *sign))
}

/// The at-sign between lines that starts here: `_at_`, `-AT-`.
fn joined(text: &str) -> Option<(usize, Sign)> {
    let line = text.chars().next().filter(|first| "_-".contains(*first))?;
    let (written, _) = text[1..text.floor_char_boundary(16)].split_once(line)?;
    let word = written.trim_end_matches('\\');
    JOINED.iter().any(|joined| joined.eq_ignore_ascii_case(word)).then_some((written.len() + 2, Sign::Joined))
}

/// The length of the at-sign that starts here, and what it looks like.
fn sign(text: &str) -> Option<(usize, Sign)> {
    let start = &text[..text.floor_char_boundary(16)];
    let lower = start.to_ascii_lowercase();
    if let Some(sign) = SIGNS.iter().find(|sign| lower.starts_with(**sign)) {
        return Some((sign.len(), Sign::Plain));
    }
    if let Some(found) = spaced(start).or_else(|| joined(start)) {
        return Some(found);
    }
    let inner = lower.strip_prefix(['[', '(', '{'])?;
    let end = inner.find([']', ')', '}'])?;
    let word = inner[..end].trim_matches([' ', '\\']);
    let sign = if lower.starts_with("(a)") { Sign::Word } else { Sign::Marked };
    WORDS.contains(&word).then_some((end + 2, sign))
}

/// The address around an at-sign, with the angle brackets or the link target that holds it.
pub(super) fn find(text: &str, from: usize, at: usize, roles: &RoleMailboxes) -> Option<Found> {
    let (length, sign) = sign(&text[at..])?;
    let before = &text[text.ceil_char_boundary(at.saturating_sub(LONGEST)).max(from)..at];
    let after = &text[at + length..text.floor_char_boundary(at + length + LONGEST)];
    let (lead, tail) = around(before, after, sign);
    let before_sign = before;
    let (before, after) = (&before[..before.len() - lead], &after[tail..]);
    let written = before[before.len() - local(before)..].trim_start_matches(['.', '-', '\'', '%', '_', '\\']);
    let name = written.replace('\\', "");
    let before = &before[..before.len() - written.len()];
    let domain = Domain::read(after, sign)?;
    // Accounts of machines, such as git@github.com:…, are nobody's.
    if name.is_empty() || name == "git" || roles.hold(&format!("{name}@{}", domain.name)) {
        return None;
    }
    let has_point = name.contains(['.', '_']);
    // What is a word of its own besides is one here if the name or the domain cannot be anything else.
    let is_certain = match sign {
        Sign::Plain if domain.is_of_file() || is_package(before, &domain, &after[domain.length..]) => false,
        Sign::Plain if lead + tail == 1 && !before_sign.ends_with('\\') => {
            let is_told = || has_point || domain.is_of_provider() || is_introduced(before, &after[domain.length..]);
            let is_domain = TOPS.contains(&domain.top().to_lowercase().as_str());
            is_domain && is_name(&name) && (tail == 1 || is_told() || starts_part(before) && !introduces_account(&name))
        }
        Sign::Plain => {
            let is_apart = lead == 1 && tail == 1;
            !is_apart || has_point || domain.is_spelt || domain.is_of_provider() || before.trim_end().ends_with(':')
        }
        Sign::Marked => true,
        Sign::Word => has_point || domain.is_spelt || domain.is_of_provider() || is_introduced(before, &after[domain.length..]),
        Sign::Common => {
            let is_told = || domain.is_of_provider() || is_introduced(before, &after[domain.length..]);
            is_name(&name) && (is_common(&name, &domain) || is_told())
        }
        Sign::Joined => is_joined(&name, &domain, before, &text[at..], &after[domain.length..]),
    };
    if !is_certain {
        return None;
    }
    let mut start = at - lead - written.len();
    // "jean [dot] dupont": what is before the point is of the name, too.
    while sign != Sign::Plain
        && let Some(longer) = before_point(&text[from..start], domain.is_spelt)
    {
        start -= longer;
    }
    let range = start..at + length + tail + domain.length;
    let found = with_target(text, from, range.clone(), "mailto:");
    let is_bare = sign == Sign::Plain && found.is == Held::Text && found.range == range;
    Some(if is_bare { with_address(text, from, &range).unwrap_or(found) } else { found })
}

/// What stands between an at-sign and the name before it and the domain after it: spaces, a tag, what Markdown escapes it by.
fn around(before: &str, after: &str, sign: Sign) -> (usize, usize) {
    // Markdown may escape the sign, and what a word stands in.
    let escape = usize::from(before.ends_with('\\'));
    let unescaped = &before[..before.len() - escape];
    let spaces_before = unescaped.len() - unescaped.trim_end_matches(' ').len();
    let spaces_after = after.len() - after.trim_start_matches(' ').len();
    // Words, and a sign between spaces, stand apart from what they join.
    let stands_apart = !matches!(sign, Sign::Plain | Sign::Joined)
        || sign == Sign::Plain && spaces_before.max(spaces_after) == 1 && (escape == 0 || spaces_after == 1);
    let spaces = if stands_apart { (spaces_before, spaces_after) } else { (0, 0) };
    tags(before, after).unwrap_or((spaces.0 + escape, spaces.1))
}

/// The lengths of a tag that a text ends with, and of the one that follows: `<span>@</span>`, `</b>@<b>`.
fn tags(before: &str, after: &str) -> Option<(usize, usize)> {
    let opening = before.strip_suffix('>')?;
    let name = &opening[opening.rfind('<').filter(|start| opening.len() - start < LONGEST_TAG)?..];
    let end = after.find('>').filter(|end| *end < LONGEST_TAG)?;
    let is_comment = name.starts_with("<!--") && after.starts_with("<!--");
    let is_closed = name.starts_with("</") != after.starts_with("</") && after.starts_with('<');
    (is_comment || is_closed).then_some((name.len() + 1, end + 1))
}

/// The length of the name of a mailbox that a text ends with. Markdown may escape its signs.
fn local(before: &str) -> usize {
    let mut next = ' ';
    let is_local = |character: &char| {
        let is_part = character.is_alphanumeric() || "._%+-'".contains(*character);
        let escapes = *character == '\\' && "._+-".contains(next);
        next = *character;
        is_part || escapes
    };
    before.chars().rev().take_while(is_local).map(char::len_utf8).sum()
}

/// Whether a name and its version stand in a path, as at networks that deliver files: `npm/leaflet@next.beta/dist`.
fn is_package(before: &str, domain: &Domain, after: &str) -> bool {
    before.ends_with('/') && after.starts_with('/') && !TOPS.contains(&domain.top())
}

/// Whether a word before "at" may be somebody's name.
fn is_name(word: &str) -> bool {
    !NO_NAMES.contains(&word.to_lowercase().as_str())
}

/// Whether a word before an at-sign and a blank tells of an account that follows.
fn introduces_account(word: &str) -> bool {
    BEFORE_ACCOUNTS.contains(&word.to_lowercase().as_str())
}

/// Whether a line, a cell or a part of a sentence starts behind a text.
fn starts_part(before: &str) -> bool {
    let line = before.trim_end_matches(' ');
    line.is_empty() || line.ends_with(['\n', ',', ';', ':', '|', '(', '<', '>', '[', '"', '\'', '*', '-', '–'])
}

/// Whether a name and a domain around "at" can be nothing else: "jane at example dot org".
fn is_common(name: &str, domain: &Domain) -> bool {
    let name_says_it = name.contains(|character: char| "._".contains(character) || character.is_ascii_digit());
    let is_english = domain.is_in_english && ENGLISH_TOPS.contains(&domain.top());
    domain.is_spelt
        && TOPS.contains(&domain.top())
        && (name_says_it || !is_english)
        && !NO_DOMAINS.contains(&domain.name.split('.').next().unwrap_or_default().to_lowercase().as_str())
}

/// Whether a text says that a mailbox follows, or brackets hold it: "Mail: jane at example.org", `<jane at example.org>`.
fn is_introduced(before: &str, after: &str) -> bool {
    let is_held = before.ends_with('<') && after.starts_with('>');
    let label = before.trim_end().strip_suffix(':').map(|label| label.trim_end().to_lowercase());
    is_held || label.is_some_and(|label| MAIL_LABELS.iter().any(|known| label.ends_with(known)))
}

/// Whether a word with "_at_" or "-at-" in it is an address, and neither a file, nor a host, nor part of an address of the web.
fn is_joined(name: &str, domain: &Domain, before: &str, sign: &str, after: &str) -> bool {
    let is_in_path =
        before.ends_with(['/', '=', '#', '&', '?', '~', '`', '@']) || after.starts_with(['/', '(', '_', '`', '@', '=']);
    let is_host = || !name.contains('.') || HOSTS.contains(&name.split('.').next().unwrap_or_default());
    TOPS.contains(&domain.top()) && !is_in_path && !(sign.starts_with('-') && is_host())
}

/// The length of a word and a point in words that a text ends with: `jean [dot] `, and without brackets where that is allowed.
fn before_point(text: &str, without_brackets: bool) -> Option<usize> {
    let trimmed = text.trim_end_matches(' ');
    let (inner, openings): (_, &[char]) = match trimmed.strip_suffix([']', ')', '}']) {
        Some(inner) => (inner, &['[', '(', '{']),
        None if without_brackets && trimmed.len() < text.len() => (trimmed, &[' ']),
        None => return None,
    };
    let start = inner.ceil_char_boundary(inner.len().saturating_sub(LONGEST_POINT));
    let lower = inner[start..].to_ascii_lowercase();
    let is_in_brackets = inner.len() < trimmed.len();
    let point = POINTS.iter().chain(is_in_brackets.then_some(&".")).find(|point| lower.ends_with(*point))?;
    let before = inner[..inner.len() - point.len()].strip_suffix(openings)?.trim_end_matches(' ');
    let is_of_name = |character: &char| character.is_alphanumeric() || "-_.".contains(*character);
    let word: usize = before.chars().rev().take_while(is_of_name).map(char::len_utf8).sum();
    (word > 0).then(|| text.len() - (before.len() - word))
}

/// A point that is not written as one.
struct Point {
    length: usize,
    is_in_brackets: bool,
    is_in_english: bool,
}

impl Point {
    /// The one that a text in lower case starts with: ` dot `, `[dot]`, ` (punkt) `, ` [.] `.
    fn read(lower: &str) -> Option<Self> {
        let content = lower.trim_start_matches(' ');
        let content = content.strip_prefix('\\').filter(|content| content.starts_with('[')).unwrap_or(content);
        if let Some(joined) = Self::between_joints(lower) {
            return Some(joined);
        }
        let inner = content.trim_start_matches(['[', '(', '{']).trim_start_matches(' ');
        let is_in_brackets = content.starts_with(['[', '(', '{']);
        let point = POINTS.iter().chain(is_in_brackets.then_some(&".")).find(|point| inner.starts_with(**point))?;
        let after = inner[point.len()..].trim_start_matches(' ');
        let after = if is_in_brackets { after.trim_start_matches('\\').strip_prefix([']', ')', '}'])? } else { after };
        let rest = after.trim_start_matches(' ');
        // A word without brackets stands between spaces.
        let is_word = is_in_brackets || content.len() < lower.len() && inner[point.len()..].starts_with(' ');
        let is_in_english = !is_in_brackets && ENGLISH_POINTS.contains(point);
        is_word.then(|| Self { length: lower.len() - rest.len(), is_in_brackets, is_in_english })
    }
}

impl Point {
    /// The one that a text in lower case starts with, between blanks and signs that mark it: ` -dot- `.
    fn between_joints(lower: &str) -> Option<Self> {
        let content = lower.strip_prefix(' ')?;
        let joint = content.chars().next().filter(|joint| JOINTS.contains(joint))?;
        let (word, rest) = content[joint.len_utf8()..].split_once(joint)?;
        let rest = rest.strip_prefix(' ').filter(|_| POINTS.contains(&word))?;
        Some(Self { length: lower.len() - rest.len(), is_in_brackets: true, is_in_english: false })
    }
}

/// The domain that a text starts with.
struct Domain {
    name: String,
    /// How long it is in the text.
    length: usize,
    /// Whether a point of it is a word, in brackets or between spaces.
    is_spelt: bool,
    /// Whether a point of it may be a word of an English sentence.
    is_in_english: bool,
}

impl Domain {
    fn read(text: &str, sign: Sign) -> Option<Self> {
        let is_part = |character: &char| character.is_alphanumeric() || *character == '-';
        let mut domain = Self { name: String::new(), length: 0, is_spelt: false, is_in_english: false };
        let mut labels = 0;
        loop {
            let label: usize = text[domain.length..].chars().take_while(is_part).map(char::len_utf8).sum();
            if label == 0 {
                break;
            }
            domain.name.push_str(&text[domain.length..domain.length + label]);
            domain.length += label;
            labels += 1;
            let rest = &text[domain.length..];
            let lower = rest[..rest.floor_char_boundary(16)].to_ascii_lowercase();
            let plain = [".", "\\.", "&#46;", "&#x2e;", "&period;"].into_iter().find(|dot| lower.starts_with(*dot)).map(str::len);
            let spelt = || {
                let is_allowed = |point: &Point| point.is_in_brackets || !matches!(sign, Sign::Plain | Sign::Joined);
                Point::read(&lower).filter(is_allowed).or_else(|| point_apart(rest).filter(|_| labels == 1))
            };
            let comma = || Some(",".len()).filter(|_| sign == Sign::Plain && labels == 1 && ends_after_comma(rest));
            let plain = plain.or_else(comma);
            let Some((dot, point)) = plain.map(|dot| (dot, None)).or_else(|| spelt().map(|point| (point.length, Some(point))))
            else {
                break;
            };
            let goes_on = rest[dot..].chars().next().is_some_and(|next| is_part(&next));
            if !goes_on {
                break;
            }
            if let Some(point) = point {
                domain.is_spelt = true;
                domain.is_in_english |= point.is_in_english;
            }
            domain.name.push('.');
            domain.length += dot;
        }
        let top = domain.top();
        let is_top = top.chars().count() >= 2 && (top.starts_with("xn--") || top.chars().all(char::is_alphabetic));
        (labels > 1 && is_top).then_some(domain)
    }

    /// Whether it ends as names of files do, and what stands before that end is no domain: `2x.png` of `logo@2x.png`.
    fn is_of_file(&self) -> bool {
        let Some((before, end)) = self.name.rsplit_once('.') else { return false };
        let is_domain = || before.rsplit_once('.').is_some_and(|(_, top)| TOPS.contains(&top));
        FILES.contains(&end.to_ascii_lowercase().as_str()) && !is_domain()
    }

    /// Whether it is one at which people have their mailboxes: `gmail.com`, `web.de`.
    fn is_of_provider(&self) -> bool {
        let lower = self.name.to_lowercase();
        let Some((name, top)) = lower.split_once('.') else { return false };
        PROVIDERS.contains(&lower.as_str()) || PROVIDERS.contains(&name) && top.len() <= 3 && TOPS.contains(&top)
    }

    /// What follows its last point.
    fn top(&self) -> &str {
        self.name.rsplit('.').next().unwrap_or_default()
    }
}

/// A point between spaces, after which the domain ends: `verein . de`. One with a space after it alone ends a sentence.
fn point_apart(text: &str) -> Option<Point> {
    let rest = text.strip_prefix(" .")?;
    let top = rest.strip_prefix(' ').unwrap_or(rest);
    let end = top.find(|character: char| !character.is_alphanumeric()).unwrap_or(top.len());
    let length = text.len() - top.len();
    TOPS.contains(&&top[..end]).then_some(Point { length, is_in_brackets: false, is_in_english: true })
}

/// Whether a text goes on with a comma in the place of the last point of a domain: `jean@agen,fr`.
fn ends_after_comma(text: &str) -> bool {
    let Some(rest) = text.strip_prefix(',') else { return false };
    let end = rest.find(|character: char| !character.is_alphanumeric()).unwrap_or(rest.len());
    TOPS.contains(&&rest[..end])
}

/// Whether a text is a domain, and surely no name of a file.
pub(super) fn is_domain(text: &str) -> bool {
    Domain::read(text, Sign::Plain).is_some_and(|domain| domain.length == text.len() && TOPS.contains(&domain.top()))
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
