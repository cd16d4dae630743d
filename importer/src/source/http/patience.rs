//! How long to wait before a request is made again.

use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::time::Duration;

use chrono::DateTime;
use reqwest::StatusCode;
use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};

use super::problem::Problem;
use crate::limits::Limits;

/// The problem that an answer tells of, if it does.
pub fn problem(status: StatusCode, headers: &HeaderMap) -> Option<Problem> {
    let is_exhausted = || number(headers, "x-ratelimit-remaining").or_else(|| number(headers, "ratelimit-remaining")) == Some(0);
    let is_busy = match status.as_u16() {
        429 | 502..=504 => true,
        // Some forges say in this way that a client has asked too often.
        403 => headers.contains_key(RETRY_AFTER) || is_exhausted(),
        _ => false,
    };
    if is_busy {
        return Some(Problem::Busy { status: status.as_u16(), seconds: asked_for(headers) });
    }
    match status {
        StatusCode::INTERNAL_SERVER_ERROR => Some(Problem::Transient(Problem::Status { status: 500 }.to_string())),
        status if status.is_client_error() || status.is_server_error() => Some(Problem::Status { status: status.as_u16() }),
        _ => None,
    }
}

/// How many seconds the server asks to be left alone. Moments are compared with the server's own clock.
fn asked_for(headers: &HeaderMap) -> Option<u64> {
    let now = || moment(headers.get(DATE)?.to_str().ok()?);
    let until = |then: i64| now().map(|now| u64::try_from(then - now).unwrap_or(0));
    if let Some(value) = headers.get(RETRY_AFTER).and_then(|value| value.to_str().ok()) {
        return value.trim().parse().ok().or_else(|| until(moment(value)?));
    }
    // A duration of the draft standard, or a moment as GitHub, GitLab and Gitea give it.
    if let Some(seconds) = number(headers, "ratelimit-reset").filter(|seconds| *seconds < 1_000_000_000) {
        return Some(seconds);
    }
    let reset = number(headers, "x-ratelimit-reset").or_else(|| number(headers, "ratelimit-reset"))?;
    until(i64::try_from(reset).ok()?)
}

fn number(headers: &HeaderMap, name: &str) -> Option<u64> {
    headers.get(name)?.to_str().ok()?.trim().parse().ok()
}

/// A date of HTTP, in seconds since 1970.
fn moment(text: &str) -> Option<i64> {
    DateTime::parse_from_rfc2822(text.trim()).ok().map(|moment| moment.timestamp())
}

/// How long to wait after so many attempts; `None` if the server asks for more than we wait.
pub fn wait(problem: &Problem, attempts: u32, limits: &Limits) -> Option<Duration> {
    if let Problem::Busy { seconds: Some(seconds), .. } = problem {
        return (*seconds <= limits.wait_seconds).then(|| Duration::from_secs(*seconds) + jitter(limits.wait_milliseconds));
    }
    let most = limits.wait_milliseconds.saturating_mul(1 << attempts.saturating_sub(1).min(16));
    let most = most.min(limits.wait_seconds.saturating_mul(1_000));
    // At least half: many clients that were cut off together shall not come back together, nor at once.
    Some(Duration::from_millis(most / 2) + jitter(most / 2))
}

/// A time by chance, up to so many milliseconds.
fn jitter(most: u64) -> Duration {
    let chance = RandomState::new().build_hasher().finish();
    Duration::from_millis(chance % (most + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(set: &[(&'static str, &str)]) -> HeaderMap {
        set.iter().map(|(name, value)| (name.parse().expect("a name"), value.parse().expect("a value"))).collect()
    }

    #[test]
    fn what_a_server_asks_for_is_understood() {
        let date = ("date", "Wed, 21 Oct 2026 07:28:00 GMT");
        let busy = |status: u16, seconds: Option<u64>| Some(Problem::Busy { status, seconds });
        for (status, set, expected) in [
            (200, &[][..], None),
            (304, &[], None),
            (404, &[], Some(Problem::Status { status: 404 })),
            (403, &[], Some(Problem::Status { status: 403 })),
            (500, &[], Some(Problem::Transient("the server answers 500 Internal Server Error".to_owned()))),
            (503, &[], busy(503, None)),
            (503, &[("retry-after", "7")], busy(503, Some(7))),
            (429, &[("retry-after", "Wed, 21 Oct 2026 07:28:30 GMT"), date], busy(429, Some(30))),
            (429, &[("retry-after", "Wed, 21 Oct 2026 07:27:30 GMT"), date], busy(429, Some(0))),
            (429, &[("retry-after", "soon")], busy(429, None)),
            (403, &[("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "1792567740"), date], busy(403, Some(60))),
            (
                403,
                &[("x-ratelimit-remaining", "12"), ("x-ratelimit-reset", "1792567740"), date],
                Some(Problem::Status { status: 403 }),
            ),
            (429, &[("ratelimit-remaining", "0"), ("ratelimit-reset", "20")], busy(429, Some(20))),
        ] {
            let status = StatusCode::from_u16(status).expect("a status");
            assert_eq!(problem(status, &headers(set)), expected, "{status} {set:?}");
        }
    }

    #[test]
    fn waits_grow_within_bounds_and_differ() {
        let limits = Limits { wait_milliseconds: 100, wait_seconds: 1, ..Limits::default() };
        let broken = Problem::Transient("broken".to_owned());
        for (attempts, least, most) in [(1, 50, 100), (2, 100, 200), (3, 200, 400), (9, 500, 1_000), (99, 500, 1_000)] {
            let waits: Vec<u128> = (0..64).map(|_| wait(&broken, attempts, &limits).expect("a wait").as_millis()).collect();
            assert!(waits.iter().all(|wait| (least..=most).contains(wait)), "{attempts}: {waits:?}");
            assert!(waits.iter().any(|wait| *wait != waits[0]), "{attempts}: {waits:?}");
        }
        let busy = |seconds| wait(&Problem::Busy { status: 429, seconds: Some(seconds) }, 1, &limits);
        assert!(busy(1).is_some_and(|wait| wait >= Duration::from_secs(1)));
        assert_eq!(busy(2), None);
    }
}
