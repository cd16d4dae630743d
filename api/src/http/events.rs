//! Subscriptions by server-sent events: GraphQL over SSE, each operation on a connection of its own
//! (<https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md>).
//!
//! A subscription to changes is the query `changes`, asked again and again from where it ended: so nothing is missed between a query and a subscription,
//! nothing comes twice, and limits, budgets and batches are those of queries. What waits for a change costs one look at a number now and then.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::time::{Duration, Instant};

use async_graphql::parser::types::{
    DocumentOperations, ExecutableDocument, Field, OperationDefinition, OperationType, Selection, SelectionSet,
};
use async_graphql::{Error, Name, Positioned, Request, Value, Variables};
use axum::http::{HeaderValue, StatusCode};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse as _, Response};
use futures::stream;
use tokio::sync::OwnedSemaphorePermit;

use super::Service;
use super::clients::MOST_SUBSCRIPTIONS;
use super::graphql::{self, Asking, Prepared, Refusal};
use crate::graphql::error::{Code, bad_argument, coded};
use crate::graphql::language::Preferences;

/// So many changes are asked for at a time.
const AT_ONCE: i32 = 50;

/// How often one looks whether the graph has changed.
const INTERVAL: Duration = Duration::from_millis(200);

/// So often a client is told that the connection still holds.
const ALIVE: Duration = Duration::from_secs(12);

/// One of the places of all who listen, and one of the client's own, if it is known.
pub struct Places {
    _of_all: OwnedSemaphorePermit,
    _own: Option<OwnedSemaphorePermit>,
}

impl Places {
    /// Takes them, as long as there are any.
    pub fn take(service: &Service, asking: &Asking) -> Result<Self, Refusal> {
        let of_all = service.inner.listeners.clone().try_acquire_owned().map_err(|_| {
            let error = coded(Code::Unavailable, "too many subscriptions are open just now, please try again later");
            Refusal::later(StatusCode::SERVICE_UNAVAILABLE, 30, error)
        })?;
        let client = asking.client(service);
        let own = client.map(|client| service.inner.clients.listen(client, Instant::now()).ok_or_else(too_many)).transpose()?;
        Ok(Self { _of_all: of_all, _own: own })
    }
}

/// Begins a subscription.
pub fn listen(
    service: &Service,
    asking: &Asking,
    document: ExecutableDocument,
    operation: &OperationDefinition,
    variables: Variables,
) -> Result<Listening, Refusal> {
    let places = Places::take(service, asking)?;
    let subscription = Subscription::of(service, document, operation, variables)?;
    // What is wrong shows before the first event.
    subscription.round(service, None)?;
    Ok(Listening {
        service: service.clone(),
        client: asking.client(service),
        languages: asking.languages(),
        subscription,
        after: None,
        seen: None,
        waiting: VecDeque::new(),
        is_over: false,
        _places: places,
    })
}

/// Answers a subscription by an event for each change.
pub fn answer(listening: Listening) -> Response {
    let events = stream::unfold(listening, |mut listening| async move {
        let event = match listening.next().await? {
            // An event of errors alone is the last one before the end.
            Told::Next(text) | Told::Failed(text) => Event::default().event("next").data(text),
            Told::Complete => Event::default().event("complete").data(""),
        };
        Some((Ok::<_, Infallible>(event), listening))
    });
    let mut response = Sse::new(events).keep_alive(KeepAlive::new().interval(ALIVE)).into_response();
    // Proxies that gather answers would keep the events back.
    response.headers_mut().insert("x-accel-buffering", HeaderValue::from_static("no"));
    response
}

fn too_many() -> Refusal {
    let message = format!("more than {MOST_SUBSCRIPTIONS} subscriptions are open from this address: please close some");
    Refusal::later(StatusCode::TOO_MANY_REQUESTS, 30, coded(Code::RateLimited, message))
}

/// A subscription, as the query that it is made of.
struct Subscription {
    document: ExecutableDocument,
    operation: OperationDefinition,
    field: Field,
    variables: Variables,
    /// What the client calls the field.
    key: Name,
}

impl Subscription {
    fn of(
        service: &Service,
        document: ExecutableDocument,
        operation: &OperationDefinition,
        mut variables: Variables,
    ) -> Result<Self, Error> {
        let one = |value: Value| bad_argument("query", value, "a subscription to one field: changes");
        let [selection] = operation.selection_set.node.items.as_slice() else {
            return Err(one(Value::from(operation.selection_set.node.items.len())));
        };
        let Selection::Field(field) = &selection.node else { return Err(one(Value::from("a fragment"))) };
        let mut field = field.node.clone();
        if field.name.node != "changes" {
            return Err(one(Value::from(field.name.node.as_str())));
        }
        if let Some((name, _)) = field.arguments.iter().find(|(name, _)| name.node != "since") {
            return Err(bad_argument(&name.node, Value::Null, "no argument but since"));
        }
        // Without a revision it is the present one: the query would begin with the first. A variable stays where it stands, since
        // one that is not used would be a mistake.
        let mut variable = None;
        let since = field.arguments.first().map(|(_, since)| {
            since.node.clone().into_const_with(|name| {
                let value = value_of(operation, &variables, &name);
                variable = Some(name);
                Ok::<_, Infallible>(value)
            })
        });
        if matches!(since, None | Some(Ok(Value::Null))) {
            let (at, present) = (field.name.pos, Value::from(service.inner.explore.snapshot().revision()));
            match variable {
                Some(name) => {
                    variables.insert(name, present);
                }
                None => {
                    field.arguments = vec![(Positioned::new(Name::new("since"), at), Positioned::new(present.into_value(), at))];
                }
            }
        }
        let key = field.alias.take().map_or_else(|| field.name.node.clone(), |alias| alias.node);
        Ok(Self { document, operation: operation.clone(), field, variables, key })
    }

