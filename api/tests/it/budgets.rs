//! What a client may ask for in a minute, and how many may ask at a time.

use std::time::Duration;

use serde_json::json;

use crate::support::{BUDGET, start};

/// How many places there are.
const MOST_AT_ONCE: usize = 256;

const CHEAP: &str = "{ revision }";
const DEAR: &str = "{ initiatives(first: 100) { nodes { key title } } }";

#[tokio::test]
async fn who_asks_for_too_much_is_told_when_to_go_on() {
    let running = start().await;
    let from = |address: &'static str| [("X-Forwarded-For", address)];
    let dear = |number: usize| format!("query Number{number} {DEAR}");
    let mut spent = 0;
    let mut refused = None;
    for number in 0..10 {
        let answer = running.ask(&dear(number), &json!(null), &from("192.0.2.1")).await;
        let policy = format!("\"cost\";q={BUDGET};w=60");
        assert_eq!(answer.header("ratelimit-policy"), Some(policy.as_str()), "{}", answer.headers);
        if answer.status == 200 {
            let cost = answer.json()["extensions"]["cost"]["requested"].as_u64().expect("a cost");
            assert!(cost > 100, "{}", answer.body);
            spent += cost;
        } else {
            refused = Some(answer);
            break;
        }
    }
    let refused = refused.expect("a budget ends");
    assert_eq!((refused.status, refused.code().as_str()), (429, "RATE_LIMITED"), "{}", refused.body);
    assert!(spent <= BUDGET && spent > BUDGET / 2, "{spent}");
    let seconds: u64 = refused.header("retry-after").and_then(|value| value.parse().ok()).expect("when to go on");
    assert!((1..=61).contains(&seconds), "{seconds}");
    assert_eq!(refused.json()["errors"][0]["extensions"]["retryAfter"], json!(seconds));
    // What was answered before costs nothing; others have budgets of their own; this machine has none.
    assert_eq!(running.ask(&dear(0), &json!(null), &from("192.0.2.1")).await.status, 200);
    assert_eq!(running.ask(&dear(90), &json!(null), &from("192.0.2.2")).await.status, 200);
    let own = running.ask(&dear(91), &json!(null), &[]).await;
    assert_eq!((own.status, own.header("ratelimit")), (200, None));
}

#[tokio::test]
async fn an_answer_tells_what_it_cost() {
    let running = start().await;
    let cheap = running.ask(CHEAP, &json!(null), &[]).await.json();
    let dear = running.ask(DEAR, &json!(null), &[]).await.json();
    let cost = |answer: &serde_json::Value| answer["extensions"]["cost"]["requested"].as_u64().expect("a cost");
    assert_eq!(cheap["extensions"]["cost"]["most"], 20_000);
    assert!(cost(&cheap) < 5 && cost(&dear) > 100, "{cheap} {dear}");
}

#[tokio::test]
async fn too_many_at_a_time_are_turned_away() {
    let running = start().await;
    running.store.is_silent.store(true, std::sync::atomic::Ordering::SeqCst);
    let query = |number: usize| format!("query N{number} {{ town(key: \"insee:47001\") {{ name }} }}");
    let running = std::sync::Arc::new(running);
    let mut asked: Vec<_> = (0..MOST_AT_ONCE + 40)
        .map(|number| {
            let running = std::sync::Arc::clone(&running);
            tokio::spawn(async move { running.ask(&query(number), &json!(null), &[]).await })
        })
        .collect();
    // As many as there are places wait for the store.
    for _ in 0..40 {
        let turned_away = tokio::time::timeout(Duration::from_secs(30), futures::future::select_all(asked));
        let (answer, _, others) = turned_away.await.expect("an answer");
        let answer = answer.expect("an answer");
        assert_eq!((answer.status, answer.code().as_str()), (503, "UNAVAILABLE"), "{}", answer.body);
        assert_eq!(answer.header("retry-after"), Some("1"));
        asked = others;
    }
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert!(asked.iter().all(|asked| !asked.is_finished()));
    // What is wrong needs no place.
    assert_eq!(running.ask("{", &json!(null), &[]).await.status, 400);
    asked.iter().for_each(tokio::task::JoinHandle::abort);
}
