//! Sends a running service what hostile clients would, many at a time, and shows what each kind of request costs: how long the answer took, its
//! statuses, the processor time that the service spent on one, and its memory afterwards. Fails where the service fails, is slow, or grows.
//!
//! Requests come from this machine, which has no budget: what is seen is what stands before the budget.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use clap::Parser;
use futures::future::join_all;
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

#[derive(Parser)]
struct Arguments {
    /// Where the service listens: <http://127.0.0.1:8000>
    #[arg(long)]
    address: String,
    /// The process of the service
    #[arg(long)]
    process: u32,
    /// For how long each kind of request is sent
    #[arg(long, default_value_t = 3)]
    seconds: u64,
    /// Only what has this in its name
    #[arg(long)]
    only: Option<String>,
}

/// So many requests are under way at a time.
const AT_ONCE: usize = 16;

/// An answer that takes longer is a fault: a question may take twenty seconds, and none of these should come near that.
const SLOWEST: Duration = Duration::from_secs(5);

/// By so much memory may grow from the first attack to the last, in MiB.
const MOST_GROWTH: u64 = 100;

/// A kind of request.
struct Attack {
    name: &'static str,
    request: Vec<u8>,
}

fn post(name: &'static str, query: &str) -> Attack {
    body(name, json!({ "query": query }).to_string().as_bytes())
}

fn body(name: &'static str, body: &[u8]) -> Attack {
    let mut request = format!(
        "POST /graphql HTTP/1.1\r\nHost: attack\r\nConnection: close\r\nContent-Type: application/json\r\n\
         Accept: application/graphql-response+json\r\nContent-Length: {}\r\n\r\n",
        body.len()
    )
    .into_bytes();
    request.extend_from_slice(body);
    Attack { name, request }
}

fn get(name: &'static str, path: &str) -> Attack {
    Attack { name, request: format!("GET {path} HTTP/1.1\r\nHost: attack\r\nConnection: close\r\n\r\n").into_bytes() }
}

/// A text so many times, each with its number.
fn many(count: usize, text: impl Fn(usize) -> String) -> String {
    (0..count).fold(String::new(), |mut all, number| {
        all.push_str(&text(number));
        all
    })
}

/// Selections within one another.
fn nested(depth: usize, open: &str, inner: &str, close: &str) -> String {
    format!("{}{inner}{}", open.repeat(depth), close.repeat(depth))
}

