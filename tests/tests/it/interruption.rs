//! A line between a service and its store that can be cut and restored.

use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

/// Passes connections on to an address, unless it is cut.
pub struct Interruption {
    url: String,
    is_cut: Arc<AtomicBool>,
    open: Arc<Mutex<Vec<TcpStream>>>,
}

impl Interruption {
    /// A line to the server of a URL such as `bolt://127.0.0.1:7687`.
    pub fn before(url: &str) -> Self {
        let (scheme, target) = url.split_once("://").expect("a URL has a scheme");
        let target: SocketAddr = target.trim_end_matches('/').parse().expect("the tests' server has an address and a port");
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let url = format!("{scheme}://{}", listener.local_addr().expect("it is bound"));
        let line = Self { url, is_cut: Arc::default(), open: Arc::default() };
        let (is_cut, open) = (Arc::clone(&line.is_cut), Arc::clone(&line.open));
        std::thread::spawn(move || {
            for near in listener.incoming().map_while(Result::ok) {
                if is_cut.load(Ordering::SeqCst) {
                    continue;
                }
                let far = TcpStream::connect(target).expect("the tests' server is there");
                for (from, to) in [(&near, &far), (&far, &near)] {
                    let (mut from, mut to) = (from.try_clone().expect("a socket"), to.try_clone().expect("a socket"));
                    std::thread::spawn(move || {
                        let _ = std::io::copy(&mut from, &mut to);
                        let _ = to.shutdown(Shutdown::Both);
                    });
                }
                open.lock().expect("nobody panics with it").extend([near, far]);
            }
        });
        line
    }

    /// Where the line begins.
    pub fn address(&self) -> &str {
        &self.url
    }

    /// Drops all connections and lets none through.
    pub fn cut(&self) {
        self.is_cut.store(true, Ordering::SeqCst);
        for socket in self.open.lock().expect("nobody panics with it").drain(..) {
            let _ = socket.shutdown(Shutdown::Both);
        }
    }

    /// Lets connections through again.
    pub fn restore(&self) {
        self.is_cut.store(false, Ordering::SeqCst);
    }
}
