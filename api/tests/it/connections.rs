//! Connections: what a client that says little, or too slowly, gets.

use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::support::{Running, start};

/// What the service says until it closes the connection, to a client that sends a text bit by bit and then waits.
async fn answer(running: &Running, text: &str, pause: Duration) -> String {
    let stream = TcpStream::connect(running.address()).await.expect("a connection");
    let (mut reading, mut writing) = stream.into_split();
    let sent = text.to_owned();
    let sending = tokio::spawn(async move {
        for byte in sent.bytes() {
            if writing.write_all(&[byte]).await.is_err() {
                break;
            }
            tokio::time::sleep(pause).await;
        }
        // The connection stays open.
        std::future::pending::<()>().await;
    });
    let mut read = Vec::new();
    let ended = tokio::time::timeout(Duration::from_secs(30), reading.read_to_end(&mut read)).await;
    sending.abort();
    assert!(ended.is_ok(), "the service waits for ever: {text:?}");
    String::from_utf8_lossy(&read).into_owned()
}

#[tokio::test]
async fn slow_clients_are_left() {
    let running = start().await;
    let whole = "GET /health/live HTTP/1.1\r\nHost: a\r\n\r\n";
    for (text, pause, part) in [
        // The tests' service waits two seconds for a head.
        ("", 0, ""),
        ("P", 0, ""),
        ("PRI", 0, ""),
        ("PRI * HTTP/2.0\r\n", 400, ""),
        ("GET /health/live HTTP/1.1\r\nHost: a\r\nX-Slow: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 100, ""),
        // Nothing more comes after the first answer.
        (whole, 0, "HTTP/1.1 200 OK"),
        ("nonsense\r\n\r\n", 0, "HTTP/1.1 400 Bad Request"),
    ] {
        let answer = answer(&running, text, Duration::from_millis(pause)).await;
        assert!(answer.starts_with(part), "{text:?}: {answer:?}");
        assert_eq!(answer.is_empty(), part.is_empty() && !answer.contains("408"), "{text:?}: {answer:?}");
    }
}
