//! Partners' forges tell of changes, imports begin, and anybody sees what came of them.

use std::path::Path;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use maillage_graph_schema::clock::{Clock as _, SystemClock};
use maillage_importer::SourceConfig;
use maillage_importer::surroundings::Environment;
use serde_json::{Value, json};
use sha2::Sha256;
use tempfile::TempDir;

use crate::support::{Answer, Running, start_importing};

const SECRET: &str = "le secret d'Agen";
const SIGNING_TOKEN: &str = "whsec_bGUgc2VjcmV0IGRlIEx5b24=";
const BODY: &str = "{\"ref\":\"refs/heads/main\"}";

fn source(key: &str, folder: &Path, secret: Option<&str>) -> SourceConfig {
    let mut source = SourceConfig::directory(key.parse().unwrap(), key.parse().unwrap(), folder.to_owned());
    source.webhook_secret = secret.map(|secret| secret.parse().unwrap());
    source
}

/// A service with sources that take webhooks and others that do not.
async fn start() -> (Running, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(
        folder.path().join("kiosque.md"),
        "---\nid: kiosque\ntitle: Un kiosque\nlang: fr\nstatus: runing\n---\nTexte.\n",
    )
    .unwrap();
    std::fs::write(folder.path().join("fablab.md"), "---\nlang: fr\ncontact: {email: jean.dupont@agen.fr}\n---\n").unwrap();
    let sources = vec![
        source("agen", folder.path(), Some("AGEN_HOOK")),
        source("lyon", folder.path(), Some("LYON_HOOK")),
        source("unset", folder.path(), Some("NO_SUCH_VARIABLE")),
        source("nice", folder.path(), None),
    ];
    let environment = Environment::new(|name| match name {
        "AGEN_HOOK" => Some(SECRET.to_owned()),
        "LYON_HOOK" => Some(SIGNING_TOKEN.to_owned()),
        _ => None,
    });
    (start_importing(Duration::from_mins(1), sources, environment).await, folder)
}

