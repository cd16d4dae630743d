//! What would stop or burn a service that does not look first.

use serde_json::{Value, json};

use crate::support::{id, start};

/// Fragments that each spread the next twice.
fn doubling(times: usize, start: &str) -> String {
    let mut query = format!("query {{ {start} }}\n");
    for number in 0..times {
        query.push_str(&format!("fragment F{number} on Query {{ ...F{next} ...F{next} }}\n", next = number + 1));
    }
    query.push_str(&format!("fragment F{times} on Query {{ revision }}"));
    query
}

#[tokio::test]
async fn hostile_queries_are_refused_and_the_service_goes_on() {
    let running = start().await;
    let nested = |open: &str, close: &str, times: usize| format!("{}{}", open.repeat(times), close.repeat(times));
    let parts = "departments { initiatives { nodes ";
    let deep = format!("{{ topic(key: \"inclusion\") {{ {} key {} }} }}", "narrower { ".repeat(40), "}".repeat(40));
    let wide = "{ town(key: \"insee:47001\") { initiatives(first: 100) { nodes { towns { initiatives(first: 100) { nodes { key } } } } } } }";
    let cases: Vec<(&str, String, &str)> = vec![
        ("4 kB of brackets", format!("{{ a(b: {}", "[".repeat(4000)), "QUERY_TOO_COSTLY"),
        ("64 kB of brackets", "{".repeat(60_000), "QUERY_TOO_COSTLY"),
        ("brackets in a type", format!("query($a: {}) {{ revision }}", nested("[", "]", 2000)), "QUERY_TOO_COSTLY"),
        ("brackets up to the limit", format!("{{ a(b: {}) }}", nested("[", "]", 46)), "BAD_USER_INPUT"),
        ("objects up to the limit", format!("{{ a(b: {}1{}) }}", "{a:".repeat(46), "}".repeat(46)), "BAD_USER_INPUT"),
        ("brackets that do not end", format!("{{ a(b: {}", "[".repeat(46)), "BAD_USER_INPUT"),
        ("too long", format!("{{ revision }} #{}", "x".repeat(70_000)), "QUERY_TOO_COSTLY"),
        ("too many words", format!("{{ {} }}", "a ".repeat(20_000)), "QUERY_TOO_COSTLY"),
        ("fragments that double", doubling(30, "...F0"), "QUERY_TOO_COSTLY"),
        ("fragments that double, as many as memory is wide", doubling(28, "...F0 ...F0"), "QUERY_TOO_COSTLY"),
        ("fragments that double, unused", doubling(28, "revision"), "QUERY_TOO_COSTLY"),
        ("a fragment that spreads itself", "{ ...F } fragment F on Query { ...F }".to_owned(), "BAD_USER_INPUT"),
        (
            "fragments in a circle",
            "{ ...F } fragment F on Query { ...G } fragment G on Query { revision ...F }".to_owned(),
            "BAD_USER_INPUT",
        ),
        ("deep", deep, "QUERY_TOO_COSTLY"),
        ("wide", wide.to_owned(), "QUERY_TOO_COSTLY"),
        (
            "wide by aliases",
            format!("{{ {} }}", (0..400).map(|number| format!("a{number}: topics {{ key }} ")).collect::<String>()),
            "QUERY_TOO_COSTLY",
        ),
        ("wide by the same field", format!("{{ {} }}", "topics { key } ".repeat(400)), "QUERY_TOO_COSTLY"),
        (
            "wide through an interface",
            "{ changes(first: 100) { nodes { record { revisions(first: 100) { nodes { number by why } } } } } }".to_owned(),
            "QUERY_TOO_COSTLY",
        ),
        (
            "the schema of the schema",
            "{ __schema { types { fields { type { fields { type { fields { type { fields { type { name } } } } } } } } } } }"
                .to_owned(),
            "QUERY_TOO_COSTLY",
        ),
        ("a fragment that is not there", "{ ...Nothing }".to_owned(), "BAD_USER_INPUT"),
        ("nothing", String::new(), "BAD_USER_INPUT"),
        ("not GraphQL", format!("{parts} \u{0} \u{202e}"), "BAD_USER_INPUT"),
    ];
    for (name, query, code) in cases {
        let answer = running.ask(&query, &Value::Null, &[]).await;
        assert_eq!((answer.status, answer.code()), (400, code.to_owned()), "{name}: {}", answer.body);
    }
    assert_eq!(running.store.take_asked().len(), 0, "the store was asked");
    running.data("{ revision }").await;
}

