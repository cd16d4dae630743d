//! The service over HTTP.
//!
//! | address | what it answers |
//! |---|---|
//! | `/` | what this is, and a first question |
//! | `/graphql` | GraphQL over HTTP ([`graphql`]), and over WebSocket ([`socket`]) |
//! | `/graphiql` | a page to try questions in ([`explorer`]) |
//! | `/initiatives/{key}`, `/towns/{key}` … | the page of a record, or its JSON-LD ([`crate::pages`]) |
//! | `/initiatives.geojson` | a page of initiatives for a map ([`rest::geojson`]) |
//! | `/initiatives.atom` | what is new ([`rest::atom`]) |
//! | `/catalog.jsonld`, `/openapi.json` | what can be had here, and how ([`rest::catalog`], [`rest::openapi`]) |
//! | `/tiles/{zoom}/{column}/{row}.mvt`, `/tiles.json` | the map as vector tiles ([`rest::tiles`]) |
//! | `/export/{file}` | everything, as lines of JSON or a table ([`rest::export`]) |
//! | `/hooks/{source}` | takes what partners' forges tell ([`webhook`]) |
//! | `/health/live`, `/health/ready` | whether the process runs, and whether it can answer ([`health`]) |

pub mod cache;
pub mod clients;
mod documents;
mod events;
pub mod explorer;
pub mod graphql;
pub mod health;
mod persisted;
pub mod request_id;
mod responses;
pub mod rest;
pub mod server;
mod socket;
pub mod trusted;
pub mod webhook;

use std::sync::Arc;
use std::time::Duration;

use async_graphql::parser;
use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::{HeaderName, Method, StatusCode, header};
use axum::routing::{get, post};
use maillage_explore::Explore;
use maillage_graph_schema::store::GraphStore;
use maillage_importer::runs::dispatch::Dispatch;
use tokio::sync::Semaphore;
use tower_http::compression::CompressionLayer;
use tower_http::cors::{Any, CorsLayer};
use tower_http::request_id::{PropagateRequestIdLayer, SetRequestIdLayer};
use tower_http::timeout::{RequestBodyTimeoutLayer, TimeoutLayer};
use tower_http::trace::{DefaultOnFailure, TraceLayer};
use tracing::Level;

use self::cache::{Answers, Bounded, CACHE_STATUS};
use self::clients::{Addresses, Clients, RATE_LIMIT, RATE_LIMIT_POLICY};
use self::documents::Documents;
use self::persisted::Persisted;
use self::request_id::Numbered;
use self::responses::Sent;
use self::trusted::Trusted;
use crate::graphql::{Schema, cost::Prices, kept::KeptRecords, schema, sdl};
use crate::pages;

/// The header that carries the id of a request, given by a client or a proxy, or else made here.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The largest body of a request, in bytes: a query of the longest, with variables.
const LARGEST_BODY: usize = 256 << 10;

/// What the service is made of.
#[derive(Clone)]
pub struct Service {
    inner: Arc<Inner>,
}

struct Inner {
    store: Arc<dyn GraphStore>,
    explore: Arc<Explore>,
    /// Who may ask the index: as many at a time as there are processors, since it answers from memory.
    turns: Arc<Semaphore>,
    schema: Schema,
    prices: Prices,
    public_url: Arc<str>,
    time_limit: Duration,
    imports: Option<Arc<Dispatch>>,
    /// Answers that were given before.
    answers: Answers,
    /// Responses that were sent before.
    responses: Bounded<Sent>,
    /// What requests are called by.
    ids: Numbered,
    /// Records that were read before.
    records: Arc<KeptRecords>,
    /// Who asks, and what is left to each.
    clients: Clients,
    /// So many questions are under way at a time; others are turned away, not kept waiting.
    places: Semaphore,
    /// So many subscriptions may be open.
    listeners: Arc<Semaphore>,
    /// The queries that are known by their hash.
    persisted: Persisted,
    /// Those that were read before.
    documents: Documents,
}

/// How the service is set up.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where people find the service, such as `https://maillage.example`.
    pub public_url: String,
    /// How long a question may take.
    pub time_limit: Duration,
    /// What starts imports; without it, no webhooks are taken.
    pub imports: Option<Arc<Dispatch>>,
    /// How many bytes of answers are kept to be given again; 0 for none.
    pub kept_answers: u64,
    /// How many bytes of records are kept to be looked at again; 0 for none.
    pub kept_records: u64,
    /// What a client may ask for in a minute, in units of cost; 0 for as much as it likes.
    pub budget: u64,
    /// Whose word is taken for whom they ask.
    pub proxies: Vec<Addresses>,
    /// The only documents that are answered; without them, all are.
    pub documents: Option<Trusted>,
}

/// So many questions are under way at a time: more would only make each wait for the others.
const MOST_AT_ONCE: usize = 256;

/// So many subscriptions may be open at a time.
const MOST_LISTENERS: usize = 1_000;

/// An answer that takes longer is worth a line in the log, whatever it is.
const SLOW: Duration = Duration::from_secs(1);

/// How long the body of a request may keep us waiting between two pieces. All of it may take as long, beside the time that a question may take.
const BODY_LIMIT: Duration = Duration::from_secs(10);

