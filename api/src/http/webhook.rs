//! `POST /hooks/{source}`: a partner's forge tells that its repository has changed, and an import begins.
//!
//! The body is only authenticated, not read: the import asks the forge what there is. So a request that is sent again does no
//! more than ask once more, at the pace of [`maillage_importer::runs::Pace`]. Each forge signs in its own way:
//!
//! | forge | header | what it holds |
//! |---|---|---|
//! | GitHub | `X-Hub-Signature-256` | `sha256=` and the HMAC-SHA256 of the body, in hexadecimal |
//! | Forgejo, Gitea | `X-Forgejo-Signature`, `X-Gitea-Signature` | the same without `sha256=` |
//! | GitLab, with a signing token | `webhook-signature` | `v1,` and the HMAC-SHA256 of id, time and body, in Base64 |
//! | GitLab, with a secret token | `X-Gitlab-Token` | the secret itself |

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use futures::StreamExt as _;
use hmac::{Hmac, KeyInit as _, Mac as _};
use maillage_graph_schema::clock::{Clock as _, SystemClock};
use maillage_graph_schema::model::RunCause;
use maillage_importer::runs::dispatch::Requested;
use sha2::Sha256;

use super::Service;

/// The largest body, in bytes: what GitHub sends at the most. It is not kept.
const LARGEST_BODY: usize = 25 << 20;

/// How long a body may take to come.
const LONGEST: Duration = Duration::from_secs(30);

/// How far the time that GitLab signs may be from ours, in seconds.
const CLOCKS_DIFFER: i64 = 300;

/// How a request proves where it is from.
enum Proof {
    /// The secret itself.
    Token(Vec<u8>),
    /// Signatures, of which one must be that of what stands before the body, and the body.
    Signature { before: Vec<u8>, key: Vec<u8>, any_of: Vec<Vec<u8>> },
}

/// Why a request is turned away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Refusal {
    /// There is no such source, or none that takes webhooks: nobody learns which.
    Unknown,
    Unsigned,
    WrongSignature,
    Stale,
    TooLarge,
    TooSlow,
    BrokenOff,
}

impl Refusal {
    const fn answer(self) -> (StatusCode, &'static str) {
        match self {
            Self::Unknown => (StatusCode::NOT_FOUND, "no source takes webhooks at this address\n"),
            Self::Unsigned => (
                StatusCode::UNAUTHORIZED,
                "the request is not signed: give the webhook a secret, the same as here; GitHub, GitLab, Forgejo and Gitea sign with it\n",
            ),
            Self::WrongSignature => {
                (StatusCode::UNAUTHORIZED, "the signature does not fit: the webhook has another secret than this service\n")
            }
            Self::Stale => {
                (StatusCode::UNAUTHORIZED, "the request was signed at another time: is the clock of one side wrong?\n")
            }
            Self::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "the body is larger than 25 MiB\n"),
            Self::TooSlow => (StatusCode::REQUEST_TIMEOUT, "the body did not come within 30 s\n"),
            Self::BrokenOff => (StatusCode::BAD_REQUEST, "the body broke off\n"),
        }
    }
}

/// Takes a webhook.
pub async fn receive(State(service): State<Service>, Path(key): Path<String>, headers: HeaderMap, body: Body) -> Response {
    match accept(&service, &key, &headers, body).await {
        Ok(answer) => (StatusCode::ACCEPTED, answer).into_response(),
        Err(refusal) => {
            let (status, text) = refusal.answer();
            tracing::warn!(source.key = %key, ?refusal, "a webhook was turned away");
            (status, text).into_response()
        }
    }
}

async fn accept(service: &Service, key: &str, headers: &HeaderMap, body: Body) -> Result<&'static str, Refusal> {
    let imports = service.imports().ok_or(Refusal::Unknown)?;
    let source = imports.source(key).ok_or(Refusal::Unknown)?;
    let secret = source.webhook_secret.as_ref().and_then(|name| imports.variable(name.as_str())).ok_or(Refusal::Unknown)?;
    let proof = proof(headers, &secret)?;
    let declared = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    if declared.is_some_and(|length| length > LARGEST_BODY as u64) {
        return Err(Refusal::TooLarge);
    }
    tokio::time::timeout(LONGEST, check(proof, secret.as_bytes(), body)).await.unwrap_or(Err(Refusal::TooSlow))?;
    if is_other_event(headers) {
        return Ok("nothing to import for this event\n");
    }
    Ok(match Arc::clone(imports).request(source, RunCause::Webhook) {
        Requested::Begun => "the import begins\n",
        Requested::Follows => "the source is being imported; another import follows\n",
    })
}

