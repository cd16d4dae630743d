//! HTTP servers for tests: one that says what it is told to, whole or broken, and one that serves Git repositories by the program
//! that real servers use.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// A request as it came.
#[derive(Debug, Clone, Default)]
pub(crate) struct Request {
    pub(crate) method: String,
    /// With the question mark and what follows.
    pub(crate) target: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Request {
    /// A header, by its name in lower case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// What is answered: bytes as they go over the wire, and what comes after them.
pub(crate) enum Reply {
    Close(Vec<u8>),
    /// Nothing more, and the connection stays open.
    Stall(Vec<u8>),
    /// These bytes again and again, with a pause between them.
    Drip(Vec<u8>, Vec<u8>),
}

impl Reply {
    /// An answer in order.
    pub(crate) fn of(status: u16, headers: &[(&str, &str)], body: &[u8]) -> Self {
        let mut bytes = format!("HTTP/1.1 {status} Status\r\nContent-Length: {}\r\nConnection: close\r\n", body.len());
        for (name, value) in headers {
            bytes.extend([name, ": ", value, "\r\n"]);
        }
        Self::Close([bytes.as_bytes(), b"\r\n", body].concat())
    }

    pub(crate) fn redirect(to: &str) -> Self {
        Self::of(302, &[("Location", to)], b"")
    }
}

/// A server of this machine; stops when it is dropped.
pub(crate) struct Server {
    /// `http://127.0.0.1:PORT`.
    pub(crate) address: String,
    seen: Arc<Mutex<Vec<Request>>>,
    is_over: Arc<AtomicBool>,
}

impl Server {
    /// Answers each request by a function.
    pub(crate) fn start(answer: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        let (seen, is_over) = (Arc::new(Mutex::new(Vec::new())), Arc::new(AtomicBool::new(false)));
        let (requests, over, answer) = (Arc::clone(&seen), Arc::clone(&is_over), Arc::new(answer));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if over.load(Ordering::Relaxed) {
                    return;
                }
                let (requests, over, answer) = (Arc::clone(&requests), Arc::clone(&over), Arc::clone(&answer));
                std::thread::spawn(move || {
                    // A client that goes away is not the server's trouble.
                    let _ = serve(stream, &requests, &over, &*answer);
                });
            }
        });
        Self { address, seen, is_over }
    }

    /// Serves the repositories in a folder.
    pub(crate) fn git(folder: &Path) -> Self {
        let folder = folder.to_owned();
        Self::start(move |request| http_backend(&folder, request))
    }

    /// The requests since the last time, as `METHOD target`.
    pub(crate) fn seen(&self) -> Vec<String> {
        self.requests().iter().map(|request| format!("{} {}", request.method, request.target)).collect()
    }

    /// The requests since the last time.
    pub(crate) fn requests(&self) -> Vec<Request> {
        std::mem::take(&mut *self.seen.lock().expect("the requests"))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::Relaxed);
        // Wakes the thread that listens.
        let _ = TcpStream::connect(self.address.trim_start_matches("http://"));
    }
}

fn serve(
    stream: TcpStream,
    seen: &Mutex<Vec<Request>>,
    is_over: &AtomicBool,
    answer: &dyn Fn(&Request) -> Reply,
) -> std::io::Result<()> {
    let Some(request) = read(&stream)? else { return Ok(()) };
    seen.lock().expect("the requests").push(request.clone());
    let mut stream = stream;
    match answer(&request) {
        Reply::Close(bytes) => stream.write_all(&bytes),
        Reply::Stall(bytes) => {
            stream.write_all(&bytes)?;
            while !is_over.load(Ordering::Relaxed) {
                std::thread::sleep(Duration::from_millis(20));
            }
            Ok(())
        }
        Reply::Drip(head, drop) => {
            stream.write_all(&head)?;
            while !is_over.load(Ordering::Relaxed) {
                stream.write_all(&drop)?;
                std::thread::sleep(Duration::from_millis(20));
            }
            Ok(())
        }
    }
}

fn read(stream: &TcpStream) -> std::io::Result<Option<Request>> {
    let mut reader = BufReader::new(stream);
    let mut first = String::new();
    if reader.read_line(&mut first)? == 0 {
        return Ok(None);
    }
    let mut words = first.split_whitespace().map(str::to_owned);
    let mut request =
        Request { method: words.next().unwrap_or_default(), target: words.next().unwrap_or_default(), ..Request::default() };
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        request.headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let length = request.header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    request.body = vec![0; length];
    reader.read_exact(&mut request.body)?;
    Ok(Some(request))
}

/// Answers as a Git server does: by `git http-backend`, which speaks CGI.
pub(crate) fn http_backend(folder: &Path, request: &Request) -> Reply {
    let (path, query) = request.target.split_once('?').unwrap_or((&request.target, ""));
    let header = |name: &str| request.header(name).unwrap_or_default().to_owned();
    let mut program = Command::new("git")
        .arg("http-backend")
        .env("GIT_PROJECT_ROOT", folder)
        .env("GIT_HTTP_EXPORT_ALL", "1")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_CONFIG_COUNT", "1")
        .env("GIT_CONFIG_KEY_0", "safe.directory")
        .env("GIT_CONFIG_VALUE_0", "*")
        .env("REQUEST_METHOD", &request.method)
        .env("PATH_INFO", path)
        .env("QUERY_STRING", query)
        .env("CONTENT_TYPE", header("content-type"))
        .env("CONTENT_LENGTH", request.body.len().to_string())
        .env("GIT_PROTOCOL", header("git-protocol"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("git, which serves the repositories of these tests");
    let mut input = program.stdin.take().expect("an input");
    // A program that has read enough closes its input.
    let _ = input.write_all(&request.body);
    drop(input);
    let output = program.wait_with_output().expect("an answer").stdout;
    let end = output.windows(4).position(|window| window == b"\r\n\r\n").expect("headers");
    let head = String::from_utf8_lossy(&output[..end]);
    let mut headers: Vec<(&str, &str)> = head.lines().filter_map(|line| line.split_once(": ")).collect();
    let status = headers.iter().find(|(name, _)| *name == "Status").and_then(|(_, status)| status.get(..3)?.parse().ok());
    headers.retain(|(name, _)| *name != "Status");
    Reply::of(status.unwrap_or(200), &headers, &output[end + 4..])
}
