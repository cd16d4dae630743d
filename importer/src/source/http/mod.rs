//! The one client that asks servers, for Git and for archives: with the limits, manners and guards that hold for both.
//!
//! - Addresses: `http` and `https` only; private ones only if allowed, checked when the connection is made ([`resolver`]) and
//!   again at each redirect; at most so many redirects, never from `https` to `http`.
//! - The token goes to the host of the source, encrypted, and nowhere else.
//! - Times: to connect, between two answers, and in all.
//! - A server that is busy is asked again after the time that it gives, or after one that grows ([`patience`]).
//! - Whatever a server says about the length of its answer, so many bytes are read and no more.

mod address;
mod patience;
mod problem;
mod resolver;

use std::io::Read;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use reqwest::blocking::{self, RequestBuilder};
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue, LOCATION};
use reqwest::{Method, NoProxy, Proxy, StatusCode};
use url::{Origin, Url};

pub use self::problem::{Problem, from_error, with_causes};
use self::resolver::Guard;
use crate::limits::Limits;
use crate::surroundings::{Network, Token};

/// How a token is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// As the password of any user: what Git servers understand. A token may bring its user: `user:token`.
    Basic,
    /// As it is.
    Bearer,
}

/// Asks the servers of one source during one run. Clones share what has been used up of time and bytes.
#[derive(Clone)]
pub struct Client {
    inner: blocking::Client,
    guard: Guard,
    credentials: Option<Credentials>,
    limits: Limits,
    begin: Instant,
    received: Arc<AtomicU64>,
    /// What went wrong last, for those who get it through other people's errors.
    problem: Arc<Mutex<Option<Problem>>>,
}

/// What is sent, and to whom.
#[derive(Clone)]
struct Credentials {
    origin: Origin,
    header: HeaderValue,
}

/// An answer with its body still to come.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    /// The address that answered, after redirects.
    pub url: Url,
    pub body: Body,
}

impl Client {
    /// A client for a source at an address, with the token of its host.
    pub fn new(network: &Network, limits: &Limits, address: &Url, token: Option<(&Token, Scheme)>) -> Result<Self, Problem> {
        let unusable = |error: reqwest::Error| Problem::Lasting(with_causes(&error));
        let guard = Guard::new(network);
        let mut builder = blocking::Client::builder()
            // The client would follow without looking; `send` looks.
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .dns_resolver(Arc::new(guard.clone()))
            .connect_timeout(Duration::from_secs(limits.connect_seconds))
            // For each answer, and for each part of a body.
            .timeout(Duration::from_secs(limits.read_seconds))
            .user_agent(concat!("maillage/", env!("CARGO_PKG_VERSION")))
            .no_proxy();
        let except = || network.proxies.except.as_deref().and_then(NoProxy::from_string);
        if let Some(proxy) = &network.proxies.http {
            builder = builder.proxy(Proxy::http(proxy).map_err(unusable)?.no_proxy(except()));
        }
        if let Some(proxy) = &network.proxies.https {
            builder = builder.proxy(Proxy::https(proxy).map_err(unusable)?.no_proxy(except()));
        }
        // In clear text a token goes only where the operator said that the network is theirs.
        let is_safe = address.scheme() == "https" || network.allow_private_addresses;
        let credentials = match token {
            Some(_) if !is_safe => {
                return Err(Problem::Lasting("a token is sent to addresses that start with https:// only".to_owned()));
            }
            Some((token, scheme)) => Some(Credentials { origin: address.origin(), header: header(token, scheme)? }),
            None => None,
        };
        let inner = builder.build().map_err(unusable)?;
        Ok(Self {
            inner,
            guard,
            credentials,
            limits: *limits,
            begin: Instant::now(),
            received: Arc::default(),
            problem: Arc::default(),
        })
    }

    /// Asks, and asks again while that may help.
    pub fn request(&self, method: &Method, url: &Url, headers: &HeaderMap, body: &[u8]) -> Result<Answer, Problem> {
        self.patiently(|| self.once(method, url, headers, body))
    }

    /// Does something until it succeeds, or fails in a way that will not change, or has been tried often enough.
    pub fn patiently<T>(&self, mut attempt: impl FnMut() -> Result<T, Problem>) -> Result<T, Problem> {
        let mut attempts = 0;
        loop {
            let problem = match attempt() {
                Ok(result) => return Ok(result),
                Err(problem) => problem,
            };
            attempts += 1;
            if !problem.is_transient() || attempts >= self.limits.attempts {
                return Err(problem);
            }
            let Some(wait) = patience::wait(&problem, attempts, &self.limits) else { return Err(problem) };
            if wait >= self.time_left()? {
                return Err(problem);
            }
            tracing::debug!(%problem, attempts, wait = ?wait, "asking again");
            std::thread::sleep(wait);
        }
    }

    /// Asks once, and follows redirects. The method stays the same: a Git server that moved is asked the same thing elsewhere.
    pub fn once(&self, method: &Method, url: &Url, headers: &HeaderMap, body: &[u8]) -> Result<Answer, Problem> {
        let answer = self.follow(method, url, headers, body);
        self.note(answer.as_ref().err());
        answer
    }

