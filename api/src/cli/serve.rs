//! `maillage serve`.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use maillage_explore::{Explore, FollowedStore};
use maillage_graph_schema::clock::SystemClock;
use maillage_graph_schema::store::GraphStore;
use maillage_importer::runs::Runner;
use maillage_importer::runs::dispatch::Dispatch;
use maillage_importer::sources;
use tokio::net::TcpListener;
use tokio::sync::watch;

use super::export::print;
use super::first_start;
use super::settings::Settings;
use crate::http::trusted::Trusted;
use crate::http::{Options, Service, server};

/// How long a question may take.
const TIME_LIMIT: Duration = Duration::from_secs(20);

/// So many files may be open, if the system lets us: connections, and what is read and written beside them.
#[cfg(unix)]
const OPEN_FILES: u64 = 8_192;

/// How long questions that are under way may take to end once the service is told to stop.
const STOP_LIMIT: Duration = Duration::from_secs(10);

/// Answers questions until it is told to stop.
pub async fn run(settings: &Settings) -> anyhow::Result<ExitCode> {
    let stop = stop_signal()?;
    let serving = serve(settings, stop.clone());
    let stopped = async {
        let mut stop = stop;
        // An error would mean that whoever listens for signals is gone, which lives as long as the program.
        let _ = stop.wait_for(|is_told| *is_told).await;
        tokio::time::sleep(STOP_LIMIT).await;
    };
    tokio::select! {
        outcome = serving => outcome?,
        () = stopped => tracing::warn!("gave up on what was still under way after {} s", STOP_LIMIT.as_secs()),
    }
    tracing::info!("stopped");
    Ok(ExitCode::SUCCESS)
}

async fn serve(settings: &Settings, mut stop: watch::Receiver<bool>) -> anyhow::Result<()> {
    // A port that is taken is told before the towns are loaded.
    let listener = TcpListener::bind(settings.listen).await.with_context(|| format!("cannot listen on {}", settings.listen))?;
    let store = settings.open_store().await?;
    let ready = async {
        first_start::load(settings, &store).await?;
        // The content comes first: an index of all of it is built in one go.
        Ok::<_, anyhow::Error>(Explore::open(store, &settings.index()).await?)
    };
    let explore = tokio::select! {
        opened = ready => opened?,
        _ = stop.wait_for(|is_told| *is_told) => return Ok(()),
    };
    let following = tokio::spawn(Arc::clone(&explore).follow());
    let served = answer(settings, listener, Arc::clone(&explore), stop).await;
    following.abort();
    // Whoever is told to stop saves, so that the next start takes up where this one ended.
    explore.save_if_changed().await?;
    served
}

/// Answers questions from an index and the graph that it is of.
async fn answer(
    settings: &Settings,
    listener: TcpListener,
    explore: Arc<Explore>,
    mut stop: watch::Receiver<bool>,
) -> anyhow::Result<()> {
    let address = format!("http://{}", listener.local_addr()?);
    let store = Arc::new(FollowedStore::new(Arc::clone(&explore)));
    let public_url = settings.public_url.clone().unwrap_or_else(|| address.clone());
    let runner = Runner::new(Arc::clone(&store) as Arc<dyn GraphStore>, Arc::new(SystemClock))?;
    let imports = Dispatch::new(runner, settings.surroundings(), sources::load(&settings.content()?)?);
    let keeping = tokio::spawn(Arc::clone(&imports).keep_schedules());
    let options = Options {
        public_url,
        time_limit: TIME_LIMIT,
        imports: Some(imports),
        kept_answers: settings.kept_answers.saturating_mul(1 << 20),
        kept_records: settings.kept_records.saturating_mul(1 << 20),
        budget: settings.budget,
        proxies: settings.proxies.clone(),
        documents: settings.documents.as_deref().map(Trusted::read).transpose()?,
    };
    let service = Service::new(store, explore, &options)?;
    // Each connection takes a file; where the system allows fewer, connections wait.
    #[cfg(unix)]
    if let Err(problem) = rlimit::increase_nofile_limit(OPEN_FILES) {
        tracing::warn!(error = %problem, "the number of open files could not be raised");
    }
    let server = server::serve(listener, service, server::Limits::default(), async move {
        let _ = stop.wait_for(|is_told| *is_told).await;
        tracing::info!("stopping");
    });
    let greeted = async {
        print(&greeting(&address))?;
        tracing::info!(address, store = settings.store_url(), "listening");
        // From here on only the server matters.
        std::future::pending::<anyhow::Result<()>>().await
    };
    let outcome = tokio::select! {
        () = server => Ok(()),
        failed = greeted => failed,
    };
    keeping.abort();
    outcome
}

/// What people need to begin with.
fn greeting(address: &str) -> String {
    format!(
        "listening on {address}\n\
         \n\
         A first question:\n  \
         curl -s {address}/graphql -H 'Content-Type: application/json' \\\n    \
         -d '{{\"query\": \"{{ town(key: \\\"insee:47001\\\") {{ name initiatives {{ nodes {{ key title }} }} }} }}\"}}'\n\
         Ask more in a browser:\n  \
         {address}/graphiql\n"
    )
}

/// Becomes true when the process is told to stop, by ctrl-C or SIGTERM.
fn stop_signal() -> anyhow::Result<watch::Receiver<bool>> {
    let (sender, receiver) = watch::channel(false);
    #[cfg(unix)]
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())
        .context("cannot listen for the signal to stop")?;
    tokio::spawn(async move {
        #[cfg(unix)]
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = terminate.recv() => {}
        }
        #[cfg(not(unix))]
        let _ = tokio::signal::ctrl_c().await;
        let _ = sender.send(true);
        // Kept for those who ask later.
        std::future::pending::<()>().await;
    });
    Ok(receiver)
}
