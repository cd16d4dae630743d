//! A Git server of this machine, by the program that real servers use (`git http-backend`), and a repository for it that is made
//! as fast as a file is read (`git fast-import`).

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context as _, Result, ensure};

/// A file of a commit: its path and what it holds.
pub type File = (String, String);

/// Commits files to a bare repository, which is made if it is not there.
pub fn commit(repository: &Path, message: &str, files: impl IntoIterator<Item = File>) -> Result<()> {
    let is_new = !repository.join("HEAD").is_file();
    if is_new {
        run(Command::new("git").args(["init", "--quiet", "--bare", "--initial-branch=main"]).arg(repository))?;
        run(Command::new("git").arg("-C").arg(repository).args(["config", "uploadpack.allowFilter", "true"]))?;
    }
    let mut import = Command::new("git")
        .arg("-C")
        .arg(repository)
        .args(["fast-import", "--quiet"])
        .stdin(Stdio::piped())
        .spawn()
        .context("git, which makes the repository, is needed")?;
    {
        let mut input = std::io::BufWriter::new(import.stdin.take().context("the program has an input")?);
        let number = usize::from(!is_new);
        write!(input, "commit refs/heads/main\ncommitter Maillage <bench@localhost> {} +0000\n", 1_700_000_000 + number)?;
        writeln!(input, "data {}\n{message}", message.len())?;
        if !is_new {
            writeln!(input, "from refs/heads/main^0")?;
        }
        for (path, text) in files {
            writeln!(input, "M 100644 inline {path}\ndata {}\n{text}", text.len())?;
        }
        writeln!(input, "done")?;
        input.flush()?;
    }
    let status = import.wait()?;
    ensure!(status.success(), "git fast-import failed: {status}");
    Ok(())
}

fn run(command: &mut Command) -> Result<()> {
    let status = command.status().context("git, which makes the repository, is needed")?;
    ensure!(status.success(), "{command:?} failed: {status}");
    Ok(())
}

/// A change that is made when it is asked for by `/_change`.
type Change = dyn Fn() -> Result<()> + Send + Sync;

/// Serves the repositories of a folder until its process ends.
#[derive(Debug, Clone)]
pub struct GitServer {
    /// `http://127.0.0.1:PORT`.
    pub address: String,
}

impl GitServer {
    /// Starts it. Beside Git it answers `/_requests`, with how many requests Git made since the last time, and `/_change`.
    pub fn start(folder: &Path, change: impl Fn() -> Result<()> + Send + Sync + 'static) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = format!("http://{}", listener.local_addr()?);
        let (folder, requests) = (folder.to_owned(), Arc::new(AtomicUsize::new(0)));
        let change: Arc<Change> = Arc::new(change);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (folder, requests, change) = (folder.clone(), Arc::clone(&requests), Arc::clone(&change));
                std::thread::spawn(move || {
                    if let Err(error) = serve(&stream, &folder, &requests, &*change) {
                        eprintln!("the Git server: {error:#}");
                    }
                });
            }
        });
        Ok(Self { address })
    }
}

/// Asks a server for one of its own pages.
pub fn ask(address: &str, page: &str) -> Result<String> {
    let mut stream = TcpStream::connect(address.trim_start_matches("http://"))?;
    write!(stream, "GET {page} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let (head, body) = answer.split_once("\r\n\r\n").context("the server does not speak HTTP")?;
    ensure!(head.starts_with("HTTP/1.1 200"), "{page}: {head}");
    Ok(body.to_owned())
}

fn serve(stream: &TcpStream, folder: &PathBuf, requests: &AtomicUsize, change: &Change) -> Result<()> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let mut words = line.split_whitespace();
    let (Some(method), Some(target)) = (words.next(), words.next()) else { return Ok(()) };
    let (method, target) = (method.to_owned(), target.to_owned());
    let (mut length, mut content_type, mut protocol) = (0, String::new(), String::new());
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        let value = value.trim();
        match name.to_ascii_lowercase().as_str() {
            "content-length" => length = value.parse()?,
            "content-type" => value.clone_into(&mut content_type),
            "git-protocol" => value.clone_into(&mut protocol),
            _ => {}
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let mut stream = stream;
    let own = match target.as_str() {
        "/_requests" => Some(requests.swap(0, Ordering::SeqCst).to_string()),
        "/_change" => Some(change().map(|()| String::new())?),
        _ => None,
    };
    if let Some(text) = own {
        write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{text}", text.len())?;
        return Ok(());
    }
    requests.fetch_add(1, Ordering::SeqCst);
    let (path, query) = target.split_once('?').unwrap_or((&target, ""));
    let mut program = Command::new("git")
        .arg("http-backend")
        .env("GIT_PROJECT_ROOT", folder)
        .env("GIT_HTTP_EXPORT_ALL", "1")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_CONFIG_COUNT", "1")
        .env("GIT_CONFIG_KEY_0", "safe.directory")
        .env("GIT_CONFIG_VALUE_0", "*")
        .env("REQUEST_METHOD", &method)
        .env("PATH_INFO", path)
        .env("QUERY_STRING", query)
        .env("CONTENT_TYPE", content_type)
        .env("CONTENT_LENGTH", length.to_string())
        .env("GIT_PROTOCOL", protocol)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .context("git, which serves the repository, is needed")?;
    let mut input = program.stdin.take().context("the program has an input")?;
    // A program that has read enough closes its input.
    let _ = input.write_all(&body);
    drop(input);
    let output = program.wait_with_output()?.stdout;
    let end = output.windows(4).position(|window| window == b"\r\n\r\n").context("git http-backend gave no headers")?;
    let head = String::from_utf8_lossy(&output[..end]);
    let status = head.lines().find_map(|line| line.strip_prefix("Status: ")).unwrap_or("200 OK").to_owned();
    write!(stream, "HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n", output.len() - end - 4)?;
    for line in head.lines().filter(|line| !line.starts_with("Status: ")) {
        write!(stream, "{line}\r\n")?;
    }
    write!(stream, "\r\n")?;
    stream.write_all(&output[end + 4..])?;
    Ok(())
}