fn attacks() -> Vec<Attack> {
    let list = "initiatives(first: 100) { nodes { ";
    let world = "bounds: { west: -180, south: -90, east: 180, north: 90 }";
    let lettered = |letter: char| many(3_000, |number| format!("{letter}{number} "));
    vec![
        post("a hundred thousand open braces", &"{".repeat(100_000)),
        post("a hundred thousand open brackets", &format!("{{ town(key: {}", "[".repeat(100_000))),
        post("a list in a list, 30,000 deep", &format!("{{ town(key: {}) {{ key }} }}", nested(30_000, "[", "1", "]"))),
        post("selections 20,000 deep", &nested(20_000, "{a", "", "}")),
        post("a type in a type, 10,000 deep", &format!("query($a: {}Int{}) {{ a }}", "[".repeat(10_000), "]".repeat(10_000))),
        post("200 kB of words", &"a ".repeat(100_000)),
        post("200 kB of a comment", &format!("#{}\n{{ topics {{ key }} }}", "x".repeat(200_000))),
        post("a text of 200 kB", &format!("{{ town(key: \"{}\") {{ key }} }}", "é".repeat(100_000))),
        post("6,000 aliases of a cheap field", &format!("{{ {} }}", many(6_000, |n| format!("a{n}: __typename ")))),
        post(
            "500 aliases of a search",
            &format!("{{ {} }}", many(500, |n| format!("a{n}: search(text: \"agen\") {{ totalCount }} "))),
        ),
        post(
            "50 aliases of all that is similar",
            &format!(
                "{{ {} }}",
                many(50, |n| {
                    format!(
                        "a{n}: initiative(key: \"roubaix-guichets-ouverts\") {{ similar(first: 50) {{ score reasons {{ text }} }} }} "
                    )
                })
            ),
        ),
        post("one field 20,000 times", &format!("{{ {} }}", "__typename ".repeat(20_000))),
        post("8,000 directives on a field", &format!("{{ __typename {} }}", "@skip(if: true) ".repeat(8_000))),
        post("8,000 unknown directives", &format!("{{ __typename {} }}", "@no ".repeat(8_000))),
        post(
            "fragments that double 40 times",
            &format!(
                "{{ ...f40 }} fragment f0 on Query {{ __typename }} {}",
                many(40, |n| { format!("fragment f{} on Query {{ ...f{n} ...f{n} }} ", n + 1) })
            ),
        ),
        post("fragments in a circle", "{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }"),
        post(
            "2,000 fragments, each in the next",
            &format!(
                "{{ ...f2000 }} fragment f0 on Query {{ __typename }} {}",
                many(2_000, |n| { format!("fragment f{} on Query {{ ...f{n} }} ", n + 1) })
            ),
        ),
        post("3,000 operations", &many(3_000, |n| format!("query q{n} {{ __typename }} "))),
        post("3,000 variables", &format!("query({}) {{ __typename }}", many(3_000, |n| format!("$v{n}: Int ")))),
        post("lists of a hundred, four deep", &nested(4, &format!("{{ {list} towns "), "{ key }", " } } }")),
        post(
            "lists of a hundred, three deep",
            &format!(
                "{{ {list} towns {{ initiatives(first: 100) {{ nodes {{ topics {{ initiatives(first: 100) {{ nodes {{ key }} }} }} }} }} }} }} }} }}"
            ),
        ),
        post(
            "the most that may be asked",
            "{ initiatives(first: 100) { totalCount nodes { key title topics { key label } towns { key name } } } }",
        ),
        post("a search of 3,000 words", &format!("{{ search(text: \"{}\") {{ totalCount }} }}", lettered('a'))),
        post("a search of one letter", "{ search(text: \"a\") { totalCount edges { score } } }"),
        post(
            "a filter of 3,000 topics",
            &format!("{{ initiatives(filter: {{ topics: [{}] }}) {{ totalCount }} }}", many(3_000, |n| format!("\"t{n}\" "))),
        ),
        post(
            "a map of the world, closest",
            &format!(
                "{{ map({world}, zoom: 22) {{ clusters {{ id count topTopics {{ key }} }} pins {{ initiative {{ title }} }} }} }}"
            ),
        ),
        post(
            "a box that is none",
            "{ map(bounds: { west: 1e300, south: -1e300, east: -5, north: 99 }, zoom: 2147483647) { totalCount } }",
        ),
        post(
            "all facets at once, twenty times",
            &format!(
                "{{ {} }}",
                many(20, |n| {
                    format!("a{n}: initiatives {{ facets(by: [TOPIC, KIND, STATUS]) {{ buckets {{ key count }} }} }} ")
                })
            ),
        ),
        post(
            "a path across the graph",
            "{ path(from: \"dG93bjppbnNlZTo0NzAwMQ\", to: \"dG93bjppbnNlZTo1OTUxMg\") { __typename } }",
        ),
        post("a thousand ids", &format!("{{ nodes(ids: [{}]) {{ __typename }} }}", many(1_000, |n| format!("\"x{n}\" ")))),
        post("a cursor of 100 kB", &format!("{{ initiatives(after: \"{}\") {{ totalCount }} }}", "A".repeat(100_000))),
        post("the id of a cluster of 100 kB", &format!("{{ cluster(id: \"{}\") {{ totalCount }} }}", "A".repeat(100_000))),
        post("a page of minus two billion", "{ initiatives(first: -2147483648) { totalCount } }"),
        post(
            "the whole schema",
            "{ __schema { types { name description fields { name description args { name type { name } } type { name kind ofType { name } } } } } }",
        ),
        post(
            "the schema in itself, eight deep",
            &format!("{{ __schema {{ types {} }} }}", nested(8, "{ fields { type ", "{ name }", " } }")),
        ),
        body(
            "variables in a list, 60,000 deep",
            format!("{{\"query\":\"{{ __typename }}\",\"variables\":{}1{}}}", "[".repeat(60_000), "]".repeat(60_000)).as_bytes(),
        ),
        body("JSON that is none", &b"{\"query\":".repeat(20_000)),
        body("what is not UTF-8", &[0xff; 50_000]),
        body("a body of 8 MB", &vec![b' '; 8 << 20]),
        body(
            "a hundred queries at once",
            format!("[{}]", vec![json!({ "query": "{ __typename }" }).to_string(); 100].join(",")).as_bytes(),
        ),
        get("an address of 60 kB", &format!("/graphql?query={}", "%7B".repeat(20_000))),
        get("a filter of 1,000 parameters", &format!("/initiatives.geojson?{}", many(1_000, |n| format!("topic=t{n}&")))),
        get("a tile with a search of its own", "/tiles/0/0/0.mvt?text=a"),
        get("a tile beyond all", "/tiles/22/4194303/4194303.mvt"),
        get("a page of GeoJSON", "/initiatives.geojson?first=100"),
        get("an export", "/export/initiatives.csv"),
        get("a feed of a search", "/initiatives.atom?text=numerique&first=100"),
        get("a path that climbs", "/../../../../etc/passwd"),
        Attack {
            name: "a method that is none",
            request: b"BREW /graphql HTTP/1.1\r\nHost: attack\r\nConnection: close\r\n\r\n".to_vec(),
        },
        Attack {
            name: "2,000 headers",
            request: format!("GET / HTTP/1.1\r\n{}\r\n", many(2_000, |n| format!("x-{n}: y\r\n"))).into_bytes(),
        },
        Attack { name: "nothing but a connection", request: Vec::new() },
    ]
}

/// What came of a kind of request.
#[derive(Default)]
struct Outcome {
    times: Vec<Duration>,
    statuses: BTreeMap<String, usize>,
}