/// What a request shows of its origin.
fn proof(headers: &HeaderMap, secret: &str) -> Result<Proof, Refusal> {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or_default());
    let of_body = |signature: &str| {
        let signature = from_hex(signature).ok_or(Refusal::WrongSignature)?;
        Ok(Proof::Signature { before: Vec::new(), key: secret.as_bytes().to_vec(), any_of: vec![signature] })
    };
    if let Some(signature) = text("x-hub-signature-256") {
        return of_body(signature.strip_prefix("sha256=").unwrap_or_default());
    }
    if let Some(signature) = text("x-forgejo-signature").or_else(|| text("x-gitea-signature")) {
        return of_body(signature);
    }
    if let Some(signatures) = text("webhook-signature") {
        return standard(&text, signatures, secret);
    }
    let token = headers.get("x-gitlab-token").ok_or(Refusal::Unsigned)?;
    Ok(Proof::Token(token.as_bytes().to_vec()))
}

/// As GitLab signs with a signing token, by the rules of Standard Webhooks.
fn standard<'a>(text: &impl Fn(&str) -> Option<&'a str>, signatures: &str, secret: &str) -> Result<Proof, Refusal> {
    let (id, time) = text("webhook-id").zip(text("webhook-timestamp")).ok_or(Refusal::Unsigned)?;
    let signed_at: i64 = time.parse().map_err(|_| Refusal::WrongSignature)?;
    if SystemClock.now().timestamp().abs_diff(signed_at) > CLOCKS_DIFFER.unsigned_abs() {
        return Err(Refusal::Stale);
    }
    let key = secret.strip_prefix("whsec_").and_then(|key| STANDARD.decode(key).ok());
    let any_of = signatures.split(' ').filter_map(|signature| STANDARD.decode(signature.strip_prefix("v1,")?).ok()).collect();
    Ok(Proof::Signature {
        before: format!("{id}.{time}.").into_bytes(),
        key: key.unwrap_or_else(|| secret.as_bytes().to_vec()),
        any_of,
    })
}

/// Reads the body to its end, keeping none of it, and looks whether the proof holds.
async fn check(proof: Proof, secret: &[u8], body: Body) -> Result<(), Refusal> {
    let mut mac = match &proof {
        Proof::Token(token) => {
            // Their hashes are compared, so that not even the secret's length shows.
            let [token, secret] = [token.as_slice(), secret].map(|text| code(b"compared in constant time").chain_update(text));
            return token.verify(&secret.finalize().into_bytes()).map_err(|_| Refusal::WrongSignature);
        }
        Proof::Signature { before, key, .. } => code(key).chain_update(before),
    };
    let mut length = 0_usize;
    let mut chunks = body.into_data_stream();
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|_| Refusal::BrokenOff)?;
        length = length.saturating_add(chunk.len());
        if length > LARGEST_BODY {
            return Err(Refusal::TooLarge);
        }
        mac.update(&chunk);
    }
    let Proof::Signature { any_of, .. } = proof else { return Err(Refusal::WrongSignature) };
    let fits = any_of.iter().any(|signature| mac.clone().verify_slice(signature).is_ok());
    if fits { Ok(()) } else { Err(Refusal::WrongSignature) }
}

/// Begins an HMAC-SHA256 with a key of any length.
fn code(key: &[u8]) -> Hmac<Sha256> {
    Hmac::new_from_slice(key).unwrap_or_else(|_| unreachable!("a key of an HMAC has any length"))
}

/// Whether it tells of something else than a push: a forge that tries the address out, an issue.
fn is_other_event(headers: &HeaderMap) -> bool {
    let event =
        ["x-github-event", "x-forgejo-event", "x-gitea-event", "x-gitlab-event"].iter().find_map(|name| headers.get(*name));
    // Whoever does not say tells of a push.
    event.is_some_and(|event| !matches!(event.as_bytes(), b"push" | b"Push Hook" | b"System Hook"))
}

/// Bytes that are written in hexadecimal.
pub fn from_hex(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) || !text.is_ascii() {
        return None;
    }
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(text.get(at..at + 2)?, 16).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_body_that_goes_on_and_on_is_cut() {
        let piece = axum::body::Bytes::from(vec![0_u8; 1 << 20]);
        let endless = futures::stream::repeat_with(move || Ok::<_, std::io::Error>(piece.clone()));
        let proof = Proof::Signature { before: Vec::new(), key: b"secret".to_vec(), any_of: Vec::new() };
        assert_eq!(check(proof, b"secret", Body::from_stream(endless)).await, Err(Refusal::TooLarge));
    }

    #[tokio::test]
    async fn a_body_that_breaks_off_is_not_taken() {
        let pieces = [Ok("a"), Err(std::io::Error::other("gone"))];
        let signature = code(b"secret").chain_update(b"a").finalize().into_bytes().to_vec();
        let proof = Proof::Signature { before: Vec::new(), key: b"secret".to_vec(), any_of: vec![signature] };
        let body = Body::from_stream(futures::stream::iter(pieces));
        assert_eq!(check(proof, b"secret", body).await, Err(Refusal::BrokenOff));
    }
}