#[tokio::test]
async fn what_the_index_is_asked_for_is_bounded() {
    let running = start().await;
    let town = |list: &str| format!("town(key: \"insee:47001\") {{ {list} }}");
    let kinds =
        "TOPIC, KIND, STATUS, AUDIENCE, DEPARTMENT, REGION, POPULATION_BAND, ORGANISATION, SOURCE, LANGUAGE, LICENCE, YEAR";
    let facets = format!("facets(by: [{kinds}]) {{ kind }}");
    let searched = "initiatives(filter: { text: \"a b\" }) { totalCount }";
    // How many of these one request may ask for at the most, by giving each another name, and in a list.
    for (name, field, most) in [
        ("searches", "search(text: \"a b\") { totalCount }".to_owned(), 100),
        ("lists by text", searched.to_owned(), 130),
        ("lists", "initiatives { totalCount }".to_owned(), 2_000),
        ("facets", format!("initiatives {{ {facets} }}"), 100),
        ("maps", "map(bounds: { west: 0, south: 0, east: 1, north: 1 }, zoom: 1) { totalCount }".to_owned(), 100),
        ("similar initiatives", "initiative(key: \"agen-wifi\") { similar { score } }".to_owned(), 100),
        ("similar towns", town("similar { score }"), 100),
    ] {
        let many =
            |count: usize| format!("{{ {} }}", (0..count).map(|number| format!("a{number}: {field} ")).collect::<String>());
        let answer = running.ask(&many(most + 1), &Value::Null, &[]).await;
        assert_eq!((answer.status, answer.code()), (400, "QUERY_TOO_COSTLY".to_owned()), "{name}: {}", answer.body);
        // A few are welcome.
        running.data(&many(5)).await;
    }
    running.store.take_asked();
    for (name, query) in [
        ("similar to each", "{ initiatives(first: 100) { nodes { similar(first: 100) { score } } } }".to_owned()),
        ("a search for each", format!("{{ towns(first: 100) {{ nodes {{ {searched} b: {searched} }} }} }}")),
        ("facets of each", format!("{{ towns(first: 100) {{ nodes {{ initiatives {{ {facets} }} }} }} }}")),
        (
            "towns of each area of each area",
            "{ areas(first: 100) { nodes { areas(first: 100) { nodes { towns { totalCount } } } } } }".to_owned(),
        ),
        (
            "a variable",
            "query($first: Int = 100) { initiatives(first: $first) { nodes { similar(first: $first) { score } } } }".to_owned(),
        ),
        (
            "from the end",
            "{ initiatives(last: 100) { nodes { towns { initiatives(last: 100) { nodes { key title } } } } } }".to_owned(),
        ),
    ] {
        let answer = running.ask(&query, &Value::Null, &[]).await;
        assert_eq!((answer.status, answer.code()), (400, "QUERY_TOO_COSTLY".to_owned()), "{name}: {}", answer.body);
    }
    assert_eq!(running.store.take_asked().len(), 0, "the store was asked");
}

