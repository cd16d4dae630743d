//! Whether the service runs, and whether it can answer.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde_json::{Value, json};

use super::Service;
use crate::graphql::error;

/// How long the store may take to say its revision.
const PATIENCE: Duration = Duration::from_secs(3);

/// The process runs.
pub async fn live() -> Json<Value> {
    Json(json!({ "status": "live" }))
}

/// The store answers.
pub async fn ready(State(service): State<Service>) -> (StatusCode, Json<Value>) {
    let unavailable = || (StatusCode::SERVICE_UNAVAILABLE, Json(json!({ "status": "unavailable", "code": "UNAVAILABLE" })));
    match tokio::time::timeout(PATIENCE, service.inner.store.revision()).await {
        Ok(Ok(revision)) => (StatusCode::OK, Json(json!({ "status": "ready", "revision": revision }))),
        Ok(Err(problem)) => {
            error::log(&problem);
            unavailable()
        }
        Err(_) => {
            tracing::error!("the graph store did not say its revision within {} s", PATIENCE.as_secs());
            unavailable()
        }
    }
}
