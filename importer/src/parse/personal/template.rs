//! Calls of templates that make an e-mail address out of its parts: `{% include email.html user='anna' domain='agen.fr' %}`.

use super::mail::{RoleMailboxes, is_domain};
use super::{Found, Held};

/// How calls begin and end.
const CALLS: &[(&str, &str)] = &[("{%", "%}"), ("{{", "}}")];

/// Words of a call that is about mail.
const MAIL: &[&str] = &["mail", "courriel", "correo", "domain"];

/// How long a call may be.
const LONGEST: usize = 400;

/// Whether a call may start here.
pub(super) fn may_start(text: &str) -> bool {
    CALLS.iter().any(|(opening, _)| text.starts_with(opening))
}

/// The call that starts here, if its words together name a mailbox.
pub(super) fn find(text: &str, at: usize, roles: &RoleMailboxes) -> Option<Found> {
    let rest = &text[at..text.floor_char_boundary(at + LONGEST)];
    let (_, closing) = CALLS.iter().find(|(opening, _)| rest.starts_with(opening))?;
    let length = rest.find(closing)? + closing.len();
    let mut values = Vec::new();
    let mut inner = &rest[..length];
    while let Some(start) = inner.find(['"', '\'']) {
        let Some(end) = inner[start + 1..].find(&inner[start..=start]) else { break };
        values.push(&inner[start + 1..start + 1 + end]);
        inner = &inner[start + end + 2..];
    }
    let (name, domain) = mailbox(&rest[..length], &values)?;
    (!roles.hold(&format!("{name}@{domain}"))).then(|| Found { range: at..at + length, is: Held::Text })
}

/// The name and the domain of a mailbox among the values of a call, of which some words are known.
pub fn mailbox<'v>(call: &str, values: &[&'v str]) -> Option<(&'v str, &'v str)> {
    let call = call.to_lowercase();
    let domain = values.iter().find(|value| is_domain(value))?;
    let is_name = |value: &&&str| {
        let is_local = |character: char| character.is_alphanumeric() || "._+-".contains(character);
        *value != domain && !value.is_empty() && value.chars().all(is_local) && !value.contains(".htm")
    };
    let name = values.iter().find(is_name)?;
    MAIL.iter().any(|word| call.contains(word)).then_some((name, domain))
}
