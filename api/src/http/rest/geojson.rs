//! Initiatives for a map: GeoJSON (RFC 7946), a page at a time.

use axum::extract::{Query, State};
use axum::response::Response;
use serde_json::{Value, json};

use super::parameters::Parameters;
use super::{Problem, address_of, header_value};
use crate::http::Service;
use crate::http::cache::Kept;
use crate::http::graphql::{self, Asking, Made};

/// What is told of each initiative. Its towns have points where it has none of its own.
const QUERY: &str = "query($filter: InitiativeFilter, $first: Int, $after: String, $lang: Language) {
  initiatives(filter: $filter, first: $first, after: $after) {
    totalCount
    pageInfo { hasNextPage endCursor }
    nodes {
      key url title(lang: $lang) summary(lang: $lang) status
      kind { key label(lang: $lang) } topics { key label(lang: $lang) }
      towns { key name point { lat lon } } point { lat lon }
      start { value } end { value } source { key name } licence { spdx } modified
    }
  }
}";

/// A page is that long unless told.
const PAGE: i64 = 100;

/// `/initiatives.geojson`.
pub async fn get(State(service): State<Service>, asking: Asking, Query(pairs): Query<Vec<(String, String)>>) -> Response {
    page(&service, &asking, &pairs).await.unwrap_or_else(Problem::into_response)
}

async fn page(service: &Service, asking: &Asking, pairs: &[(String, String)]) -> Result<Response, Problem> {
    asking.response(service, "geojson", pairs, "application/geo+json", collection(service, asking, pairs)).await
}

async fn collection(service: &Service, asking: &Asking, pairs: &[(String, String)]) -> Result<Made, Problem> {
    let mut parameters = Parameters::read(pairs, &["first", "after"])?;
    parameters.only_with("POINT");
    let variables = json!({
        "filter": parameters.filter, "first": parameters.first.unwrap_or(PAGE), "after": parameters.after, "lang": parameters.lang,
    });
    let (data, told) = graphql::data(service, asking, QUERY, variables).await?;
    let initiatives = &data["initiatives"];
    let features: Vec<Value> = initiatives["nodes"].as_array().into_iter().flatten().map(feature).collect();
    let next = initiatives["pageInfo"]["endCursor"].as_str().filter(|_| initiatives["pageInfo"]["hasNextPage"] == true);
    let next = next.map(|cursor| address_of(&service.inner.public_url, "/initiatives.geojson", pairs, Some(cursor)));
    let mut collection = json!({
        "type": "FeatureCollection",
        "features": features,
        "numberMatched": initiatives["totalCount"],
        "numberReturned": features.len(),
    });
    if let Some(next) = &next {
        collection["links"] = json!([{ "rel": "next", "type": "application/geo+json", "href": next }]);
    }
    let link = next.and_then(|next| header_value(&format!("<{next}>; rel=\"next\"")));
    Ok(Made::Answer(Kept { body: collection.to_string().into(), link }, told))
}

/// An initiative: at its own place, or at those of its towns.
fn feature(initiative: &Value) -> Value {
    let position = |point: &Value| Some(json!([point["lon"].as_f64()?, point["lat"].as_f64()?]));
    let own = position(&initiative["point"]);
    let towns = initiative["towns"].as_array().into_iter().flatten();
    let points: Vec<Value> = match own {
        Some(point) => vec![point],
        None => towns.clone().filter_map(|town| position(&town["point"])).collect(),
    };
    let geometry = match points.as_slice() {
        [] => Value::Null,
        [point] => json!({ "type": "Point", "coordinates": point }),
        points => json!({ "type": "MultiPoint", "coordinates": points }),
    };
    let named = |towns: &Value| {
        towns.as_array().into_iter().flatten().map(|town| json!({ "key": town["key"], "name": town["name"] })).collect::<Vec<_>>()
    };
    json!({
        "type": "Feature",
        "id": initiative["key"],
        "geometry": geometry,
        "properties": {
            "key": initiative["key"],
            "url": initiative["url"],
            "title": initiative["title"],
            "summary": initiative["summary"],
            "status": initiative["status"],
            "kind": initiative["kind"],
            "topics": initiative["topics"],
            "towns": named(&initiative["towns"]),
            "start": initiative["start"]["value"],
            "end": initiative["end"]["value"],
            "source": initiative["source"],
            "licence": initiative["licence"]["spdx"],
            "modified": initiative["modified"],
        },
    })
}