#[tokio::main]
async fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let address = arguments.address.strip_prefix("http://").context("the address begins with http://")?.to_owned();
    println!("| request | sent | p50, ms | slowest, ms | processor, ms each | answered | memory, MiB |");
    println!("|---|---:|---:|---:|---:|---|---:|");
    let is_wanted = |attack: &Attack| arguments.only.as_ref().is_none_or(|only| attack.name.contains(only.as_str()));
    let (mut faults, mut first, mut last) = (Vec::new(), None, 0);
    // What is read for the first time is not yet what an attack costs.
    let warm =
        post("", "{ initiatives(first: 100) { nodes { title caseStudy { markdown } } } search(text: \"agen\") { totalCount } }");
    send(&address, &warm.request).await?;
    for attack in attacks().iter().filter(|attack| is_wanted(attack)) {
        let before = processor_time(arguments.process)?;
        let mut outcome = under_attack(&address, attack, Duration::from_secs(arguments.seconds)).await;
        let worked = processor_time(arguments.process)?.saturating_sub(before);
        last = memory(arguments.process)?;
        first.get_or_insert(last);
        outcome.times.sort_unstable();
        let sent = outcome.times.len();
        let slowest = outcome.times.last().copied().unwrap_or_default();
        let each = worked.as_secs_f64() * 1_000.0 / f64::from(u32::try_from(sent.max(1))?);
        let median = outcome.times.get(sent / 2).copied().unwrap_or_default();
        let milliseconds = |time: Duration| time.as_secs_f64() * 1_000.0;
        let statuses = outcome.statuses.iter().fold(String::new(), |mut all, (status, count)| {
            let _ = write!(all, "{}{status} × {count}", if all.is_empty() { "" } else { ", " });
            all
        });
        println!(
            "| {} | {sent} | {:.1} | {:.1} | {each:.2} | {statuses} | {last} |",
            attack.name,
            milliseconds(median),
            milliseconds(slowest)
        );
        if slowest > SLOWEST {
            faults.push(format!("{}: an answer took {} ms", attack.name, slowest.as_millis()));
        }
        let is_fault = |status: &str| status.starts_with('5') && status != "503";
        if let Some(status) = outcome.statuses.keys().find(|status| is_fault(status)) {
            faults.push(format!("{}: answered with {status}", attack.name));
        }
        if let Err(problem) = send(&address, &get("", "/health/ready").request).await {
            bail!("after {}: the service does not answer: {problem}", attack.name);
        }
    }
    let growth = last.saturating_sub(first.unwrap_or_default());
    println!("\nmemory grew by {growth} MiB from the first to the last");
    if growth > MOST_GROWTH {
        faults.push(format!("memory grew by {growth} MiB"));
    }
    if faults.is_empty() { Ok(()) } else { bail!("{}", faults.join("\n")) }
}

/// Sends a request again and again, for a time, from several clients.
async fn under_attack(address: &str, attack: &Attack, time: Duration) -> Outcome {
    let end = Instant::now() + time;
    let client = |mut outcome: Outcome| async move {
        while Instant::now() < end {
            let began = Instant::now();
            let status = send(address, &attack.request).await.unwrap_or_else(|_| "closed".to_owned());
            outcome.times.push(began.elapsed());
            *outcome.statuses.entry(status).or_default() += 1;
        }
        outcome
    };
    let clients: Vec<_> = (0..AT_ONCE).map(|_| client(Outcome::default())).collect();
    let mut all = Outcome::default();
    for outcome in join_all(clients).await {
        all.times.extend(outcome.times);
        for (status, count) in outcome.statuses {
            *all.statuses.entry(status).or_default() += count;
        }
    }
    all
}

/// Sends a request and reads the answer to its end; gives its status.
async fn send(address: &str, request: &[u8]) -> Result<String> {
    let mut stream = TcpStream::connect(address).await?;
    // The service may have answered, and closed, before it has read all.
    let sent = stream.write_all(request).await;
    if request.is_empty() {
        return Ok("closed by us".to_owned());
    }
    let mut answer = Vec::new();
    let read =
        tokio::time::timeout(Duration::from_mins(1), stream.read_to_end(&mut answer)).await.context("no answer in a minute")?;
    let status = answer.get(9..12).map(|status| String::from_utf8_lossy(status).into_owned());
    if let Some(status) = status {
        return Ok(status);
    }
    sent?;
    read?;
    bail!("the connection was closed without an answer")
}

/// How much processor time a process has spent (proc(5), `/proc/PID/stat`, in hundredths of a second).
fn processor_time(process: u32) -> Result<Duration> {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).context("the service has ended")?;
    let after_name = stat.rsplit_once(')').context("a line of /proc")?.1;
    let ticks: u64 = after_name.split_whitespace().skip(11).take(2).filter_map(|ticks| ticks.parse::<u64>().ok()).sum();
    Ok(Duration::from_millis(ticks * 10))
}

/// How much memory a process has, in MiB.
fn memory(process: u32) -> Result<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).context("the service has ended")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("a line of /proc")?;
    Ok(line.split_whitespace().next().context("a number")?.parse::<u64>()? / 1_024)
}