    /// What went wrong with the last request or its answer, if anything did.
    pub fn problem(&self) -> Option<Problem> {
        self.problem.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn note(&self, problem: Option<&Problem>) {
        *self.problem.lock().unwrap_or_else(PoisonError::into_inner) = problem.cloned();
    }

    fn follow(&self, method: &Method, url: &Url, headers: &HeaderMap, body: &[u8]) -> Result<Answer, Problem> {
        let mut url = url.clone();
        for _ in 0..=self.limits.redirects {
            self.guard.check(&url)?;
            self.time_left()?;
            let request = self.inner.request(method.clone(), url.clone()).headers(headers.clone()).body(body.to_vec());
            let answer = self.authorised(request, &url).send().map_err(|error| of_request(&error))?;
            let status = answer.status();
            if let Some(problem) = patience::problem(status, answer.headers()) {
                return Err(problem);
            }
            if status.is_redirection() && status != StatusCode::NOT_MODIFIED {
                url = redirected(&url, answer.headers())?;
                continue;
            }
            let headers = answer.headers().clone();
            return Ok(Answer { status, headers, url, body: Body { answer, client: self.clone() } });
        }
        Err(Problem::Limit { what: "the number of redirects", limit: self.limits.redirects as u64 })
    }

    fn authorised(&self, request: RequestBuilder, url: &Url) -> RequestBuilder {
        match &self.credentials {
            Some(credentials) if credentials.origin == url.origin() => request.header(AUTHORIZATION, credentials.header.clone()),
            _ => request,
        }
    }

    /// How long this run may still take.
    fn time_left(&self) -> Result<Duration, Problem> {
        let whole = Duration::from_secs(self.limits.fetch_seconds);
        let over = Problem::Limit { what: "the time to fetch in seconds", limit: self.limits.fetch_seconds };
        whole.checked_sub(self.begin.elapsed()).filter(|left| !left.is_zero()).ok_or(over)
    }

    /// Counts bytes that came.
    fn count(&self, bytes: usize) -> Result<(), Problem> {
        let received = self.received.fetch_add(bytes as u64, Ordering::Relaxed) + bytes as u64;
        if received > self.limits.download_bytes {
            return Err(Problem::Limit { what: "the size of the download in bytes", limit: self.limits.download_bytes });
        }
        Ok(())
    }
}

fn header(token: &Token, scheme: Scheme) -> Result<HeaderValue, Problem> {
    use base64::Engine as _;
    let token = token.reveal();
    let text = match scheme {
        Scheme::Bearer => format!("Bearer {token}"),
        Scheme::Basic => {
            let pair = if token.contains(':') { token.to_owned() } else { format!("x-access-token:{token}") };
            format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(pair))
        }
    };
    let mut value =
        HeaderValue::try_from(text).map_err(|_| Problem::Lasting("the token holds a character that no token has".to_owned()))?;
    value.set_sensitive(true);
    Ok(value)
}

/// Where an answer sends us.
fn redirected(from: &Url, headers: &HeaderMap) -> Result<Url, Problem> {
    let nowhere = || Problem::Lasting("the server redirects to no address".to_owned());
    let location = headers.get(LOCATION).and_then(|value| value.to_str().ok()).ok_or_else(nowhere)?;
    let to = from.join(location).map_err(|_| nowhere())?;
    if from.scheme() == "https" && to.scheme() == "http" {
        return Err(Problem::Lasting(format!("the server redirects to {}, which is not encrypted", shown(&to))));
    }
    Ok(to)
}

/// An address without what may be secret in it.
fn shown(url: &Url) -> String {
    format!("{}://{}{}", url.scheme(), url.host_str().unwrap_or_default(), url.path())
}

/// Why there was no answer.
fn of_request(error: &reqwest::Error) -> Problem {
    if let Some(problem) = from_error(error) {
        return problem;
    }
    let words = if error.is_timeout() {
        "the server does not answer in time".to_owned()
    } else {
        // The address stands before all that is said of it.
        let mut cause: &dyn std::error::Error = error;
        while let Some(inner) = cause.source() {
            cause = inner;
        }
        cause.to_string()
    };
    if error.is_builder() { Problem::Lasting(words) } else { Problem::Transient(words) }
}

/// The body of an answer: ends with an error if it is too long, comes too slowly, or breaks off.
pub struct Body {
    answer: blocking::Response,
    client: Client,
}

impl Body {
    /// Reads what comes next; nothing at the end.
    pub fn next(&mut self, buffer: &mut [u8]) -> Result<usize, Problem> {
        let mut read = || {
            self.client.time_left()?;
            let read = self.answer.read(buffer).map_err(|error| of_body(&error))?;
            self.client.count(read)?;
            Ok(read)
        };
        read().inspect_err(|problem| self.client.note(Some(problem)))
    }
}

impl Read for Body {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        Ok(self.next(buffer)?)
    }
}

fn of_body(error: &std::io::Error) -> Problem {
    let inner = error.get_ref().and_then(|error| error.downcast_ref::<reqwest::Error>());
    if inner.is_some_and(reqwest::Error::is_timeout) || error.kind() == std::io::ErrorKind::TimedOut {
        return Problem::Transient("the server has stopped sending".to_owned());
    }
    Problem::Transient(format!("the answer breaks off: {}", with_causes(error)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn redirects_stay_encrypted_and_lead_somewhere() {
        let from = Url::parse("https://forge.example/depot.git/info/refs").expect("an address");
        let to = |location: Option<&str>| {
            let headers = location.map(|location| (LOCATION, HeaderValue::from_str(location).expect("a value")));
            redirected(&from, &HeaderMap::from_iter(headers)).map(|url| url.to_string()).map_err(|problem| problem.to_string())
        };
        assert_eq!(to(Some("/autre")), Ok("https://forge.example/autre".to_owned()));
        assert_eq!(to(Some("https://ailleurs.example/a?b=c")), Ok("https://ailleurs.example/a?b=c".to_owned()));
        let refused = "the server redirects to http://forge.example/a, which is not encrypted";
        assert_eq!(to(Some("http://forge.example/a?token=secret")), Err(refused.to_owned()));
        for nowhere in [None, Some("http://"), Some("https://[")] {
            assert_eq!(to(nowhere), Err("the server redirects to no address".to_owned()), "{nowhere:?}");
        }
    }
}