    /// The query for what comes after a cursor.
    fn round(&self, service: &Service, after: Option<&str>) -> Result<Prepared, Refusal> {
        let at = self.field.name.pos;
        let named = |name: &str| Positioned::new(Name::new(name), at);
        let leaf = |name: &str| selected(at, name, SelectionSet::default());
        let mut field = self.field.clone();
        field.arguments.push((named("first"), Positioned::new(Value::from(AT_ONCE).into_value(), at)));
        if let Some(after) = after {
            field.arguments.push((named("after"), Positioned::new(Value::from(after).into_value(), at)));
        }
        let nodes = Selection::Field(Positioned::new(
            Field {
                alias: None,
                name: named("nodes"),
                arguments: Vec::new(),
                directives: Vec::new(),
                selection_set: self.field.selection_set.clone(),
            },
            at,
        ));
        let info = selected(at, "pageInfo", SelectionSet { items: vec![leaf("hasNextPage"), leaf("endCursor")] });
        field.selection_set = Positioned::new(SelectionSet { items: vec![info, Positioned::new(nodes, at)] }, at);
        let mut operation = self.operation.clone();
        operation.ty = OperationType::Query;
        operation.selection_set =
            Positioned::new(SelectionSet { items: vec![Positioned::new(Selection::Field(Positioned::new(field, at)), at)] }, at);
        let operations = DocumentOperations::Single(Positioned::new(operation, at));
        let document = ExecutableDocument { operations, fragments: self.document.fragments.clone() };
        graphql::within_limits(service, document, None, Request::new(String::new()).variables(self.variables.clone()))
    }
}

/// What a variable stands for, by the request or by default.
fn value_of(operation: &OperationDefinition, variables: &Variables, name: &Name) -> Value {
    let mut definitions = operation.variable_definitions.iter().map(|definition| &definition.node);
    let default = || definitions.find(|definition| definition.name.node == *name)?.default_value();
    variables.get(name).or_else(default).cloned().unwrap_or_default()
}

fn selected(at: async_graphql::Pos, name: &str, selection_set: SelectionSet) -> Positioned<Selection> {
    let field = Field {
        alias: None,
        name: Positioned::new(Name::new(name), at),
        arguments: Vec::new(),
        directives: Vec::new(),
        selection_set: Positioned::new(selection_set, at),
    };
    Positioned::new(Selection::Field(Positioned::new(field, at)), at)
}

/// What a client that listens is told; each a response of GraphQL as JSON.
#[derive(Debug, PartialEq, Eq)]
pub enum Told {
    Next(String),
    /// Nothing but errors: what follows is the end.
    Failed(String),
    Complete,
}

/// A client that listens.
pub struct Listening {
    service: Service,
    /// Who pays, if anybody does.
    client: Option<std::net::IpAddr>,
    languages: Preferences,
    subscription: Subscription,
    /// Where the changes that it had end.
    after: Option<String>,
    /// The revision that was looked at last; none while there may be more to read at once.
    seen: Option<u64>,
    waiting: VecDeque<Told>,
    /// Whether nothing more comes.
    is_over: bool,
    _places: Places,
}

impl Listening {
    /// What comes next; `None` once all is told.
    pub async fn next(&mut self) -> Option<Told> {
        loop {
            if let Some(told) = self.waiting.pop_front() {
                return Some(told);
            }
            if self.is_over {
                return None;
            }
            let revision = self.service.inner.explore.snapshot().revision();
            if self.seen == Some(revision) {
                tokio::time::sleep(INTERVAL).await;
                continue;
            }
            match self.read().await {
                Ok(has_more) => self.seen = (!has_more).then_some(revision),
                Err(errors) => {
                    self.waiting.extend([Told::Failed(errors), Told::Complete]);
                    self.is_over = true;
                }
            }
        }
    }

    /// Reads what has come since; whether there is more.
    async fn read(&mut self) -> Result<bool, String> {
        let prepared = self
            .subscription
            .round(&self.service, self.after.as_deref())
            .map_err(|refusal| graphql::errors_text(&[refusal.into_error()]))?;
        // Whoever asks for too much waits.
        while let Some(wait) =
            self.client.map(|client| self.service.inner.clients.spend(client, prepared.cost, Instant::now()).wait)
        {
            if wait.is_zero() {
                break;
            }
            tokio::time::sleep(wait).await;
        }
        // One change wakes all who listen: they take their turns among the questions. Places are not closed while there is a service.
        let _place = self.service.inner.places.acquire().await;
        let answer = graphql::execute(&self.service, self.languages.clone(), prepared.request).await;
        if !answer.errors.is_empty() {
            return Err(graphql::errors_text(&answer.errors));
        }
        let data = answer.data.into_json().unwrap_or_default();
        let page = &data["changes"];
        for change in page["nodes"].as_array().into_iter().flatten() {
            let key = self.subscription.key.as_str();
            self.waiting.push_back(Told::Next(serde_json::json!({ "data": { key: change } }).to_string()));
        }
        if let Some(cursor) = page["pageInfo"]["endCursor"].as_str() {
            self.after = Some(cursor.to_owned());
        }
        Ok(page["pageInfo"]["hasNextPage"] == true)
    }
}
