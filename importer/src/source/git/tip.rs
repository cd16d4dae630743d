//! Which commit a branch is at: one small request, whatever the size of the repository.
//!
//! Version 2 of Git's protocol answers `ls-refs` without a greeting before it, since its servers keep no state over HTTP.

use std::io::Read as _;

use gix::ObjectId;
use reqwest::Method;
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, USER_AGENT};
use url::Url;

use super::transport::base_of;
use crate::source::http::{Client, Problem};

/// What servers that look at it take for Git.
pub const AGENT: &str = concat!("git/maillage-", env!("CARGO_PKG_VERSION"));

/// The most that is read of an answer: lines of references whose names begin alike.
const LONGEST: u64 = 1 << 20;

const TAIL: &str = "git-upload-pack";

/// What a server says of a branch.
#[derive(Debug, PartialEq, Eq)]
pub struct Tip {
    /// The commit; none if there is no such branch.
    pub commit: Option<ObjectId>,
    /// The address that answered.
    pub base: String,
}

/// The full name of a branch, or of what stands for the default one.
pub fn reference(branch: Option<&str>) -> String {
    branch.map_or_else(|| "HEAD".to_owned(), |branch| format!("refs/heads/{branch}"))
}

/// Asks once; `None` if the server does not answer in the protocol's version 2.
pub fn ask(client: &Client, base: &str, branch: Option<&str>) -> Result<Option<Tip>, Problem> {
    let wanted = reference(branch);
    let url =
        Url::parse(&format!("{}/{TAIL}", base.trim_end_matches('/'))).map_err(|error| Problem::Lasting(error.to_string()))?;
    let headers: HeaderMap = [
        (CONTENT_TYPE, "application/x-git-upload-pack-request"),
        (ACCEPT, "application/x-git-upload-pack-result"),
        (HeaderName::from_static("git-protocol"), "version=2"),
        (USER_AGENT, AGENT),
    ]
    .map(|(name, value)| (name, HeaderValue::from_static(value)))
    .into_iter()
    .collect();
    let body =
        [line("command=ls-refs\n"), "0001".to_owned(), line(&format!("ref-prefix {wanted}\n")), "0000".to_owned()].concat();
    let answer = client.once(&Method::POST, &url, &headers, body.as_bytes())?;
    let kind = answer.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if kind != "application/x-git-upload-pack-result" {
        return Ok(None);
    }
    let base = base_of(&answer.url, TAIL)?;
    let mut bytes = Vec::new();
    answer.body.take(LONGEST).read_to_end(&mut bytes).map_err(|error| Problem::Transient(error.to_string()))?;
    Ok(references(&bytes).map(|found| Tip {
        commit: found.into_iter().find(|(_, name)| *name == wanted.as_bytes()).map(|(commit, _)| commit),
        base,
    }))
}

/// A line as the protocol has it: its length first, in four digits.
fn line(text: &str) -> String {
    format!("{:04x}{text}", text.len() + 4)
}

/// The commits and names in an answer; `None` if it is not one to `ls-refs`.
fn references(mut bytes: &[u8]) -> Option<Vec<(ObjectId, &[u8])>> {
    let mut found = Vec::new();
    loop {
        let length = usize::from_str_radix(std::str::from_utf8(bytes.get(..4)?).ok()?, 16).ok()?;
        if length == 0 {
            return Some(found);
        }
        let text = bytes.get(4..length)?.trim_ascii_end();
        bytes = bytes.get(length..)?;
        let mut words = text.split(|byte| *byte == b' ');
        let commit = ObjectId::from_hex(words.next()?).ok()?;
        found.push((commit, words.next()?));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_a_list_of_references_or_nothing() {
        let id = "1234567890123456789012345678901234567890";
        let commit = ObjectId::from_hex(id.as_bytes()).expect("an id");
        let one = format!("{}0000", line(&format!("{id} HEAD symref-target:refs/heads/main\n")));
        assert_eq!(references(one.as_bytes()), Some(vec![(commit, &b"HEAD"[..])]));
        assert_eq!(references(b"0000"), Some(Vec::new()));
        for other in ["", "00", "0000"[..3].as_ref(), "<html>", "0003", "zzzz", "0010ERR no such", "fffff", &one[..one.len() - 4]]
        {
            assert_eq!(references(other.as_bytes()), None, "{other}");
        }
        assert_eq!(references(line("unknown command\n").as_bytes()), None);
    }
}
