//! What can go wrong between the store and its server: something in the middle that cuts, holds back and swallows, and
//! servers that do not behave.
#![expect(clippy::unwrap_used, reason = "a test says what is wrong by panicking")]

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// How the answers of the server are treated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answers {
    Pass,
    /// They stay where they are.
    Hold,
    /// The connection ends instead of the answer to its COMMIT; the next connections are in order.
    CutCommit,
}

/// Stands between a store and a server.
pub struct Middle {
    pub address: SocketAddr,
    server: String,
    answers: Arc<watch::Sender<Answers>>,
    /// Connections of the store that are open.
    pub open: Arc<watch::Sender<usize>>,
    listening: Option<JoinHandle<()>>,
    cut: watch::Sender<u32>,
}

impl Middle {
    /// Stands before a server, at an address of its own.
    pub async fn before(uri: &str) -> Self {
        let server = uri.split_once("://").unwrap().1.to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut middle = Self {
            address: listener.local_addr().unwrap(),
            server,
            answers: Arc::new(watch::channel(Answers::Pass).0),
            open: Arc::new(watch::channel(0).0),
            listening: None,
            cut: watch::channel(0).0,
        };
        middle.listen(listener);
        middle
    }

    pub fn uri(&self) -> String {
        format!("bolt://{}", self.address)
    }

    pub fn answers(&self, answers: Answers) {
        self.answers.send_replace(answers);
    }

    /// As if the server went away: connections end, new ones are refused.
    pub async fn stop(&mut self) {
        if let Some(listening) = self.listening.take() {
            listening.abort();
            assert!(listening.await.unwrap_err().is_cancelled());
        }
        self.cut.send_modify(|times| *times += 1);
        self.open.subscribe().wait_for(|open| *open == 0).await.unwrap();
    }

    /// As if it came back.
    pub async fn start(&mut self) {
        self.listen(TcpListener::bind(self.address).await.unwrap());
    }

    fn listen(&mut self, listener: TcpListener) {
        let (server, answers, open, cut) =
            (self.server.clone(), Arc::clone(&self.answers), Arc::clone(&self.open), self.cut.subscribe());
        self.listening = Some(tokio::spawn(async move {
            loop {
                let (client, _) = listener.accept().await.unwrap();
                let server = TcpStream::connect(&server).await.unwrap();
                open.send_modify(|open| *open += 1);
                let (answers, open, mut cut) = (Arc::clone(&answers), Arc::clone(&open), cut.clone());
                cut.mark_unchanged();
                tokio::spawn(async move {
                    let (from_client, to_client) = client.into_split();
                    let (from_server, to_server) = server.into_split();
                    let committing = Arc::new(AtomicUsize::new(0));
                    tokio::select! {
                        () = questions(from_client, to_server, Arc::clone(&committing)) => {}
                        () = pass_answers(from_server, to_client, answers, committing) => {}
                        _ = cut.changed() => {}
                    }
                    open.send_modify(|open| *open -= 1);
                });
            }
        }));
    }
}

/// A COMMIT as a whole message: its length, a structure without fields, the end mark.
const COMMIT: [u8; 6] = [0, 2, 0xB0, 0x12, 0, 0];

async fn questions(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, committing: Arc<AtomicUsize>) {
    let mut buffer = vec![0; 1 << 16];
    while let Ok(length @ 1..) = from.read(&mut buffer).await {
        if buffer[..length] == COMMIT {
            committing.store(1, Ordering::SeqCst);
        }
        if to.write_all(&buffer[..length]).await.is_err() {
            return;
        }
    }
}

async fn pass_answers(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    answers: Arc<watch::Sender<Answers>>,
    committing: Arc<AtomicUsize>,
) {
    let mut buffer = vec![0; 1 << 16];
    let mut treatment = answers.subscribe();
    while let Ok(length @ 1..) = from.read(&mut buffer).await {
        treatment.wait_for(|answers| *answers != Answers::Hold).await.unwrap();
        if committing.load(Ordering::SeqCst) == 1 && *answers.borrow() == Answers::CutCommit {
            answers.send_replace(Answers::Pass);
            return;
        }
        if to.write_all(&buffer[..length]).await.is_err() {
            return;
        }
    }
}

/// A server that speaks Bolt 4.4 and lets nobody in; counts who tried.
pub async fn refusing() -> (SocketAddr, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (address, tried) = (listener.local_addr().unwrap(), Arc::new(AtomicUsize::new(0)));
    let count = Arc::clone(&tried);
    tokio::spawn(async move {
        loop {
            let (mut client, _) = listener.accept().await.unwrap();
            count.fetch_add(1, Ordering::SeqCst);
            let mut handshake = [0; 20];
            client.read_exact(&mut handshake).await.unwrap();
            client.write_all(&[0, 0, 4, 4]).await.unwrap();
            let mut hello = [0; 4096];
            assert!(client.read(&mut hello).await.unwrap() > 0);
            let mut failure = vec![0xB1, 0x7F, 0xA2, 0x84];
            failure.extend(b"code");
            failure.extend([0xD0, 37]);
            failure.extend(b"Neo.ClientError.Security.Unauthorized");
            failure.push(0x87);
            failure.extend(b"message");
            failure.extend([0xD0, 22]);
            failure.extend(b"authentication failure");
            let mut message = u16::try_from(failure.len()).unwrap().to_be_bytes().to_vec();
            message.extend(failure);
            message.extend([0, 0]);
            client.write_all(&message).await.unwrap();
        }
    });
    (address, tried)
}

/// A server that accepts and says nothing.
pub async fn silent() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let mut accepted = Vec::new();
        loop {
            accepted.push(listener.accept().await.unwrap());
        }
    });
    address
}