/// The schema as the library prints it cannot be read back: a fault of the program.
#[derive(Debug, thiserror::Error)]
#[error("the schema cannot be read back: {0}")]
pub struct UnreadableSchema(parser::Error);

impl Service {
    /// A service that answers from a store and from its index. What it writes goes through the store: let that be a
    /// [`FollowedStore`](maillage_explore::FollowedStore), so that whoever wrote finds it.
    pub fn new(store: Arc<dyn GraphStore>, explore: Arc<Explore>, options: &Options) -> Result<Self, UnreadableSchema> {
        let schema = schema();
        let prices = Prices::of(&parser::parse_schema(sdl(&schema)).map_err(UnreadableSchema)?);
        let public_url: Arc<str> = options.public_url.trim_end_matches('/').into();
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        let turns = Arc::new(Semaphore::new(processors));
        let (time_limit, imports) = (options.time_limit, options.imports.clone());
        // An answer that is asked for again is kept both ways; sent as it is, in the same memory.
        let answers = Answers::of(options.kept_answers.div_ceil(2));
        let responses = Bounded::of(options.kept_answers / 2);
        let clients = Clients::new(options.budget, options.proxies.clone());
        let (places, listeners) = (Semaphore::new(MOST_AT_ONCE), Arc::new(Semaphore::new(MOST_LISTENERS)));
        let persisted = Persisted::new(options.documents.clone());
        let inner = Inner {
            store,
            explore,
            turns,
            schema,
            prices,
            public_url,
            time_limit,
            imports,
            answers,
            responses,
            ids: Numbered::default(),
            records: Arc::new(KeptRecords::of(options.kept_records)),
            clients,
            places,
            listeners,
            persisted,
            documents: Documents::default(),
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// What starts imports.
    fn imports(&self) -> Option<&Arc<Dispatch>> {
        self.inner.imports.as_ref()
    }

    /// All addresses of the service.
    pub fn router(self) -> Router {
        let trace = TraceLayer::new_for_http()
            .make_span_with(|request: &Request| {
                let id = request.headers().get(REQUEST_ID).and_then(|id| id.to_str().ok()).unwrap_or_default();
                tracing::info_span!("request", id, method = %request.method(), path = request.uri().path())
            })
            .on_response(|response: &axum::http::Response<_>, latency: Duration, _: &tracing::Span| {
                let (status, milliseconds) = (response.status().as_u16(), latency.as_secs_f64() * 1000.0);
                if latency > SLOW {
                    tracing::info!(status, milliseconds, "answered late");
                } else {
                    tracing::debug!(status, milliseconds, "answered");
                }
            })
            .on_failure(DefaultOnFailure::new().level(Level::WARN));
        let time_limit = self.inner.time_limit + BODY_LIMIT;
        Router::new()
            .route("/", get(explorer::welcome))
            .route("/graphql", get(graphql::get).post(graphql::post).fallback(graphql::other_method))
            .route("/graphiql", get(explorer::page))
            .route("/graphiql/explorer.js", get(explorer::script))
            .route("/graphiql/explorer.css", get(explorer::style))
            .route("/style.css", get(explorer::style))
            .route("/{kind}/{key}", get(pages::record))
            .route("/initiatives.geojson", get(rest::geojson::get))
            .route("/tiles/{zoom}/{column}/{row}", get(rest::tiles::get))
            .route("/initiatives.atom", get(rest::atom::get))
            .route("/catalog.jsonld", get(rest::catalog::get))
            .route("/openapi.json", get(rest::openapi::get))
            .route("/tiles.json", get(rest::tiles::description))
            .route("/departments.geojson", get(rest::outlines::get))
            .route("/export/{file}", get(rest::export::get))
            .route("/hooks/{source}", post(webhook::receive))
            .route("/health/live", get(health::live))
            .route("/health/ready", get(health::ready))
            .fallback(|| async { (StatusCode::NOT_FOUND, "there is nothing at this address; see /\n") })
            // As one layer, the outermost first: each layer by itself would be a box around the others.
            .layer((
                axum::middleware::from_fn(request_id::refuse_unfit),
                SetRequestIdLayer::new(REQUEST_ID, self.inner.ids.clone()),
                trace,
                PropagateRequestIdLayer::new(REQUEST_ID),
                open_to_all(),
                CompressionLayer::new(),
                TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, time_limit),
                RequestBodyTimeoutLayer::new(BODY_LIMIT),
                DefaultBodyLimit::max(LARGEST_BODY),
            ))
            .with_state(self)
    }
}

/// Pages of other sites may ask, too: all that is answered is public, and nobody is known by a cookie.
fn open_to_all() -> CorsLayer {
    CorsLayer::new()
        .allow_origin(Any)
        .allow_methods([Method::GET, Method::HEAD, Method::POST])
        .allow_headers([header::ACCEPT, header::ACCEPT_LANGUAGE, header::CONTENT_TYPE, header::IF_NONE_MATCH])
        .expose_headers([
            header::ETAG,
            header::LINK,
            header::RETRY_AFTER,
            CACHE_STATUS,
            RATE_LIMIT,
            RATE_LIMIT_POLICY,
            REQUEST_ID,
        ])
        .max_age(Duration::from_hours(24))
}