#[tokio::test]
async fn the_questions_of_usual_clients_pass() {
    let running = start().await;
    // What GraphiQL asks at its start, in form.
    let of_type = "ofType { kind name ".repeat(9) + &"}".repeat(9);
    let introspection = format!(
        "query IntrospectionQuery {{ __schema {{ description queryType {{ name }} mutationType {{ name }} subscriptionType {{ name }}
           types {{ ...FullType }} directives {{ name description isRepeatable locations args(includeDeprecated: true) {{ ...InputValue }} }} }} }}
         fragment FullType on __Type {{ kind name description specifiedByURL
           fields(includeDeprecated: true) {{ name description args(includeDeprecated: true) {{ ...InputValue }} type {{ ...TypeRef }} isDeprecated deprecationReason }}
           inputFields(includeDeprecated: true) {{ ...InputValue }} interfaces {{ ...TypeRef }}
           enumValues(includeDeprecated: true) {{ name description isDeprecated deprecationReason }} possibleTypes {{ ...TypeRef }} }}
         fragment InputValue on __InputValue {{ name description type {{ ...TypeRef }} defaultValue isDeprecated deprecationReason }}
         fragment TypeRef on __Type {{ kind name {of_type} }}"
    );
    let data = running.data(&introspection).await;
    let types = data["__schema"]["types"].as_array().unwrap();
    let of = |name: &str| types.iter().find(|of_type| of_type["name"] == name).unwrap();
    assert_eq!(of("Node")["possibleTypes"].as_array().unwrap().len(), 9);
    assert_eq!(of("Record")["possibleTypes"].as_array().unwrap().len(), 8);
    running.data("{ topics { key label narrower { key label narrower { key } } } }").await;
    running
        .data("{ town(key: \"insee:47001\") { initiatives(first: 100) { nodes { title summary towns { name } topics { label } kind { label } } } } }")
        .await;
}

#[tokio::test]
async fn wrong_arguments_are_named() {
    let running = start().await;
    let agen = id("town/insee:47001");
    let elsewhere =
        running.data("{ changes(first: 1) { pageInfo { endCursor } } }").await["changes"]["pageInfo"]["endCursor"].clone();
    let elsewhere = elsewhere.as_str().unwrap();
    for (query, argument, expected) in [
        ("{ town(key: \"Agen\") { name } }".to_owned(), "key", "scheme:code"),
        ("{ initiative(key: \"Été\") { title } }".to_owned(), "key", "slug"),
        ("{ node(id: \"insee:47001\") { id } }".to_owned(), "id", "an id"),
        ("{ nodes(ids: [\"x\"]) { id } }".to_owned(), "ids", "an id"),
        (format!("{{ nodes(ids: [{}]) {{ id }} }}", format!("\"{agen}\",").repeat(101)), "ids", "at most 100"),
        ("{ changes(since: -1) { totalCount } }".to_owned(), "since", "0 or more"),
        ("{ changes(first: -1) { totalCount } }".to_owned(), "first", "0 to 100"),
        ("{ town(key: \"insee:47001\") { initiatives(first: 101) { totalCount } } }".to_owned(), "first", "0 to 100"),
        ("{ town(key: \"insee:47001\") { initiatives(after: \"x\") { totalCount } } }".to_owned(), "after", "a cursor"),
        (
            format!("{{ town(key: \"insee:47001\") {{ initiatives(after: \"{elsewhere}\") {{ totalCount }} }} }}"),
            "after",
            "a cursor",
        ),
        (format!("{{ path(from: \"{agen}\", to: \"{agen}\", maxLength: 13) {{ length }} }}"), "maxLength", "0 to 12"),
        (format!("{{ neighbours(of: \"{agen}\", first: 1000) {{ totalCount }} }}"), "first", "0 to 100"),
    ] {
        let answer = running.ask(&query, &Value::Null, &[]).await;
        let error = answer.json()["errors"][0]["extensions"].clone();
        assert_eq!(
            (&error["code"], &error["argument"]),
            (&json!("BAD_USER_INPUT"), &json!(argument)),
            "{query}: {}",
            answer.body
        );
        assert!(error["expected"].as_str().unwrap_or_default().contains(expected), "{query}: {}", answer.body);
    }
    for query in [
        "{ initiative(key: \"agen-wifi\") { title(lang: \"!\") } }",
        "{ neighbours(of: \"x\", relations: [LOVES]) { totalCount } }",
        "{ changes(since: 99999999999) { totalCount } }",
        "{ town { name } }",
    ] {
        let answer = running.ask(query, &Value::Null, &[]).await;
        assert_eq!(answer.code(), "BAD_USER_INPUT", "{query}: {}", answer.body);
    }
}
