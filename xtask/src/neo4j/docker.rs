//! Neo4j from the official image, where a Docker engine is.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

use super::{Options, PATIENCE, Server};
use crate::process;

/// Whether an engine answers; the client alone is not enough.
pub fn works() -> bool {
    process::succeeds(process::command("docker").arg("info"))
}

pub fn start(options: &Options) -> Result<Server> {
    let name = format!("maillage-neo4j-{}", std::process::id());
    let mut run = process::command("docker");
    run.args(["run", "--detach", "--rm", "--name", &name]);
    run.arg(format!("--publish=127.0.0.1:{}:7687", options.port));
    run.args(["--env=NEO4J_AUTH=none", "--env=NEO4J_dbms_usage__report_enabled=false"]);
    run.arg(format!("--env=NEO4J_server_memory_heap_max__size={}m", options.heap));
    run.arg(format!("--env=NEO4J_server_memory_pagecache_size={}m", options.page_cache));
    if let Some(data) = &options.data {
        std::fs::create_dir_all(data)?;
        run.arg(format!("--volume={}:/data", data.display()));
    }
    process::output(run.arg(options.line.image()))?;
    // A shell that waits on our standard input removes the container when this process ends, however it ends.
    let removal = format!("trap '' INT TERM HUP; cat >/dev/null; docker stop {name} >/dev/null");
    let child = process::command("sh").args(["-c", &removal]).stdin(Stdio::piped()).spawn().context("could not run sh")?;
    let mut server = Server { uri: String::new(), child: Some(child) };
    let published = process::output(process::command("docker").args(["port", &name, "7687/tcp"]))?;
    let port = port(&published).with_context(|| format!("docker published no port: {published:?}"))?;
    wait_for_bolt(SocketAddr::from((Ipv4Addr::LOCALHOST, port)))?;
    server.uri = format!("bolt://127.0.0.1:{port}");
    Ok(server)
}

/// The port in `127.0.0.1:49153`.
fn port(published: &str) -> Option<u16> {
    published.lines().next()?.rsplit_once(':')?.1.trim().parse().ok()
}

/// Waits until Bolt is spoken: Docker's proxy accepts connections long before the server does.
fn wait_for_bolt(address: SocketAddr) -> Result<()> {
    let started = Instant::now();
    while let Err(error) = handshake(address) {
        if started.elapsed() > PATIENCE {
            bail!("Neo4j did not answer on {address} after {} s: {error}", PATIENCE.as_secs());
        }
        std::thread::sleep(Duration::from_millis(200));
    }
    Ok(())
}

/// Bolt's handshake: a magic number and four versions (5.4 and 4.4 here) are answered by the version chosen.
fn handshake(address: SocketAddr) -> std::io::Result<()> {
    let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(2))?;
    stream.set_read_timeout(Some(Duration::from_secs(2)))?;
    stream.write_all(&[0x60, 0x60, 0xB0, 0x17, 0, 0, 4, 5, 0, 0, 4, 4, 0, 0, 0, 0, 0, 0, 0, 0])?;
    let mut version = [0; 4];
    stream.read_exact(&mut version)
}

#[cfg(test)]
mod tests {
    #[test]
    fn port_of_what_docker_prints() {
        assert_eq!(super::port("127.0.0.1:49153\n"), Some(49153));
        assert_eq!(super::port(""), None);
    }
}
