//! Git's protocol over our client: what the library asks goes through [`Client`], with its limits, manners and guards.

use std::any::Any;
use std::io::{self, BufRead, BufReader, Cursor, Read, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use gix::protocol::transport::Protocol;
use gix::protocol::transport::client::blocking_io::http::{self, GetResponse, Http, PostBodyDataKind, PostResponse, Transport};
use reqwest::Method;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use url::Url;

use crate::source::http::{Answer, Body, Client, Problem};

/// The library's transport, over our client.
pub fn over(client: &Client, address: &Url) -> Result<Transport<Requests>, Problem> {
    let url = gix::url::parse(address.as_str()).map_err(|error| Problem::Lasting(error.to_string()))?;
    let requests = Requests { client: client.clone(), base: None };
    Ok(http::connect_http(requests, url, Protocol::V2, false))
}

/// The address that a redirected answer belongs to, without what was asked below it.
pub fn base_of(answered: &Url, tail: &str) -> Result<String, Problem> {
    let answered = answered.as_str();
    let base = answered
        .strip_suffix(tail)
        .ok_or_else(|| Problem::Lasting("the server redirects to a page that is no part of a Git repository".to_owned()))?;
    Ok(base.trim_end_matches('/').to_owned())
}

/// Makes the library's requests.
pub struct Requests {
    client: Client,
    /// Where a redirect led.
    base: Option<String>,
}

impl Requests {
    fn request(
        &self,
        method: Method,
        url: &str,
        base: &str,
        headers: impl IntoIterator<Item = impl AsRef<str>>,
    ) -> gix::Result<Request> {
        // The library asks below the address that it knows of; the server may have sent us elsewhere.
        let tail = url.strip_prefix(base).unwrap_or(url).trim_start_matches('/').to_owned();
        let base = self.base.as_deref().unwrap_or(base).trim_end_matches('/');
        let url = Url::parse(&format!("{base}/{tail}")).map_err(gix::Error::from_error)?;
        let headers = headers.into_iter().filter_map(|line| header(line.as_ref())).collect();
        Ok(Request { client: self.client.clone(), method, url, tail, headers, body: Vec::new() })
    }
}

fn header(line: &str) -> Option<(HeaderName, HeaderValue)> {
    let (name, value) = line.split_once(':')?;
    Some((name.trim().parse().ok()?, value.trim().parse().ok()?))
}

impl Http for Requests {
    type Headers = AnswerHeaders;
    type ResponseBody = AnswerBody;
    type PostBody = RequestBody;

    fn get(
        &mut self,
        url: &str,
        base_url: &str,
        headers: impl IntoIterator<Item = impl AsRef<str>>,
    ) -> gix::Result<GetResponse<AnswerHeaders, AnswerBody>> {
        let request = self.request(Method::GET, url, base_url, headers)?;
        let answer = request.send().map_err(gix::Error::from_error)?;
        if answer.url != request.url {
            self.base = Some(base_of(&answer.url, &request.tail).map_err(gix::Error::from_error)?);
        }
        let exchange = Shared::of(Exchange::Answered(Answered::of(answer)));
        Ok(GetResponse { headers: AnswerHeaders::of(&exchange), body: AnswerBody::of(&exchange) })
    }

    fn post(
        &mut self,
        url: &str,
        base_url: &str,
        headers: impl IntoIterator<Item = impl AsRef<str>>,
        _body: PostBodyDataKind,
    ) -> gix::Result<PostResponse<AnswerHeaders, AnswerBody, RequestBody>> {
        let request = self.request(Method::POST, url, base_url, headers)?;
        let exchange = Shared::of(Exchange::Prepared(request));
        Ok(PostResponse {
            post_body: RequestBody(exchange.clone()),
            headers: AnswerHeaders::of(&exchange),
            body: AnswerBody::of(&exchange),
        })
    }

    fn configure(&mut self, _config: &dyn Any) -> gix::Result<()> {
        // The library's own settings are those of other clients; ours was made with its own.
        Ok(())
    }

    fn redirected_base_url(&self) -> Option<String> {
        self.base.clone()
    }
}

struct Request {
    client: Client,
    method: Method,
    url: Url,
    tail: String,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Request {
    fn send(&self) -> Result<Answer, Problem> {
        self.client.request(&self.method, &self.url, &self.headers, &self.body)
    }
}

struct Answered {
    headers: Vec<u8>,
    body: Option<BufReader<Body>>,
}

impl Answered {
    fn of(answer: Answer) -> Self {
        let mut headers = Vec::new();
        for (name, value) in &answer.headers {
            headers.extend_from_slice(name.as_str().as_bytes());
            headers.push(b':');
            headers.extend_from_slice(value.as_bytes());
            headers.push(b'\n');
        }
        Self { headers, body: Some(BufReader::with_capacity(64 << 10, answer.body)) }
    }
}

/// A request and its answer.
enum Exchange {
    /// Its body is being written. It is sent when somebody reads the answer: by then the body is complete.
    Prepared(Request),
    Answered(Answered),
    Failed(Problem),
}

/// The parts of an exchange are read and written through values of their own.
#[derive(Clone)]
struct Shared(Arc<Mutex<Exchange>>);

impl Shared {
    fn of(exchange: Exchange) -> Self {
        Self(Arc::new(Mutex::new(exchange)))
    }

    fn lock(&self) -> MutexGuard<'_, Exchange> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes something of the answer, which is asked for first if it has not been.
    fn answered<T>(&self, take: impl FnOnce(&mut Answered) -> T) -> io::Result<T> {
        let mut exchange = self.lock();
        if let Exchange::Prepared(request) = &*exchange {
            *exchange = match request.send() {
                Ok(answer) => Exchange::Answered(Answered::of(answer)),
                Err(problem) => Exchange::Failed(problem),
            };
        }
        match &mut *exchange {
            Exchange::Answered(answered) => Ok(take(answered)),
            Exchange::Failed(problem) => Err(problem.clone().into()),
            Exchange::Prepared(_) => Err(io::Error::other("the request was not sent")),
        }
    }
}

/// The body of a request, as it is written.
pub struct RequestBody(Shared);

impl Write for RequestBody {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut *self.0.lock() {
            Exchange::Prepared(request) => {
                request.body.extend_from_slice(bytes);
                Ok(bytes.len())
            }
            _ => Err(io::Error::other("the request was sent already")),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The headers of an answer, line by line.
pub struct AnswerHeaders {
    exchange: Shared,
    lines: Option<Cursor<Vec<u8>>>,
}

impl AnswerHeaders {
    fn of(exchange: &Shared) -> Self {
        Self { exchange: exchange.clone(), lines: None }
    }

    fn lines(&mut self) -> io::Result<&mut Cursor<Vec<u8>>> {
        if self.lines.is_none() {
            self.lines = Some(Cursor::new(self.exchange.answered(|answered| std::mem::take(&mut answered.headers))?));
        }
        self.lines.as_mut().ok_or_else(|| io::Error::other("no headers"))
    }
}

impl Read for AnswerHeaders {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.lines()?.read(buffer)
    }
}

impl BufRead for AnswerHeaders {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.lines()?.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        if let Some(lines) = &mut self.lines {
            lines.consume(amount);
        }
    }
}

/// The body of an answer.
pub struct AnswerBody {
    exchange: Shared,
    body: Option<BufReader<Body>>,
}

impl AnswerBody {
    fn of(exchange: &Shared) -> Self {
        Self { exchange: exchange.clone(), body: None }
    }

    fn body(&mut self) -> io::Result<&mut BufReader<Body>> {
        if self.body.is_none() {
            self.body = self.exchange.answered(|answered| answered.body.take())?;
        }
        self.body.as_mut().ok_or_else(|| io::Error::other("the answer was read already"))
    }
}

impl Read for AnswerBody {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.body()?.read(buffer)
    }
}

impl BufRead for AnswerBody {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.body()?.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        if let Some(body) = &mut self.body {
            body.consume(amount);
        }
    }
}