fn code(key: &[u8], text: &str) -> Vec<u8> {
    let mac = Hmac::<Sha256>::new_from_slice(key).expect("a key").chain_update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

fn hex(secret: &str, body: &str) -> String {
    code(secret.as_bytes(), body).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// As GitLab signs with a signing token.
fn standard(id: &str, seconds_ago: i64) -> Vec<(&'static str, String)> {
    let time = SystemClock.now().timestamp() - seconds_ago;
    let key = STANDARD.decode(SIGNING_TOKEN.strip_prefix("whsec_").unwrap()).unwrap();
    let signature = STANDARD.encode(code(&key, &format!("{id}.{time}.{BODY}")));
    vec![
        ("webhook-id", id.to_owned()),
        ("webhook-timestamp", time.to_string()),
        ("webhook-signature", format!("v1,bm9uZQ== v1,{signature}")),
    ]
}

async fn tell(running: &Running, source: &str, headers: &[(&str, String)]) -> Answer {
    let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    running.send("POST", &format!("/hooks/{source}"), &headers, BODY).await
}

/// The last import of a source, once there are so many and it has ended.
async fn ended(running: &Running, source: &str, count: usize) -> Value {
    let question = format!("{{ source(key: \"{source}\") {{ runs {{ totalCount }} lastRun {{ state }} }} }}");
    loop {
        let data = running.data(&question).await;
        let source = &data["source"];
        if source["runs"]["totalCount"] == count && source["lastRun"]["state"] != "RUNNING" {
            return data;
        }
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn only_who_knows_the_secret_starts_an_import() {
    let (running, _folder) = start().await;
    let right = hex(SECRET, BODY);
    let of_another_body = hex(SECRET, "{}");
    let mut wrong = standard("1", 0);
    wrong[0].1 = "2".to_owned();
    for (source, headers, status) in [
        ("agen", vec![], 401),
        ("agen", vec![("X-Hub-Signature-256", format!("sha256={of_another_body}"))], 401),
        ("agen", vec![("X-Hub-Signature-256", right.clone())], 401),
        ("agen", vec![("X-Hub-Signature-256", "sha256=".to_owned())], 401),
        ("agen", vec![("X-Hub-Signature-256", "sha256=é".to_owned())], 401),
        ("agen", vec![("X-Hub-Signature-256", format!("sha256={}", &right[..62]))], 401),
        // A good signature of one kind does not make up for a bad one of another.
        ("agen", vec![("X-Hub-Signature-256", "sha256=00".to_owned()), ("X-Gitlab-Token", SECRET.to_owned())], 401),
        ("agen", vec![("X-Gitlab-Token", "le secret de Lyon".to_owned())], 401),
        ("agen", vec![("X-Gitlab-Token", String::new())], 401),
        ("agen", vec![("X-Forgejo-Signature", of_another_body.clone())], 401),
        ("lyon", standard("1", 3_600), 401),
        ("lyon", wrong, 401),
        ("lyon", standard("1", 0)[2..].to_vec(), 401),
        ("lyon", vec![("X-Hub-Signature-256", format!("sha256={right}"))], 401),
        ("nobody", vec![("X-Hub-Signature-256", format!("sha256={right}"))], 404),
        ("nice", vec![("X-Gitlab-Token", String::new())], 404),
        ("unset", vec![("X-Gitlab-Token", String::new())], 404),
    ] {
        let answer = tell(&running, source, &headers).await;
        assert_eq!(answer.status, status, "{source} {headers:?}: {}", answer.body);
    }
    let head = "POST /hooks/agen HTTP/1.1\r\nHost: x\r\nConnection: close\r\n";
    let huge = format!("{head}X-Hub-Signature-256: sha256={right}\r\nContent-Length: 30000000\r\n\r\n");
    assert_eq!(running.send_raw(&huge).await.status, 413);
    assert_eq!(running.send("GET", "/hooks/agen", &[], "").await.status, 405);
    let data = running.data("{ sources { key } revision }").await;
    assert_eq!((&data["sources"], &data["revision"]), (&json!([]), &json!(0)), "nothing was imported");
}

#[tokio::test]
async fn each_forge_starts_an_import_and_a_repetition_changes_nothing() {
    let (running, _folder) = start().await;
    let right = hex(SECRET, BODY);
    let told = [
        vec![("X-Hub-Signature-256", format!("sha256={right}")), ("X-GitHub-Event", "push".to_owned())],
        vec![("X-Forgejo-Signature", right.clone()), ("X-Gitea-Signature", right.clone())],
        vec![("X-Gitea-Signature", right.to_uppercase())],
        vec![("X-Gitlab-Token", SECRET.to_owned()), ("X-Gitlab-Event", "Push Hook".to_owned())],
        // The same again.
        vec![("X-Hub-Signature-256", format!("sha256={right}")), ("X-GitHub-Event", "push".to_owned())],
    ];
    let mut revision = Value::Null;
    for (count, headers) in told.iter().enumerate() {
        let answer = tell(&running, "agen", headers).await;
        assert_eq!(answer.status, 202, "{headers:?}: {}", answer.body);
        ended_once_listed(&running, "agen", count + 1).await;
        let now = running.data("{ revision }").await["revision"].take();
        assert!(revision.is_null() || revision == now, "importing the same again changed the graph");
        revision = now;
    }
    assert_eq!(tell(&running, "lyon", &standard("1", 0)).await.status, 202);
    // A forge that tries the address out is answered, and nothing is imported for that.
    let ping = vec![("X-Hub-Signature-256", format!("sha256={right}")), ("X-GitHub-Event", "ping".to_owned())];
    let answer = tell(&running, "agen", &ping).await;
    assert_eq!((answer.status, answer.body.as_str()), (202, "nothing to import for this event\n"));
}

/// Like [`ended`], also while the source is not in the graph yet.
async fn ended_once_listed(running: &Running, source: &str, count: usize) {
    while running.data(&format!("{{ source(key: \"{source}\") {{ key }} }}")).await["source"].is_null() {
        tokio::task::yield_now().await;
    }
    ended(running, source, count).await;
}

#[tokio::test]
async fn what_an_import_found_is_for_all_to_see_without_personal_data() {
    let (running, _folder) = start().await;
    let told = vec![("X-Gitlab-Token", SECRET.to_owned())];
    assert_eq!(tell(&running, "agen", &told).await.status, 202);
    ended_once_listed(&running, "agen", 1).await;
    let data = running
        .data(
            "{ source(key: \"agen\") { runs(first: 5) { totalCount pageInfo { hasNextPage } } lastRun { id state cause commit
               source { key } progress { done } problem finishedAt
               counts { files new changed unchanged withdrawn invalid skipped errors warnings notes skippedWhy { why count } }
               all: diagnostics { totalCount nodes { code severity path line column field value excerpt } }
               warnings: diagnostics(severity: WARNING) { nodes { message(lang: \"fr\") hint(lang: \"en\") } }
               one: diagnostics(path: \"fablab.md\", first: 1) { totalCount nodes { code message(lang: \"fr\") hint(lang: \"de\") } } } } }",
        )
        .await;
    let run = &data["source"]["lastRun"];
    assert_eq!(data["source"]["runs"], json!({"totalCount": 1, "pageInfo": {"hasNextPage": false}}));
    assert_eq!(
        (&run["state"], &run["cause"], &run["source"]["key"], &run["progress"], &run["problem"]),
        (&json!("SUCCEEDED"), &json!("WEBHOOK"), &json!("agen"), &Value::Null, &Value::Null)
    );
    let counts = json!({"files": 2, "new": 1, "changed": 0, "unchanged": 0, "withdrawn": 0, "invalid": 1, "skipped": 0,
        "errors": 1, "warnings": 1, "notes": 0, "skippedWhy": []});
    assert_eq!(run["counts"], counts);
    assert_eq!(
        run["all"]["nodes"],
        json!([
            {"code": "missing-title", "severity": "ERROR", "path": "fablab.md", "line": null, "column": null,
             "field": "title", "value": null, "excerpt": null},
            {"code": "invalid-value", "severity": "WARNING", "path": "kiosque.md", "line": 5, "column": 9,
             "field": "status", "value": "runing", "excerpt": "status: runing"},
        ])
    );
    assert_eq!(
        run["warnings"]["nodes"],
        json!([{"message": "« runing » n'est pas une valeur de « status »", "hint": "did you mean \"running\"?"}])
    );
    assert_eq!(
        run["one"],
        json!({"totalCount": 1, "nodes": [{"code": "missing-title", "message": "le titre manque", "hint": "add `title: …`"}]})
    );
    let again = running.data(&format!("{{ node(id: {}) {{ id __typename ... on ImportRun {{ state }} }} }}", run["id"])).await;
    assert_eq!(again["node"], json!({"id": run["id"], "__typename": "ImportRun", "state": "SUCCEEDED"}));
    assert!(!data.to_string().contains("dupont"), "{data}");
}
