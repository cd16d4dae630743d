//! What tells that two reports speak of the same thing, though lines have moved since.

use std::collections::HashMap;

use sha2::{Digest as _, Sha256};

use crate::diagnostic::Diagnostic;
use crate::parse::personal::{RoleMailboxes, without_personal_data};
use crate::reference::hex;

/// The fingerprint of each diagnostic, in their order: a hash of what is said about which file, field and value, and the how
/// many-th such thing it is. The same for what is kept of it, from which personal data is removed.
pub fn fingerprints(diagnostics: &[Diagnostic]) -> Vec<String> {
    let mut seen: HashMap<[u8; 12], u32> = HashMap::new();
    let roles = RoleMailboxes::default();
    diagnostics
        .iter()
        .map(|diagnostic| {
            let value = diagnostic.value.as_deref().map(|value| without_personal_data(value, &roles).0);
            let parts = [
                Some(diagnostic.code.as_str()),
                Some(diagnostic.path.as_str()),
                diagnostic.field.as_deref(),
                // What the value of a note counts is not what it is about.
                value.as_deref().filter(|_| !diagnostic.code.value_is_a_count()),
            ];
            // Which of many records it is about is part of it; what is about a file keeps the one that it had.
            let entry = diagnostic.entry.as_deref().map(|entry| without_personal_data(entry, &roles).0);
            let mut hash = Sha256::new();
            for part in parts.into_iter().chain(entry.as_deref().map(Some)) {
                let part = part.unwrap_or_default();
                hash.update((part.len() as u64).to_le_bytes());
                hash.update(part);
            }
            let mut base = [0; 12];
            base.copy_from_slice(&hash.finalize()[..12]);
            let times = seen.entry(base).or_default();
            *times += 1;
            format!("{}-{times}", hex(&base))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Code;
    use crate::parse::value::Position;

    #[test]
    fn a_fingerprint_stays_when_lines_move_and_changes_with_what_is_said() {
        let at = |line| Position { line, column: 3 };
        let status = |value: &str, line| Diagnostic::new(Code::InvalidValue, "a.md").field("status").value(value).at(at(line));
        let before = fingerprints(&[status("runing", 4), status("runing", 9), status("stoped", 5)]);
        let after = fingerprints(&[status("runing", 14), status("runing", 19), status("stoped", 15)]);
        assert_eq!(before, after);
        let mut all = before;
        all.extend(fingerprints(&[Diagnostic::new(Code::MissingTitle, "a.md"), Diagnostic::new(Code::MissingTitle, "b.md")]));
        all.extend(fingerprints(&[status("", 1)]));
        // The first of several entries is corrected: the others are who they were.
        let of_entry =
            |name: &str| Diagnostic { entry: Some(name.to_owned()), ..Diagnostic::new(Code::MissingTitle, "list.yml") };
        let entries = fingerprints(&["a", "b", "c"].map(of_entry));
        assert_eq!(fingerprints(&["b", "c"].map(of_entry)), entries[1..]);
        all.extend(entries);
        let distinct: std::collections::HashSet<&String> = all.iter().collect();
        assert_eq!(distinct.len(), all.len(), "{all:?}");
    }
}
