//! What no server over these stores can exceed: the store alone fetching the same records, and a response that is always the same.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use axum::Router;
use axum::body::Bytes;
use axum::http::header;
use axum::routing::post;
use futures::future::try_join_all;
use maillage_graph_schema::model::{RecordKind, RecordRef};
use maillage_graph_schema::store::{self, StoreOptions};
use neo4rs::{ConfigBuilder, Graph, Query};
use tokio::net::TcpListener;

/// Answers a second of a store, each with the initiatives of one of these lists: through the port on SQLite, by the driver alone on Neo4j.
pub async fn store_alone(url: &str, lists: &[Vec<String>], tasks: usize, time: Duration) -> Result<f64> {
    ensure!(lists.iter().any(|list| !list.is_empty()), "no initiative to fetch");
    if url.starts_with("sqlite:") {
        let store = store::open(url, StoreOptions::default()).await?;
        let lists: Vec<Vec<RecordRef>> = lists
            .iter()
            .map(|list| list.iter().map(|key| Ok(RecordRef::parse(RecordKind::Initiative, key)?)).collect())
            .collect::<Result<_>>()?;
        rate(tasks, time, lists, |list| {
            let store = Arc::clone(&store);
            async move {
                store.records(&list).await?;
                Ok(())
            }
        })
        .await
    } else {
        let config = ConfigBuilder::new().uri(url).user("").password("").max_connections(tasks).fetch_size(2_000);
        let driver = Graph::connect(config.build()?)?;
        rate(tasks, time, lists.to_vec(), |list| {
            let driver = driver.clone();
            async move {
                let query = Query::new(include_str!("../cypher/records.cypher").to_owned()).param("keys", list);
                let mut rows = driver.execute(query).await?;
                while rows.next().await?.is_some() {}
                Ok(())
            }
        })
        .await
    }
}

/// How often so many tasks ask in a second.
async fn rate<T: Clone, F: Future<Output = Result<()>>>(
    tasks: usize,
    time: Duration,
    questions: Vec<T>,
    ask: impl Fn(T) -> F,
) -> Result<f64> {
    let (next, start) = (AtomicU64::new(0), Instant::now());
    let work = (0..tasks).map(|_| async {
        while start.elapsed() < time {
            let number = usize::try_from(next.fetch_add(1, Ordering::Relaxed))?;
            ask(questions[number % questions.len()].clone()).await?;
        }
        Ok::<_, anyhow::Error>(())
    });
    try_join_all(work).await?;
    #[expect(clippy::cast_precision_loss, reason = "a rate to show")]
    Ok(next.load(Ordering::Relaxed) as f64 / start.elapsed().as_secs_f64())
}

/// Answers `POST /graphql` with so many bytes, always the same, until it is killed.
pub async fn serve_static(bytes: usize) -> Result<()> {
    let body = Bytes::from(vec![b' '; bytes]);
    let answer = move || {
        let body = body.clone();
        async move { ([(header::CONTENT_TYPE, "application/json")], body) }
    };
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("listening on http://{}", listener.local_addr()?);
    Ok(axum::serve(listener, Router::new().route("/graphql", post(answer))).await?)
}
