//! Takes connections, so many and no slower than they may be: a client that opens them and says nothing, or a letter now and then, costs us no
//! more than it.
//!
//! A connection that is open begins with HTTP/1.1, or with HTTP/2 as a client that knows of it beforehand does (RFC 9113, 3.3); behind a proxy both are usual.

use std::collections::HashMap;
use std::convert::Infallible;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::body::Body;
use axum::extract::ConnectInfo;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::{http1, http2};
use hyper::service::{Service as _, service_fn};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;

use super::{Service, responses};

/// How a connection over HTTP/2 begins. The library would wait for all of it without end.
const HTTP2: &[u8; 24] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// How often one looks whether a client has said more.
const LOOK: Duration = Duration::from_millis(20);

/// How long one waits where the system has no room for a connection.
const PAUSE: Duration = Duration::from_secs(1);

/// So many streams a connection over HTTP/2 may have at a time.
const STREAMS: u32 = 100;

/// What connections may take.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// So many may be open; others wait to be taken.
    pub connections: usize,
    /// So many may one address have, unless it is a proxy's; others are closed at once.
    pub of_one_address: usize,
    /// A request's head is to come within that time, and the next one after an answer.
    pub head: Duration,
    /// How long what is under way may take to end once the service is told to stop; those who listen go on until then.
    pub stop: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { connections: 4_096, of_one_address: 512, head: Duration::from_secs(20), stop: Duration::from_secs(5) }
    }
}

/// How many connections each address has.
#[derive(Default)]
struct Counts(Mutex<HashMap<IpAddr, usize>>);

/// One connection of an address.
struct Counted {
    counts: Arc<Counts>,
    address: IpAddr,
}

impl Counts {
    /// Counts one more, unless there are so many already.
    fn count(self: &Arc<Self>, address: IpAddr, most: usize) -> Option<Counted> {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(address).or_default();
        if *count >= most {
            return None;
        }
        *count += 1;
        Some(Counted { counts: Arc::clone(self), address })
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        let mut counts = self.counts.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = counts.get_mut(&self.address) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&self.address);
            }
        }
    }
}

/// Answers whoever connects, until it is told to stop.
pub async fn serve(listener: TcpListener, service: Service, limits: Limits, stop: impl Future<Output = ()>) {
    let router = TowerToHyperService::new(service.clone().router());
    let (places, counts) = (Arc::new(Semaphore::new(limits.connections)), Arc::new(Counts::default()));
    let (told, is_told) = watch::channel(false);
    let mut connections = JoinSet::new();
    let mut stop = pin!(stop);
    loop {
        let accepted = async {
            let place = Arc::clone(&places).acquire_owned().await;
            (listener.accept().await, place)
        };
        let (accepted, place) = tokio::select! {
            accepted = accepted => accepted,
            () = &mut stop => break,
        };
        while connections.try_join_next().is_some() {}
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(problem) => {
                if !is_of_the_client(&problem) {
                    tracing::error!(error = %problem, "a connection could not be taken");
                    tokio::time::sleep(PAUSE).await;
                }
                continue;
            }
        };
        let address = service.inner.clients.household_of(peer);
        let counted = address.map(|address| counts.count(address, limits.of_one_address));
        if matches!(counted, Some(None)) {
            continue;
        }
        let (service, router, is_told) = (service.clone(), router.clone(), is_told.clone());
        connections.spawn(async move {
            let _held = (place, counted);
            talk(stream, peer, service, router, is_told, limits.head).await;
        });
    }
    drop(listener);
    let _ = told.send(true);
    let ended = async { while connections.join_next().await.is_some() {} };
    // What is still under way then ends with its task.
    let _ = tokio::time::timeout(limits.stop, ended).await;
}

/// Whether a connection failed that was to be taken, and nothing is wrong here.
fn is_of_the_client(problem: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(problem.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

/// Waits for a connection, of either protocol, to end; once it is told to, it takes no more requests.
macro_rules! until_told {
    ($connection:expr, $is_told:ident) => {{
        let mut connection = pin!($connection);
        tokio::select! {
            ended = &mut connection => ended,
            () = async { let _ = $is_told.changed().await; } => {
                connection.as_mut().graceful_shutdown();
                connection.await
            }
        }
    }};
}

/// Answers what is asked over a connection.
async fn talk(
    stream: TcpStream,
    peer: SocketAddr,
    service: Service,
    router: TowerToHyperService<axum::Router>,
    mut is_told: watch::Receiver<bool>,
    head: Duration,
) {
    // Answers are written in one go: nothing is to wait for more of them.
    let _ = stream.set_nodelay(true);
    let Ok(Some(is_http2)) = tokio::time::timeout(head, is_http2(&stream)).await else { return };
    let service = service_fn(move |request: Request<Incoming>| {
        let (service, router) = (service.clone(), router.clone());
        async move {
            let answer = async |mut request: Request<Body>| {
                request.extensions_mut().insert(ConnectInfo(peer));
                let Ok(response) = router.call(request).await;
                response
            };
            Ok::<_, Infallible>(responses::give_again(&service, request.map(Body::new), answer).await)
        }
    });
    let io = TokioIo::new(stream);
    let ended = if is_http2 {
        let mut builder = http2::Builder::new(TokioExecutor::new());
        builder.timer(TokioTimer::new()).max_concurrent_streams(STREAMS).keep_alive_interval(head).keep_alive_timeout(head);
        until_told!(builder.serve_connection(io, service), is_told)
    } else {
        let mut builder = http1::Builder::new();
        builder.timer(TokioTimer::new()).header_read_timeout(head);
        until_told!(builder.serve_connection(io, service).with_upgrades(), is_told)
    };
    if let Err(problem) = ended {
        tracing::debug!(%peer, error = %problem, "a connection broke off");
    }
}

/// Whether a client begins with HTTP/2; `None` if it goes without a word.
async fn is_http2(stream: &TcpStream) -> Option<bool> {
    let mut start = [0; HTTP2.len()];
    loop {
        match stream.peek(&mut start).await {
            Ok(0) | Err(_) => return None,
            Ok(read) if read == start.len() || !HTTP2.starts_with(&start[..read]) => return Some(&start == HTTP2),
            Ok(_) => tokio::time::sleep(LOOK).await,
        }
    }
}
